//! The subcommands that speak a running server's admin API.

pub(crate) mod account;
pub(crate) mod server;
pub(crate) mod token;

mod api;
mod expiry;
mod problem;
mod table;
mod tools;

pub(crate) use api::ApiError;

use serde_json::Value;

use table::Column;

/// What the subcommands read from the environment alone, for their help.
const ENVIRONMENT: &str = "\
Environment:
  BILLSBY_MCP_ADMIN_TOKEN  The token that the server printed when it first started
  BILLSBY_API_KEY          An API key of Billsby, where one is needed";

/// One page of a list.
#[derive(Debug, clap::Args)]
struct PageOptions {
    /// How many entries at most
    #[arg(
        long,
        value_name = "N",
        default_value_t = 50,
        value_parser = clap::value_parser!(u8).range(1..=100)
    )]
    limit: u8,
    /// Where to go on, as the page before said
    #[arg(long, value_name = "ID")]
    cursor: Option<String>,
}

impl PageOptions {
    fn query(&self) -> Vec<(&'static str, String)> {
        let cursor = self.cursor.iter().map(|id| ("cursor", id.clone()));
        let limit = ("limit", self.limit.to_string());
        std::iter::once(limit).chain(cursor).collect()
    }
}

/// A page of a list, and how to go on.
fn list(page: &Value, columns: &[Column]) -> String {
    let entries = page["result"].as_array().map_or(&[][..], Vec::as_slice);
    let table = table::list(entries, columns);
    match page["next_cursor"].as_str() {
        Some(cursor) => format!("{table}\n\nMore: --cursor {}", table::plain(cursor)),
        None => table,
    }
}
