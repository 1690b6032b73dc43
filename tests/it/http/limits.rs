//! How much one URL takes, and what Billsby's own limits look like from outside.

use std::time::Duration;

use futures_util::future::join_all;
use serde_json::{Value, json};

use super::{OPERATION, call};
use crate::mock::{Answer, Mock};
use crate::support::{HttpClient, HttpReply, HttpServer, initialize};

#[tokio::test]
async fn sessions_are_counted() {
    let mock = Mock::start().await;
    let server = HttpServer::start(&mock, &["--max-sessions=2"]).await;
    let client = HttpClient::new(&server.url);
    let hello = initialize("2025-11-25").to_string();
    let replies = join_all((0..6).map(|_| client.post(hello.clone()))).await;
    let (opened, refused): (Vec<_>, Vec<_>) = replies.iter().partition(|reply| reply.status == 200);
    assert_eq!(opened.len(), 2);
    for reply in refused {
        assert_eq!(reply.status, 503);
        assert_eq!(reply.header("retry-after"), Some("60"));
        let message = reply.message();
        assert_eq!(message["id"], 1);
        assert_eq!(message["error"]["code"], -32000);
    }
    // Clients without sessions are not in the way, and a session that ends makes room.
    assert_eq!(client.modern("tools/list", &json!({})).await.status, 200);
    let session = opened[0].header("mcp-session-id").expect("a session");
    client
        .with("mcp-session-id", session)
        .open(reqwest::Method::DELETE)
        .await;
    assert_eq!(client.post(hello).await.status, 200);
    server.stop().await;
}

#[tokio::test]
async fn requests_are_counted() {
    let mock = Mock::start().await;
    let server = HttpServer::start(&mock, &["--requests-per-second=1"]).await;
    let client = HttpClient::new(&server.url);
    let replies =
        join_all((0..40).map(|_| async { client.modern("ping", &json!({})).await })).await;
    let refused: Vec<_> = replies.iter().filter(|reply| reply.status == 429).collect();
    assert!(refused.len() < replies.len());
    assert!(!refused.is_empty());
    for reply in refused {
        assert_eq!(reply.header("retry-after"), Some("1"));
        assert_eq!(reply.message()["error"]["code"], -32000);
    }
    server.stop().await;
}

#[tokio::test]
async fn an_id_is_for_one_request_at_a_time() {
    let mock = Mock::start().await;
    let server = HttpServer::start(&mock, &[]).await;
    let client = HttpClient::new(&server.url);
    let (session, other) = (client.in_session().await, client.in_session().await);
    let slow = crate::mock::operation::find(OPERATION).answer.clone();
    mock.answer_with(OPERATION, slow.after(Duration::from_secs(3)));
    let params = call();
    let meanwhile = async {
        while mock.recorded().is_empty() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let refused = session.request("tools/call", &params).await;
        assert_eq!(refused.status, 400);
        let message = refused.message();
        assert_eq!(message["id"], 7, "{message}");
        assert_eq!(message["error"]["code"], -32600, "{message}");
        let text = "a request with this id is still running";
        assert_eq!(message["error"]["message"], text);
        // It is taken in this session only.
        other.request("tools/call", &params).await
    };
    let (first, elsewhere) = tokio::join!(session.request("tools/call", &params), meanwhile);
    let again = session.request("tools/call", &params).await;
    for reply in [first, elsewhere, again] {
        let message = reply.message();
        assert_eq!(message["result"]["isError"], false, "{message}");
    }
    assert_eq!(mock.recorded().len(), 3);
    server.stop().await;
}

fn limited() -> Answer {
    Answer::json(429, &json!({"message": "slow down"}))
        .header("retry-after", "9")
        .header("ratelimit-limit", "100")
        .header("ratelimit-remaining", "0")
        .header("ratelimit-reset", "9")
}

#[track_caller]
fn assert_limited(reply: &HttpReply) {
    assert_eq!(reply.status, 200);
    let message: Value = reply.message();
    let result = &message["result"];
    assert_eq!(result["isError"], true, "{message}");
    assert_eq!(result["structuredContent"]["status"], 429, "{message}");
    for (name, value) in [
        ("ratelimit-limit", "100"),
        ("ratelimit-remaining", "0"),
        ("ratelimit-reset", "9"),
        ("ratelimit", "\"billsby\";r=0;t=9"),
        ("ratelimit-policy", "\"billsby\";q=100"),
        ("retry-after", "9"),
    ] {
        assert_eq!(reply.header(name), Some(value), "{name}");
    }
}

#[tokio::test]
async fn limits_of_billsby_are_in_the_headers() {
    let mock = Mock::start().await;
    let server = HttpServer::start(&mock, &[]).await;
    let client = HttpClient::new(&server.url);
    let session = client.in_session().await;
    mock.answer_with(OPERATION, limited());
    assert_limited(&client.modern("tools/call", &call()).await);
    mock.answer_with(OPERATION, limited());
    let events = client.with("accept", "text/event-stream");
    assert_limited(&events.modern("tools/call", &call()).await);
    mock.answer_with(OPERATION, limited());
    assert_limited(&session.request("tools/call", &call()).await);
    for reply in [
        client.modern("tools/call", &call()).await,
        session.request("tools/call", &call()).await,
    ] {
        assert_eq!(reply.header("ratelimit"), None);
        assert_eq!(reply.header("retry-after"), None);
    }
    server.stop().await;
}
