//! The history of a subscription.

use jiff::Timestamp;
use serde_json::Value;

use crate::sandbox::id::UniqueId;
use crate::sandbox::journal::{About, EffectKind};
use crate::sandbox::world::World;

/// Writes what happened to a subscription into its history and into the journal.
pub(crate) fn happened(
    world: &mut World,
    at: Timestamp,
    subscription: UniqueId,
    kind: EffectKind,
    data: Value,
) {
    let Some(found) = world.company.subscriptions.get(&subscription) else {
        return;
    };
    let about = About::subscription(found.customer, subscription);
    world.record_at(at, subscription, &format!("{kind:?}"), data);
    world.note_at(at, kind, about);
}
