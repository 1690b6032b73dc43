//! What moves the money of an invoice, or gives it up.

use serde::Deserialize;
use serde_json::json;

use super::{in_path, not_theirs, rows};
use crate::sandbox::billing::{
    self, Bill, Outcome, Unpriced, about_invoice, decline, issue, received, settle, try_card,
};
use crate::sandbox::company::{Company, Currency, Invoice, InvoiceKind, InvoiceStatus, Line};
use crate::sandbox::id::DocumentNumber;
use crate::sandbox::journal::{About, EffectKind};
use crate::sandbox::operation::Call;
use crate::sandbox::wire::{Answer, Refusal};
use crate::sandbox::world::World;

/// The currencies that the sandbox sells in.
const CURRENCIES: [&str; 3] = ["USD", "GBP", "EUR"];

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct OneTimeCharge {
    currency_code: Currency,
    amount: i64,
    description: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Refund {
    invoice_number: String,
    amount: i64,
}

/// Takes the money at once, and e-mails a receipt.
pub(super) fn charge(world: &mut World, call: &Call<'_>) -> Result<Answer, Refusal> {
    let customer = call.customer(&world.company)?;
    let id = customer.unique_id;
    let charge: OneTimeCharge = call.body();
    if !CURRENCIES.contains(&charge.currency_code.as_str()) {
        return Err(Refusal::bad_request(format!(
            "/currencyCode is none of the currencies of the company: {}",
            CURRENCIES.join(", ")
        )));
    }
    let lines = vec![Line::once(&charge.description, charge.amount)];
    let amount = billing::total(&lines).map_err(|why| out_of_bounds(&why))?;
    let at = world.now();
    let outcome = try_card(customer.card.as_ref(), amount, at);
    let about = About {
        amount: Some(amount),
        ..About::customer(id)
    };
    decline(world, outcome, about)?;

    let bill = Bill {
        kind: InvoiceKind::OneTimeCharge,
        currency: charge.currency_code,
        lines,
        amount,
        subscription: None,
        period: None,
        proration: None,
    };
    let number = issue(world, at, id, bill, outcome);
    let about = About {
        invoice_number: number,
        ..About::customer(id)
    };
    world.note(EffectKind::EmailSent, about);
    Ok(Answer::plain_json(&true))
}

/// Pays back some or all of an invoice. The answer says what can still be paid back.
pub(super) fn refund(world: &mut World, call: &Call<'_>) -> Result<Answer, Refusal> {
    let customer = call.customer(&world.company)?;
    let refund: Refund = call.body();
    let number = refund.invoice_number.parse().ok();
    let number = number.filter(|number: &DocumentNumber| number.customer == customer.unique_id);
    let invoice = number.and_then(|number| world.company.invoices.get(&number));
    let invoice = invoice.ok_or_else(|| not_theirs("invoice"))?;
    let number = invoice.number;
    let refundable = invoice.refundable();
    if refund.amount > refundable {
        return Err(Refusal::bad_request(match invoice.status {
            InvoiceStatus::Paid => format!(
                "/amount is more than the refundable amount of the invoice, {refundable} minor units"
            ),
            status => format!(
                "only an invoice that is Paid can be refunded; this one is {}",
                rows::status(status)
            ),
        }));
    }
    let at = world.now();
    billing::credit(world, at, number, refund.amount);
    Ok(Answer::plain_json(&json!({
        "invoiceNumber": number,
        "amount": refundable - refund.amount,
    })))
}

/// Charges the card on file for an unpaid invoice. A declined attempt leaves a payment log.
pub(super) fn reattempt_payment(world: &mut World, call: &Call<'_>) -> Result<Answer, Refusal> {
    let invoice = in_path(&world.company, call)?;
    check_status(invoice, &[InvoiceStatus::Unpaid], "charged again")?;
    let (number, at) = (invoice.number, world.now());
    let customer = world.company.customers.get(&number.customer);
    let customer = customer.ok_or_else(|| Refusal::bad_request("the customer was deleted"))?;
    let outcome = try_card(customer.card.as_ref(), invoice.amount, at);
    if outcome == Outcome::NoCard {
        return Err(Refusal::bad_request("the customer has no card on file"));
    }
    settle(world, at, number, outcome);
    match outcome {
        Outcome::Declined(why) => Err(Refusal::bad_request(format!(
            "{why}: the invoice is still Unpaid"
        ))),
        _ => Ok(Answer::word("success")),
    }
}

/// Books money that came in some other way.
pub(super) fn mark_paid_offline(world: &mut World, call: &Call<'_>) -> Result<Answer, Refusal> {
    let invoice = in_path(&world.company, call)?;
    let open = [InvoiceStatus::Unpaid, InvoiceStatus::Pending];
    check_status(invoice, &open, "marked as paid offline")?;
    let (number, about, at) = (invoice.number, about_invoice(invoice), world.now());
    set_status(&mut world.company, number, InvoiceStatus::PaidOffline);
    world.note(EffectKind::InvoicePaidOffline, about);
    received(world, at, number);
    Ok(Answer::word("success"))
}

/// Gives up a debt. A subscription that was suspended for it stays so.
pub(super) fn write_off(world: &mut World, call: &Call<'_>) -> Result<Answer, Refusal> {
    let invoice = in_path(&world.company, call)?;
    check_status(invoice, &[InvoiceStatus::Unpaid], "written off")?;
    let (number, about) = (invoice.number, about_invoice(invoice));
    set_status(&mut world.company, number, InvoiceStatus::WrittenOff);
    world.note(EffectKind::InvoiceWrittenOff, about);
    Ok(Answer::word("success"))
}

fn check_status(invoice: &Invoice, wanted: &[InvoiceStatus], what: &str) -> Result<(), Refusal> {
    if wanted.contains(&invoice.status) {
        return Ok(());
    }
    let wanted: Vec<&str> = wanted.iter().map(|wanted| rows::status(*wanted)).collect();
    Err(Refusal::bad_request(format!(
        "only an invoice that is {} can be {what}; this one is {}",
        wanted.join(" or "),
        rows::status(invoice.status)
    )))
}

fn set_status(company: &mut Company, number: DocumentNumber, status: InvoiceStatus) {
    if let Some(invoice) = company.invoices.get_mut(&number) {
        invoice.status = status;
    }
}

fn out_of_bounds(unpriced: &Unpriced) -> Refusal {
    Refusal::bad_request(format!("/amount: {unpriced}"))
}
