//! What happened to a subscription, and its shipping address.

use serde_json::{Value, json};

use super::page::page;
use super::{Call, Operation};
use crate::sandbox::billing::happened;
use crate::sandbox::company::{Address, Event};
use crate::sandbox::journal::EffectKind;
use crate::sandbox::wire::{Answer, Refusal, without_zone};
use crate::sandbox::world::World;

pub(super) const OPERATIONS: &[(&str, Operation)] = &[
    ("subscriptions.event_logs", list),
    ("subscriptions.shipping_address", shipping_address),
    (
        "subscriptions.update_shipping_address",
        update_shipping_address,
    ),
];

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

fn shipping_address(world: &mut World, call: &Call<'_>) -> Result<Answer, Refusal> {
    match &call.subscription(&world.company)?.shipping_address {
        Some(address) => Ok(Answer::json(address)),
        None => Err(Refusal::not_found(
            "the subscription has no shipping address",
        )),
    }
}

/// Replaces the whole address: a second line that was left out is gone.
fn update_shipping_address(world: &mut World, call: &Call<'_>) -> Result<Answer, Refusal> {
    let id = call.subscription(&world.company)?.unique_id;
    let address: Address = call.body();
    world.company.subscriptions[&id].shipping_address = Some(address);
    let (now, kind) = (world.now(), EffectKind::ShippingAddressChanged);
    happened(world, now, id, kind, json!({}));
    Ok(Answer::word("success"))
}
