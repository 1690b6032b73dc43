//! Credit notes: how money goes back.

use jiff::{SignedDuration, Timestamp};

use super::charge::{Outcome, move_money, try_card};
use crate::sandbox::company::{
    Company, CreditNote, CreditNoteStatus, Invoice, InvoiceStatus, Subscription,
};
use crate::sandbox::id::DocumentNumber;
use crate::sandbox::journal::{About, EffectKind};
use crate::sandbox::world::World;

/// Credits a part of an invoice and pays it out to the card on file.
pub(crate) fn credit(
    world: &mut World,
    at: Timestamp,
    number: DocumentNumber,
    amount: i64,
) -> Option<DocumentNumber> {
    let id = world.company.next_id();
    let company = &mut world.company;
    let customer = company.customers.get_mut(&number.customer)?;
    let invoice = company.invoices.get_mut(&number)?;
    customer.documents += 1;
    let note = CreditNote {
        id,
        number: DocumentNumber {
            customer: customer.unique_id,
            count: customer.documents,
        },
        invoice: number,
        created_on: at,
        currency: invoice.currency,
        amount,
        status: CreditNoteStatus::Pending,
    };
    let outcome = try_card(customer.card.as_ref(), amount, at);
    invoice.refunded += amount;
    invoice.credit_notes.push(note.number);
    customer.credit_notes.push(note.number);
    let about = about(&note, invoice);
    let number = note.number;
    company.credit_notes.insert(number, note);
    world.note_at(at, EffectKind::CreditNoteCreated, about);
    pay_out(world, at, number, outcome);
    Some(number)
}

/// Records how an attempt to pay a credit note out ended, and moves the money.
pub(crate) fn pay_out(world: &mut World, at: Timestamp, number: DocumentNumber, outcome: Outcome) {
    let company = &mut world.company;
    let Some(note) = company.credit_notes.get_mut(&number) else {
        return;
    };
    let (status, effect) = match outcome {
        Outcome::Nothing => (CreditNoteStatus::Paid, None),
        Outcome::Done => (CreditNoteStatus::Paid, Some(EffectKind::PaidOut)),
        Outcome::Pending => (CreditNoteStatus::Pending, None),
        Outcome::Declined(_) => (CreditNoteStatus::Failed, Some(EffectKind::PayoutDeclined)),
        Outcome::NoCard => (CreditNoteStatus::Failed, None),
    };
    note.status = status;
    let Some(invoice) = company.invoices.get(&note.invoice) else {
        return;
    };
    let (about, amount, subscription) = (about(note, invoice), note.amount, invoice.subscription);
    if let Some(effect) = effect {
        world.note_at(at, effect, about);
    }
    if outcome == Outcome::Done {
        move_money(world, number.customer, subscription, -amount);
    }
}

/// The invoice of the period that is running, and what its unused time is worth: the share that is left of
/// what was paid for the period, but never more than can still be refunded.
pub(crate) fn unused(
    company: &Company,
    subscription: &Subscription,
    at: Timestamp,
) -> Option<(DocumentNumber, i64)> {
    let customer = company.customers.get(&subscription.customer)?;
    let invoices = customer.invoices.iter().rev();
    let mut invoices = invoices.filter_map(|number| company.invoices.get(number));
    // What an older one paid for ended when this one was issued.
    let newest = invoices.find(|invoice| invoice.subscription == Some(subscription.unique_id))?;
    let invoice = Some(newest).filter(|invoice| pays_for(invoice, subscription, at))?;
    let amount = unused_share(invoice, at)?;
    (amount > 0).then_some((invoice.number, amount))
}

fn pays_for(invoice: &Invoice, subscription: &Subscription, at: Timestamp) -> bool {
    let is_present = |(start, end)| start == subscription.period_start && at < end;
    invoice.status == InvoiceStatus::Paid && invoice.period.is_some_and(is_present)
}

fn unused_share(invoice: &Invoice, at: Timestamp) -> Option<i64> {
    let (start, end) = invoice.period?;
    let lines = invoice.lines.iter().filter(|line| line.is_recurring);
    let price: i64 = lines.map(|line| line.amount).sum();
    let left = nanoseconds(at.duration_until(end));
    let whole = nanoseconds(start.duration_until(end)).max(1);
    let unused = i64::try_from(i128::from(price) * left / whole).ok()?;
    Some(unused.min(invoice.refundable()))
}

fn nanoseconds(duration: SignedDuration) -> i128 {
    duration.as_nanos()
}

/// What the journal says of a credit note.
fn about(note: &CreditNote, invoice: &Invoice) -> About {
    About {
        customer_unique_id: Some(note.number.customer),
        subscription_unique_id: invoice.subscription,
        invoice_number: Some(note.invoice),
        credit_note_number: Some(note.number),
        amount: Some(note.amount),
        ..About::default()
    }
}
