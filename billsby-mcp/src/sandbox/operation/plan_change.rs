//! Changes of plan, now or on renewal.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::selection::{Selection, on_sale, unpriced};
use super::subscriptions::{check_owner, check_running};
use super::{Call, Operation};
use crate::sandbox::billing::{
    self, Quote, Terms, credit, day_of_month, decline, happened, open, try_card, unused, was_billed,
};
use crate::sandbox::company::{Company, Subscription};
use crate::sandbox::id::UniqueId;
use crate::sandbox::journal::{About, EffectKind};
use crate::sandbox::wire::{Answer, Refusal};
use crate::sandbox::world::World;

pub(super) const OPERATIONS: &[(&str, Operation)] = &[("subscriptions.change_plan", change)];

const ON_RENEWAL: i64 = 2;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PlanChange {
    customer_unique_id: String,
    plan_id: i64,
    #[serde(flatten)]
    selection: Selection,
    #[serde(rename = "planChangeType")]
    when: Option<i64>,
    #[serde(default)]
    issue_refund: bool,
}

/// Changes plan, cycle, units and extras. Extras that are not named are dropped.
fn change(world: &mut World, call: &Call<'_>) -> Result<Answer, Refusal> {
    let subscription = call.subscription(&world.company)?;
    let change: PlanChange = call.body();
    check_owner(subscription, change.customer_unique_id.parse().ok())?;
    check_running(subscription)?;
    if change.when == Some(ON_RENEWAL) && change.issue_refund {
        return Err(Refusal::bad_request(
            "issueRefund goes with an immediate change only",
        ));
    }
    let id = subscription.unique_id;
    let terms = terms(
        &world.company,
        subscription,
        change.plan_id,
        change.selection,
    )?;
    match change.when {
        Some(ON_RENEWAL) => schedule(world, id, terms)?,
        _ => change_now(world, id, terms, change.issue_refund)?,
    }
    Ok(Answer::word("success"))
}

/// What the subscription is to be billed by. The cycle it has may be kept even if it is off sale by now.
fn terms(
    company: &Company,
    subscription: &Subscription,
    plan_id: i64,
    selection: Selection,
) -> Result<Terms, Refusal> {
    let cycle_id = selection.cycle_id;
    let plan = company.plans.get(&plan_id);
    let plan = plan.ok_or_else(|| Refusal::bad_request("/planId is the id of no plan"))?;
    if plan.product_id != subscription.product_id {
        return Err(Refusal::bad_request(
            "/planId is a plan of another product than the subscription's",
        ));
    }
    if !plan.cycles.iter().any(|cycle| cycle.id == cycle_id) {
        return Err(Refusal::bad_request(
            "/cycleId is no cycle of the plan in /planId",
        ));
    }
    if cycle_id != subscription.cycle_id {
        on_sale(company, cycle_id)?;
    }
    selection.terms(plan)
}

/// Lets the change wait for the renewal. It replaces one that waits already.
fn schedule(world: &mut World, id: UniqueId, terms: Terms) -> Result<(), Refusal> {
    billing::recurring(&world.company, &terms).map_err(|why| unpriced(&why))?;
    let subscription = world.company.subscriptions.get_mut(&id);
    let renewing = subscription.filter(|found| found.next_billing.is_some());
    let subscription = renewing.ok_or_else(|| {
        Refusal::bad_request("the subscription is Suspended: there is no renewal to wait for; pay its invoice or change \
             its plan at once")
    })?;
    let data = described(&terms);
    subscription.next = Some(terms);
    let at = world.now();
    happened(world, at, id, EffectKind::PlanChangeScheduled, data);
    Ok(())
}

/// Bills a new period from now on, after crediting what is left of the old one if that is wanted.
fn change_now(
    world: &mut World,
    id: UniqueId,
    terms: Terms,
    issue_refund: bool,
) -> Result<(), Refusal> {
    let at = world.now();
    let subscription = &world.company.subscriptions[&id];
    let customer = subscription.customer;
    let quote = quote(&world.company, subscription, &terms, at).map_err(|why| unpriced(&why))?;
    let refund = issue_refund
        .then(|| unused(&world.company, subscription, at))
        .flatten();
    let card = world.company.customers.get(&customer);
    let card = card.and_then(|customer| customer.card.as_ref());
    let outcome = try_card(card, quote.amount, at);
    let about = About {
        amount: Some(quote.amount),
        ..About::subscription(customer, id)
    };
    decline(world, outcome, about)?;

    let mut data = described(&terms);
    data["issueRefund"] = issue_refund.into();
    let subscription = &mut world.company.subscriptions[&id];
    data["previousPlanId"] = subscription.plan_id.into();
    data["previousCycleId"] = subscription.cycle_id.into();
    subscription.take_on(terms);
    subscription.next = None;
    subscription.billing_day = day_of_month(at);
    happened(world, at, id, EffectKind::PlanChanged, data);
    if let Some((invoice, amount)) = refund {
        credit(world, at, invoice, amount);
    }
    open(world, at, id, quote, outcome);
    Ok(())
}

/// The bill of the period that begins now; in a free trial it is the first one.
fn quote(
    company: &Company,
    subscription: &Subscription,
    terms: &Terms,
    at: Timestamp,
) -> Result<Quote, billing::Unpriced> {
    if was_billed(company, subscription) {
        billing::change(company, subscription, terms, at)
    } else {
        billing::first(company, terms, at)
    }
}

fn described(terms: &Terms) -> Value {
    json!({
        "planId": terms.plan_id,
        "cycleId": terms.cycle_id,
        "units": terms.units,
    })
}
