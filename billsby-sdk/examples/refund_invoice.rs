//! Refunds an invoice in full, or a part of it given in minor units.
//!
//! ```sh
//! cargo run -p billsby-sdk --example refund_invoice -- 8WER0F4J1R-1
//! cargo run -p billsby-sdk --example refund_invoice -- 8WER0F4J1R-1 500
//! ```

mod common;

use std::error::Error;

use billsby_sdk::Outcome;
use billsby_sdk::key::InvoiceNumber;
use billsby_sdk::model::Refund;
use billsby_sdk::types::{Amount, AmountOrText};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let number: InvoiceNumber = arguments.next().ok_or("give an invoice number")?.parse()?;
    let part = arguments
        .next()
        .map(|part| part.parse().map(Amount::from_minor_units));
    let client = common::client()?;

    let invoice = client.invoices().get(&number).send().await?;
    let customer = invoice
        .customer_unique_id
        .as_ref()
        .ok_or("the invoice names no customer")?;
    let refundable = invoice
        .refundable_amount
        .as_ref()
        .and_then(AmountOrText::amount)
        .ok_or("the API does not say how much can be refunded")?;
    let amount = match part {
        Some(part) => part?,
        None => refundable,
    };
    if amount > refundable || amount.minor_units() <= 0 {
        return Err(format!("between 1 and {refundable} minor units can be refunded").into());
    }

    let refund = Refund::new(number.clone(), amount);
    match client.invoices().refund(customer, &refund).send().await {
        Ok(result) => {
            let left = result
                .refundable_amount
                .map_or_else(|| "?".to_owned(), |left| left.to_string());
            println!("refunded {amount} minor units, {left} are left");
            Ok(())
        }
        // Never send a refund again because no answer came: it may have been paid out.
        Err(error) if error.outcome() == Outcome::Unknown => {
            Err(format!("look at {number} in Billsby before trying again: {error}").into())
        }
        Err(error) => Err(error.into()),
    }
}
