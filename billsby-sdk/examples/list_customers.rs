//! Lists all customers, page by page behind the scenes.
//!
//! ```sh
//! cargo run -p billsby-sdk --example list_customers
//! ```

mod common;

use std::error::Error;
use std::pin::pin;

use futures_util::TryStreamExt;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let client = common::client()?;
    let mut customers = pin!(client.customers().list().into_stream());
    let mut count = 0;
    while let Some(customer) = customers.try_next().await? {
        let id = customer
            .customer_unique_id
            .as_ref()
            .map_or("?", |id| id.as_str());
        let status = customer
            .status
            .as_ref()
            .map_or("?", |status| status.as_str());
        println!("{id}  {status}");
        count += 1;
    }
    println!("{count} customers");
    Ok(())
}
