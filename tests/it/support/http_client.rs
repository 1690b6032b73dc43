//! An MCP client over HTTP that sends exactly what it is told.

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, Method};
use serde_json::{Value, json};

/// The newest protocol version with sessions.
pub(crate) const LEGACY: &str = "2025-11-25";
/// The first one without.
pub(crate) const MODERN: &str = "2026-07-28";

/// A client of one URL.
#[derive(Debug, Clone)]
pub(crate) struct HttpClient {
    http: Client,
    pub(crate) url: String,
    headers: HeaderMap,
}

/// What came back, read to its end.
#[derive(Debug)]
pub(crate) struct HttpReply {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl HttpClient {
    /// A client that says what it sends and accepts, as every client must.
    pub(crate) fn new(url: &str) -> Self {
        let client = Client::builder().no_proxy().build();
        let plain = Self {
            http: client.expect("a client"),
            url: url.to_owned(),
            headers: HeaderMap::new(),
        };
        plain
            .with("content-type", "application/json")
            .with("accept", "application/json, text/event-stream")
    }

    /// The same client with another header, or another value of it.
    pub(crate) fn with(&self, name: &str, value: &str) -> Self {
        let name = HeaderName::try_from(name).expect("a header's name");
        let value = HeaderValue::try_from(value).expect("a header's value");
        let mut client = self.clone();
        client.headers.insert(name, value);
        client
    }

    /// The same client without a header.
    pub(crate) fn without(&self, name: &str) -> Self {
        let mut client = self.clone();
        client.headers.remove(name);
        client
    }

    /// The same client for another URL.
    pub(crate) fn at(&self, url: &str) -> Self {
        Self {
            url: url.to_owned(),
            ..self.clone()
        }
    }

    /// Begins a session and gives the client that is in it.
    pub(crate) async fn in_session(&self) -> Self {
        let reply = self.post(initialize(LEGACY).to_string()).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        let session = reply.header("mcp-session-id").expect("a session");
        let client = self
            .with("mcp-session-id", session)
            .with("mcp-protocol-version", LEGACY);
        let initialized = json!({"jsonrpc": "2.0", "method": "notifications/initialized"});
        let reply = client.post(initialized.to_string()).await;
        assert_eq!(reply.status, 202, "{}", reply.text);
        client
    }

    /// Sends a request as clients from 2026-07-28 on do.
    pub(crate) async fn modern(&self, method: &str, params: &Value) -> HttpReply {
        let mut client = self
            .with("mcp-protocol-version", MODERN)
            .with("mcp-method", method);
        if let Some(name) = params["name"].as_str() {
            client = client.with("mcp-name", name);
        }
        client.post(modern(method, params).to_string()).await
    }

    /// Sends a request in a session.
    pub(crate) async fn request(&self, method: &str, params: &Value) -> HttpReply {
        let request = json!({"jsonrpc": "2.0", "id": 7, "method": method, "params": params});
        self.post(request.to_string()).await
    }

    /// Posts a body and reads the whole reply.
    pub(crate) async fn post(&self, body: impl Into<reqwest::Body>) -> HttpReply {
        let reply = self.try_post(body).await;
        reply.expect("a reply")
    }

    /// The same where there may be none.
    pub(crate) async fn try_post(
        &self,
        body: impl Into<reqwest::Body>,
    ) -> Result<HttpReply, reqwest::Error> {
        let request = self.http.post(&self.url).headers(self.headers.clone());
        let response = request.body(body).send().await?;
        Ok(HttpReply {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            text: response.text().await?,
        })
    }

    /// Sends a request without a body and leaves the reply open.
    pub(crate) async fn open(&self, method: Method) -> reqwest::Response {
        let request = self.http.request(method, &self.url);
        let response = request.headers(self.headers.clone()).send().await;
        response.expect("a reply")
    }
}

impl HttpReply {
    /// A header as text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let value = self.headers.get(name)?;
        Some(value.to_str().expect("a plain header"))
    }

    /// The media type of the body.
    pub(crate) fn media_type(&self) -> &str {
        let value = self.header("content-type").unwrap_or_default();
        value.split(';').next().unwrap_or_default()
    }

    /// The messages in the body, whether it is one document or a stream of events.
    pub(crate) fn messages(&self) -> Vec<Value> {
        let parse = |text| serde_json::from_str(text).expect("JSON");
        match self.media_type() {
            "application/json" => vec![parse(&self.text)],
            "text/event-stream" => {
                let lines = self.text.lines();
                let data = lines.filter_map(|line| line.strip_prefix("data:"));
                let data = data.map(str::trim).filter(|data| !data.is_empty());
                data.map(parse).collect()
            }
            other => panic!("a body of type {other:?}: {}", self.text),
        }
    }

    /// The only message in the body.
    #[track_caller]
    pub(crate) fn message(&self) -> Value {
        let mut messages = self.messages();
        assert_eq!(messages.len(), 1, "{}", self.text);
        messages.remove(0)
    }
}

/// The request that begins a session.
pub(crate) fn initialize(version: &str) -> Value {
    json!({
        "jsonrpc": "2.0",
        "id": 1,
        "method": "initialize",
        "params": {
            "protocolVersion": version,
            "capabilities": {},
            "clientInfo": {"name": "test", "version": "0"},
        },
    })
}

/// A request of a client that has no sessions.
pub(crate) fn modern(method: &str, params: &Value) -> Value {
    let mut params = params.clone();
    params["_meta"]["io.modelcontextprotocol/protocolVersion"] = json!(MODERN);
    params["_meta"]["io.modelcontextprotocol/clientCapabilities"] = json!({});
    json!({"jsonrpc": "2.0", "id": 7, "method": method, "params": params})
}
