//! Invoices and credit notes.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Currency;
use crate::sandbox::id::{DocumentNumber, UniqueId};

/// What a customer was billed. Amounts are minor units.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Invoice {
    pub(crate) id: i64,
    pub(crate) number: DocumentNumber,
    pub(crate) kind: InvoiceKind,
    pub(crate) created_on: Timestamp,
    pub(crate) currency: Currency,
    pub(crate) status: InvoiceStatus,
    pub(crate) amount: i64,
    /// Part of `amount`.
    pub(crate) tax: i64,
    /// The sum of its credit notes.
    pub(crate) refunded: i64,
    pub(crate) lines: Vec<Line>,
    /// What is billed, unless it is a one-time charge.
    pub(crate) subscription: Option<UniqueId>,
    /// The billed period.
    pub(crate) period: Option<(Timestamp, Timestamp)>,
    /// The share of a period that is billed, if it is not all of it.
    pub(crate) proration: Option<f64>,
    /// Attempts to collect it, the oldest first.
    pub(crate) logs: Vec<PaymentLog>,
    pub(crate) credit_notes: Vec<DocumentNumber>,
}

/// What an invoice is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum InvoiceKind {
    Renewal,
    OneTimeCharge,
}

/// Where an invoice stands, in the words of the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) enum InvoiceStatus {
    Paid,
    /// Never tried, or tried and declined; the payment logs tell.
    Unpaid,
    /// A payment is under way.
    Pending,
    PaidOffline,
    WrittenOff,
}

/// A line of an invoice.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Line {
    pub(crate) description: String,
    pub(crate) units: i64,
    pub(crate) unit_price: i64,
    /// Taken off, a positive number.
    pub(crate) discount: i64,
    pub(crate) amount: i64,
    /// The price of the billed period. Fees that are billed once and usage beyond an allowance are not.
    pub(crate) is_recurring: bool,
}

/// An attempt to collect an invoice.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct PaymentLog {
    pub(crate) id: i64,
    pub(crate) at: Timestamp,
    /// `Paid`, `Failed` or `Pending`.
    pub(crate) status: String,
    pub(crate) reference: Option<String>,
}

/// What a customer gets back.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct CreditNote {
    pub(crate) id: i64,
    pub(crate) number: DocumentNumber,
    pub(crate) invoice: DocumentNumber,
    pub(crate) created_on: Timestamp,
    pub(crate) currency: Currency,
    pub(crate) amount: i64,
    pub(crate) status: CreditNoteStatus,
}

/// Whether the money was paid out, in the words of the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) enum CreditNoteStatus {
    Pending,
    Paid,
    Failed,
}

impl Line {
    /// One thing that is not billed again.
    pub(crate) fn once(description: &str, amount: i64) -> Self {
        Self {
            description: description.to_owned(),
            units: 1,
            unit_price: amount,
            discount: 0,
            amount,
            is_recurring: false,
        }
    }
}

impl Invoice {
    /// The customer's id, which outlives the customer.
    pub(crate) const fn customer(&self) -> UniqueId {
        self.number.customer
    }

    /// What can still be paid back: nothing unless it was paid by card.
    pub(crate) const fn refundable(&self) -> i64 {
        match self.status {
            InvoiceStatus::Paid => self.amount - self.refunded,
            _ => 0,
        }
    }
}
