//! Clients with sessions and clients without, at the same URL.

use reqwest::Method;
use serde_json::{Value, json};

use super::{OPERATION, call};
use crate::mock::Mock;
use crate::support::{HttpClient, HttpReply, HttpServer, LEGACY, MODERN, initialize};

/// What the mock answers, from the result of a call.
fn customer(reply: &HttpReply) -> Value {
    let message = reply.message();
    assert_eq!(message["id"], 7, "{message}");
    assert_eq!(message["result"]["isError"], false, "{message}");
    message["result"]["structuredContent"].clone()
}

#[tokio::test]
async fn a_client_without_sessions_gets_json() {
    let mock = Mock::start().await;
    let server = HttpServer::start(&mock, &[]).await;
    let client = HttpClient::new(&server.url);
    let reply = client.modern("server/discover", &json!({})).await;
    assert_eq!(reply.media_type(), "application/json");
    let versions = &reply.message()["result"]["supportedVersions"];
    assert!(
        versions
            .as_array()
            .expect("a list")
            .contains(&json!(MODERN)),
        "{versions}"
    );

    let reply = client.modern("tools/call", &call()).await;
    assert_eq!(
        (reply.status, reply.media_type()),
        (200, "application/json")
    );
    assert_eq!(reply.header("mcp-session-id"), None);
    assert_eq!(
        customer(&reply)["customerUniqueId"],
        mock.take_one()
            .path_value("customerUniqueId")
            .expect("an id")
    );
    server.stop().await;
}

#[tokio::test]
async fn events_come_where_they_are_asked_for() {
    let mock = Mock::start().await;
    let server = HttpServer::start(&mock, &[]).await;
    let client = HttpClient::new(&server.url);
    let plain = customer(&client.modern("tools/call", &call()).await);
    for accept in [
        "text/event-stream",
        "text/event-stream, application/json;q=0.5",
    ] {
        let reply = client
            .with("accept", accept)
            .modern("tools/call", &call())
            .await;
        assert_eq!(
            (reply.status, reply.media_type()),
            (200, "text/event-stream")
        );
        assert_eq!(customer(&reply), plain);
    }
    for client in [client.with("accept", "*/*"), client.without("accept")] {
        let reply = client.modern("tools/call", &call()).await;
        assert_eq!(reply.media_type(), "application/json");
    }
    server.stop().await;
}

#[tokio::test]
async fn a_client_with_a_session_gets_events() {
    let mock = Mock::start().await;
    let server = HttpServer::start(&mock, &[]).await;
    let client = HttpClient::new(&server.url);
    for version in ["2024-11-05", "2025-03-26", "2025-06-18", LEGACY] {
        let reply = client.post(initialize(version).to_string()).await;
        assert_eq!(reply.message()["result"]["protocolVersion"], version);
    }
    let session = client.in_session().await;
    let reply = session.request("tools/list", &json!({})).await;
    assert!(
        !reply.message()["result"]["tools"]
            .as_array()
            .expect("a list")
            .is_empty()
    );
    let reply = session.request("tools/call", &call()).await;
    assert_eq!(
        (reply.status, reply.media_type()),
        (200, "text/event-stream")
    );
    customer(&reply);
    assert_eq!(mock.take_one().operation.as_deref(), Some(OPERATION));

    let stream = session.open(Method::GET).await;
    assert_eq!(stream.status(), 200);
    assert_eq!(stream.headers()["content-type"], "text/event-stream");
    assert_eq!(stream.headers()["cache-control"], "no-store");
    drop(stream);
    assert!(session.open(Method::DELETE).await.status().is_success());
    let reply = session.request("tools/list", &json!({})).await;
    assert_eq!(reply.status, 404, "{}", reply.text);
    assert_eq!(reply.message()["error"]["code"], -32001);
    server.stop().await;
}

#[tokio::test]
async fn every_reply_has_an_id_and_keeps_the_url_secret() {
    let mock = Mock::start().await;
    let server = HttpServer::start(&mock, &[]).await;
    let client = HttpClient::new(&server.url);
    let reply = client.modern("tools/list", &json!({})).await;
    assert_eq!(reply.header("cache-control"), Some("no-store"));
    assert_eq!(reply.header("referrer-policy"), Some("no-referrer"));
    assert_eq!(reply.header("x-content-type-options"), Some("nosniff"));
    let first = reply.header("x-request-id").expect("an id").to_owned();
    let reply = client.modern("tools/list", &json!({})).await;
    assert_ne!(reply.header("x-request-id"), Some(first.as_str()));

    let reply = client.with("x-request-id", "job-17.a").post("{").await;
    assert_eq!(reply.header("x-request-id"), Some("job-17.a"));
    let reply = client.with("x-request-id", "a b").post("{").await;
    assert_ne!(reply.header("x-request-id"), Some("a b"));
    let log = server.stop().await;
    assert!(log.contains("job-17.a"), "{log}");
    assert!(!log.contains("a b"), "{log}");
}
