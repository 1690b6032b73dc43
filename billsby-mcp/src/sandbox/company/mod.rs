//! One company as Billsby keeps it. Plain data; what may be done with it is in `operation`.

mod catalogue;
mod currency;
mod customer;
mod document;
mod erase;
mod extras;
mod subscription;

use std::collections::BTreeSet;

use indexmap::IndexMap;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::id::{DocumentNumber, UniqueId};

pub(crate) use catalogue::{
    Addon, Allowance, Cycle, Offer, Period, Plan, PriceModel, Product, Tier, Unit,
};
pub(crate) use currency::Currency;
pub(crate) use customer::{Address, Card, CardBehaviour, Customer, Person, Phone};
pub(crate) use document::{
    CreditNote, CreditNoteStatus, Invoice, InvoiceKind, InvoiceStatus, Line, PaymentLog,
};
pub(crate) use extras::{CustomField, CustomFieldResponse};
pub(crate) use subscription::{
    CounterEntry, CounterOperation, Event, NextPlan, Subscription, SubscriptionStatus, TakenAddon,
};

/// A company's customers, what they pay for, and what they were billed.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Company {
    pub(crate) customers: IndexMap<UniqueId, Customer>,
    pub(crate) subscriptions: IndexMap<UniqueId, Subscription>,
    /// They outlive a deleted customer, as the books must.
    pub(crate) invoices: IndexMap<DocumentNumber, Invoice>,
    pub(crate) credit_notes: IndexMap<DocumentNumber, CreditNote>,
    pub(crate) products: IndexMap<i64, Product>,
    pub(crate) plans: IndexMap<i64, Plan>,
    pub(crate) addons: IndexMap<i64, Addon>,
    pub(crate) allowances: IndexMap<i64, Allowance>,
    pub(crate) custom_fields: IndexMap<i64, CustomField>,
    pub(crate) custom_field_responses: IndexMap<i64, CustomFieldResponse>,
    /// When each running subscription is next due, the earliest first. Always holds exactly the
    /// `next_billing` of every subscription that has one, and is made from them when it is read.
    #[serde(skip)]
    pub(crate) due: BTreeSet<(Timestamp, UniqueId)>,
    /// The last integer id that was given away, of any kind: no two things share one, so a mistaken
    /// id is never right by accident.
    pub(crate) last_id: i64,
}

impl Company {
    /// An integer id that nothing else has.
    pub(crate) fn next_id(&mut self) -> i64 {
        self.last_id += 1;
        self.last_id
    }

    /// Sets when a subscription is next due.
    pub(crate) fn set_next_billing(&mut self, subscription: UniqueId, at: Option<Timestamp>) {
        let Some(found) = self.subscriptions.get_mut(&subscription) else {
            return;
        };
        if let Some(before) = std::mem::replace(&mut found.next_billing, at) {
            self.due.remove(&(before, subscription));
        }
        if let Some(at) = at {
            self.due.insert((at, subscription));
        }
    }

    /// Finds out anew what is due when.
    pub(crate) fn rebuild_due(&mut self) {
        let subscriptions = self.subscriptions.values();
        let due = subscriptions.filter_map(|found| Some((found.next_billing?, found.unique_id)));
        self.due = due.collect();
    }

    /// The plan a cycle belongs to, and the cycle.
    pub(crate) fn cycle(&self, cycle_id: i64) -> Option<(&Plan, &Cycle)> {
        self.plans.values().find_map(|plan| {
            let cycle = plan.cycles.iter().find(|cycle| cycle.id == cycle_id)?;
            Some((plan, cycle))
        })
    }
}
