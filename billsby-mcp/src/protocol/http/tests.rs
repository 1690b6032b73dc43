//! Access for reading only.

use axum::body::Body;
use axum::http::{StatusCode, header};
use billsby_sdk::Client;
use serde_json::{Value, json};

use super::*;
use crate::tool::{Exposure, Filter, Settings};

fn endpoint(exposure: Exposure) -> Endpoint {
    // Nobody listens there: whatever is sent fails.
    let client = Client::builder("key", "acme".parse().unwrap())
        .base_url("http://127.0.0.1:9")
        .build()
        .unwrap();
    let settings = Settings {
        filter: Filter {
            methods: ["read", "write", "custom"].map(str::to_owned).to_vec(),
            ..Filter::default()
        },
        exposure,
        ..Settings::default()
    };
    let account = Account::new(client, &settings).unwrap();
    let options = HttpOptions::default();
    Endpoint::new(Arc::new(account), &options, CancellationToken::new())
}

/// The reply to a call under a name, of somebody who may only read.
async fn reply(endpoint: &Endpoint, name: &str, params: &str) -> (StatusCode, Response) {
    let version = "2026-07-28";
    let body = format!(
        r#"{{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {{{params}, "_meta": {{
            "io.modelcontextprotocol/protocolVersion": "{version}",
            "io.modelcontextprotocol/clientCapabilities": {{}}}}}}}}"#
    );
    let request = Request::post("/mcp/x")
        .header(header::HOST, "localhost")
        .header(header::CONTENT_TYPE, "application/json")
        .header("mcp-protocol-version", version)
        .header("mcp-method", "tools/call")
        .header("mcp-name", name)
        .body(Body::from(body))
        .unwrap();
    let response = endpoint.handle(request, Access::Reads).await;
    (response.status(), response)
}

async fn json(response: Response) -> Value {
    let bytes = http_body_util::BodyExt::collect(response.into_body()).await;
    serde_json::from_slice(&bytes.unwrap().to_bytes()).unwrap()
}

#[tokio::test]
async fn whoever_may_only_read_changes_nothing_by_any_name() {
    let endpoint = endpoint(Exposure::All);
    let mut refused = 0;
    for tool in crate::tools().filter(|tool| !tool.effect.is_read()) {
        for name in tool.names() {
            let params = format!(r#""name": {name:?}, "arguments": {{}}"#);
            let (status, response) = reply(&endpoint, name, &params).await;
            assert_eq!(status, StatusCode::FORBIDDEN, "{name}");
            let challenge = &response.headers()[header::WWW_AUTHENTICATE];
            assert_eq!(
                challenge,
                r#"Bearer error="insufficient_scope", scope="read write""#
            );
            refused += 1;
        }
    }
    assert!(refused > 30, "{refused}");
    let params = r#""name": "get_customer", "arguments": {}"#;
    let (status, response) = reply(&endpoint, "get_customer", params).await;
    assert_eq!(status, StatusCode::OK);
    // The arguments are not those of the tool, which is to say that it was let through.
    assert_eq!(json(response).await["result"]["isError"], json!(true));
}

#[tokio::test]
async fn nor_through_the_tools_that_call_others() {
    let endpoint = endpoint(Exposure::Discovery);
    let refund = r#""arguments": {"name": "refund_invoice", "arguments": {}}"#;
    let params = format!(r#""name": "call_write_tool", {refund}"#);
    let (status, _) = reply(&endpoint, "call_write_tool", &params).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    let params = format!(r#""name": "call_read_tool", {refund}"#);
    let (status, response) = reply(&endpoint, "call_read_tool", &params).await;
    assert_eq!(status, StatusCode::OK);
    let result = json(response).await["result"].to_string();
    assert!(result.contains("use call_write_tool"), "{result}");
}

/// Readers of JSON do not agree on which of two equal names counts.
#[tokio::test]
async fn nor_by_saying_two_things_at_once() {
    let endpoint = endpoint(Exposure::All);
    for (first, second) in [
        ("get_customer", "refund_invoice"),
        ("refund_invoice", "get_customer"),
    ] {
        let params = format!(r#""name": {first:?}, "name": {second:?}, "arguments": {{}}"#);
        for name in [first, second] {
            let (_, response) = reply(&endpoint, name, &params).await;
            // That argument is missed by the tool that changes something, once it is asked.
            let answer = json(response).await.to_string();
            assert!(!answer.contains("invoiceNumber"), "{answer}");
        }
    }
}
