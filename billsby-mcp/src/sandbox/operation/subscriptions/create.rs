//! New subscriptions, for new customers and for known ones.

use serde::Deserialize;
use serde_json::json;

use super::order::NewOrder;
use super::subscribes_to;
use crate::sandbox::billing::{decline, try_card};
use crate::sandbox::company::{Address, Card, Customer, Phone};
use crate::sandbox::id::UniqueId;
use crate::sandbox::journal::{About, EffectKind};
use crate::sandbox::operation::{Call, cards};
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
    phone_number: Option<String>,
    phone_number_dial_code: Option<String>,
    phone_number_dial_country: Option<String>,
    marketing_consent: Option<bool>,
}

impl Extras {
    fn is_empty(&self) -> bool {
        self.additional_email.is_none()
            && self.marketing_consent.is_none()
            && self.phone_number.is_none()
            && self.phone_number_dial_code.is_none()
            && self.phone_number_dial_country.is_none()
    }

    /// Writes down what was said, and leaves the rest as it is.
    fn apply(self, customer: &mut Customer) {
        let phone = Phone {
            country: self.phone_number_dial_country,
            dial_code: self.phone_number_dial_code,
            number: self.phone_number,
        };
        if phone.number.is_some() || phone.dial_code.is_some() || phone.country.is_some() {
            customer.phone = Some(phone);
        }
        if let Some(email) = self.additional_email {
            customer.additional_email = Some(email);
        }
        if let Some(consent) = self.marketing_consent {
            customer.marketing_consent = consent;
        }
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

    let mut customer = Customer {
        id: world.company.next_id(),
        unique_id: UniqueId::random(&mut world.random),
        first_name: new.first_name,
        last_name: new.last_name,
        email: new.email,
        additional_email: None,
        billing_address: new.address,
        phone: None,
        tax_reg_number: None,
        marketing_consent: false,
        card: Some(card),
        created_on: at,
        subscriptions: Vec::new(),
        invoices: Vec::new(),
        credit_notes: Vec::new(),
        documents: 0,
        paid: 0,
    };
    new.extras.apply(&mut customer);
    let id = customer.unique_id;
    world.company.customers.insert(id, customer);
    world.note(EffectKind::CustomerCreated, About::customer(id));
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

    let is_update = new.address.is_some() || new.tax_reg_number.is_some() || !new.extras.is_empty();
    if let Some(customer) = world.company.customers.get_mut(&id) {
        if let Some(address) = new.address {
            customer.billing_address = address;
        }
        if let Some(number) = new.tax_reg_number {
            customer.tax_reg_number = Some(number);
        }
        new.extras.apply(customer);
    }
    if is_update {
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
