//! New subscriptions, for new customers and for known ones.

use serde::Deserialize;
use serde_json::json;

use super::order::NewOrder;
use super::subscribes_to;
use crate::sandbox::billing::{decline, try_card};
use crate::sandbox::company::{Address, Card, Customer, Person, Phone};
use crate::sandbox::id::UniqueId;
use crate::sandbox::journal::{About, EffectKind};
use crate::sandbox::operation::customers::{NewPhone, add};
use crate::sandbox::operation::{Call, cards, set};
use crate::sandbox::wire::{Answer, Refusal};
use crate::sandbox::world::World;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct NewCustomer {
    first_name: String,
    last_name: String,
    email: String,
    address: Address,
    card_details: cards::NewCard,
    #[serde(flatten)]
    order: NewOrder,
    #[serde(flatten)]
    extras: Extras,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct KnownCustomer {
    address: Option<Address>,
    tax_reg_number: Option<String>,
    #[serde(flatten)]
    order: NewOrder,
    #[serde(flatten)]
    extras: Extras,
}

/// What both requests may say about the customer.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Extras {
    additional_email: Option<String>,
    #[serde(flatten)]
    phone: NewPhone,
    marketing_consent: Option<bool>,
}

impl Extras {
    /// Writes down what was said, and leaves the rest as it is. Whether anything was.
    fn apply(self, customer: &mut Customer) -> bool {
        let phone: Option<Phone> = self.phone.into();
        let is_said =
            phone.is_some() || self.additional_email.is_some() || self.marketing_consent.is_some();
        customer.phone = phone.or(customer.phone.take());
        customer.additional_email = self.additional_email.or(customer.additional_email.take());
        set(&mut customer.marketing_consent, self.marketing_consent);
        is_said
    }
}

/// Creates a customer with a subscription, and bills the card. If it declines, nothing is created.
pub(super) fn create(world: &mut World, call: &Call<'_>) -> Result<Answer, Refusal> {
    let new: NewCustomer = call.body();
    let at = world.now();
    let order = new.order.check(&world.company, None, at)?;
    let card: Card = new.card_details.into();
    let outcome = try_card(Some(&card), order.amount(), at);
    let about = About {
        amount: Some(order.amount()),
        ..About::default()
    };
    decline(world, outcome, about)?;

    let person = Person {
        first_name: new.first_name,
        last_name: new.last_name,
        email: new.email,
        address: new.address,
        phone: None,
        card: Some(card),
    };
    let id = add(world, person);
    new.extras.apply(&mut world.company.customers[&id]);
    let subscription = order.carry_out(world, at, id, outcome);
    Ok(created(id, subscription))
}

/// Adds a subscription in a product that the customer does not have yet, and bills the card on file.
pub(super) fn add_to_customer(world: &mut World, call: &Call<'_>) -> Result<Answer, Refusal> {
    let customer = call.customer(&world.company)?;
    let id = customer.unique_id;
    let new: KnownCustomer = call.body();
    let at = world.now();
    let order = new.order.check(&world.company, Some(id), at)?;
    if subscribes_to(&world.company, id, order.product_id) {
        return Err(Refusal::bad_request(
            "the customer already has a subscription in this product: change its plan instead",
        ));
    }
    if customer.card.is_none() {
        return Err(Refusal::bad_request("the customer has no card on file"));
    }
    let outcome = try_card(customer.card.as_ref(), order.amount(), at);
    let about = About {
        amount: Some(order.amount()),
        ..About::customer(id)
    };
    decline(world, outcome, about)?;

    let customer = &mut world.company.customers[&id];
    let is_update = new.address.is_some() || new.tax_reg_number.is_some();
    set(&mut customer.billing_address, new.address);
    customer.tax_reg_number = new.tax_reg_number.or(customer.tax_reg_number.take());
    if new.extras.apply(customer) || is_update {
        world.note(EffectKind::CustomerUpdated, About::customer(id));
    }
    let subscription = order.carry_out(world, at, id, outcome);
    Ok(created(id, subscription))
}

fn created(customer: UniqueId, subscription: UniqueId) -> Answer {
    Answer::json(&json!({
        "customerUniqueId": customer,
        "subscriptionUniqueId": subscription,
    }))
}
