//! Random people and their cards.

use jiff::tz::TimeZone;
use rand::RngExt as _;

use super::history::Fate;
use crate::sandbox::company::{Address, Card, Person, Phone};
use crate::sandbox::seed::books::Books;
use crate::sandbox::seed::names::{Country, HouseNumber, plain};

/// Somebody without a card. The number keeps their e-mail address from being somebody else's.
pub(super) fn person(books: &mut Books<'_>, country: &Country, number: u32) -> Person {
    let first_name = *books.random.pick(country.first_names);
    let last_name = *books.random.pick(country.last_names);
    let mut email = String::with_capacity(40);
    plain(first_name, &mut email);
    email.push('.');
    plain(last_name, &mut email);
    email.push_str(&number.to_string());
    email.push_str("@example.net");
    Person {
        first_name: first_name.to_owned(),
        last_name: last_name.to_owned(),
        email,
        address: address(books, country),
        phone: books.happens(50).then(|| phone(books, country)),
        card: None,
    }
}

fn address(books: &mut Books<'_>, country: &Country) -> Address {
    let (city, state, post_code) = *books.random.pick(country.cities);
    let street = *books.random.pick(country.streets);
    let house: u32 = books.random.random_range(1..200);
    let address_line2 = books
        .happens(10)
        .then(|| format!("Flat {}", house % 20 + 1));
    let post_code = post_code.chars().map(|letter| match letter {
        '#' => char::from(books.random.random_range(b'0'..=b'9')),
        letter => letter,
    });
    Address {
        post_code: post_code.collect(),
        address_line1: match country.house_number {
            HouseNumber::First => format!("{house} {street}"),
            HouseNumber::Last => format!("{street} {house}"),
        },
        address_line2,
        city: city.to_owned(),
        state: state.to_owned(),
        country: country.code.to_owned(),
    }
}

fn phone(books: &mut Books<'_>, country: &Country) -> Phone {
    let number: u32 = books.random.random_range(100_000_000..1_000_000_000);
    Phone {
        country: Some(country.region.to_owned()),
        dial_code: Some(country.dial_code.to_owned()),
        number: Some(number.to_string()),
    }
}

/// A card that explains how the subscriptions have gone.
pub(super) fn card(books: &mut Books<'_>, person: &Person, fates: &[Fate]) -> Option<Card> {
    let year = books.now.to_zoned(TimeZone::UTC).year();
    let mut expiry_year = year + books.random.random_range(1..5);
    let last4 = if fates.contains(&Fate::Suspended) {
        let last4 = *books.random.pick(&["0002", "9995", "4242"]);
        if last4 == "4242" {
            expiry_year = year - 1;
        }
        last4
    } else if fates.contains(&Fate::Waits) {
        "3220"
    } else {
        if fates.iter().all(|fate| *fate == Fate::Cancelled) && books.happens(40) {
            return None;
        }
        *books
            .random
            .pick(&["4242", "1111", "4444", "8431", "0005", "1117"])
    };
    let token: u64 = books.random.random();
    Some(Card {
        full_name: format!("{} {}", person.first_name, person.last_name),
        token: format!("tok_{token:016x}"),
        expiry_month: books.random.random_range(1..=12),
        expiry_year,
        card_type: (*books.random.pick(&["visa", "master", "american_express"])).to_owned(),
        last4: last4.to_owned(),
    })
}
