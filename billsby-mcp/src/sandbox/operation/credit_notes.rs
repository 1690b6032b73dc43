//! Credit notes and their payout.

use super::row::{self, Cell, Column, DocumentRow, Row, Search, TimeShape};
use super::{Call, Operation};
use crate::sandbox::billing::{Outcome, pay_out, try_card};
use crate::sandbox::company::{Company, CreditNote, CreditNoteStatus, Customer};
use crate::sandbox::id::DocumentNumber;
use crate::sandbox::wire::{Answer, Refusal};
use crate::sandbox::world::World;

pub(super) const OPERATIONS: &[(&str, Operation)] = &[
    ("credit_notes.list", list),
    ("credit_notes.list_for_customer", list_for_customer),
    ("credit_notes.reattempt_payment", reattempt_payment),
];

const FLAGS: [(&str, CreditNoteStatus); 3] = [
    ("isPending", CreditNoteStatus::Pending),
    ("isPaid", CreditNoteStatus::Paid),
    ("isFailed", CreditNoteStatus::Failed),
];

/// A credit note in the list of the company, which names the customer.
#[derive(Debug)]
struct CreditNoteRow<'a> {
    note: &'a CreditNote,
    /// `None` if the customer was deleted.
    customer: Option<&'a Customer>,
}

/// A credit note in the list of its customer, which calls it an invoice.
#[derive(Debug)]
struct CustomerCreditNote<'a>(&'a CreditNote);

impl<'a> CreditNoteRow<'a> {
    fn new(company: &'a Company, note: &'a CreditNote) -> Self {
        Self {
            note,
            customer: company.customers.get(&note.number.customer),
        }
    }

    fn of_customer(&self, cell: impl FnOnce(&Customer) -> Cell<'_>) -> Cell<'_> {
        self.customer.map(cell).into()
    }
}

impl DocumentRow for CreditNoteRow<'_> {
    type Status = CreditNoteStatus;

    fn status(&self) -> CreditNoteStatus {
        self.note.status
    }

    fn matches(&self, search: &Search) -> bool {
        search.is_in(&self.note.number.to_string())
            || self.customer.is_some_and(|customer| search.finds(customer))
    }
}

impl Row for CreditNoteRow<'_> {
    fn columns<'t>() -> &'t [Column<Self>]
    where
        Self: 't,
    {
        &[
            ("creditNoteId", |row| Cell::Number(row.note.id)),
            ("creditNoteUniqueId", |row| Cell::Document(row.note.number)),
            ("createdOn", |row| created_on(row.note)),
            ("amount", |row| Cell::Digits(row.note.amount)),
            ("currency", |row| Cell::Text(row.note.currency.as_str())),
            ("status", |row| Cell::Text(status(row.note.status))),
            ("customerId", |row| {
                row.of_customer(|customer| Cell::Number(customer.id))
            }),
            ("customerUniqueId", |row| {
                Cell::Unique(row.note.number.customer)
            }),
            ("customerFirstName", |row| {
                row.of_customer(|customer| Cell::Text(&customer.first_name))
            }),
            ("customerLastName", |row| {
                row.of_customer(|customer| Cell::Text(&customer.last_name))
            }),
            ("customerFullName", |row| {
                row.of_customer(|customer| Cell::Words(&customer.first_name, &customer.last_name))
            }),
        ]
    }
}

impl Row for CustomerCreditNote<'_> {
    fn columns<'t>() -> &'t [Column<Self>]
    where
        Self: 't,
    {
        &[
            ("invoiceId", |row| Cell::Number(row.0.id)),
            ("invoiceNumber", |row| Cell::Document(row.0.number)),
            ("createdOn", |row| created_on(row.0)),
            ("amount", |row| Cell::Digits(row.0.amount)),
            ("currency", |row| Cell::Text(row.0.currency.as_str())),
            ("status", |row| Cell::Text(status(row.0.status))),
            // The invoice.
            ("linkedTransactionsCount", |_| Cell::Number(1)),
            ("paymentGatewayDisplayName", |_| {
                Cell::Text(super::invoices::GATEWAY)
            }),
        ]
    }
}

fn list(world: &mut World, call: &Call<'_>) -> Result<Answer, Refusal> {
    let company = &world.company;
    let row = |note| CreditNoteRow::new(company, note);
    row::list_documents(call, &FLAGS, company.credit_notes.values(), row)
}

fn list_for_customer(world: &mut World, call: &Call<'_>) -> Result<Answer, Refusal> {
    let company = &world.company;
    let customer = call.customer(company)?;
    let notes = customer.credit_notes.iter();
    let notes = notes.filter_map(|number| company.credit_notes.get(number));
    let views = notes.map(|note| row::view(&CustomerCreditNote(note)));
    Ok(Answer::json(&views.collect::<Vec<_>>()))
}

/// Tries once more to pay out what could not be paid out.
fn reattempt_payment(world: &mut World, call: &Call<'_>) -> Result<Answer, Refusal> {
    let number: Option<DocumentNumber> = call.path("creditNoteNumber");
    let note = number.and_then(|number| world.company.credit_notes.get(&number));
    let note =
        note.ok_or_else(|| Refusal::not_found("no credit note has this creditNoteNumber"))?;
    if note.status != CreditNoteStatus::Failed {
        return Err(Refusal::bad_request(format!(
            "only a credit note that is Failed can be paid out again; this one is {}",
            status(note.status)
        )));
    }
    let (number, at) = (note.number, world.now());
    let customer = world.company.customers.get(&number.customer);
    let customer = customer.ok_or_else(|| Refusal::bad_request("the customer was deleted"))?;
    let outcome = try_card(customer.card.as_ref(), note.amount, at);
    if outcome == Outcome::NoCard {
        return Err(Refusal::bad_request("the customer has no card on file"));
    }
    pay_out(world, at, number, outcome);
    match outcome {
        Outcome::Declined(why) => Err(Refusal::bad_request(format!(
            "{why}: the credit note is still Failed"
        ))),
        _ => Ok(Answer::word("success")),
    }
}

/// The word of a status on the wire.
const fn status(status: CreditNoteStatus) -> &'static str {
    match status {
        CreditNoteStatus::Pending => "Pending",
        CreditNoteStatus::Paid => "Paid",
        CreditNoteStatus::Failed => "Failed",
    }
}

const fn created_on(note: &CreditNote) -> Cell<'_> {
    Cell::Time(note.created_on, TimeShape::WithOffset)
}
