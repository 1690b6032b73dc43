//! Where several required inputs are texts, a literal names them, and none can be left out.

use billsby_sdk::model::{NewCustomer, NewCustomerRequired};

fn main() {
    let _ = NewCustomer::new(NewCustomerRequired {
        first_name: "Mary",
        last_name: "Quinn",
        email: "mary.quinn@example.com",
        address_line1: "1 High Street",
        city: "Leeds",
        state: "West Yorkshire",
        country: "GBR",
    });
}
