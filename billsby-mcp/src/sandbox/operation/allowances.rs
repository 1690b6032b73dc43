//! Allowances.

use serde_json::{Value, json};

use super::add_ons::{price_view, product_name, status};
use super::pricing_view::pricing_model_name;
use super::{Call, Operation};
use crate::sandbox::company::{Allowance, Company, Plan, PriceModel, Subscription};
use crate::sandbox::wire::{Answer, Refusal};
use crate::sandbox::world::World;

pub(super) const OPERATIONS: &[(&str, Operation)] = &[
    ("allowances.list", list),
    ("allowances.get", get),
    ("allowances.list_for_subscription", list_for_subscription),
];

fn list(world: &mut World, _: &Call<'_>) -> Result<Answer, Refusal> {
    let company = &world.company;
    let view = |allowance: &Allowance| {
        json!({
            "allowanceId": allowance.id,
            "name": allowance.name,
            "description": allowance.description,
            "hasActiveLinkedPlans": offers(company, allowance).next().is_some(),
        })
    };
    let views: Value = company.allowances.values().map(view).collect();
    Ok(Answer::json(&views))
}

fn get(world: &mut World, call: &Call<'_>) -> Result<Answer, Refusal> {
    let company = &world.company;
    let id = call.path("allowanceId");
    let found = id.and_then(|id: i64| company.allowances.get(&id));
    let allowance = found.ok_or_else(|| Refusal::not_found("no allowance has this allowanceId"))?;
    let plan_view = |(plan, is_forced): (&Plan, bool)| {
        json!({
            "planId": plan.id,
            "planName": plan.name,
            "productName": product_name(company, plan),
            "forceAllowance": is_forced,
            "isActive": true,
        })
    };
    let plans: Vec<Value> = offers(company, allowance).map(plan_view).collect();
    let price = |price: &PriceModel| {
        let mut view = price_view(price);
        view["includedUnits"] = price.included_units.into();
        view
    };
    Ok(Answer::json(&json!({
        "allowanceId": allowance.id,
        "name": allowance.name,
        "displayName": allowance.display_name,
        "description": allowance.description,
        "singleUnitName": allowance.single_unit_name,
        "pluralUnitName": allowance.plural_unit_name,
        "pricingModelType": pricing_model_name(allowance.pricing_model),
        "counter": {
            "counterId": allowance.counter_id,
            "counterName": allowance.counter_name,
        },
        "hasActiveLinkedPlans": !plans.is_empty(),
        "featureTags": allowance.feature_tags,
        "plans": plans,
        "priceModels": allowance.prices.iter().map(price).collect::<Value>(),
    })))
}

/// The plans that offer it, and whether they always include it.
fn offers<'c>(
    company: &'c Company,
    allowance: &Allowance,
) -> impl Iterator<Item = (&'c Plan, bool)> {
    let id = allowance.id;
    company.plans.values().filter_map(move |plan| {
        let offer = plan.allowances.iter().find(|offer| offer.id == id)?;
        Some((plan, offer.is_forced))
    })
}

/// What a subscription has, and what it used of it in the present period.
fn list_for_subscription(world: &mut World, call: &Call<'_>) -> Result<Answer, Refusal> {
    let (company, now) = (&world.company, world.now());
    let subscription = call.subscription(company)?;
    let plan = company.plans.get(&subscription.plan_id);
    let view = |id: &i64| {
        let allowance = company.allowances.get(id)?;
        let offer = plan.and_then(|plan| plan.allowances.iter().find(|offer| offer.id == *id));
        let start = subscription.period_start;
        Some(json!({
            "id": allowance.id,
            "name": allowance.name,
            "isForced": offer.is_some_and(|offer| offer.is_forced),
            "status": status(subscription),
            "usage": subscription.usage(allowance.counter_id, start..=now, now),
            "includedUnits": included_units(company, subscription, allowance),
        }))
    };
    let allowances: Vec<Value> = subscription.allowances.iter().filter_map(view).collect();
    Ok(Answer::json(&json!({ "allowances": allowances })))
}

/// The units that the price for the subscription's currency and period includes.
fn included_units(
    company: &Company,
    subscription: &Subscription,
    allowance: &Allowance,
) -> Option<i64> {
    let product = company.products.get(&subscription.product_id)?;
    let (_, cycle) = company.cycle(subscription.cycle_id)?;
    let mut prices = allowance.prices.iter();
    let price = prices
        .find(|price| price.currency == product.billing_currency && price.period == cycle.period)?;
    Some(price.included_units)
}
