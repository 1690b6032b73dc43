//! Who somebody is and where they live.

use crate::sandbox::company::{Address, Card, Phone};

/// What is known of a customer before they buy anything.
#[derive(Debug)]
pub(super) struct Person {
    pub(super) first_name: String,
    pub(super) last_name: String,
    pub(super) email: String,
    pub(super) address: Address,
    pub(super) phone: Option<Phone>,
    pub(super) card: Option<Card>,
}

/// An address: line, city, state, post code, country.
pub(super) fn address([line1, city, state, post_code, country]: [&str; 5]) -> Address {
    Address {
        address_line1: line1.to_owned(),
        address_line2: None,
        city: city.to_owned(),
        state: state.to_owned(),
        post_code: post_code.to_owned(),
        country: country.to_owned(),
    }
}
