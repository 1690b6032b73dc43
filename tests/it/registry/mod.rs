//! Provisioned servers: which URLs open what, and until when.

mod changes;
mod ending;
pub(crate) mod failing;
pub(crate) mod late;
mod outage;
mod replicas;
mod streams;

use reqwest::{Method, Response};
use serde_json::{Value, json};

use crate::support::{Case, HttpClient, HttpReply, PATIENCE, Provisioned};

/// The operation that these tests call: a read.
const OPERATION: &str = "Customer_getDetails";
/// A write.
const WRITE: &str = "Customer_updateDetails";

/// The parameters of a call of an operation.
fn call(operation: &str) -> Value {
    let case = Case::of(operation);
    json!({"name": case.tool, "arguments": case.arguments})
}

/// The path of a server in the admin API.
fn path(account: &str, server: &Value) -> String {
    let id = server["id"].as_str().expect("an id");
    format!("/integrated-account/{account}/mcp/{id}")
}

/// Changes something by the admin API.
async fn change(site: &Provisioned, method: Method, path: &str, body: &Value) -> Value {
    let (status, body) = site.call(method, path, Some(body)).await;
    assert!(status.is_success(), "{status}: {body}");
    body
}

/// Takes a server back.
async fn revoke(site: &Provisioned, account: &str, server: &Value) {
    let (status, body) = site
        .call(Method::DELETE, &path(account, server), None)
        .await;
    assert_eq!(status, 204, "{body}");
}

/// The names of the tools that a server lists.
async fn tools(client: &HttpClient) -> Vec<String> {
    let reply = client.modern("tools/list", &json!({})).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    let message = reply.message();
    let tools = message["result"]["tools"].as_array().expect("tools");
    let names = tools.iter().map(|tool| tool["name"].as_str());
    names.map(|name| name.expect("a name").to_owned()).collect()
}

/// Everything of a reply that could tell it from another one.
fn telling(reply: &HttpReply) -> (u16, Vec<(String, String)>, String) {
    let headers = reply.headers.iter();
    let headers = headers.filter(|(name, _)| !matches!(name.as_str(), "date" | "x-request-id"));
    let headers = headers.map(|(name, value)| (name.to_string(), format!("{value:?}")));
    (reply.status, headers.collect(), reply.text.clone())
}

/// What a stranger hears.
async fn strangers_answer(client: &HttpClient) -> (u16, Vec<(String, String)>, String) {
    let token = billsby_mcp::http::Token::generate().expect("random numbers");
    let (base, _) = client.url.rsplit_once('/').expect("a URL");
    let stranger = client.at(&format!("{base}/{}", token.reveal()));
    telling(&stranger.modern("tools/list", &json!({})).await)
}

/// Asserts that a client hears just what a stranger hears.
async fn assert_gone(client: &HttpClient) {
    let expected = strangers_answer(client).await;
    let reply = client.modern("tools/list", &json!({})).await;
    assert_eq!(telling(&reply), expected);
    assert_eq!(reply.status, 404);
}

/// Waits until a stream has come to its proper end.
pub(crate) async fn until_ended(stream: &mut Response) {
    let end = async { while stream.chunk().await.expect("a proper end").is_some() {} };
    tokio::time::timeout(PATIENCE, end).await.expect("an end");
}
