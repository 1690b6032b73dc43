//! Cards on file, and the e-mail that asks for a new one.

use serde::Deserialize;

use super::{Call, Operation};
use crate::sandbox::company::Card;
use crate::sandbox::journal::{About, EffectKind};
use crate::sandbox::wire::{Answer, Refusal};
use crate::sandbox::world::World;

pub(super) const OPERATIONS: &[(&str, Operation)] = &[
    ("payments.update_card", update),
    ("payments.request_card_update", request_update),
];

/// A card as requests give it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct NewCard {
    full_name: String,
    /// The update of a card spells it with a small t.
    #[serde(alias = "paymentCardtoken")]
    payment_card_token: String,
    expiry_month: i8,
    expiry_year: i16,
    card_type: String,
    last4_digits: String,
}

impl From<NewCard> for Card {
    fn from(card: NewCard) -> Self {
        Self {
            full_name: card.full_name,
            token: card.payment_card_token,
            expiry_month: card.expiry_month,
            expiry_year: card.expiry_year,
            card_type: card.card_type,
            last4: card.last4_digits,
        }
    }
}

fn update(world: &mut World, call: &Call<'_>) -> Result<Answer, Refusal> {
    let id = call.customer(&world.company)?.unique_id;
    let card: NewCard = call.body();
    world.company.customers[&id].card = Some(card.into());
    world.note(EffectKind::CardChanged, About::customer(id));
    Ok(Answer::word("Success"))
}

/// Every call sends an e-mail, although it is a GET.
fn request_update(world: &mut World, call: &Call<'_>) -> Result<Answer, Refusal> {
    let id = call.customer(&world.company)?.unique_id;
    world.note(EffectKind::EmailSent, About::customer(id));
    Ok(Answer::word("Success\n"))
}
