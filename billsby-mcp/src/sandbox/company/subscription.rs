//! Subscriptions.

use std::ops::RangeBounds;

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer, ser};
use serde_json::Value;

use super::Address;
use crate::sandbox::id::UniqueId;

/// What a customer pays for.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Subscription {
    /// The integer id, which no call accepts.
    pub(crate) id: i64,
    pub(crate) unique_id: UniqueId,
    pub(crate) customer: UniqueId,
    pub(crate) product_id: i64,
    pub(crate) plan_id: i64,
    pub(crate) cycle_id: i64,
    pub(crate) units: i64,
    pub(crate) status: SubscriptionStatus,
    pub(crate) created_on: Timestamp,
    /// The start of the period that is paid for.
    pub(crate) period_start: Timestamp,
    /// The day of the month on which monthly and yearly periods begin, or the month's last day if it is
    /// shorter.
    pub(crate) billing_day: i8,
    /// When it renews, resumes or leaves its trial; set it with `Company::set_next_billing`.
    pub(crate) next_billing: Option<Timestamp>,
    /// Until when it cannot be ended without breaking the contract.
    pub(crate) contract_end: Option<Timestamp>,
    /// What changes at the next renewal.
    pub(crate) next: Option<NextPlan>,
    pub(crate) addons: Vec<TakenAddon>,
    /// Ids of allowances.
    pub(crate) allowances: Vec<i64>,
    pub(crate) counters: Vec<CounterEntry>,
    /// Its own tags, besides those of the plan.
    pub(crate) feature_tags: Vec<String>,
    pub(crate) shipping_address: Option<Address>,
    /// Billed and paid so far, less what was paid back; minor units.
    pub(crate) revenue: i64,
    /// What happened to it, the oldest first.
    pub(crate) events: Vec<Event>,
}

/// Where a subscription stands, in the words of the wire; that of a paused one is a guess.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) enum SubscriptionStatus {
    Active,
    InTrial,
    /// Its renewal could not be collected.
    Suspended,
    /// Waits for its `next_billing` without being billed.
    Paused,
    Cancelled,
}

/// A change that waits for the renewal.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct NextPlan {
    pub(crate) plan_id: i64,
    pub(crate) cycle_id: i64,
    pub(crate) units: i64,
    pub(crate) addons: Vec<TakenAddon>,
    pub(crate) allowances: Vec<i64>,
}

/// An add-on of a subscription.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct TakenAddon {
    pub(crate) addon_id: i64,
    pub(crate) quantity: i64,
}

/// A change of a counter. It is queued: until `counted_at` no read shows it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct CounterEntry {
    pub(crate) counter_id: UniqueId,
    pub(crate) at: Timestamp,
    pub(crate) counted_at: Timestamp,
    pub(crate) operation: CounterOperation,
    pub(crate) value: i64,
}

/// What a change does with a counter, in the words of the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum CounterOperation {
    Increment,
    Decrement,
    Set,
}

/// Something that happened to a subscription.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Event {
    pub(crate) id: i64,
    pub(crate) at: Timestamp,
    pub(crate) kind: String,
    pub(crate) data: Details,
}

/// An object that tells more about an event, as the text of its JSON: there are many events, and a
/// tree takes ten times the room.
#[derive(Debug, Clone)]
pub(crate) struct Details(Box<str>);

impl From<Value> for Details {
    fn from(object: Value) -> Self {
        Self(object.to_string().into())
    }
}

impl Serialize for Details {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let object: Value = serde_json::from_str(&self.0).map_err(ser::Error::custom)?;
        object.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Details {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Value::deserialize(deserializer).map(Self::from)
    }
}

impl Subscription {
    /// Whether it takes up the one place that a customer has in a product.
    pub(crate) fn is_running(&self) -> bool {
        self.status != SubscriptionStatus::Cancelled
    }

    /// What a counter shows for an interval: the changes that were made in it and are counted by then. None
    /// of them makes it less than nothing.
    pub(crate) fn usage(
        &self,
        counter_id: UniqueId,
        interval: impl RangeBounds<Timestamp>,
        counted_by: Timestamp,
    ) -> i64 {
        let entries = self.counters.iter().filter(|entry| {
            entry.counter_id == counter_id
                && interval.contains(&entry.at)
                && entry.counted_at <= counted_by
        });
        entries.fold(0_i64, |usage, entry| match entry.operation {
            CounterOperation::Increment => usage.saturating_add(entry.value),
            CounterOperation::Decrement => usage.saturating_sub(entry.value).max(0),
            CounterOperation::Set => entry.value,
        })
    }
}
