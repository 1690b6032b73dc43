//! What is not a message of the protocol is refused in the protocol's own form.

use reqwest::Method;
use serde_json::{Value, json};

use super::call;
use crate::mock::Mock;
use crate::support::{HttpClient, HttpReply, HttpServer, initialize, modern};

/// The status, the code and the id of a refusal.
#[track_caller]
fn refusal(reply: &HttpReply) -> (u16, i64, Value) {
    assert_eq!(reply.media_type(), "application/json", "{}", reply.text);
    let message = reply.message();
    assert_eq!(message["jsonrpc"], "2.0", "{message}");
    assert!(message["error"]["message"].is_string(), "{message}");
    let code = message["error"]["code"].as_i64().expect("a code");
    (reply.status, code, message["id"].clone())
}

#[tokio::test]
async fn malformed_messages() {
    let mock = Mock::start().await;
    let server = HttpServer::start(&mock, &[]).await;
    let client = HttpClient::new(&server.url);
    let deep = format!(
        r#"{{"jsonrpc":"2.0","id":3,"method":"ping","params":{}"#,
        "[".repeat(100_000)
    );
    for (body, status, code, id) in [
        ("", 400, -32700, json!(null)),
        ("{", 400, -32700, json!(null)),
        ("tools/call", 400, -32700, json!(null)),
        (deep.as_str(), 400, -32700, json!(null)),
        (
            r#"{"jsonrpc":"2.0","id":3,"method":"ping"} {}"#,
            400,
            -32700,
            json!(null),
        ),
        (
            r#"{"jsonrpc":"2.0","id":3,"method":"a","params":{"a":"\ud800"}}"#,
            400,
            -32700,
            json!(3),
        ),
        ("5", 400, -32600, json!(null)),
        ("null", 400, -32600, json!(null)),
        ("{}", 400, -32600, json!(null)),
        ("[]", 400, -32600, json!(null)),
        (
            r#"[{"jsonrpc":"2.0","id":3,"method":"ping"}]"#,
            400,
            -32600,
            json!(null),
        ),
        (
            r#"{"jsonrpc":"2.0","id":null,"method":"ping"}"#,
            400,
            -32600,
            json!(null),
        ),
        (
            r#"{"jsonrpc":"2.0","id":1.5,"method":"tools/call"}"#,
            400,
            -32600,
            json!(null),
        ),
        (
            r#"{"jsonrpc":"2.0","id":{},"method":"ping"}"#,
            400,
            -32600,
            json!(null),
        ),
        (
            r#"{"jsonrpc":"1.0","id":3,"method":"ping"}"#,
            400,
            -32600,
            json!(3),
        ),
        (r#"{"id":"a","method":"ping"}"#, 400, -32600, json!("a")),
        (r#"{"jsonrpc":"2.0","id":3}"#, 400, -32600, json!(3)),
        (
            r#"{"jsonrpc":"2.0","id":3,"method":5}"#,
            400,
            -32600,
            json!(3),
        ),
        (
            r#"{"jsonrpc":"2.0","id":3,"method":"initialize"}"#,
            400,
            -32602,
            json!(3),
        ),
        (
            r#"{"jsonrpc":"2.0","id":3,"method":"initialize","params":{"protocolVersion":7}}"#,
            400,
            -32602,
            json!(3),
        ),
    ] {
        for client in [&client, &client.with("mcp-protocol-version", "2026-07-28")] {
            let reply = client.post(body.to_owned()).await;
            assert_eq!(refusal(&reply), (status, code, id.clone()), "{body:.80}");
        }
    }
    // Invalid UTF-8.
    let reply = client
        .post(b"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"\xff\"}".to_vec())
        .await;
    assert_eq!(refusal(&reply), (400, -32700, json!(null)));
    mock.assert_untouched();
    server.stop().await;
}

#[tokio::test]
async fn parameters_that_are_wrong_for_their_method() {
    let mock = Mock::start().await;
    let server = HttpServer::start(&mock, &[]).await;
    let client = HttpClient::new(&server.url);
    let in_session = client.in_session().await;
    for params in [
        json!({"name": 5}),
        json!({}),
        json!({"name": "a", "arguments": []}),
        json!([1]),
    ] {
        let message = in_session.request("tools/call", &params).await.message();
        assert_eq!(message["error"]["code"], -32602, "{params}: {message}");
    }
    let message = client
        .modern("tools/call", &json!({"name": 5}))
        .await
        .message();
    assert_eq!(message["error"]["code"], -32602, "{message}");
    for method in [
        "tools/list",
        "prompts/list",
        "resources/list",
        "resources/templates/list",
    ] {
        let wrong = json!({"cursor": 1});
        for reply in [
            in_session.request(method, &wrong).await,
            client.modern(method, &wrong).await,
        ] {
            assert_eq!(refusal(&reply), (400, -32602, json!(7)), "{method}");
        }
        let reply = in_session.request(method, &json!({"cursor": null})).await;
        assert_eq!(reply.status, 200, "{method}: {}", reply.text);
    }
    mock.assert_untouched();
    server.stop().await;
}

#[tokio::test]
async fn headers_that_do_not_fit() {
    let mock = Mock::start().await;
    let server = HttpServer::start(&mock, &[]).await;
    let client = HttpClient::new(&server.url);
    let hello = initialize("2025-11-25").to_string();
    for (client, status) in [
        (client.with("accept", "application/json"), 406),
        (client.with("accept", "text/html"), 406),
        (
            client.with("accept", "application/json, text/event-stream;q=0"),
            406,
        ),
        (client.with("content-type", "text/plain"), 415),
        (client.without("content-type"), 415),
        (client.with("host", "evil.example"), 403),
        (client.with("host", "evil.example:8080"), 403),
        (client.with("origin", "https://evil.example"), 403),
        (client.with("origin", "http://localhost.evil.example"), 403),
        (client.with("origin", "null"), 403),
        (client.with("mcp-session-id", "made-up"), 404),
        (client.with("mcp-protocol-version", "1999-01-01"), 400),
    ] {
        let reply = client.post(hello.clone()).await;
        let (got, _, _) = refusal(&reply);
        assert_eq!(got, status, "{client:?}: {}", reply.text);
    }
    // A header that says something else than the message.
    let client = client
        .with("mcp-protocol-version", "2026-07-28")
        .with("mcp-method", "tools/list");
    let reply = client.post(modern("tools/call", &call()).to_string()).await;
    assert_eq!(refusal(&reply), (400, -32020, json!(7)));
    mock.assert_untouched();
    server.stop().await;
}

#[tokio::test]
async fn hosts_and_origins_can_be_allowed() {
    let mock = Mock::start().await;
    let server = HttpServer::start(
        &mock,
        &[
            "--allowed-host=mcp.example.com,other.example.com:8443",
            "--allowed-origin=https://app.example.com",
            "--public-url=https://public.example.com/billsby/",
        ],
    )
    .await;
    // The address that is printed is the public one; the port is not in it.
    assert!(
        server
            .url
            .starts_with("https://public.example.com/billsby/mcp/bmcp_")
    );
    drop(server);

    let server = HttpServer::start(
        &mock,
        &[
            "--allowed-host=mcp.example.com,other.example.com:8443",
            "--allowed-origin=https://app.example.com",
        ],
    )
    .await;
    let client = HttpClient::new(&server.url);
    for (name, value, status) in [
        ("host", "mcp.example.com", 200),
        ("host", "MCP.example.com:1234", 200),
        ("host", "localhost:1", 200),
        ("host", "[::1]", 200),
        ("host", "other.example.com:8443", 200),
        ("host", "other.example.com", 403),
        ("origin", "https://app.example.com", 200),
        ("origin", "https://app.example.com:443", 200),
        ("origin", "http://localhost:6274", 200),
        ("origin", "https://app.example.com:8443", 403),
        ("origin", "http://app.example.com", 403),
    ] {
        let reply = client
            .with(name, value)
            .modern("tools/list", &json!({}))
            .await;
        assert_eq!(reply.status, status, "{name}: {value}");
    }
    server.stop().await;
}

#[tokio::test]
async fn browsers_are_told_who_may_ask() {
    let mock = Mock::start().await;
    let server = HttpServer::start(&mock, &["--allowed-origin=https://app.example.com"]).await;
    let client = HttpClient::new(&server.url);
    let asked = client
        .with("access-control-request-method", "POST")
        .with("access-control-request-headers", "mcp-session-id");
    for (origin, url, is_allowed) in [
        ("https://app.example.com", server.url.clone(), true),
        ("http://localhost:6274", server.url.clone(), true),
        ("https://evil.example", server.url.clone(), false),
        (
            "https://app.example.com",
            server.page("/mcp/unknown"),
            false,
        ),
    ] {
        let reply = asked
            .at(&url)
            .with("origin", origin)
            .open(Method::OPTIONS)
            .await;
        let allowed = reply.headers().get("access-control-allow-origin");
        assert_eq!(
            allowed.is_some_and(|allowed| allowed == origin),
            is_allowed,
            "{origin}"
        );
    }
    let page = client.with("origin", "https://app.example.com");
    let reply = page.modern("tools/list", &json!({})).await;
    assert_eq!(reply.status, 200);
    assert_eq!(
        reply.header("access-control-allow-origin"),
        Some("https://app.example.com")
    );
    server.stop().await;
}

#[tokio::test]
async fn a_message_has_at_most_a_mebibyte() {
    let mock = Mock::start().await;
    let server = HttpServer::start(&mock, &[]).await;
    let client = HttpClient::new(&server.url);
    let long = |length: usize| {
        let mut text = modern("tools/list", &json!({})).to_string();
        text.insert_str(1, &" ".repeat(length - text.len()));
        text
    };
    let client = client
        .with("mcp-protocol-version", "2026-07-28")
        .with("mcp-method", "tools/list");
    let reply = client.post(long(1 << 20)).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    let reply = client.post(long((1 << 20) + 1)).await;
    assert_eq!(refusal(&reply), (413, -32600, json!(null)));
    server.stop().await;
}

#[tokio::test]
async fn every_url_without_a_server_looks_the_same() {
    let mock = Mock::start().await;
    let server = HttpServer::start(&mock, &[]).await;
    let client = HttpClient::new(&server.url);
    let mut wrong = server.token().to_owned();
    let last = if wrong.pop() == Some('A') { 'B' } else { 'A' };
    wrong.push(last);
    let pages = [
        format!("/mcp/{wrong}"),
        "/mcp/bmcp_0".to_owned(),
        format!("/mcp/%00{wrong}"),
        "/mcp".to_owned(),
        "/".to_owned(),
        format!("/mcp/{}/x", server.token()),
    ];
    let hello = initialize("2025-11-25").to_string();
    for page in pages {
        let reply = client.at(&server.page(&page)).post(hello.clone()).await;
        assert_eq!(refusal(&reply), (404, -32600, json!(null)), "{page}");
        assert_eq!(
            reply.message()["error"]["message"],
            "there is nothing at this URL"
        );
    }
    let reply = client.open(Method::PUT).await;
    assert_eq!(reply.status(), 405);
    assert_eq!(reply.headers()["allow"], "GET, POST, DELETE");
    server.stop().await;
}
