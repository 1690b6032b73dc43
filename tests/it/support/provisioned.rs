//! Provisioned servers in this process, with a clock that stands.

use std::sync::Arc;
use std::time::Duration;

use billsby_mcp::activity::Recorder;
use billsby_mcp::clock::Clock;
use billsby_mcp::http::{self, Directory, Gate, GateOptions, Site, admin};
use billsby_mcp::oauth::Issuers;
use billsby_mcp::protocol::http::HttpOptions;
use billsby_mcp::provision::{AdminToken, ProvisionOptions, Provisioning, unlock};
use billsby_mcp::registry::{GRACE, Registry, RegistryOptions};
use billsby_mcp::sandbox;
use billsby_mcp::secret::MasterKey;
use billsby_mcp::store::{self, Lock, Store, StoreUrl, TokenStore};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::HttpClient;
use crate::mock::{API_KEY, COMPANY_DOMAIN, Mock};

/// The token of the operator in these tests.
const ADMIN_TOKEN: &str = "operator-0123456789abcdefghijklmnopqrstuvwxyz";
/// How long something may take that usually takes no time.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// What servers are started with. Several may be started with one of these: they are replicas.
#[derive(Clone)]
pub(crate) struct Setup {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) token_store: Option<Arc<dyn TokenStore>>,
    pub(crate) master: MasterKey,
    pub(crate) clock: Clock,
    pub(crate) grace: Duration,
    pub(crate) issuers: Option<Arc<Issuers>>,
    pub(crate) require_oauth_everywhere: bool,
    /// The address that accounts may have: the mock's.
    pub(crate) billsby: String,
}

/// A running server; it ends when it is dropped.
pub(crate) struct Provisioned {
    /// Where it listens, without a slash at the end.
    pub(crate) base: String,
    /// The token of the operator.
    pub(crate) admin: String,
    pub(crate) clock: Clock,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) registry: Arc<Registry>,
    pub(crate) recorder: Arc<Recorder>,
    billsby: String,
    http: reqwest::Client,
    shutdown: CancellationToken,
    serving: Option<JoinHandle<()>>,
}

impl Setup {
    /// An empty store in memory, in which it is noon of 22 November 2026.
    pub(crate) async fn new(mock: &Mock) -> Self {
        let store = store::open(&StoreUrl::Memory, Lock::Shared).await;
        Self::with(mock, store.expect("a store"))
    }

    /// The same with a store of one's own.
    pub(crate) fn with(mock: &Mock, store: Arc<dyn Store>) -> Self {
        let start = "2026-11-22T12:00:00Z".parse().expect("a time");
        Self {
            store,
            token_store: None,
            master: MasterKey::generate().expect("random numbers"),
            clock: Clock::standing(start),
            grace: GRACE,
            issuers: None,
            require_oauth_everywhere: false,
            billsby: mock.url(),
        }
    }

    /// Starts a server.
    pub(crate) async fn start(&self) -> Provisioned {
        let store = Arc::clone(&self.store);
        let keyring = unlock(&*store, &self.master).await.expect("a keyring");
        let shutdown = CancellationToken::new();
        let recorder = Recorder::start(Arc::clone(&store), self.clock.clone());
        let sandbox = sandbox::Host::lazy(sandbox::Options::default(), shutdown.clone());
        let options = RegistryOptions {
            clock: self.clock.clone(),
            http: HttpOptions {
                requests_per_second: None,
                ..HttpOptions::default()
            },
            timeout: PATIENCE,
            grace: self.grace,
            allowed_base_urls: vec![self.billsby.clone()],
            sandbox: Arc::new(sandbox),
            recorder: Some(Arc::clone(&recorder)),
            token_store: self.token_store.clone(),
            shutdown: shutdown.clone(),
        };
        let registry = Registry::open(Arc::clone(&store), keyring.clone(), options).await;
        let registry = registry.expect("a registry");
        tokio::spawn(Arc::clone(&registry).follow());
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let base = format!("http://{}", listener.local_addr().expect("an address"));
        let options = ProvisionOptions {
            allowed_base_urls: vec![self.billsby.clone()],
            public_base: base.clone(),
            has_issuers: self.issuers.is_some(),
            require_oauth: self.require_oauth_everywhere,
            ..ProvisionOptions::default()
        };
        let provisioning = Arc::new(Provisioning::new(Arc::clone(&registry), options));
        let token = AdminToken::establish(&*store, &keyring, Some(ADMIN_TOKEN.to_owned())).await;
        let (token, _) = token.expect("an admin token");
        let site = Site {
            directory: Directory::default(),
            registry: Some(Arc::clone(&registry)),
            gate: Gate::new(GateOptions {
                public_base: base.clone(),
                issuers: self.issuers.clone(),
                require_oauth_everywhere: self.require_oauth_everywhere,
            }),
            admin: Some(admin::router(provisioning, token)),
        };
        let serving = http::serve(listener, site, shutdown.clone(), PATIENCE);
        let http = reqwest::Client::builder().no_proxy().build();
        Provisioned {
            base,
            admin: ADMIN_TOKEN.to_owned(),
            clock: self.clock.clone(),
            store,
            registry,
            recorder,
            billsby: self.billsby.clone(),
            http: http.expect("a client"),
            shutdown,
            serving: Some(tokio::spawn(serving)),
        }
    }
}

