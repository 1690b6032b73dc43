//! Plans and their cycles.

mod change;
mod cycle_input;
mod extras;
mod view;

use serde::Deserialize;
use serde_json::Value;

use super::{Call, Operation, products};
use crate::sandbox::company::{Company, Currency, Plan};
use crate::sandbox::journal::{About, EffectKind};
use crate::sandbox::wire::{Answer, Refusal};
use crate::sandbox::world::World;

pub(super) const OPERATIONS: &[(&str, Operation)] = &[
    ("plans.list", list),
    ("plans.create", create),
    ("plans.reorder", reorder),
    ("plans.update", change::update),
    ("cycles.create", create_cycles),
];

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct NewPlan {
    name: String,
    display_name: String,
    description: Option<String>,
    pricing_model: i64,
    visibility: i64,
    #[serde(default)]
    feature_tags: Vec<String>,
    redirect_url: Option<String>,
    alert_email: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Order {
    ordered_plan_ids: Vec<i64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct NewCycles {
    cycles_input_model: Vec<cycle_input::CycleInput>,
    addon_plan_input_models: Vec<extras::OfferedAddon>,
    #[serde(default)]
    allowance_plan_input_model: Vec<extras::OfferedAllowance>,
}

fn list(world: &mut World, call: &Call<'_>) -> Result<Answer, Refusal> {
    let company = &world.company;
    let product = products::find(company, call)?;
    let plans = product.plans.iter().filter_map(|id| company.plans.get(id));
    let used = view::used_plans(company);
    let views = plans.map(|plan| view::listed(plan, product.billing_currency, &used));
    Ok(Answer::json(&views.collect::<Value>()))
}

fn create(world: &mut World, call: &Call<'_>) -> Result<Answer, Refusal> {
    let product = products::find(&world.company, call)?;
    let (product_id, currency) = (product.id, product.billing_currency);
    let new: NewPlan = call.body();
    let id = world.company.next_id();
    let plan = Plan {
        id,
        product_id,
        name: new.name,
        display_name: new.display_name,
        description: new.description,
        pricing_model: new.pricing_model,
        visibility: new.visibility,
        feature_tags: new.feature_tags,
        redirect_url: new.redirect_url,
        alert_email: new.alert_email,
        cycles: Vec::new(),
        addons: Vec::new(),
        allowances: Vec::new(),
    };
    let answer = Answer::json(&view::created(&plan, currency));
    world.company.plans.insert(id, plan);
    world.company.products[&product_id].plans.push(id);
    world.note(EffectKind::PlanCreated, About::id(id));
    Ok(answer)
}

/// Takes exactly the plans of the product, each once.
fn reorder(world: &mut World, call: &Call<'_>) -> Result<Answer, Refusal> {
    let product = products::find(&world.company, call)?;
    let id = product.id;
    let Order { ordered_plan_ids } = call.body();
    let (mut given, mut known) = (ordered_plan_ids.clone(), product.plans.clone());
    given.sort_unstable();
    known.sort_unstable();
    if given != known {
        let reason = "/orderedPlanIds does not hold every plan of the product exactly once";
        return Err(Refusal::bad_request(reason));
    }
    world.company.products[&id].plans = ordered_plan_ids;
    world.note(EffectKind::PlansReordered, About::id(id));
    Ok(Answer::word("success"))
}

/// Adds cycles to a plan, and the add-ons and allowances that it offers with their prices.
fn create_cycles(world: &mut World, call: &Call<'_>) -> Result<Answer, Refusal> {
    let (plan, currency) = find(&world.company, call)?;
    let plan_id = plan.id;
    let new: NewCycles = call.body();
    let inputs = new.cycles_input_model.into_iter().enumerate();
    let mut cycles = inputs
        .map(|(place, input)| {
            let at = format!("/cyclesInputModel/{place}");
            cycle_input::new_cycle(input, plan.pricing_model, &at)
        })
        .collect::<Result<Vec<_>, Refusal>>()?;
    let Some(first) = cycles.first() else {
        return Err(Refusal::bad_request("/cyclesInputModel is empty"));
    };
    let default = (currency, first.period);
    let (addons, allowances) = (new.addon_plan_input_models, new.allowance_plan_input_model);
    let offers = extras::checked(&world.company, default, addons, allowances)?;

    offers.apply(&mut world.company, plan_id);
    let mut views = Vec::new();
    for cycle in &mut cycles {
        cycle.id = world.company.next_id();
        cycle.pricing_model_id = world.company.next_id();
        views.push(view::cycle(plan_id, cycle, currency));
        world.note(EffectKind::CycleCreated, About::id(cycle.id));
    }
    world.company.plans[&plan_id].cycles.extend(cycles);
    Ok(Answer::json(&views))
}

/// The plan whose id is in the path, under the product whose id is in the path, and its currency.
fn find<'c>(company: &'c Company, call: &Call<'_>) -> Result<(&'c Plan, Currency), Refusal> {
    let product = products::find(company, call)?;
    let id: Option<i64> = call.path("planId");
    let plan = id.and_then(|id| company.plans.get(&id));
    let Some(plan) = plan else {
        return Err(Refusal::not_found("no plan has this planId"));
    };
    if plan.product_id != product.id {
        let reason = "the plan with this planId belongs to another product";
        return Err(Refusal::not_found(reason));
    }
    Ok((plan, product.billing_currency))
}
