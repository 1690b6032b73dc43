//! What is kept of the calls of servers.

mod outage;
mod outcomes;
mod secrecy;

use billsby_mcp::activity::Entry;
use billsby_mcp::store::{ActivityQuery, Page};
use serde_json::{Value, json};

use crate::support::{HttpClient, HttpReply, Provisioned};

/// Everything that has been kept, the oldest first.
async fn entries(site: &Provisioned) -> Vec<Entry> {
    site.recorder.flush().await;
    kept(site).await
}

/// The same of what is in the store already.
async fn kept(site: &Provisioned) -> Vec<Entry> {
    let query = ActivityQuery {
        server: None,
        account: None,
        tool: None,
        outcome: None,
        is_error: None,
        customer: None,
        invoice: None,
        from: None,
        until: None,
        page: Page {
            after: None,
            limit: 100,
        },
    };
    let mut entries = site.store.activity(query).await.expect("the activity");
    entries.reverse();
    entries
}

/// Calls a tool as clients from 2026-07-28 on do, a second after whatever was before.
async fn call(site: &Provisioned, client: &HttpClient, tool: &str, arguments: &Value) -> HttpReply {
    site.pass(1_000);
    let params = json!({"name": tool, "arguments": arguments});
    client.modern("tools/call", &params).await
}
