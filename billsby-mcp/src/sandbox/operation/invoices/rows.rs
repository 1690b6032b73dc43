//! Invoices in lists.

use crate::sandbox::company::{Company, Customer, Invoice, InvoiceStatus};
use crate::sandbox::operation::row::{Cell, Column, DocumentRow, Row, Search, TimeShape};

/// An invoice in the list of the company, which names the customer.
#[derive(Debug)]
pub(super) struct InvoiceRow<'a> {
    invoice: &'a Invoice,
    /// `None` if the customer was deleted.
    customer: Option<&'a Customer>,
}

/// An invoice in the list of its customer, which says what can be refunded.
#[derive(Debug)]
pub(super) struct CustomerInvoice<'a>(pub(super) &'a Invoice);

impl<'a> InvoiceRow<'a> {
    pub(super) fn new(company: &'a Company, invoice: &'a Invoice) -> Self {
        Self {
            invoice,
            customer: company.customers.get(&invoice.customer()),
        }
    }

    fn of_customer(&self, cell: impl FnOnce(&Customer) -> Cell<'_>) -> Cell<'_> {
        self.customer.map(cell).into()
    }
}

impl DocumentRow for InvoiceRow<'_> {
    type Status = InvoiceStatus;

    fn status(&self) -> InvoiceStatus {
        self.invoice.status
    }

    fn matches(&self, search: &Search) -> bool {
        search.is_in(&self.invoice.number.to_string())
            || self.customer.is_some_and(|customer| search.finds(customer))
    }
}

impl Row for InvoiceRow<'_> {
    fn columns<'t>() -> &'t [Column<Self>]
    where
        Self: 't,
    {
        &[
            ("invoiceId", |row| Cell::Number(row.invoice.id)),
            ("invoiceNumber", |row| Cell::Document(row.invoice.number)),
            ("createdOn", |row| created_on(row.invoice)),
            ("amount", |row| Cell::Number(row.invoice.amount)),
            ("formattedAmount", |row| formatted(row.invoice)),
            ("currency", |row| Cell::Text(row.invoice.currency.as_str())),
            ("status", |row| Cell::Text(status(row.invoice.status))),
            ("linkedTransactionsCount", |row| linked(row.invoice)),
            ("customerId", |row| {
                row.of_customer(|customer| Cell::Number(customer.id))
            }),
            ("customerUniqueId", |row| {
                Cell::Unique(row.invoice.customer())
            }),
            ("customerFirstName", |row| {
                row.of_customer(|customer| Cell::Text(&customer.first_name))
            }),
            ("customerLastName", |row| {
                row.of_customer(|customer| Cell::Text(&customer.last_name))
            }),
            ("customerFullName", |row| row.of_customer(full_name)),
        ]
    }
}

impl Row for CustomerInvoice<'_> {
    fn columns<'t>() -> &'t [Column<Self>]
    where
        Self: 't,
    {
        &[
            ("invoiceId", |row| Cell::Number(row.0.id)),
            ("invoiceNumber", |row| Cell::Document(row.0.number)),
            ("createdOn", |row| created_on(row.0)),
            ("amount", |row| Cell::Number(row.0.amount)),
            ("formattedAmount", |row| formatted(row.0)),
            ("currency", |row| Cell::Text(row.0.currency.as_str())),
            ("status", |row| Cell::Text(status(row.0.status))),
            ("linkedTransactionsCount", |row| linked(row.0)),
            ("refundableAmount", |row| Cell::Number(row.0.refundable())),
        ]
    }
}

/// The word of a status on the wire.
pub(super) const fn status(status: InvoiceStatus) -> &'static str {
    match status {
        InvoiceStatus::Paid => "Paid",
        InvoiceStatus::Unpaid => "Unpaid",
        InvoiceStatus::Pending => "Pending",
        InvoiceStatus::PaidOffline => "PaidOffline",
        InvoiceStatus::WrittenOff => "WrittenOff",
    }
}

fn full_name(customer: &Customer) -> Cell<'_> {
    Cell::Words(&customer.first_name, &customer.last_name)
}

const fn created_on(invoice: &Invoice) -> Cell<'_> {
    Cell::Time(invoice.created_on, TimeShape::WithZ)
}

fn formatted(invoice: &Invoice) -> Cell<'_> {
    Cell::Money(invoice.amount, invoice.currency)
}

fn linked(invoice: &Invoice) -> Cell<'_> {
    let count = invoice.credit_notes.len();
    Cell::Number(i64::try_from(count).unwrap_or(i64::MAX))
}
