//! Everything that an operation can read and change.

use jiff::Timestamp;
use serde_json::Value;

use super::clock::Clock;
use super::company::{Company, Event};
use super::id::UniqueId;
use super::journal::{About, EffectKind, Journal};
use super::random::Random;

/// The company, its time and what happened in it.
#[derive(Debug, Clone)]
pub(crate) struct World {
    pub(crate) company: Company,
    pub(crate) journal: Journal,
    pub(crate) clock: Clock,
    pub(crate) random: Random,
    /// What the journal names as the cause: the operation that is running, or `renewal`.
    pub(crate) cause: &'static str,
}

impl World {
    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Writes an effect into the journal.
    pub(crate) fn note(&mut self, kind: EffectKind, about: About) {
        self.note_at(self.now(), kind, about);
    }

    /// Writes an effect that belongs to another time: renewals happen when they were due.
    pub(crate) fn note_at(&mut self, at: Timestamp, kind: EffectKind, about: About) {
        self.journal.note(at, self.cause, kind, about);
    }

    /// Writes into the history of a subscription, which the API shows. `data` is an object; what somebody
    /// typed stands in it only under tags, where erasing finds it.
    pub(crate) fn record(&mut self, subscription: UniqueId, kind: &str, data: Value) {
        self.record_at(self.now(), subscription, kind, data);
    }

    /// Writes into the history of a subscription what happened at another time.
    pub(crate) fn record_at(
        &mut self,
        at: Timestamp,
        subscription: UniqueId,
        kind: &str,
        data: Value,
    ) {
        let id = self.company.next_id();
        if let Some(subscription) = self.company.subscriptions.get_mut(&subscription) {
            subscription.events.push(Event {
                id,
                at,
                kind: kind.to_owned(),
                data: data.into(),
            });
        }
    }
}
