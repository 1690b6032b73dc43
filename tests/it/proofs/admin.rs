//! A client of the admin API, and of the servers that it makes.

use std::time::Duration;

use reqwest::{Client, Method};
use serde_json::{Value, json};

/// Calls give up after so long; far longer than any takes.
const PATIENCE: Duration = Duration::from_secs(60);

/// A client of one program.
#[derive(Debug, Clone)]
pub(super) struct Admin {
    http: Client,
    base: String,
    token: String,
}

/// Why there is no answer.
#[derive(Debug)]
pub(super) enum Failure {
    /// The connection broke: nobody knows what became of the request.
    Broken,
    /// The program answered that it cannot.
    Refused(u16, Value),
}

pub(super) type Reply = Result<Value, Failure>;

impl Admin {
    pub(super) fn new(base: &str, token: &str) -> Self {
        let http = Client::builder().no_proxy().timeout(PATIENCE).build();
        Self {
            http: http.expect("a client"),
            base: base.to_owned(),
            token: token.to_owned(),
        }
    }

    /// Whether the program answers at all.
    pub(super) async fn is_alive(&self) -> bool {
        let alive = self.http.get(format!("{}/healthz", self.base)).send().await;
        alive.is_ok_and(|reply| reply.status().is_success())
    }

    /// An account that leads nowhere; gives its id.
    pub(super) async fn account(&self) -> String {
        let body = json!({"company_domain": "widgets", "api_key": "proof_key"});
        let made = self.post("/integrated-account", &body, None).await;
        text(&made.expect("an account"), "id")
    }

    /// Makes a server in an account.
    pub(super) async fn create(&self, account: &str, body: &Value, key: Option<&str>) -> Reply {
        let path = format!("/integrated-account/{account}/mcp");
        self.post(&path, body, key).await
    }

    pub(super) async fn get(&self, path: &str) -> Reply {
        self.send(Method::GET, path, None, None).await
    }

    pub(super) async fn post(&self, path: &str, body: &Value, key: Option<&str>) -> Reply {
        self.send(Method::POST, path, Some(body), key).await
    }

    pub(super) async fn patch(&self, path: &str, body: &Value) -> Reply {
        self.send(Method::PATCH, path, Some(body), None).await
    }

    pub(super) async fn delete(&self, path: &str) -> Reply {
        self.send(Method::DELETE, path, None, None).await
    }

    /// Every entry of a list, page by page.
    pub(super) async fn all(&self, path: &str) -> Vec<Value> {
        let mut entries = Vec::new();
        let mut cursor = String::new();
        loop {
            let page = self.get(&format!("{path}?limit=100{cursor}")).await;
            let page = page.expect("a page");
            entries.extend(page["result"].as_array().expect("a list").iter().cloned());
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return entries,
            }
        }
    }

    /// What the URL with this secret answers to a message that says nothing: 404 if there is nothing.
    pub(super) async fn knock(&self, token: &str) -> u16 {
        let request = self.http.post(format!("{}/mcp/{token}", self.base));
        let request = request.header("content-type", "application/json");
        let request = request.header("accept", "application/json, text/event-stream");
        let reply = request.body("{}").send().await.expect("a reply");
        let status = reply.status().as_u16();
        // Read to the end, so that the connection is used again.
        reply.bytes().await.expect("a body");
        status
    }

    /// Whether a secret opens a server. Nothing but an answer of a server or of nothing is accepted.
    pub(super) async fn opens(&self, token: &str) -> bool {
        match self.knock(token).await {
            404 => false,
            400 => true,
            other => panic!("status {other}"),
        }
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
        key: Option<&str>,
    ) -> Reply {
        let mut request = self.http.request(method, format!("{}{path}", self.base));
        request = request.bearer_auth(&self.token);
        if let Some(body) = body {
            request = request
                .header("content-type", "application/json")
                .body(body.to_string());
        }
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        let reply = request.send().await.map_err(|_| Failure::Broken)?;
        let status = reply.status();
        let bytes = reply.bytes().await.map_err(|_| Failure::Broken)?;
        let value = serde_json::from_slice(&bytes).unwrap_or_default();
        if status.is_success() {
            return Ok(value);
        }
        Err(Failure::Refused(status.as_u16(), value))
    }
}

/// A text of an answer.
#[track_caller]
pub(super) fn text(answer: &Value, field: &str) -> String {
    let text = answer[field].as_str();
    text.unwrap_or_else(|| panic!("no {field} in {answer}"))
        .to_owned()
}
