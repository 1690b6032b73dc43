//! What an error tells: whether the call took effect, what the API said, and what to do next.
//!
//! ```sh
//! cargo run -p billsby-sdk --example error_handling -- 8WER0F4J1R
//! ```

mod common;

use std::error::Error;

use billsby_sdk::Outcome;
use billsby_sdk::key::CustomerUniqueId;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let id: CustomerUniqueId = std::env::args()
        .nth(1)
        .ok_or("give a customer's id")?
        .parse()?;
    let client = common::client()?;

    let error = match client.customers().get(&id).send().await {
        Ok(customer) => {
            let status = customer
                .status
                .as_ref()
                .map_or("?", |status| status.as_str());
            println!("{id} is {status}");
            return Ok(());
        }
        Err(error) => error,
    };
    if error.is_not_found() {
        println!("there is no customer {id}");
    } else if error.is_unauthorized() {
        println!("the key is wrong, or belongs to another company");
    } else if error.is_rate_limited() {
        println!("too many calls; wait {:?}", error.retry_after());
    } else {
        // The text says what happened and what to do next, and can be logged.
        println!("{error}");
    }
    match error.outcome() {
        Outcome::NotSent => println!("nothing was sent"),
        Outcome::Rejected => println!("the API did not do it"),
        Outcome::Done => println!("the API did it, but its answer could not be read"),
        Outcome::Unknown => println!("nobody knows; look before you repeat a write"),
    }
    Ok(())
}
