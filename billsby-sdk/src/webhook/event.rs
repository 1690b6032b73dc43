use serde::Deserialize;
use serde_json::Value;

use crate::key::{
    CreditNoteNumber, CustomerUniqueId, CycleId, InvoiceNumber, PlanId, ProductId,
    SubscriptionUniqueId,
};
use crate::model::{CreditNoteStatus, InvoiceStatus, SubscriptionStatus};
use crate::types::mismatch::Mismatch;
use crate::types::{Amount, Timestamp, lenient};

/// What happened, with what Billsby tells about it.
///
/// `Debug` shows which event it is and nothing of its content.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Event {
    /// Somebody pressed the Test button in the control panel; nothing happened.
    Test,
    /// There is a new customer.
    CustomerCreated(CustomerEvent),
    /// A customer's details changed.
    CustomerUpdated(CustomerEvent),
    /// A customer was deleted.
    CustomerDeleted(CustomerEvent),
    /// There is a new subscription.
    SubscriptionCreated(SubscriptionEvent),
    /// A subscription changed.
    SubscriptionUpdated(SubscriptionEvent),
    /// There is a new invoice.
    InvoiceCreated(InvoiceEvent),
    /// There is a new credit note.
    CreditNoteCreated(CreditNoteEvent),
    /// A credit note changed, its status for example.
    CreditNoteUpdated(CreditNoteEvent),
    /// An event that this version of the crate does not know.
    ///
    /// Its content is in [`Delivery::raw`](super::Delivery::raw).
    #[non_exhaustive]
    Other {
        /// Its type as Billsby wrote it.
        kind: String,
    },
}

impl Event {
    /// The type of the event as Billsby writes it, such as `InvoiceCreated`; `Test` for the Test
    /// button. Free of personal data, so that it can be logged.
    #[must_use]
    pub fn kind(&self) -> &str {
        match self {
            Self::Test => "Test",
            Self::CustomerCreated(_) => "CustomerCreated",
            Self::CustomerUpdated(_) => "CustomerUpdated",
            Self::CustomerDeleted(_) => "CustomerDeleted",
            Self::SubscriptionCreated(_) => "SubscriptionCreated",
            Self::SubscriptionUpdated(_) => "SubscriptionUpdated",
            Self::InvoiceCreated(_) => "InvoiceCreated",
            Self::CreditNoteCreated(_) => "CreditNoteCreated",
            Self::CreditNoteUpdated(_) => "CreditNoteUpdated",
            Self::Other { kind, .. } => kind,
        }
    }

    /// Reads the content of an event of a type.
    pub(super) fn read(kind: String, content: &mut Value) -> Result<Self, Mismatch> {
        Ok(match kind.as_str() {
            "CustomerCreated" => Self::CustomerCreated(lenient::decode(content)?),
            "CustomerUpdated" => Self::CustomerUpdated(lenient::decode(content)?),
            "CustomerDeleted" => Self::CustomerDeleted(lenient::decode(content)?),
            "SubscriptionCreated" => Self::SubscriptionCreated(lenient::decode(content)?),
            "SubscriptionUpdated" => Self::SubscriptionUpdated(lenient::decode(content)?),
            "InvoiceCreated" => Self::InvoiceCreated(lenient::decode(content)?),
            "CreditNoteCreated" => Self::CreditNoteCreated(lenient::decode(content)?),
            "CreditNoteUpdated" => Self::CreditNoteUpdated(lenient::decode(content)?),
            _ => Self::Other { kind },
        })
    }
}

/// What an event tells about a customer.
#[derive(Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
#[non_exhaustive]
pub struct CustomerEvent {
    /// Customer's public id, to be read back with `customers().get()`.
    pub customer_unique_id: Option<CustomerUniqueId>,
    /// E-mail address.
    pub email: Option<String>,
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// Public ids of the customer's subscriptions.
    pub subscription_ids: Vec<SubscriptionUniqueId>,
}

/// What an event tells about a subscription.
#[derive(Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
#[non_exhaustive]
pub struct SubscriptionEvent {
    /// Subscription's public id, to be read back with `subscriptions().get()`.
    pub subscription_unique_id: Option<SubscriptionUniqueId>,
    /// Customer's public id.
    pub customer_unique_id: Option<CustomerUniqueId>,
    /// Where the subscription stood when the event was written.
    #[serde(rename = "SubscriptionStatus")]
    pub status: Option<SubscriptionStatus>,
    /// Product id.
    #[serde(rename = "BillsbyProductId")]
    pub product_id: Option<ProductId>,
    /// Plan id.
    #[serde(rename = "BillsbyPlanId")]
    pub plan_id: Option<PlanId>,
    /// Cycle id, of that plan.
    #[serde(rename = "BillsbyCycleId")]
    pub cycle_id: Option<CycleId>,
    /// Number of units.
    pub units: Option<i64>,
    /// When the next invoice is due; only told when a subscription was updated.
    pub next_billing_date: Option<Timestamp>,
}

/// What an event tells about an invoice.
#[derive(Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
#[non_exhaustive]
pub struct InvoiceEvent {
    /// Invoice number, to be read back with `invoices().get()`.
    pub invoice_number: Option<InvoiceNumber>,
    /// Amount, minor units.
    #[serde(rename = "InvoiceAmount")]
    pub amount: Option<Amount>,
    /// Currency, three letters.
    pub currency_code: Option<String>,
    /// Where the invoice stood when the event was written.
    #[serde(rename = "InvoiceStatus")]
    pub status: Option<InvoiceStatus>,
    /// Address of the invoice in the control panel.
    pub url: Option<String>,
}

/// What an event tells about a credit note.
#[derive(Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
#[non_exhaustive]
pub struct CreditNoteEvent {
    /// Credit note number. Billsby calls it an invoice number here.
    #[serde(rename = "InvoiceNumber")]
    pub credit_note_number: Option<CreditNoteNumber>,
    /// Customer's internal number, which no call takes.
    pub customer_id: Option<i64>,
    /// Customer's public id; only told when a credit note was created.
    pub customer_unique_id: Option<CustomerUniqueId>,
    /// Currency, three letters.
    pub currency_code: Option<String>,
    /// Amount, minor units.
    pub amount: Option<Amount>,
    /// Where the credit note stood when the event was written.
    pub status: Option<CreditNoteStatus>,
    /// Address of the credit note in the control panel.
    pub url: Option<String>,
}

redacted_debug!(
    CustomerEvent,
    SubscriptionEvent,
    InvoiceEvent,
    CreditNoteEvent,
);
