//! Where several required inputs are texts, a literal names them, and none can be left out.

use billsby_sdk::model::NewCustomer;

fn main() {
    let _ = NewCustomer {
        first_name: "Mary".to_owned(),
        last_name: "Quinn".to_owned(),
        email: "mary.quinn@example.com".to_owned(),
        address_line1: "1 High Street".to_owned(),
        city: "Leeds".to_owned(),
        state: "West Yorkshire".to_owned(),
        country: "GBR".to_owned(),
        address_line2: None,
        card_details: None,
    };
}
