//! Tries again to collect all unpaid invoices of a customer who has a new card.
//!
//! ```sh
//! cargo run -p billsby-sdk --example rescue_payments -- 8WER0F4J1R
//! ```

mod common;

use std::error::Error;

use billsby_sdk::Outcome;
use billsby_sdk::key::CustomerUniqueId;
use billsby_sdk::model::InvoiceStatus;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let customer: CustomerUniqueId = std::env::args()
        .nth(1)
        .ok_or("give a customer's id")?
        .parse()?;
    let client = common::client()?;

    let invoices = client
        .invoices()
        .list_for_customer(&customer)
        .send()
        .await?;
    let unpaid = invoices
        .iter()
        .filter(|invoice| invoice.status == Some(InvoiceStatus::Unpaid))
        .filter_map(|invoice| invoice.invoice_number.as_ref());
    for number in unpaid {
        match client.invoices().reattempt_payment(number).send().await {
            Ok(_) => println!("{number}: charged"),
            // The charge may have gone through; another attempt could be a second one.
            Err(error) if error.outcome() == Outcome::Unknown => {
                println!("{number}: look at it by hand, {error}");
            }
            Err(error) => println!("{number}: {error}"),
        }
    }
    Ok(())
}
