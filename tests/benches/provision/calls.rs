//! Calls through a provisioned URL beside the same calls through a fixed one, of one server.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use billsby_mcp::account::Account;
use billsby_mcp::http::{self, Directory, Gate, GateOptions, Site, Token};
use billsby_mcp::protocol::http::{Endpoint, HttpOptions};
use billsby_mcp::store::StoreUrl;
use billsby_mcp::tool::Settings;
use billsby_sdk::{Client, RetryPolicy};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::fill::{Filled, usual};
use crate::load::{self, Caller, Rate};
use crate::median;
use crate::upstream::{COMPANY_DOMAIN, CUSTOMER, Upstream};

const VERSION: &str = "2026-07-28";
const ROUNDS: usize = 11;
const ROUND: Duration = Duration::from_millis(700);

/// A client of one URL. Clones share their connections.
#[derive(Clone)]
struct Http {
    client: reqwest::Client,
    url: String,
    ids: Arc<AtomicU64>,
}

impl Http {
    fn new(url: String) -> Self {
        let client = reqwest::Client::builder().no_proxy().build();
        Self {
            client: client.expect("a client"),
            url,
            ids: Arc::default(),
        }
    }
}

impl Caller for Http {
    async fn call(&self) {
        let id = self.ids.fetch_add(1, Ordering::Relaxed);
        let params = json!({
            "name": "get_customer",
            "arguments": {"companyDomain": COMPANY_DOMAIN, "customerUniqueId": CUSTOMER},
            "_meta": {
                "io.modelcontextprotocol/protocolVersion": VERSION,
                "io.modelcontextprotocol/clientInfo": {"name": "bench", "version": "0"},
                "io.modelcontextprotocol/clientCapabilities": {},
            },
        });
        let message = json!({"jsonrpc": "2.0", "id": id, "method": "tools/call", "params": params});
        let request = self
            .client
            .post(&self.url)
            .header("content-type", "application/json")
            .header("accept", "application/json, text/event-stream")
            .header("mcp-protocol-version", VERSION)
            .header("mcp-method", "tools/call")
            .header("mcp-name", "get_customer");
        let answer = request
            .body(message.to_string())
            .send()
            .await
            .expect("an answer");
        let body = answer.bytes().await.expect("a body");
        let answer: Value = serde_json::from_slice(&body).expect("JSON");
        let found = &answer["result"]["structuredContent"]["customerUniqueId"];
        assert_eq!(found, CUSTOMER, "{answer}");
    }
}

pub(crate) async fn run() {
    let upstream = Upstream::start();
    let (fixed, provisioned) = serve(&upstream).await;
    println!("\ncalls in flight   fixed/s   provisioned/s   time of a call compared");
    for in_flight in [1, 16] {
        let mut rounds: Vec<(Rate, Rate)> = Vec::new();
        load::run(&fixed, in_flight, ROUND / 4).await;
        load::run(&provisioned, in_flight, ROUND / 4).await;
        for round in 0..ROUNDS {
            // Neither always goes first.
            let mut first = Rate::default();
            if round % 2 == 0 {
                first = load::run(&fixed, in_flight, ROUND).await;
            }
            let second = load::run(&provisioned, in_flight, ROUND).await;
            if round % 2 == 1 {
                first = load::run(&fixed, in_flight, ROUND).await;
            }
            rounds.push((first, second));
        }
        let rate = |pick: fn(&(Rate, Rate)) -> Rate| {
            median(rounds.iter().map(|round| pick(round).per_second()))
        };
        let ratios = rounds
            .iter()
            .map(|(fixed, other)| fixed.per_second() / other.per_second());
        println!(
            "{in_flight:>15} {:>9.0} {:>15.0} {:>25.3}",
            rate(|round| round.0),
            rate(|round| round.1),
            median(ratios)
        );
    }
}

/// A server with one URL of each kind for the same account.
async fn serve(upstream: &Upstream) -> (Http, Http) {
    let shutdown = CancellationToken::new();
    let http = HttpOptions {
        requests_per_second: None,
        ..HttpOptions::default()
    };
    let client = Client::builder("key", COMPANY_DOMAIN.parse().expect("a domain"))
        .base_url(format!("{}/core", upstream.url()))
        .retry(RetryPolicy::off())
        .build();
    let account = Account::new(client.expect("a client"), &Settings::default());
    let endpoint = Endpoint::new(Arc::new(account.expect("tools")), &http, shutdown.clone());
    let token = Token::generate().expect("random numbers");
    let fixed = token.reveal().to_owned();

    let base_url = format!("{}/core", upstream.url());
    let filled = Filled::open(&StoreUrl::Memory, Some(&base_url)).await;
    let secret = filled.servers(1, usual).await.remove(0);
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let base = format!("http://{}", listener.local_addr().expect("an address"));
    let site = Site {
        directory: Directory::new([(token, Arc::new(endpoint))]),
        registry: Some(filled.registry().await),
        gate: Gate::new(GateOptions {
            public_base: base.clone(),
            ..GateOptions::default()
        }),
        admin: None,
    };
    tokio::spawn(http::serve(
        listener,
        site,
        shutdown,
        Duration::from_secs(1),
    ));
    (
        Http::new(format!("{base}/mcp/{fixed}")),
        Http::new(format!("{base}/mcp/{secret}")),
    )
}
