//! The list of tools: what a model is shown of them, and what it costs.

mod answers;
mod budget;
mod clients;
mod rules;
mod snapshots;

use billsby_mcp::account::Account;
use billsby_mcp::tool::{Listing, Settings};
use billsby_sdk::Client;
use serde_json::{Value, json};

use crate::mock::{COMPANY_DOMAIN, Mock};
use crate::support::{Server, all_tools};

/// The tools of an account with these settings.
fn listings(settings: &Settings) -> Vec<Listing> {
    let client = Client::new("key", COMPANY_DOMAIN.parse().expect("a domain")).expect("a client");
    let account = Account::new(client, settings).expect("an account");
    account.tools().listings().to_vec()
}

/// A tool as `tools/list` serves it.
fn served(listing: &Listing) -> Value {
    let hints = listing.hints;
    let mut tool = json!({
        "name": listing.name,
        "description": listing.description,
        "inputSchema": listing.input_schema,
    });
    if let Some(schema) = &listing.output_schema {
        tool["outputSchema"] = schema.clone();
    }
    tool["annotations"] = json!({
        "title": listing.title,
        "readOnlyHint": hints.read_only,
        "destructiveHint": hints.destructive,
        "idempotentHint": hints.idempotent,
        "openWorldHint": hints.open_world,
    });
    tool
}

/// What is counted and kept in snapshots is what the program sends.
#[tokio::test]
async fn the_program_serves_the_list_as_it_is_counted() {
    let mock = Mock::start().await;
    let mut server = Server::start(&mock).await;
    let listed = server.tools().await;
    let expected: Vec<Value> = listings(&all_tools()).iter().map(served).collect();
    assert_eq!(listed.len(), expected.len());
    for (listed, expected) in listed.iter().zip(&expected) {
        assert_eq!(listed, expected);
    }
    // The same list in the same order, every time.
    assert_eq!(server.tools().await, listed);
    server.close().await;
    mock.assert_untouched();
}
