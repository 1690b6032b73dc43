//! Subscriptions: list, create, read, cancel, move the renewal.

mod create;
mod details;
mod order;
mod rows;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;

use super::row;
use super::{Call, Operation};
use crate::sandbox::billing::{day_of_month, happened, was_billed};
use crate::sandbox::company::{Company, Subscription, SubscriptionStatus};
use crate::sandbox::id::UniqueId;
use crate::sandbox::journal::EffectKind;
use crate::sandbox::wire::{Answer, Refusal, with_z};
use crate::sandbox::world::World;
use rows::{CustomerSubscription, SubscriptionRow};

pub(super) const OPERATIONS: &[(&str, Operation)] = &[
    ("subscriptions.list", list),
    ("subscriptions.list_for_customer", list_for_customer),
    ("subscriptions.get", get),
    ("subscriptions.create", create::create),
    ("subscriptions.add_to_customer", create::add_to_customer),
    ("subscriptions.cancel", cancel),
    ("subscriptions.update_renewal_date", update_renewal_date),
];

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct NewRenewalDate {
    new_renewal_date: String,
    #[serde(default)]
    pause_subscription: bool,
}

fn list(world: &mut World, call: &Call<'_>) -> Result<Answer, Refusal> {
    let company = &world.company;
    let row = |subscription| SubscriptionRow::new(company, subscription);
    let (is_active, in_trial) = (call.flag("isActive"), call.flag("isInFreeTrial"));
    let (product, plan) = (call.query("productName"), call.query("planName"));
    let is_filtered =
        is_active.is_some() || in_trial.is_some() || product.is_some() || plan.is_some();
    let filter = is_filtered.then_some(|row: &SubscriptionRow<'_>| {
        let status = row.subscription.status;
        is_active.is_none_or(|wanted| (status == SubscriptionStatus::Active) == wanted)
            && in_trial.is_none_or(|wanted| (status == SubscriptionStatus::InTrial) == wanted)
            && product.is_none_or(|name| row.is_of_product(name))
            && plan.is_none_or(|name| row.is_of_plan(name))
    });
    row::list(call, company.subscriptions.values(), row, filter)
}

fn list_for_customer(world: &mut World, call: &Call<'_>) -> Result<Answer, Refusal> {
    let company = &world.company;
    let subscriptions = call.customer(company)?.subscriptions.iter();
    let subscriptions = subscriptions.filter_map(|id| company.subscriptions.get(id));
    let views = subscriptions.map(|found| row::view(&CustomerSubscription::new(company, found)));
    Ok(Answer::json(&views.collect::<Vec<_>>()))
}

fn get(world: &mut World, call: &Call<'_>) -> Result<Answer, Refusal> {
    let subscription = call.subscription(&world.company)?;
    let view = details::view(&world.company, subscription);
    Ok(Answer::json(&view))
}

/// Ends a subscription at once and for good. Nothing is paid back.
fn cancel(world: &mut World, call: &Call<'_>) -> Result<Answer, Refusal> {
    let subscription = call.subscription(&world.company)?;
    let customer = call.query("customerUniqueId");
    check_owner(subscription, customer.and_then(|id| id.parse().ok()))?;
    check_running(subscription)?;
    let id = subscription.unique_id;
    end(world, id);
    Ok(Answer::word("success"))
}

/// Ends a running subscription at once.
pub(super) fn end(world: &mut World, id: UniqueId) {
    world.company.set_next_billing(id, None);
    if let Some(subscription) = world.company.subscriptions.get_mut(&id) {
        subscription.status = SubscriptionStatus::Cancelled;
        subscription.next = None;
    }
    let (now, kind) = (world.now(), EffectKind::SubscriptionCancelled);
    happened(world, now, id, kind, json!({}));
}

/// Moves the next billing. A pause lasts until then; without one, a paused subscription runs again, or is in
/// its trial again if it was never billed.
fn update_renewal_date(world: &mut World, call: &Call<'_>) -> Result<Answer, Refusal> {
    let subscription = call.subscription(&world.company)?;
    let body: NewRenewalDate = call.body();
    check_running(subscription)?;
    if subscription.status == SubscriptionStatus::Suspended {
        return Err(Refusal::bad_request(
            "the subscription is Suspended: pay its invoice or change its plan",
        ));
    }
    let at = world.now();
    let date: Timestamp = body.new_renewal_date.parse().map_err(|_| {
        Refusal::bad_request("/newRenewalDate is not a date and time: 2026-03-02T08:15:30Z")
    })?;
    if date <= at {
        return Err(Refusal::bad_request("/newRenewalDate is not in the future"));
    }
    let id = subscription.unique_id;
    let status = match subscription.status {
        _ if body.pause_subscription => SubscriptionStatus::Paused,
        SubscriptionStatus::Paused if was_billed(&world.company, subscription) => {
            SubscriptionStatus::Active
        }
        SubscriptionStatus::Paused => SubscriptionStatus::InTrial,
        status => status,
    };
    let change = json!({
        "previousRenewalDate": subscription.next_billing.map(with_z),
        "newRenewalDate": with_z(date),
        "pauseSubscription": body.pause_subscription,
    });
    if let Some(subscription) = world.company.subscriptions.get_mut(&id) {
        subscription.status = status;
        subscription.billing_day = day_of_month(date);
    }
    world.company.set_next_billing(id, Some(date));
    happened(world, at, id, EffectKind::RenewalDateChanged, change);
    Ok(Answer::json(&json!({})))
}

/// Refuses a subscription of somebody else as if there were none.
pub(super) fn check_owner(
    subscription: &Subscription,
    customer: Option<UniqueId>,
) -> Result<(), Refusal> {
    if customer == Some(subscription.customer) {
        return Ok(());
    }
    Err(Refusal::not_found(
        "the subscription does not belong to the customer with this customerUniqueId",
    ))
}

/// Refuses what has ended.
pub(super) fn check_running(subscription: &Subscription) -> Result<(), Refusal> {
    if subscription.is_running() {
        return Ok(());
    }
    Err(Refusal::bad_request(
        "the subscription is Cancelled, which is final",
    ))
}

/// Whether a customer already has a subscription in a product.
fn subscribes_to(company: &Company, customer: UniqueId, product_id: i64) -> bool {
    let customer = company.customers.get(&customer);
    let subscriptions = customer.map(|customer| customer.subscriptions.as_slice());
    let subscriptions = subscriptions.unwrap_or_default().iter();
    let mut subscriptions = subscriptions.filter_map(|id| company.subscriptions.get(id));
    subscriptions.any(|found| found.is_running() && found.product_id == product_id)
}
