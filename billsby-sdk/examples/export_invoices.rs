//! Writes all invoices of the company to a CSV file, with a progress bar.
//!
//! ```sh
//! cargo run -p billsby-sdk --example export_invoices -- invoices.csv
//! ```

mod common;

use std::error::Error;
use std::pin::pin;

use futures_util::TryStreamExt;
use indicatif::ProgressBar;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("give a file to write to")?;
    let client = common::client()?;
    let mut file = csv::Writer::from_path(&path)?;
    file.write_record([
        "number",
        "customer",
        "created",
        "minor_units",
        "currency",
        "status",
    ])?;

    // The API does not promise a total, so the bar counts and does not measure.
    let progress = ProgressBar::new_spinner();
    let mut invoices = pin!(client.invoices().list().into_stream());
    while let Some(invoice) = invoices.try_next().await? {
        file.write_record([
            invoice
                .invoice_number
                .as_ref()
                .map_or("", |number| number.as_str()),
            invoice
                .customer_unique_id
                .as_ref()
                .map_or("", |id| id.as_str()),
            invoice.created_on.as_ref().map_or("", |time| time.as_str()),
            &invoice
                .amount
                .map_or_else(String::new, |amount| amount.to_string()),
            invoice.currency.as_deref().unwrap_or(""),
            invoice.status.as_ref().map_or("", |status| status.as_str()),
        ])?;
        progress.inc(1);
        progress.set_message("invoices");
    }
    file.flush()?;
    progress.finish_and_clear();
    println!("{} invoices in {path}", progress.position());
    Ok(())
}
