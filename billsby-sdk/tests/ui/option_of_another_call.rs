//! A customer is not searched for when it is read by its id.

use billsby_sdk::Client;
use billsby_sdk::key::CustomerUniqueId;

fn wrong(client: &Client, customer: &CustomerUniqueId) {
    let _ = client.customers().get(customer).search("quinn");
}

fn main() {}
