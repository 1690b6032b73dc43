//! Add-ons.

use indexmap::IndexSet;
use serde_json::{Value, json};

use super::pricing_view::{pricing_model_name, tiers, unit_name};
use super::{Call, Operation};
use crate::sandbox::company::{Addon, Company, Plan, PriceModel, Subscription, TakenAddon};
use crate::sandbox::wire::{Answer, Refusal, displayed, with_z};
use crate::sandbox::world::World;

pub(super) const OPERATIONS: &[(&str, Operation)] = &[
    ("add_ons.list", list),
    ("add_ons.get", get),
    ("add_ons.list_for_subscription", list_for_subscription),
];

fn list(world: &mut World, _: &Call<'_>) -> Result<Answer, Refusal> {
    let company = &world.company;
    let view = |addon: &Addon| {
        json!({
            "addonId": addon.id,
            "name": addon.name,
            "description": addon.description,
            "hasActiveLinkedPlans": offers(company, addon).next().is_some(),
        })
    };
    let views: Value = company.addons.values().map(view).collect();
    Ok(Answer::json(&views))
}

fn get(world: &mut World, call: &Call<'_>) -> Result<Answer, Refusal> {
    let company = &world.company;
    let id = call.path("addonId");
    let found = id.and_then(|id: i64| company.addons.get(&id));
    let addon = found.ok_or_else(|| Refusal::not_found("no add-on has this addonId"))?;
    let plan_view = |(plan, is_forced): (&Plan, bool)| {
        json!({
            "planId": plan.id,
            "planName": plan.name,
            "productName": product_name(company, plan),
            "forceAddon": is_forced,
            "isActive": true,
        })
    };
    let plans: Vec<Value> = offers(company, addon).map(plan_view).collect();
    Ok(Answer::json(&json!({
        "addonId": addon.id,
        "name": addon.name,
        "displayName": addon.display_name,
        "description": addon.description,
        "singleUnitName": addon.single_unit_name,
        "pluralUnitName": addon.plural_unit_name,
        "pricingModelType": pricing_model_name(addon.pricing_model),
        "hasActiveLinkedPlans": !plans.is_empty(),
        "featureTags": addon.feature_tags,
        "plans": plans,
        "priceModels": addon.prices.iter().map(price_view).collect::<Value>(),
    })))
}

/// The plans that offer it, and whether they always include it.
fn offers<'c>(company: &'c Company, addon: &Addon) -> impl Iterator<Item = (&'c Plan, bool)> {
    let id = addon.id;
    company.plans.values().filter_map(move |plan| {
        let offer = plan.addons.iter().find(|offer| offer.id == id)?;
        Some((plan, offer.is_forced))
    })
}

/// The name of the product that a plan belongs to.
pub(super) fn product_name<'c>(company: &'c Company, plan: &Plan) -> Option<&'c str> {
    let product = company.products.get(&plan.product_id)?;
    Some(&product.name)
}

/// A price as add-ons and allowances show it.
pub(super) fn price_view(price: &PriceModel) -> Value {
    json!({
        "frequency": price.period.count,
        "frequencyType": unit_name(price.period.unit),
        "currency": price.currency,
        "flatFeePrice": price.flat_fee,
        "flatFeePriceFormatted": displayed(price.flat_fee, price.currency),
        "perUnitPrice": price.per_unit,
        "perUnitPriceFormatted": displayed(price.per_unit, price.currency),
        "tiers": tiers(&price.tiers, price.currency),
    })
}

/// What a subscription has now, and what it will have after a change of plan that waits for the renewal.
fn list_for_subscription(world: &mut World, call: &Call<'_>) -> Result<Answer, Refusal> {
    let company = &world.company;
    let subscription = call.subscription(company)?;
    let next = subscription.next.as_ref().map(|next| &*next.addons);
    let taken = subscription.addons.iter().chain(next.unwrap_or_default());
    let ids: IndexSet<i64> = taken.map(|taken| taken.addon_id).collect();
    let addons = ids.into_iter().map(|id| {
        let next_update = next.and(subscription.next_billing);
        json!({
            "id": id,
            "name": company.addons.get(&id).map(|addon| &addon.name),
            "isForced": is_forced(company, subscription, id),
            "status": status(subscription),
            "quantity": quantity(&subscription.addons, id),
            "quantityNext": next.map(|next| quantity(next, id)),
            "nextUpdate": next_update.map(with_z),
        })
    });
    let addons: Value = addons.collect();
    Ok(Answer::json(&json!({ "addons": addons })))
}

fn quantity(addons: &[TakenAddon], id: i64) -> i64 {
    let found = addons.iter().find(|taken| taken.addon_id == id);
    found.map_or(0, |taken| taken.quantity)
}

fn is_forced(company: &Company, subscription: &Subscription, addon_id: i64) -> bool {
    let plan = company.plans.get(&subscription.plan_id);
    let offer = plan.and_then(|plan| plan.addons.iter().find(|offer| offer.id == addon_id));
    offer.is_some_and(|offer| offer.is_forced)
}

/// Where an extra of a subscription stands. The words of the real API are not known.
pub(super) fn status(subscription: &Subscription) -> &'static str {
    if subscription.is_running() {
        "Active"
    } else {
        "Cancelled"
    }
}
