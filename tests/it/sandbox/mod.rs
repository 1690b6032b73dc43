//! The sandbox, through HTTP.

use billsby_mcp::sandbox::{API_KEY, BASE_PATH, COMPANY_DOMAIN, Options, Sandbox};
use reqwest::header::HeaderMap;
use reqwest::{Client, Method, RequestBuilder, redirect};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::{CancellationToken, DropGuard};

mod admin;
mod answers;
mod catalogue;
mod command;
mod customers;
mod faults;
mod money;
mod renewals;
mod seed;
mod shop;
mod snapshot;
mod steps;
mod strict;
mod subscriptions;
mod usage;

/// A sandbox that runs inside this process until it is dropped.
pub(crate) struct Running {
    /// `http://127.0.0.1:PORT`
    pub(crate) origin: String,
    http: Client,
    stop: CancellationToken,
    served: JoinHandle<()>,
    _guard: DropGuard,
}

/// What came back, read to its end.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Running {
    /// The company of the default seed, whose clock stands until it is moved.
    pub(crate) async fn start() -> Self {
        Self::with(standing()).await
    }

    /// A company of these options.
    pub(crate) async fn with(options: Options) -> Self {
        Self::at(options, "127.0.0.1:0").await
    }

    /// A company of these options that listens there.
    pub(crate) async fn at(options: Options, listen: &str) -> Self {
        let sandbox = Sandbox::new(options).expect("a sandbox");
        let listener = TcpListener::bind(listen).await.expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let stop = CancellationToken::new();
        let token = stop.clone();
        let served = tokio::spawn(async move {
            let served = sandbox.serve(listener, token).await;
            served.expect("an orderly end");
        });
        let http = Client::builder()
            .no_proxy()
            .redirect(redirect::Policy::none())
            .build();
        Self {
            origin: format!("http://127.0.0.1:{port}"),
            http: http.expect("a client"),
            _guard: stop.clone().drop_guard(),
            stop,
            served,
        }
    }

    /// The base URL for the SDK.
    pub(crate) fn base_url(&self) -> String {
        format!("{}{BASE_PATH}", self.origin)
    }

    /// A request with the key; the path is behind the base path, such as `/core/sandbox/customers`.
    pub(crate) fn request(&self, method: &str, path: &str) -> RequestBuilder {
        self.plain(method, &format!("{BASE_PATH}{path}"))
            .header("ApiKey", API_KEY)
    }

    /// A request without a key, for any path.
    pub(crate) fn plain(&self, method: &str, path: &str) -> RequestBuilder {
        let method = Method::from_bytes(method.as_bytes()).expect("a method");
        self.http.request(method, format!("{}{path}", self.origin))
    }

    /// The reply to a request without a body. The path is behind the prefix and the company:
    /// `/customers` is `/core/sandbox/customers`.
    pub(crate) async fn core(&self, method: &str, path: &str) -> Reply {
        let path = format!("/core/{COMPANY_DOMAIN}{path}");
        Reply::to(self.request(method, &path)).await
    }

    /// The same with a body.
    pub(crate) async fn core_with(&self, method: &str, path: &str, body: &Value) -> Reply {
        let path = format!("/core/{COMPANY_DOMAIN}{path}");
        Reply::to(with_json(self.request(method, &path), body)).await
    }

    /// The reply to a request below `/__sandbox`, which must succeed.
    pub(crate) async fn admin(&self, method: &str, path: &str) -> Value {
        let reply = Reply::to(self.plain(method, &format!("/__sandbox{path}"))).await;
        reply.expect(200).json()
    }

    /// The same with a body.
    pub(crate) async fn admin_with(&self, method: &str, path: &str, body: &Value) -> Value {
        let request = self.plain(method, &format!("/__sandbox{path}"));
        let reply = Reply::to(with_json(request, body)).await;
        reply.expect(200).json()
    }

    /// How many effects of a kind there have been, since the start or the last reset.
    pub(crate) async fn count(&self, kind: &str) -> u64 {
        let report = self.admin("GET", &format!("/effects?kind={kind}")).await;
        report["counts"][kind].as_u64().unwrap_or(0)
    }

    /// The public id of the customer with an e-mail address.
    pub(crate) async fn customer(&self, email: &str) -> String {
        let state = self.admin("GET", "/state").await;
        let customers = state["customers"].as_object().expect("customers");
        let found = customers
            .values()
            .find(|customer| customer["email"] == email);
        let found = found.unwrap_or_else(|| panic!("nobody has the address {email}"));
        found["unique_id"].as_str().expect("an id").to_owned()
    }

    /// Ends the sandbox and waits for it.
    pub(crate) async fn stop(self) {
        self.stop.cancel();
        self.served.await.expect("an orderly end");
    }
}

impl Reply {
    /// Sends a request and reads its reply.
    pub(crate) async fn to(request: RequestBuilder) -> Self {
        Self::try_to(request).await.expect("a reply")
    }

    /// The same where there may be none.
    pub(crate) async fn try_to(request: RequestBuilder) -> Result<Self, reqwest::Error> {
        let response = request.send().await?;
        Ok(Self {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            text: response.text().await?,
        })
    }

    /// The same reply, which must have this status.
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text);
        self
    }

    /// The body as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        let value = serde_json::from_str(&self.text);
        value.unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    /// The value of a header.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Why the request was refused; header and body must say the same.
    #[track_caller]
    pub(crate) fn reason(&self) -> String {
        let reason = self.header("x-sandbox-reason").expect("a reason");
        assert_eq!(self.json()["message"], reason);
        reason.to_owned()
    }
}

/// The default company with a clock that stands until it is moved.
pub(crate) fn standing() -> Options {
    Options {
        start: Some("2026-03-02T08:00:00Z".parse().expect("a time")),
        ..Options::default()
    }
}

/// A request with a JSON body.
pub(crate) fn with_json(request: RequestBuilder, body: &Value) -> RequestBuilder {
    let request = request.header("content-type", "application/json");
    request.body(body.to_string())
}
