//! Invoices: how they are issued and collected.

use jiff::Timestamp;

use super::renewal;
use crate::sandbox::company::{
    Card, CardBehaviour, Currency, Invoice, InvoiceKind, InvoiceStatus, Line, PaymentLog,
    SubscriptionStatus,
};
use crate::sandbox::id::{DocumentNumber, UniqueId};
use crate::sandbox::journal::{About, EffectKind};
use crate::sandbox::wire::Refusal;
use crate::sandbox::world::World;

/// What is to be invoiced.
#[derive(Debug)]
pub(crate) struct Bill {
    pub(crate) kind: InvoiceKind,
    pub(crate) currency: Currency,
    pub(crate) lines: Vec<Line>,
    /// The sum of the lines.
    pub(crate) amount: i64,
    pub(crate) subscription: Option<UniqueId>,
    pub(crate) period: Option<(Timestamp, Timestamp)>,
    pub(crate) proration: Option<f64>,
}

/// How an attempt to move money over a card ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// There is nothing to move.
    Nothing,
    Done,
    /// Under way.
    Pending,
    Declined(&'static str),
    NoCard,
}

/// What the card does.
pub(crate) fn try_card(card: Option<&Card>, amount: i64, at: Timestamp) -> Outcome {
    let behaviour = card.map(|card| card.behaviour(at));
    match behaviour {
        _ if amount == 0 => Outcome::Nothing,
        None => Outcome::NoCard,
        Some(CardBehaviour::Pays) => Outcome::Done,
        Some(CardBehaviour::Pends) => Outcome::Pending,
        Some(CardBehaviour::Declines { why }) => Outcome::Declined(why),
    }
}

/// Refuses a call whose money cannot be collected, and notes that the card was tried.
pub(crate) fn decline(world: &mut World, outcome: Outcome, about: About) -> Result<(), Refusal> {
    match outcome {
        Outcome::NoCard => Err(Refusal::bad_request("the customer has no card on file")),
        Outcome::Declined(why) => {
            world.note(EffectKind::ChargeDeclined, about);
            Err(Refusal::bad_request(format!(
                "{why}: nothing was charged and nothing else was changed"
            )))
        }
        Outcome::Nothing | Outcome::Done | Outcome::Pending => Ok(()),
    }
}

/// Issues an invoice, and records how its collection ended.
pub(crate) fn issue(
    world: &mut World,
    at: Timestamp,
    customer: UniqueId,
    bill: Bill,
    outcome: Outcome,
) -> Option<DocumentNumber> {
    let id = world.company.next_id();
    let found = world.company.customers.get_mut(&customer)?;
    found.documents += 1;
    let number = DocumentNumber {
        customer,
        count: found.documents,
    };
    found.invoices.push(number);
    let invoice = Invoice {
        id,
        number,
        kind: bill.kind,
        created_on: at,
        currency: bill.currency,
        status: InvoiceStatus::Unpaid,
        amount: bill.amount,
        tax: 0,
        refunded: 0,
        lines: bill.lines,
        subscription: bill.subscription,
        period: bill.period,
        proration: bill.proration,
        logs: Vec::new(),
        credit_notes: Vec::new(),
    };
    let about = about(&invoice);
    world.company.invoices.insert(number, invoice);
    world.note_at(at, EffectKind::InvoiceCreated, about);
    settle(world, at, number, outcome);
    Some(number)
}

/// Records how an attempt to collect an invoice ended, and moves the money.
pub(crate) fn settle(world: &mut World, at: Timestamp, number: DocumentNumber, outcome: Outcome) {
    let (status, note, effect) = match outcome {
        Outcome::Nothing => (InvoiceStatus::Paid, None, None),
        Outcome::Done => (InvoiceStatus::Paid, Some("Paid"), Some(EffectKind::Charged)),
        Outcome::Pending => (
            InvoiceStatus::Pending,
            Some("Pending"),
            Some(EffectKind::ChargePending),
        ),
        Outcome::Declined(_) => (
            InvoiceStatus::Unpaid,
            Some("Failed"),
            Some(EffectKind::ChargeDeclined),
        ),
        Outcome::NoCard => (InvoiceStatus::Unpaid, None, None),
    };
    let log = note.map(|note| log(world, at, note));
    let Some(invoice) = world.company.invoices.get_mut(&number) else {
        return;
    };
    debug_assert!(outcome != Outcome::Nothing || invoice.amount == 0);
    invoice.status = status;
    invoice.logs.extend(log);
    let about = about(invoice);
    if let Some(effect) = effect {
        world.note_at(at, effect, about);
    }
    if outcome == Outcome::Done {
        received(world, at, number);
    }
}

/// Books the money of an invoice that has been paid, in whatever way. A subscription that was suspended
/// for it goes on.
pub(crate) fn received(world: &mut World, at: Timestamp, number: DocumentNumber) {
    let Some(invoice) = world.company.invoices.get(&number) else {
        return;
    };
    let (amount, subscription, period) = (invoice.amount, invoice.subscription, invoice.period);
    move_money(world, number.customer, subscription, amount);
    let found = subscription.and_then(|id| world.company.subscriptions.get(&id));
    if let Some(found) = found.filter(|found| found.status == SubscriptionStatus::Suspended) {
        let id = found.unique_id;
        renewal::go_on(world, at, id, period);
    }
}

/// Adds to what a customer has paid, and to what a subscription has brought in.
pub(super) fn move_money(
    world: &mut World,
    customer: UniqueId,
    subscription: Option<UniqueId>,
    amount: i64,
) {
    if let Some(customer) = world.company.customers.get_mut(&customer) {
        customer.paid += amount;
    }
    let subscription = subscription.and_then(|id| world.company.subscriptions.get_mut(&id));
    if let Some(subscription) = subscription {
        subscription.revenue += amount;
    }
}

/// What the journal says of an invoice.
pub(crate) fn about(invoice: &Invoice) -> About {
    About {
        customer_unique_id: Some(invoice.customer()),
        subscription_unique_id: invoice.subscription,
        invoice_number: Some(invoice.number),
        amount: Some(invoice.amount),
        ..About::default()
    }
}

fn log(world: &mut World, at: Timestamp, status: &str) -> PaymentLog {
    PaymentLog {
        id: world.company.next_id(),
        at,
        status: status.to_owned(),
        reference: Some(format!("ch_{}", UniqueId::random(&mut world.random))),
    }
}
