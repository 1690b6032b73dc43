//! How plans and cycles are shown.

use std::collections::HashSet;

use serde_json::{Value, json};

use crate::sandbox::company::{Company, Currency, Cycle, Plan};
use crate::sandbox::operation::pricing_view::{listed_pricing_model, pricing_model};

/// The ids of plans that somebody is subscribed to.
pub(super) fn used_plans(company: &Company) -> HashSet<i64> {
    let subscriptions = company.subscriptions.values();
    let running = subscriptions.filter(|subscription| subscription.is_running());
    running.map(|subscription| subscription.plan_id).collect()
}

/// In the list of plans: its cycles are without prices, as with the real API.
pub(super) fn listed(plan: &Plan, currency: Currency, used: &HashSet<i64>) -> Value {
    let cycles = plan.cycles.iter().map(|cycle| {
        let model = Value::Object(listed_pricing_model(cycle, currency, false));
        cycle_with(plan.id, cycle, &model)
    });
    complete(plan, &cycles.collect(), used.contains(&plan.id))
}

/// Just created: nobody can be subscribed to it.
pub(super) fn created(plan: &Plan, currency: Currency) -> Value {
    let cycles = plan.cycles.iter();
    let cycles = cycles.map(|found| cycle(plan.id, found, currency));
    complete(plan, &cycles.collect(), false)
}

/// A new cycle.
pub(super) fn cycle(plan_id: i64, cycle: &Cycle, currency: Currency) -> Value {
    cycle_with(plan_id, cycle, &pricing_model(cycle, currency, false))
}

fn cycle_with(plan_id: i64, cycle: &Cycle, pricing_model: &Value) -> Value {
    json!({
        "cycleId": cycle.id,
        "planId": plan_id,
        "pricingModel": pricing_model,
        "visibility": cycle.visibility,
    })
}

fn complete(plan: &Plan, cycles: &Value, has_active_subscription: bool) -> Value {
    json!({
        "planId": plan.id,
        "name": plan.name,
        "displayName": plan.display_name,
        "description": plan.description,
        "pricingModelType": plan.pricing_model,
        "productId": plan.product_id,
        "cycles": cycles,
        "featureTags": plan.feature_tags,
        "visibility": plan.visibility,
        "redirectUrl": plan.redirect_url,
        "hasActiveSubscription": has_active_subscription,
        "alertEmail": plan.alert_email,
    })
}
