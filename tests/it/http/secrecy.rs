//! The secret in the URL and the API key stay out of the log, with everything in it that can be asked for.

use reqwest::Method;
use serde_json::json;

use super::{OPERATION, call};
use crate::mock::{API_KEY, Answer, Mock};
use crate::support::{Case, HttpClient, HttpServer};

#[tokio::test]
async fn the_log_shows_neither_token_nor_key_nor_people() {
    let mock = Mock::start().await;
    let server = HttpServer::start(&mock, &["--max-sessions=1"]).await;
    let token = server.token().to_owned();
    let client = HttpClient::new(&server.url);
    let session = client.in_session().await;
    drop(session.open(Method::GET).await);
    client.modern("tools/call", &call()).await;
    session.request("tools/call", &call()).await;
    let echo = json!({"message": API_KEY, "errors": Case::of(OPERATION).arguments});
    mock.answer_with(
        OPERATION,
        Answer::json(429, &echo).header("retry-after", "1"),
    );
    client.modern("tools/call", &call()).await;
    mock.answer_with(OPERATION, Answer::cut());
    session.request("tools/call", &call()).await;
    // Everything that is refused, some of it with the secret where it does not belong.
    client.post("{").await;
    client.post(format!("[{token:?}]")).await;
    client.request("initialize", &json!({"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "a", "version": "0"}})).await;
    client.modern(&format!("no/such/{token}"), &json!({})).await;
    client.modern("tools/call", &json!({"name": token})).await;
    client
        .with("mcp-session-id", &token)
        .request("ping", &json!({}))
        .await;
    client
        .with("origin", "https://evil.example")
        .post("{}")
        .await;
    client
        .with("referer", &server.url)
        .with("x-request-id", "a/b")
        .post("{}")
        .await;
    for page in [
        format!("/mcp/{token}/x"),
        format!("/{token}"),
        format!("/mcp/x{token}"),
    ] {
        client.at(&server.page(&page)).post("{}").await;
    }
    client
        .at(&format!("{}?a={token}", server.url))
        .modern("tools/list", &json!({}))
        .await;
    session.open(Method::DELETE).await;
    let log = server.stop().await;

    assert!(
        log.contains("/mcp/{token}") && log.contains("call failed"),
        "{log}"
    );
    let (_, key) = API_KEY.split_once('_').expect("a company and a secret");
    let customer = Case::of(OPERATION).arguments["customerUniqueId"].clone();
    for secret in [token.as_str(), key, customer.as_str().expect("text")] {
        assert!(!log.contains(secret), "{secret} is in: {log}");
    }
}