impl Provisioned {
    /// A server with an empty store in memory.
    pub(crate) async fn start(mock: &Mock) -> Self {
        Setup::new(mock).await.start().await
    }

    /// Calls the admin API; gives the status and the body, `null` if it is empty.
    pub(crate) async fn call(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> (StatusCode, Value) {
        let request = self.request(method, path);
        let request = match body {
            Some(body) => request
                .header("content-type", "application/json")
                .body(body.to_string()),
            None => request,
        };
        let response = request.send().await.expect("a reply");
        let status = response.status();
        let text = response.text().await.expect("a body");
        let body = if text.is_empty() {
            Value::Null
        } else {
            serde_json::from_str(&text).expect("JSON")
        };
        (status, body)
    }

    /// A request to the admin API with its token, not sent yet.
    pub(crate) fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let url = format!("{}{path}", self.base);
        self.http.request(method, url).bearer_auth(&self.admin)
    }

    /// Makes the account of the mock's company; gives its id.
    pub(crate) async fn account(&self) -> String {
        let body = json!({
            "company_domain": COMPANY_DOMAIN,
            "api_key": API_KEY,
            "base_url": self.billsby,
        });
        let (status, body) = self
            .call(Method::POST, "/integrated-account", Some(&body))
            .await;
        assert_eq!(status, StatusCode::CREATED, "{body}");
        body["id"].as_str().expect("an id").to_owned()
    }

    /// Makes a server of an account; gives what the API answers, with `url` and `token`.
    pub(crate) async fn server(&self, account: &str, body: &Value) -> Value {
        let path = format!("/integrated-account/{account}/mcp");
        let (status, body) = self.call(Method::POST, &path, Some(body)).await;
        assert_eq!(status, StatusCode::CREATED, "{body}");
        body
    }

    /// Makes an account with one server that has every tool; gives the account's id and the server.
    pub(crate) async fn account_with_server(&self) -> (String, Value) {
        let account = self.account().await;
        let everything = json!({
            "name": "Everything",
            "config": {"methods": ["read", "write", "custom"]},
        });
        let server = self.server(&account, &everything).await;
        (account, server)
    }

    /// A client of a server, as the API has answered with it; through this replica.
    pub(crate) fn client(&self, server: &Value) -> HttpClient {
        let token = server["token"].as_str().expect("a token");
        HttpClient::new(&format!("{}/mcp/{token}", self.base))
    }

    /// Moves the clock so many milliseconds ahead, or back.
    pub(crate) fn pass(&self, milliseconds: i64) {
        let later = self.clock.now().as_millisecond() + milliseconds;
        let later = jiff::Timestamp::from_millisecond(later);
        self.clock.set(later.expect("a time"));
    }

    /// Asks the server to end, and waits until it has.
    pub(crate) async fn stop(mut self) {
        self.shutdown.cancel();
        if let Some(serving) = self.serving.take() {
            serving.await.expect("an end");
        }
    }
}

impl Drop for Provisioned {
    fn drop(&mut self) {
        self.shutdown.cancel();
        if let Some(serving) = &self.serving {
            serving.abort();
        }
    }
}
