//! Customers: list, create, read, update, delete, erase.

mod erase;
mod view;

use serde::Deserialize;
use serde_json::json;

use super::page::page;
use super::subscriptions::end;
use super::{Call, Operation, cards};
use crate::sandbox::company::{Address, Company, Customer, Phone, Subscription};
use crate::sandbox::id::UniqueId;
use crate::sandbox::journal::{About, EffectKind};
use crate::sandbox::wire::{Answer, Refusal};
use crate::sandbox::world::World;

pub(super) const OPERATIONS: &[(&str, Operation)] = &[
    ("customers.list", list),
    ("customers.create", create),
    ("customers.get", get),
    ("customers.update", update),
    ("customers.delete", delete),
    ("customers.erase_personal_data", erase::erase_personal_data),
];

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct NewCustomer {
    first_name: String,
    last_name: String,
    email: String,
    #[serde(flatten)]
    billing_address: Address,
    card_details: Option<cards::NewCard>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Profile {
    first_name: String,
    last_name: String,
    email: String,
    billing_address: Address,
    phone_number: Option<String>,
    phone_number_dial_code: Option<String>,
    phone_number_dial_country: Option<String>,
}

fn list(world: &mut World, call: &Call<'_>) -> Result<Answer, Refusal> {
    let company = &world.company;
    let view = |customer| view::listed(company, customer);
    let all = company.customers.values();
    // The page of an unfiltered list is found without walking to it.
    let Some(search) = call.query("search").filter(|text| !text.is_empty()) else {
        return Ok(page(call, all.len(), all, view));
    };
    let search = search.to_lowercase();
    let found: Vec<&Customer> = all.filter(|customer| matches(customer, &search)).collect();
    Ok(page(call, found.len(), found.into_iter(), view))
}

/// Whether a name or an e-mail address contains the text, which is in lower case.
fn matches(customer: &Customer, search: &str) -> bool {
    let name = format!("{} {}", customer.first_name, customer.last_name);
    let emails = [Some(&customer.email), customer.additional_email.as_ref()];
    name.to_lowercase().contains(search)
        || emails
            .into_iter()
            .flatten()
            .any(|email| email.to_lowercase().contains(search))
}

fn get(world: &mut World, call: &Call<'_>) -> Result<Answer, Refusal> {
    let customer = call.customer(&world.company)?;
    let now = world.now();
    Ok(Answer::json(&view::complete(&world.company, customer, now)))
}

fn create(world: &mut World, call: &Call<'_>) -> Result<Answer, Refusal> {
    let new: NewCustomer = call.body();
    let customer = Customer {
        id: world.company.next_id(),
        unique_id: UniqueId::random(&mut world.random),
        first_name: new.first_name,
        last_name: new.last_name,
        email: new.email,
        additional_email: None,
        billing_address: new.billing_address,
        phone: None,
        tax_reg_number: None,
        marketing_consent: false,
        card: new.card_details.map(Into::into),
        created_on: world.now(),
        subscriptions: Vec::new(),
        invoices: Vec::new(),
        credit_notes: Vec::new(),
        documents: 0,
        paid: 0,
    };
    let id = customer.unique_id;
    world.company.customers.insert(id, customer);
    world.note(EffectKind::CustomerCreated, About::customer(id));
    Ok(Answer::json(&json!({ "customerUniqueId": id })))
}

/// Replaces the whole profile: what was left out is gone.
fn update(world: &mut World, call: &Call<'_>) -> Result<Answer, Refusal> {
    let id = call.customer(&world.company)?.unique_id;
    let profile: Profile = call.body();
    let phone = Phone {
        country: profile.phone_number_dial_country,
        dial_code: profile.phone_number_dial_code,
        number: profile.phone_number,
    };
    let has_phone = phone.country.is_some() || phone.dial_code.is_some() || phone.number.is_some();

    let customer = &mut world.company.customers[&id];
    customer.first_name = profile.first_name;
    customer.last_name = profile.last_name;
    customer.email = profile.email;
    customer.billing_address = profile.billing_address;
    customer.phone = has_phone.then_some(phone);
    let answer = Answer::json(&view::updated(customer));
    world.note(EffectKind::CustomerUpdated, About::customer(id));
    Ok(answer)
}

/// Ends what is running and forgets the customer. Invoices and credit notes stay in the books.
fn delete(world: &mut World, call: &Call<'_>) -> Result<Answer, Refusal> {
    let customer = call.customer(&world.company)?;
    let id = customer.unique_id;
    let running: Vec<UniqueId> = running(&world.company, customer)
        .map(|subscription| subscription.unique_id)
        .collect();
    for subscription in running {
        end(world, subscription);
    }
    let company = &mut world.company;
    company.customers.shift_remove(&id);
    company
        .custom_field_responses
        .retain(|_, response| response.customer != id);
    world.note(EffectKind::CustomerDeleted, About::customer(id));
    Ok(Answer::word("Success"))
}

/// The subscriptions that make a customer active.
fn running<'c>(
    company: &'c Company,
    customer: &'c Customer,
) -> impl Iterator<Item = &'c Subscription> {
    let all = customer.subscriptions.iter();
    let all = all.filter_map(|id| company.subscriptions.get(id));
    all.filter(|subscription| subscription.is_running())
}
