//! Random customers.

mod history;
mod person;

use jiff::Timestamp;
use rand::RngExt as _;

use super::books::{Bills, Books};
use super::names::COUNTRIES;
use crate::sandbox::id::UniqueId;
use history::{Fate, Product};

/// What somebody subscribes to first, second and third; coffee is what most begin with. Two
/// subscriptions are never in the same product.
const PRODUCTS: [[Product; 3]; 8] = {
    use Product::{Box, Coffee, Desk};
    [
        [Coffee, Desk, Box],
        [Coffee, Desk, Box],
        [Coffee, Desk, Box],
        [Coffee, Box, Desk],
        [Desk, Coffee, Box],
        [Desk, Coffee, Box],
        [Desk, Box, Coffee],
        [Box, Coffee, Desk],
    ]
};

/// Adds a customer who came at this time, with a history.
pub(super) fn enter(books: &mut Books<'_>, number: u32, came: Timestamp) {
    let country = books.random.pick(COUNTRIES);
    let mut person = person::person(books, country, number);
    let products = *books.random.pick(&PRODUCTS);
    let fates = fates(books, products);
    person.card = person::card(books, &person, &fates);
    let customer = books.customer(person, came);
    let mut bills = Bills::default();
    let mut turns = Vec::with_capacity(fates.len());
    for (&product, &fate) in products.iter().zip(&fates) {
        let terms = history::terms(books, product, fate);
        turns.push(history::subscription(
            books, customer, terms, fate, came, &mut bills,
        ));
    }
    if books.happens(12) {
        history::charge(books, came, &mut bills);
    }
    books.post(customer, &bills);
    for turn in turns {
        turn.take(books);
    }
    in_order_of_beginning(books, customer);
    if books.happens(25) {
        extras(books, customer);
    }
}

/// How each of a customer's subscriptions has gone.
fn fates(books: &mut Books<'_>, products: [Product; 3]) -> Vec<Fate> {
    let count = match books.random.random_range(0..100) {
        0..12 => 0,
        12..80 => 1,
        80..95 => 2,
        _ => 3,
    };
    let products = products.into_iter().take(count);
    let fates = products.map(|product| match Fate::random(books) {
        Fate::Trial if product != Product::Coffee => Fate::Runs,
        fate => fate,
    });
    fates.collect()
}

fn in_order_of_beginning(books: &mut Books<'_>, customer: UniqueId) {
    let company = &mut books.company;
    let subscriptions = &company.subscriptions;
    let customer = &mut company.customers[&customer];
    customer
        .subscriptions
        .sort_by_key(|id| subscriptions[id].created_on);
}

/// What only some customers have.
fn extras(books: &mut Books<'_>, customer: UniqueId) {
    if books.happens(40) {
        let found = books.customer_mut(customer);
        found.additional_email = Some(format!("accounts+{}@example.net", found.id));
    }
    if books.happens(30) {
        let number = books.random.random_range(100_000_000..1_000_000_000);
        let found = books.customer_mut(customer);
        found.tax_reg_number = Some(format!("VAT{number}"));
    }
    let Some(&subscription) = books.customer_mut(customer).subscriptions.first() else {
        return;
    };
    if books.happens(40) {
        let address = books.customer_mut(customer).billing_address.clone();
        books.subscription_mut(subscription).shipping_address = Some(address);
    }
    if books.happens(30) {
        let tag = *books
            .random
            .pick(&["early-access", "vip", "beta", "partner"]);
        let found = books.subscription_mut(subscription);
        found.feature_tags.push(tag.to_owned());
    }
    if books.happens(50) {
        let product = books.subscription_mut(subscription).product_id;
        let field = books.catalogue.heard_about_us;
        let answers = ["Search engine", "A friend", "Advert", "Conference"];
        let answer = *books.random.pick(&answers);
        books.answer(customer, product, field, answer);
    }
}
