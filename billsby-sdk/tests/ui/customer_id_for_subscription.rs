//! A customer's id where a subscription's belongs.

use billsby_sdk::Client;
use billsby_sdk::key::CustomerUniqueId;

fn wrong(client: &Client, customer: &CustomerUniqueId) {
    let _ = client.subscriptions().get(customer);
}

fn main() {}
