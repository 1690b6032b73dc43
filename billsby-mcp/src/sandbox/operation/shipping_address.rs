//! Where a subscription is sent to.

use serde_json::json;

use super::{Call, Operation};
use crate::sandbox::billing::happened;
use crate::sandbox::company::Address;
use crate::sandbox::journal::EffectKind;
use crate::sandbox::wire::{Answer, Refusal};
use crate::sandbox::world::World;

pub(super) const OPERATIONS: &[(&str, Operation)] = &[
    ("subscriptions.shipping_address", get),
    ("subscriptions.update_shipping_address", update),
];

fn get(world: &mut World, call: &Call<'_>) -> Result<Answer, Refusal> {
    match &call.subscription(&world.company)?.shipping_address {
        Some(address) => Ok(Answer::json(address)),
        None => Err(Refusal::not_found(
            "the subscription has no shipping address",
        )),
    }
}

/// Replaces the whole address: a second line that was left out is gone.
fn update(world: &mut World, call: &Call<'_>) -> Result<Answer, Refusal> {
    let id = call.subscription(&world.company)?.unique_id;
    let address: Address = call.body();
    world.company.subscriptions[&id].shipping_address = Some(address);
    let (now, kind) = (world.now(), EffectKind::ShippingAddressChanged);
    happened(world, now, id, kind, json!({}));
    Ok(Answer::word("success"))
}
