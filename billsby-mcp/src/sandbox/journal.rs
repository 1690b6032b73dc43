//! What really happened, so that a test can prove that it happened once.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::id::{DocumentNumber, UniqueId};

/// Everything that has had an effect since the company was made or the last reset. A snapshot keeps it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Journal {
    effects: Vec<Effect>,
}

/// One thing that happened.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Effect {
    pub(crate) number: usize,
    pub(crate) at: Timestamp,
    pub(crate) kind: EffectKind,
    /// The operation that caused it, `renewal` when it was time that passed.
    pub(crate) operation: String,
    #[serde(flatten)]
    pub(crate) about: About,
}

/// What an effect is about; whatever applies.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct About {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) customer_unique_id: Option<UniqueId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) subscription_unique_id: Option<UniqueId>,
    /// An invoice's number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) invoice_number: Option<DocumentNumber>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) credit_note_number: Option<DocumentNumber>,
    /// Money that moved, in minor units.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) amount: Option<i64>,
    /// The integer id of a product, plan, cycle, add-on, custom field or answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) id: Option<i64>,
    /// A feature tag or the id of a counter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<String>,
}

/// Kinds of effects. The first group moves money, the second reaches people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum EffectKind {
    /// A card was charged.
    Charged,
    /// A charge is under way; nothing is known yet.
    ChargePending,
    /// A card was tried and declined.
    ChargeDeclined,
    /// Money was paid back.
    PaidOut,
    /// A payout was tried and declined.
    PayoutDeclined,

    EmailSent,

    CustomerCreated,
    CustomerUpdated,
    CustomerDeleted,
    PersonalDataErased,
    CardChanged,

    SubscriptionCreated,
    SubscriptionCancelled,
    SubscriptionRenewed,
    PlanChanged,
    PlanChangeScheduled,
    RenewalDateChanged,
    ShippingAddressChanged,

    InvoiceCreated,
    InvoicePaidOffline,
    InvoiceWrittenOff,
    CreditNoteCreated,

    CounterChanged,
    FeatureTagAdded,
    FeatureTagRemoved,

    ProductCreated,
    ProductUpdated,
    PlanCreated,
    PlanUpdated,
    PlansReordered,
    CycleCreated,
    CustomFieldCreated,
    CustomFieldUpdated,
    CustomFieldAnswered,
}

impl About {
    pub(crate) fn customer(id: UniqueId) -> Self {
        Self {
            customer_unique_id: Some(id),
            ..Self::default()
        }
    }

    pub(crate) fn subscription(customer: UniqueId, subscription: UniqueId) -> Self {
        Self {
            subscription_unique_id: Some(subscription),
            ..Self::customer(customer)
        }
    }

    /// About something that has an integer id.
    pub(crate) fn id(id: i64) -> Self {
        Self {
            id: Some(id),
            ..Self::default()
        }
    }
}

impl Journal {
    pub(crate) fn note(&mut self, at: Timestamp, operation: &str, kind: EffectKind, about: About) {
        self.effects.push(Effect {
            number: self.effects.len() + 1,
            at,
            kind,
            operation: operation.to_owned(),
            about,
        });
    }

    pub(crate) fn effects(&self) -> &[Effect] {
        &self.effects
    }
}
