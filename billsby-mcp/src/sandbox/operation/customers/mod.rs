//! Customers: list, create, read, update, delete, erase.

mod view;

use serde::Deserialize;
use serde_json::json;

use super::page::page;
use super::row::Search;
use super::subscriptions::end;
use super::{Call, Operation, cards};
use crate::sandbox::company::{Address, Company, Customer, Person, Phone, Subscription};
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
    ("customers.erase_personal_data", erase_personal_data),
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
    #[serde(flatten)]
    phone: NewPhone,
}

/// A telephone number in a request.
#[derive(Deserialize)]
pub(super) struct NewPhone {
    #[serde(rename = "phoneNumber")]
    number: Option<String>,
    #[serde(rename = "phoneNumberDialCode")]
    dial_code: Option<String>,
    #[serde(rename = "phoneNumberDialCountry")]
    country: Option<String>,
}

impl From<NewPhone> for Option<Phone> {
    /// `None` if no part of it was given.
    fn from(
        NewPhone {
            number,
            dial_code,
            country,
        }: NewPhone,
    ) -> Self {
        let is_given = number.is_some() || dial_code.is_some() || country.is_some();
        is_given.then_some(Phone {
            country,
            dial_code,
            number,
        })
    }
}

fn list(world: &mut World, call: &Call<'_>) -> Result<Answer, Refusal> {
    let company = &world.company;
    let view = |customer| view::listed(company, customer);
    let all = company.customers.values();
    // The page of an unfiltered list is found without walking to it.
    let Some(search) = Search::of(call, "search") else {
        return Ok(page(call, all.len(), all, view));
    };
    let found: Vec<&Customer> = all.filter(|customer| search.finds(customer)).collect();
    Ok(page(call, found.len(), found.into_iter(), view))
}

fn get(world: &mut World, call: &Call<'_>) -> Result<Answer, Refusal> {
    let customer = call.customer(&world.company)?;
    let now = world.now();
    Ok(Answer::json(&view::complete(&world.company, customer, now)))
}

fn create(world: &mut World, call: &Call<'_>) -> Result<Answer, Refusal> {
    let new: NewCustomer = call.body();
    let person = Person {
        first_name: new.first_name,
        last_name: new.last_name,
        email: new.email,
        address: new.billing_address,
        phone: None,
        card: new.card_details.map(Into::into),
    };
    let id = add(world, person);
    Ok(Answer::json(&json!({ "customerUniqueId": id })))
}

/// Makes somebody a customer.
pub(super) fn add(world: &mut World, person: Person) -> UniqueId {
    let unique_id = UniqueId::random(&mut world.random);
    let id = world.company.next_id();
    let customer = Customer::new(id, unique_id, world.now(), person);
    world.company.customers.insert(unique_id, customer);
    world.note(EffectKind::CustomerCreated, About::customer(unique_id));
    unique_id
}

/// Replaces the whole profile: what was left out is gone.
fn update(world: &mut World, call: &Call<'_>) -> Result<Answer, Refusal> {
    let id = call.customer(&world.company)?.unique_id;
    let profile: Profile = call.body();
    let customer = &mut world.company.customers[&id];
    customer.first_name = profile.first_name;
    customer.last_name = profile.last_name;
    customer.email = profile.email;
    customer.billing_address = profile.billing_address;
    customer.phone = profile.phone.into();
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

/// Overwrites what tells who the customer is, wherever it is kept. Amounts and documents stay.
fn erase_personal_data(world: &mut World, call: &Call<'_>) -> Result<Answer, Refusal> {
    let id = call.customer(&world.company)?.unique_id;
    world.company.erase(id);
    world.note(EffectKind::PersonalDataErased, About::customer(id));
    let customer = &world.company.customers[&id];
    let view = view::erased(&world.company, customer, world.now());
    Ok(Answer::json(&view))
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
