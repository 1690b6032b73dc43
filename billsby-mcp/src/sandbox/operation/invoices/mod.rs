//! Invoices: list, read, charge, refund, collect, close.

mod details;
mod money;
mod rows;

use serde_json::json;

use super::row;
use super::{Call, Operation};
use crate::sandbox::company::{Company, Invoice, InvoiceStatus};
use crate::sandbox::id::DocumentNumber;
use crate::sandbox::wire::{self, Answer, Refusal};
use crate::sandbox::world::World;
use rows::{CustomerInvoice, InvoiceRow};

pub(super) use details::GATEWAY;

pub(super) const OPERATIONS: &[(&str, Operation)] = &[
    ("invoices.get", get),
    ("invoices.list", list),
    ("invoices.list_for_customer", list_for_customer),
    ("invoices.charge", money::charge),
    ("invoices.refund", money::refund),
    ("invoices.reattempt_payment", money::reattempt_payment),
    ("invoices.mark_paid_offline", money::mark_paid_offline),
    ("invoices.write_off", money::write_off),
    ("payments.logs", logs),
];

const FLAGS: [(&str, InvoiceStatus); 5] = [
    ("isPending", InvoiceStatus::Pending),
    ("isPaid", InvoiceStatus::Paid),
    ("isUnpaid", InvoiceStatus::Unpaid),
    ("isPaidOffline", InvoiceStatus::PaidOffline),
    ("isWrittenOff", InvoiceStatus::WrittenOff),
];

fn get(world: &mut World, call: &Call<'_>) -> Result<Answer, Refusal> {
    let invoice = in_path(&world.company, call)?;
    Ok(Answer::json(&details::view(&world.company, invoice)))
}

fn list(world: &mut World, call: &Call<'_>) -> Result<Answer, Refusal> {
    let company = &world.company;
    let row = |invoice| InvoiceRow::new(company, invoice);
    row::list_documents(call, &FLAGS, company.invoices.values(), row)
}

fn list_for_customer(world: &mut World, call: &Call<'_>) -> Result<Answer, Refusal> {
    let company = &world.company;
    let customer = call.customer(company)?;
    let invoices = customer.invoices.iter();
    let invoices = invoices.filter_map(|number| company.invoices.get(number));
    let views = invoices.map(|invoice| row::view(&CustomerInvoice(invoice)));
    Ok(Answer::json(&views.collect::<Vec<_>>()))
}

/// The attempts to collect an invoice, the oldest first.
fn logs(world: &mut World, call: &Call<'_>) -> Result<Answer, Refusal> {
    let customer = call.customer(&world.company)?;
    let number: Option<DocumentNumber> = call.path("invoiceNumber");
    let number = number.filter(|number| number.customer == customer.unique_id);
    let invoice = number.and_then(|number| world.company.invoices.get(&number));
    let invoice = invoice.ok_or_else(|| not_theirs("invoice"))?;
    let logs = invoice.logs.iter().map(|log| {
        json!({
            "paymentLogId": log.id,
            "createdOn": wire::with_z(log.at),
            "status": log.status,
            "gatewayId": 1,
            "gatewayName": GATEWAY,
            "paymentMethod": "Card",
            "reference": log.reference,
        })
    });
    Ok(Answer::json(&logs.collect::<Vec<_>>()))
}

/// The invoice whose number is in the path.
fn in_path<'a>(company: &'a Company, call: &Call<'_>) -> Result<&'a Invoice, Refusal> {
    let number: Option<DocumentNumber> = call.path("invoiceNumber");
    let invoice = number.and_then(|number| company.invoices.get(&number));
    invoice.ok_or_else(|| Refusal::not_found("no invoice has this invoiceNumber"))
}

fn not_theirs(thing: &str) -> Refusal {
    Refusal::not_found(format!("the customer has no {thing} with this number"))
}
