//! Calls through `billsby-mcp serve`, as a client of the newest protocol makes them.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use reqwest::header::{ACCEPT, CONTENT_TYPE};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader};

use crate::load::Caller;
use crate::process::Server;
use crate::upstream::{COMPANY_DOMAIN, CUSTOMER, Upstream};

const VERSION: &str = "2026-07-28";

pub(crate) async fn start(upstream: &Upstream) -> (Server, Http) {
    start_for(client(), upstream).await
}

fn client() -> reqwest::Client {
    let builder = reqwest::Client::builder().no_proxy();
    builder.build().expect("a client")
}

async fn start_for(client: reqwest::Client, upstream: &Upstream) -> (Server, Http) {
    let mut server = Server::start(
        upstream,
        &[
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--requests-per-second",
            "0",
        ],
    );
    let stdout = server.child.stdout.take().expect("a pipe");
    let mut lines = BufReader::new(stdout).lines();
    let url = loop {
        let line = lines
            .next_line()
            .await
            .expect("UTF-8")
            .expect("the address");
        if let Some(start) = line.find("http://") {
            break line[start..].trim().to_owned();
        }
    };
    let ids = Arc::default();
    (server, Http { client, url, ids })
}

/// Seconds from the start of the program until it has listed its tools.
pub(crate) async fn time_to_first_list(upstream: &Upstream) -> f64 {
    let client = client();
    let start_time = Instant::now();
    let (_server, caller) = start_for(client, upstream).await;
    let answer = caller.request("tools/list", None, json!({})).await;
    assert!(answer["result"]["tools"][0].is_object(), "{answer}");
    start_time.elapsed().as_secs_f64()
}

/// A client of the server. Clones share their connections.
#[derive(Clone)]
pub(crate) struct Http {
    client: reqwest::Client,
    url: String,
    ids: Arc<AtomicU64>,
}

impl Http {
    async fn request(&self, method: &str, name: Option<&str>, mut params: Value) -> Value {
        params["_meta"] = json!({
            "io.modelcontextprotocol/protocolVersion": VERSION,
            "io.modelcontextprotocol/clientInfo": {"name": "bench", "version": "0"},
            "io.modelcontextprotocol/clientCapabilities": {},
        });
        let id = self.ids.fetch_add(1, Ordering::Relaxed);
        let message = json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params});
        let mut request = self
            .client
            .post(&self.url)
            .header(CONTENT_TYPE, "application/json")
            .header(ACCEPT, "application/json, text/event-stream")
            .header("MCP-Protocol-Version", VERSION)
            .header("Mcp-Method", method)
            .body(message.to_string());
        if let Some(name) = name {
            request = request.header("Mcp-Name", name);
        }
        let answer = request.send().await.expect("an answer");
        let status = answer.status();
        let body = answer.bytes().await.expect("a body");
        assert!(
            status.is_success(),
            "{status}: {}",
            String::from_utf8_lossy(&body)
        );
        serde_json::from_slice(&body).expect("JSON")
    }
}

impl Caller for Http {
    async fn call(&self) {
        let arguments = json!({"companyDomain": COMPANY_DOMAIN, "customerUniqueId": CUSTOMER});
        let params = json!({"name": "get_customer", "arguments": arguments});
        let answer = self
            .request("tools/call", Some("get_customer"), params)
            .await;
        let found = &answer["result"]["structuredContent"]["customerUniqueId"];
        assert_eq!(found, CUSTOMER, "{answer}");
    }
}
