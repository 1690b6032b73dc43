//! A sandbox and an MCP server in front of it, both in this process and both spoken to over HTTP.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use billsby_mcp::account::Account;
use billsby_mcp::http::{Directory, Token, serve};
use billsby_mcp::protocol::http::{Endpoint, HttpOptions};
use billsby_mcp::sandbox::{API_KEY, BASE_PATH, COMPANY_DOMAIN, Options, Sandbox};
use billsby_mcp::tool::{Filter, Settings};
use billsby_sdk::{Client, RetryPolicy};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::client::McpClient;
use super::state::State;
use crate::support::{HttpClient, all_tools};

/// The time at which every sandbox stands.
const START: &str = "2026-09-14T10:00:00Z";
/// Far more than any call takes: what an agent meets must not depend on how busy the machine is.
const PATIENCE: Duration = Duration::from_secs(60);

/// What a server lets through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Served {
    Everything,
    /// All tools of these groups.
    Tags(&'static [&'static str]),
    ReadsOnly,
}

/// A sandbox and the servers in front of it. They end when it is dropped.
#[derive(Debug)]
pub(crate) struct World {
    http: reqwest::Client,
    origin: String,
    servers: BTreeMap<Served, McpClient>,
    /// Whether it is as it was at the start.
    untouched: AtomicBool,
    stop: CancellationToken,
}

impl World {
    /// A company of this seed, and a server for each of these settings. With a snapshot file, it is the
    /// company that was kept there.
    pub(crate) async fn start(seed: u64, served: &[Served], snapshot: Option<&Path>) -> Self {
        let options = Options {
            seed,
            snapshot: snapshot.map(Path::to_path_buf),
            start: Some(START.parse().expect("a time")),
            ..Options::default()
        };
        let stop = CancellationToken::new();
        let (listener, origin) = listen().await;
        let sandbox = Sandbox::new(options).expect("a sandbox");
        let until = stop.clone();
        tokio::spawn(async move { sandbox.serve(listener, until).await });
        let mut world = Self {
            http: reqwest::Client::builder()
                .no_proxy()
                .build()
                .expect("a client"),
            origin,
            servers: BTreeMap::new(),
            untouched: AtomicBool::new(true),
            stop,
        };
        world.serve(served).await;
        world
    }

    /// Starts one server with a URL for each of these settings.
    async fn serve(&mut self, served: &[Served]) {
        let (listener, origin) = listen().await;
        let options = HttpOptions {
            requests_per_second: None,
            ..HttpOptions::default()
        };
        let mut entries = Vec::new();
        let mut urls = Vec::new();
        // Making a client takes longer than using it.
        let (sdk, http) = (self.sdk(), HttpClient::new(&origin));
        for &served in served {
            let account = Account::new(sdk.clone(), &served.settings()).expect("an account");
            let token = Token::generate().expect("random numbers");
            urls.push((served, format!("{origin}/mcp/{}", token.reveal())));
            let endpoint = Endpoint::new(Arc::new(account), &options, self.stop.clone());
            entries.push((token, Arc::new(endpoint)));
        }
        let directory = Directory::new(entries);
        tokio::spawn(serve(listener, directory, self.stop.clone(), PATIENCE));
        for (served, url) in urls {
            self.servers
                .insert(served, McpClient::new(http.at(&url)).await);
        }
    }

    /// The client of the server with these settings.
    pub(crate) fn client(&self, served: Served) -> &McpClient {
        &self.servers[&served]
    }

    /// Brings everything back to the start, with these faults.
    pub(crate) async fn reset(&self, faults: Option<&Value>) {
        if !self.untouched.swap(faults.is_none(), Ordering::Relaxed) {
            self.admin("POST", "/reset", None).await;
        }
        if let Some(faults) = faults {
            self.admin("PUT", "/faults", Some(faults)).await;
        }
    }

    /// Notes that the next task needs a reset.
    pub(crate) fn touch(&self) {
        self.untouched.store(false, Ordering::Relaxed);
    }

    pub(crate) async fn state(&self) -> State {
        State(Arc::new(self.admin("GET", "/state", None).await))
    }

    /// What has happened since the start, without numbers and times.
    pub(crate) async fn effects(&self) -> Vec<Value> {
        let mut report = self.admin("GET", "/effects", None).await;
        let Value::Array(mut effects) = report["effects"].take() else {
            panic!("no effects: {report}");
        };
        for effect in effects.iter_mut().filter_map(Value::as_object_mut) {
            effect.shift_remove("number");
            effect.shift_remove("at");
        }
        effects
    }

    /// Keeps what is there now, for another world to start with.
    pub(crate) async fn keep(&self) {
        self.admin("POST", "/snapshot", None).await;
    }

    /// Calls the API itself, past the server. It must accept the call.
    pub(crate) async fn api(&self, method: &str, path: &str, body: Option<&Value>) -> Value {
        let url = format!("{}{BASE_PATH}/core/{COMPANY_DOMAIN}{path}", self.origin);
        self.send(method, &url, body).await
    }

    async fn admin(&self, method: &str, path: &str, body: Option<&Value>) -> Value {
        let url = format!("{}/__sandbox{path}", self.origin);
        self.send(method, &url, body).await
    }

    async fn send(&self, method: &str, url: &str, body: Option<&Value>) -> Value {
        let method = method.parse().expect("a method");
        let mut request = self.http.request(method, url).header("ApiKey", API_KEY);
        if let Some(body) = body {
            request = request
                .header("content-type", "application/json")
                .body(body.to_string());
        }
        let response = request.send().await.expect("a reply");
        let status = response.status();
        let text = response.text().await.expect("a body");
        assert!(status.is_success(), "{url}: {status}: {text}");
        serde_json::from_str(&text).unwrap_or(Value::String(text))
    }

    fn sdk(&self) -> Client {
        let builder = Client::builder(API_KEY, COMPANY_DOMAIN.parse().expect("a domain"));
        builder
            .base_url(format!("{}{BASE_PATH}", self.origin))
            .attempt_timeout(PATIENCE)
            .deadline(PATIENCE)
            .retry(RetryPolicy::off())
            .build()
            .expect("a client")
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

impl Served {
    fn settings(self) -> Settings {
        match self {
            Self::Everything => all_tools(),
            Self::ReadsOnly => Settings::default(),
            Self::Tags(tags) => {
                let everything = all_tools();
                Settings {
                    filter: Filter {
                        tags: tags.iter().map(|&tag| tag.to_owned()).collect(),
                        ..everything.filter
                    },
                    ..everything
                }
            }
        }
    }
}

/// Three of ten calls that change something are done, but their answers are lost.
pub(crate) fn lost_answers(seed: u64) -> Value {
    let writes = [
        ("method", "POST"),
        ("method", "PUT"),
        ("method", "DELETE"),
        ("operation", "payments.request_card_update"),
    ];
    let rules = writes.map(
        |(name, value)| json!({name: value, "probability": 0.3, "fault": {"kind": "cut_after"}}),
    );
    json!({"seed": seed, "rules": rules})
}

async fn listen() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    (listener, format!("http://{address}"))
}
