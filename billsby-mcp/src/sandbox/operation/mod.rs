//! What each operation of the API does. Requests have been checked against the document before.
//!
//! An operation finds everything it needs and refuses what cannot be done before it changes anything.

#![expect(
    clippy::unnecessary_wraps,
    reason = "operations are of one type, also those that refuse nothing"
)]

mod add_ons;
mod allowances;
mod call;
mod cards;
mod counters;
mod credit_notes;
mod custom_fields;
mod customers;
mod event_logs;
mod feature_tags;
mod invoices;
mod page;
mod plan_change;
mod plans;
mod pricing_view;
mod products;
mod row;
mod selection;
mod shipping_address;
mod subscriptions;

use super::wire::{Answer, Refusal};
use super::world::World;

pub(crate) use call::Call;

/// The behaviour of one operation.
pub(crate) type Operation = fn(&mut World, &Call<'_>) -> Result<Answer, Refusal>;

/// The operations by their ids in the document.
const OPERATIONS: [&[(&str, Operation)]; 15] = [
    add_ons::OPERATIONS,
    allowances::OPERATIONS,
    cards::OPERATIONS,
    counters::OPERATIONS,
    credit_notes::OPERATIONS,
    custom_fields::OPERATIONS,
    customers::OPERATIONS,
    event_logs::OPERATIONS,
    feature_tags::OPERATIONS,
    invoices::OPERATIONS,
    plan_change::OPERATIONS,
    plans::OPERATIONS,
    products::OPERATIONS,
    shipping_address::OPERATIONS,
    subscriptions::OPERATIONS,
];

/// Overwrites a setting if a new value was given.
fn set<T>(setting: &mut T, new: Option<T>) {
    if let Some(new) = new {
        *setting = new;
    }
}

/// The behaviour of an operation.
pub(crate) fn find(id: &str) -> Option<Operation> {
    let mut all = OPERATIONS.iter().copied().flatten();
    all.find_map(|(known, operation)| (*known == id).then_some(*operation))
}

/// The ids of all behaviours.
#[cfg(test)]
pub(crate) fn ids() -> impl Iterator<Item = &'static str> {
    OPERATIONS.iter().copied().flatten().map(|(id, _)| *id)
}
