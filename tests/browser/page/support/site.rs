//! A server with its page: the program itself, with a store in memory.

use std::time::Instant;

use reqwest::redirect::Policy;
use reqwest::{Client, Method};
use serde_json::{Value, json};
use tokio::time::sleep;

use super::PATIENCE;
use super::kept::{Kept, free_port};
use super::program::program;

/// The operator's token in these tests.
pub(crate) const ADMIN_TOKEN: &str = "operator-0123456789abcdefghijklmnopqrstuvwxyz";
/// An address at which nobody answers, and that accounts may have.
pub(crate) const NOWHERE: &str = "http://127.0.0.1:9";

/// A running server; it ends with this value, or with the tests.
#[derive(Debug)]
pub(crate) struct Site {
    /// Where it listens, without a slash at the end.
    pub(crate) base: String,
    /// What opens it.
    pub(crate) token: &'static str,
    /// A client that follows no redirection.
    pub(crate) http: Client,
    program: Kept,
}

impl Site {
    /// Starts a server in which there is nothing, and waits until it answers.
    pub(crate) async fn start() -> Self {
        Self::with(ADMIN_TOKEN, &["--store=memory"]).await
    }

    /// The same with another token and a store, or further arguments.
    pub(crate) async fn with(token: &'static str, arguments: &[&str]) -> Self {
        let port = free_port();
        let mut all = vec![
            "serve".to_owned(),
            format!("--listen=127.0.0.1:{port}"),
            format!("--allow-base-url={NOWHERE}"),
            "--requests-per-second=0".to_owned(),
        ];
        all.extend(arguments.iter().map(|&argument| argument.to_owned()));
        let environment = [("BILLSBY_MCP_ADMIN_TOKEN", token), ("RUST_LOG", "warn")];
        let client = Client::builder().no_proxy().redirect(Policy::none());
        let site = Self {
            base: format!("http://127.0.0.1:{port}"),
            token,
            http: client.timeout(PATIENCE).build().expect("a client"),
            program: Kept::start(program(), &all, &environment),
        };
        let began = Instant::now();
        while !site.is_alive().await {
            let log = site.program.log();
            assert!(began.elapsed() < PATIENCE, "it does not start: {log}");
            sleep(PATIENCE / 3000).await;
        }
        site
    }

    async fn is_alive(&self) -> bool {
        let alive = self.http.get(format!("{}/healthz", self.base)).send().await;
        alive.is_ok_and(|reply| reply.status().is_success())
    }

    /// What it has written to standard error.
    pub(crate) fn log(&self) -> String {
        self.program.log()
    }

    /// Calls the admin API, which must do what it is asked to.
    pub(crate) async fn call(&self, method: Method, path: &str, body: Option<&Value>) -> Value {
        let request = self.http.request(method, format!("{}{path}", self.base));
        let mut request = request.bearer_auth(self.token);
        if let Some(body) = body {
            request = request
                .header("content-type", "application/json")
                .body(body.to_string());
        }
        let reply = request.send().await.expect("a reply");
        let status = reply.status();
        let text = reply.text().await.expect("a body");
        assert!(status.is_success(), "{path}: {status} {text}");
        serde_json::from_str(&text).unwrap_or_default()
    }

    /// The entries of a list of the admin API.
    pub(crate) async fn list(&self, path: &str) -> Vec<Value> {
        let list = self.call(Method::GET, path, None).await;
        list["result"].as_array().expect("a list").clone()
    }

    /// Makes a sandbox account; gives its id.
    pub(crate) async fn account(&self, label: &str) -> String {
        let body = json!({"environment": "sandbox", "label": label});
        let made = self.call(Method::POST, "/integrated-account", Some(&body));
        text(&made.await, "id")
    }

    /// Makes a server in an account; gives what the API answers, with `url` and `token`.
    pub(crate) async fn server(&self, account: &str, name: &str, config: &Value) -> Value {
        let path = format!("/integrated-account/{account}/mcp");
        let body = json!({"name": name, "config": config});
        self.call(Method::POST, &path, Some(&body)).await
    }
}

/// A text within a JSON object.
pub(crate) fn text(object: &Value, name: &str) -> String {
    let text = object[name].as_str();
    text.unwrap_or_else(|| panic!("no {name} in {object}"))
        .to_owned()
}
