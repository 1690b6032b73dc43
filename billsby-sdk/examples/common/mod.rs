//! What all examples share: a client for the account in the environment.

use std::error::Error;

use billsby_sdk::{BASE_URL, Client};

/// Reads `BILLSBY_API_KEY`, `BILLSBY_COMPANY_DOMAIN` and, if it is set, `BILLSBY_BASE_URL`.
pub(crate) fn client() -> Result<Client, Box<dyn Error>> {
    let variable =
        |name: &str| std::env::var(name).map_err(|_| format!("set {name} to use this example"));
    let domain = variable("BILLSBY_COMPANY_DOMAIN")?.parse()?;
    let base_url = std::env::var("BILLSBY_BASE_URL").unwrap_or_else(|_| BASE_URL.to_owned());
    let client = Client::builder(variable("BILLSBY_API_KEY")?, domain)
        .base_url(base_url)
        .build()?;
    Ok(client)
}
