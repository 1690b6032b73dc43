//! `billsby-mcp stdio`: one account, from the environment, over standard input and output.

use std::sync::Arc;

use billsby_mcp::account::Account;
use billsby_mcp::protocol;
use billsby_sdk::{Client, RetryPolicy};

use super::{CommandError, Environment};

const ENVIRONMENT: &str = "\
Environment:
  BILLSBY_API_KEY         An API key of the account
  BILLSBY_COMPANY_DOMAIN  The account's company domain
  BILLSBY_BASE_URL        Another address than Billsby's own
  RUST_LOG                What is logged to standard error [default: info,rmcp=warn]";

/// What can be set on the command line.
#[derive(Debug, clap::Args)]
#[command(after_help = ENVIRONMENT)]
pub(crate) struct Options {
    /// Also serve tools whose effect nobody has reviewed yet.
    #[arg(long)]
    include_unreviewed: bool,
}

/// Serves until the client closes its end.
pub(crate) async fn run(options: &Options) -> Result<(), CommandError> {
    let environment = Environment::of_process()?;
    let company_domain = environment.company_domain.parse()?;
    let client = Client::builder(environment.api_key, company_domain)
        .base_url(environment.base_url)
        // Whether to try again is for the caller to decide, who sees what the API asked for.
        .retry(RetryPolicy::off())
        .build()?;
    let tools = billsby_mcp::tools().filter(|tool| tool.reviewed || options.include_unreviewed);
    let account = Account::new(client, tools)?;
    tracing::info!(
        company_domain = environment.company_domain,
        tools = account.catalogue().entries().len(),
        "serving over standard input and output"
    );
    protocol::serve_stdio(Arc::new(account)).await?;
    Ok(())
}
