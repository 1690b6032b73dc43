//! What happened to a subscription.

use serde_json::{Value, json};

use super::page::page;
use super::{Call, Operation};
use crate::sandbox::company::Event;
use crate::sandbox::wire::{Answer, Refusal, without_zone};
use crate::sandbox::world::World;

pub(super) const OPERATIONS: &[(&str, Operation)] = &[("subscriptions.event_logs", list)];

/// The oldest first.
fn list(world: &mut World, call: &Call<'_>) -> Result<Answer, Refusal> {
    let events = &call.subscription(&world.company)?.events;
    Ok(page(call, events.len(), events.iter(), view))
}

fn view(event: &Event) -> Value {
    json!({
        "subscriptionEventLogId": event.id,
        "type": event.kind,
        "createdOn": without_zone(event.at),
        "eventData": event.data,
    })
}
