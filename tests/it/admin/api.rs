//! A client of the API that believes nothing: each answer must be one that the API's document has.

use std::sync::Arc;

use reqwest::header::HeaderMap;
use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};

use super::schema::Document;
use crate::mock::{API_KEY, COMPANY_DOMAIN};

/// A client of the API.
#[derive(Clone)]
pub(crate) struct Api {
    http: Client,
    pub(crate) base: String,
    pub(crate) token: Option<String>,
    document: Arc<Document>,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

impl Api {
    pub(crate) async fn new(base: &str, token: Option<String>) -> Self {
        let http = Client::builder().no_proxy().build().expect("a client");
        let document = http.get(format!("{base}/api/openapi.json")).send().await;
        let document = document.expect("an answer").bytes().await.expect("a body");
        let document = serde_json::from_slice(&document).expect("JSON");
        Self {
            http,
            base: base.to_owned(),
            token,
            document: Arc::new(Document::new(document)),
        }
    }

    /// The same with another token, or none.
    pub(crate) fn with_token(&self, token: Option<&str>) -> Self {
        Self {
            token: token.map(str::to_owned),
            ..self.clone()
        }
    }

    pub(crate) fn document(&self) -> &Value {
        self.document.value()
    }

    /// A request that is not sent yet.
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.base));
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    /// The same with a body of JSON.
    fn with_body(&self, method: Method, path: &str, body: &Value) -> RequestBuilder {
        let request = self.request(method, path);
        let request = request.header("content-type", "application/json");
        request.body(body.to_string())
    }

    /// Sends a request and holds the answer against the document.
    pub(crate) async fn send(&self, request: RequestBuilder) -> Reply {
        let request = request.build().expect("a request");
        let (method, path) = (request.method().clone(), request.url().path().to_owned());
        let response = self.http.execute(request).await.expect("an answer");
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.bytes().await.expect("a body");
        let body = if text.is_empty() {
            Value::Null
        } else {
            serde_json::from_slice(&text).expect("JSON")
        };
        let reply = Reply {
            status,
            headers,
            body,
        };
        self.document.check(&method, &path, &reply);
        reply
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.send(self.request(Method::GET, path)).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Reply {
        self.send(self.request(Method::DELETE, path)).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Reply {
        self.send(self.with_body(Method::POST, path, body)).await
    }

    pub(crate) async fn patch(&self, path: &str, body: &Value) -> Reply {
        self.send(self.with_body(Method::PATCH, path, body)).await
    }

    /// The same as `post` with a key.
    pub(crate) async fn post_once(&self, path: &str, key: &str, body: &Value) -> Reply {
        let request = self.with_body(Method::POST, path, body);
        self.send(request.header("idempotency-key", key)).await
    }

    /// Makes an account of the mock's company; gives its path.
    pub(crate) async fn account(&self, mock: &crate::mock::Mock) -> String {
        let body = json!({
            "company_domain": COMPANY_DOMAIN, "api_key": API_KEY, "base_url": mock.url()
        });
        let account = self.post("/integrated-account", &body).await.is(201);
        format!("/integrated-account/{}", text(&account["id"]))
    }

    /// Makes a server of an account; gives its path and what was answered.
    pub(crate) async fn server(&self, account: &str, body: &Value) -> (String, Value) {
        let server = self.post(&format!("{account}/mcp"), body).await.is(201);
        (format!("{account}/mcp/{}", text(&server["id"])), server)
    }

    /// The status that a URL answers to a client that wants to know its tools.
    pub(crate) async fn knock(&self, url: &str) -> u16 {
        let client = crate::support::HttpClient::new(url);
        client.modern("tools/list", &json!({})).await.status
    }
}

impl Reply {
    /// The body of an answer with a status.
    #[track_caller]
    pub(crate) fn is(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{:#}", self.body);
        self.body
    }

    /// Where something is wrong with what was asked for.
    #[track_caller]
    pub(crate) fn wrong(self) -> Vec<String> {
        let body = self.is(422);
        let errors = body["errors"].as_array().expect("errors").iter();
        errors
            .map(|error| text(&error["pointer"]).to_owned())
            .collect()
    }

    /// What is said of one place.
    #[track_caller]
    pub(crate) fn said_of(self, pointer: &str) -> String {
        let body = self.is(422);
        let errors = body["errors"].as_array().expect("errors");
        let error = errors.iter().find(|error| error["pointer"] == pointer);
        let error = error.unwrap_or_else(|| panic!("nothing about {pointer}: {body:#}"));
        text(&error["detail"]).to_owned()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

#[track_caller]
pub(crate) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}"))
}
