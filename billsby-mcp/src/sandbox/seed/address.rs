//! Where somebody lives.

use crate::sandbox::company::Address;

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
