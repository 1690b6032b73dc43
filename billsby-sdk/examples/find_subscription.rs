//! Finds the subscriptions of the customer with a given e-mail address.
//!
//! ```sh
//! cargo run -p billsby-sdk --example find_subscription -- mary.quinn@example.com
//! ```

mod common;

use std::error::Error;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let email = std::env::args().nth(1).ok_or("give an e-mail address")?;
    let client = common::client()?;

    // The search also finds parts of names, so the address is compared once more.
    let found = client.customers().list().search(&email).send().await?;
    let customer = found
        .results
        .iter()
        .find(|customer| {
            customer
                .email
                .as_deref()
                .is_some_and(|other| other.eq_ignore_ascii_case(&email))
        })
        .ok_or("no customer has this address")?;
    let id = customer
        .customer_unique_id
        .as_ref()
        .ok_or("the customer has no id")?;

    for subscription in &*client.subscriptions().list_for_customer(id).send().await? {
        println!(
            "{}  {}  {}",
            subscription
                .subscription_id
                .as_ref()
                .map_or("?", |id| id.as_str()),
            subscription
                .status
                .as_ref()
                .map_or("?", |status| status.as_str()),
            subscription.plan_name.as_deref().unwrap_or("?"),
        );
    }
    Ok(())
}
