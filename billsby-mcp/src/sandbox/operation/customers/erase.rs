//! Erasure of personal data.

use super::view;
use crate::sandbox::company::{Address, Company, Customer};
use crate::sandbox::id::UniqueId;
use crate::sandbox::journal::{About, EffectKind};
use crate::sandbox::operation::Call;
use crate::sandbox::wire::{Answer, Refusal};
use crate::sandbox::world::World;

/// What stands where personal data was.
const ERASED: &str = "gdpr";

/// Overwrites what tells who the customer is, wherever it is kept. Amounts and documents stay.
pub(super) fn erase_personal_data(world: &mut World, call: &Call<'_>) -> Result<Answer, Refusal> {
    let id = call.customer(&world.company)?.unique_id;
    erase_customer(&mut world.company.customers[&id]);
    erase_elsewhere(&mut world.company, id);
    world.note(EffectKind::PersonalDataErased, About::customer(id));
    let customer = &world.company.customers[&id];
    let view = view::erased(&world.company, customer, world.now());
    Ok(Answer::json(&view))
}

fn erase_customer(customer: &mut Customer) {
    for text in [
        &mut customer.first_name,
        &mut customer.last_name,
        &mut customer.email,
    ] {
        ERASED.clone_into(text);
    }
    erase_if_there(&mut customer.additional_email);
    erase_if_there(&mut customer.tax_reg_number);
    erase_address(&mut customer.billing_address);
    if let Some(phone) = &mut customer.phone {
        erase_if_there(&mut phone.country);
        erase_if_there(&mut phone.dial_code);
        erase_if_there(&mut phone.number);
    }
    if let Some(card) = &mut customer.card {
        ERASED.clone_into(&mut card.full_name);
    }
}

fn erase_elsewhere(company: &mut Company, customer: UniqueId) {
    let subscriptions = company.customers[&customer].subscriptions.clone();
    for id in subscriptions {
        let subscription = company.subscriptions.get_mut(&id);
        if let Some(address) = subscription.and_then(|found| found.shipping_address.as_mut()) {
            erase_address(address);
        }
    }
    let answers = company.custom_field_responses.values_mut();
    for answer in answers.filter(|answer| answer.customer == customer) {
        ERASED.clone_into(&mut answer.value);
    }
}

fn erase_address(address: &mut Address) {
    for text in [
        &mut address.address_line1,
        &mut address.city,
        &mut address.state,
        &mut address.post_code,
        &mut address.country,
    ] {
        ERASED.clone_into(text);
    }
    erase_if_there(&mut address.address_line2);
}

fn erase_if_there(text: &mut Option<String>) {
    if let Some(text) = text {
        ERASED.clone_into(text);
    }
}
