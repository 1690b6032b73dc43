//! What happens when time passes: subscriptions renew, resume and leave their trials.

use std::mem;

use jiff::Timestamp;
use serde_json::json;

use super::charge::{Bill, Outcome, issue, try_card};
use super::history::happened;
use super::quote::{self, Quote};
use super::{Terms, period};
use crate::sandbox::company::{Company, InvoiceKind, Subscription, SubscriptionStatus};
use crate::sandbox::id::{DocumentNumber, UniqueId};
use crate::sandbox::journal::EffectKind;
use crate::sandbox::world::World;

/// The cause of everything that happens by itself.
const CAUSE: &str = "renewal";

/// Lets everything happen that has come due, in order. Costs nothing when nothing is due.
pub(crate) fn run_due(world: &mut World) {
    let now = world.now();
    let is_due = |company: &Company| company.due.first().copied().filter(|(at, _)| *at <= now);
    if is_due(&world.company).is_none() {
        return;
    }
    let cause = mem::replace(&mut world.cause, CAUSE);
    while let Some((at, subscription)) = is_due(&world.company) {
        world.company.set_next_billing(subscription, None);
        // An entry that belongs to nothing must not be found for ever.
        world.company.due.remove(&(at, subscription));
        come_due(world, at, subscription);
    }
    world.cause = cause;
}

fn come_due(world: &mut World, at: Timestamp, id: UniqueId) {
    let Some(subscription) = world.company.subscriptions.get(&id) else {
        return;
    };
    match subscription.status {
        SubscriptionStatus::Active | SubscriptionStatus::InTrial | SubscriptionStatus::Paused => {}
        SubscriptionStatus::Suspended | SubscriptionStatus::Cancelled => return,
    }
    let customer = world.company.customers.get(&subscription.customer);
    let card = customer.and_then(|customer| customer.card.as_ref());
    let terms = subscription
        .next
        .clone()
        .unwrap_or_else(|| subscription.terms());
    match due_quote(&world.company, subscription, &terms, at) {
        Ok(quote) => {
            let outcome = try_card(card, quote.amount, at);
            apply_next(world, at, id);
            renew(world, at, id, quote, outcome);
        }
        Err(reason) => suspend(world, at, id, &reason.to_string()),
    }
}

/// The bill that is due: the first one after a trial, that of the first period of another cycle, or that of
/// the next period.
pub(crate) fn due_quote(
    company: &Company,
    subscription: &Subscription,
    terms: &Terms,
    at: Timestamp,
) -> Result<Quote, super::Unpriced> {
    if !was_billed(company, subscription) {
        quote::first(company, terms, at)
    } else if terms.cycle_id == subscription.cycle_id {
        quote::renewal(company, subscription, terms, at)
    } else {
        quote::change(company, subscription, terms, at)
    }
}

/// Whether a subscription has ever been billed. If not, its first bill has the setup fee.
pub(crate) fn was_billed(company: &Company, subscription: &Subscription) -> bool {
    let customer = company.customers.get(&subscription.customer);
    customer.is_some_and(|customer| {
        let invoices = customer.invoices.iter().rev();
        let mut invoices = invoices.filter_map(|number| company.invoices.get(number));
        invoices.any(|invoice| invoice.subscription == Some(subscription.unique_id))
    })
}

/// Lets the change of plan take place that waits for the renewal.
fn apply_next(world: &mut World, at: Timestamp, id: UniqueId) {
    let Some(subscription) = world.company.subscriptions.get_mut(&id) else {
        return;
    };
    let Some(next) = subscription.next.take() else {
        return;
    };
    let data = json!({
        "planId": next.plan_id,
        "cycleId": next.cycle_id,
        "units": next.units,
        "previousPlanId": subscription.plan_id,
        "previousCycleId": subscription.cycle_id,
    });
    if subscription.cycle_id != next.cycle_id {
        subscription.billing_day = period::day_of_month(at);
    }
    subscription.take_on(next);
    happened(world, at, id, EffectKind::PlanChanged, data);
}

fn renew(world: &mut World, at: Timestamp, id: UniqueId, quote: Quote, outcome: Outcome) {
    let amount = quote.amount;
    let number = open(world, at, id, quote, outcome);
    match outcome {
        Outcome::Declined(why) => suspend(world, at, id, why),
        Outcome::NoCard => suspend(world, at, id, "the customer has no card on file"),
        Outcome::Nothing | Outcome::Done | Outcome::Pending => {
            let data = json!({
                "invoiceNumber": number.map(|number| number.to_string()),
                "amount": amount,
            });
            happened(world, at, id, EffectKind::SubscriptionRenewed, data);
        }
    }
}

/// Opens a period of a subscription at its present terms, and bills it.
pub(crate) fn open(
    world: &mut World,
    at: Timestamp,
    id: UniqueId,
    quote: Quote,
    outcome: Outcome,
) -> Option<DocumentNumber> {
    let subscription = world.company.subscriptions.get_mut(&id)?;
    subscription.status = SubscriptionStatus::Active;
    subscription.period_start = at;
    let customer = subscription.customer;
    world.company.set_next_billing(id, Some(quote.end));
    let bill = Bill {
        kind: InvoiceKind::Renewal,
        currency: quote.currency,
        lines: quote.lines,
        amount: quote.amount,
        subscription: Some(id),
        period: Some((at, quote.end)),
        proration: quote.proration,
    };
    issue(world, at, customer, bill, outcome)
}

fn suspend(world: &mut World, at: Timestamp, id: UniqueId, why: &str) {
    world.company.set_next_billing(id, None);
    if let Some(subscription) = world.company.subscriptions.get_mut(&id) {
        subscription.status = SubscriptionStatus::Suspended;
    }
    world.record_at(at, id, "SubscriptionSuspended", json!({ "reason": why }));
}

/// Lets a suspended subscription go on with the period that has been paid for. If it has passed, the
/// present one is free: those that passed in the meantime were not billed.
pub(super) fn go_on(
    world: &mut World,
    at: Timestamp,
    id: UniqueId,
    paid: Option<(Timestamp, Timestamp)>,
) {
    let Some(subscription) = world.company.subscriptions.get(&id) else {
        return;
    };
    let day = subscription.billing_day;
    let (mut start, mut end) = match paid {
        Some((start, end)) => (start, Some(end)),
        None => (subscription.period_start, Some(subscription.period_start)),
    };
    let cycle = world.company.cycle(subscription.cycle_id);
    while let Some(passed) = end.filter(|end| *end <= at) {
        start = passed;
        end = cycle.and_then(|(_, cycle)| period::next_end(cycle, start, day));
    }
    if let Some(subscription) = world.company.subscriptions.get_mut(&id) {
        subscription.status = SubscriptionStatus::Active;
        subscription.period_start = start;
    }
    world.company.set_next_billing(id, end);
    world.record_at(at, id, "SubscriptionResumed", json!({}));
}

impl Subscription {
    /// Replaces what it is billed by.
    pub(crate) fn take_on(&mut self, terms: Terms) {
        self.plan_id = terms.plan_id;
        self.cycle_id = terms.cycle_id;
        self.units = terms.units;
        self.addons = terms.addons;
        self.allowances = terms.allowances;
    }
}
