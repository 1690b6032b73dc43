//! Streams on which clients only listen end with the URL, also when nothing happens on them.

use std::time::Duration;

use reqwest::{Method, Response};
use serde_json::{Value, json};

use super::{OPERATION, call, change, path, revoke, until_ended};
use crate::mock::Mock;
use crate::support::{HttpClient, PATIENCE, Provisioned};

/// A stream on which a client listens. There is none without a session: this server has no news to subscribe to.
async fn listening(client: &HttpClient) -> Response {
    let session = client.in_session().await;
    let stream = session.open(Method::GET).await;
    assert_eq!(stream.status(), 200);
    stream
}

/// Whether a stream is still open after it has had the time to end.
async fn is_open(stream: &mut Response) -> bool {
    let end = until_ended(stream);
    let patience = Duration::from_millis(700);
    tokio::time::timeout(patience, end).await.is_err()
}

#[tokio::test]
async fn they_end_when_the_time_is_over() {
    let mock = Mock::start().await;
    let site = Provisioned::start(&mock).await;
    let account = site.account().await;
    let body = json!({"name": "Short", "expires_at": "2026-11-22T12:01:30Z"});
    let client = site.client(&site.server(&account, &body).await);
    let mut stream = listening(&client).await;
    site.pass(89_999);
    assert!(is_open(&mut stream).await);
    site.pass(1);
    until_ended(&mut stream).await;
    site.stop().await;
}

#[tokio::test]
async fn they_end_when_the_server_is_taken_back() {
    let mock = Mock::start().await;
    let site = Provisioned::start(&mock).await;
    let (account, server) = site.account_with_server().await;
    let mut stream = listening(&site.client(&server)).await;
    revoke(&site, &account, &server).await;
    until_ended(&mut stream).await;
    site.stop().await;
}

#[tokio::test]
async fn they_end_with_the_secret_that_they_were_opened_with() {
    let mock = Mock::start().await;
    let site = Provisioned::start(&mock).await;
    let (account, server) = site.account_with_server().await;
    let mut old = listening(&site.client(&server)).await;
    let rotate = format!("{}/rotate", path(&account, &server));
    let body = json!({"overlap_seconds": 60});
    let server = change(&site, Method::POST, &rotate, &body).await;
    let mut new = listening(&site.client(&server)).await;
    site.pass(60_000);
    until_ended(&mut old).await;
    assert!(is_open(&mut new).await);
    site.stop().await;
}

#[tokio::test]
async fn they_end_with_the_api_token_that_they_were_opened_with() {
    let mock = Mock::start().await;
    let site = Provisioned::start(&mock).await;
    let account = site.account().await;
    let body = json!({"name": "Guarded", "config": {"require_api_token_auth": true}});
    let client = site.client(&site.server(&account, &body).await);
    let mut tokens = Vec::new();
    for end in [json!(null), json!(null), json!("2026-11-22T12:01:00Z")] {
        let body = json!({"name": "client", "expires_at": end});
        let (status, token) = site.call(Method::POST, "/api-token", Some(&body)).await;
        assert_eq!(status, 201, "{token}");
        tokens.push(token);
    }
    let mut streams = Vec::new();
    for token in &tokens {
        let bearer = format!("Bearer {}", token["token"].as_str().expect("a token"));
        streams.push(listening(&client.with("authorization", &bearer)).await);
    }
    let id = tokens[0]["id"].as_str().expect("an id");
    let revoke = format!("/api-token/{id}");
    let (status, _) = site.call(Method::DELETE, &revoke, None).await;
    assert_eq!(status, 204);
    until_ended(&mut streams[0]).await;
    assert!(is_open(&mut streams[2]).await);
    site.pass(60_000);
    until_ended(&mut streams[2]).await;
    assert!(is_open(&mut streams[1]).await);
    site.stop().await;
}

#[tokio::test]
async fn they_end_when_the_tools_change() {
    let mock = Mock::start().await;
    let site = Provisioned::start(&mock).await;
    let (account, server) = site.account_with_server().await;
    let mut stream = listening(&site.client(&server)).await;
    let reads: Value = json!({"config": {"methods": ["read"]}});
    change(&site, Method::PATCH, &path(&account, &server), &reads).await;
    until_ended(&mut stream).await;
    site.stop().await;
}

/// A call that has begun may send its answer, in both eras.
#[tokio::test]
async fn a_running_call_is_answered_after_the_end() {
    let mock = Mock::start().await;
    let site = Provisioned::start(&mock).await;
    let (account, server) = site.account_with_server().await;
    let client = site.client(&server);
    let session = client.in_session().await;
    for _ in 0..2 {
        let answer = crate::mock::operation::find(OPERATION).answer.clone();
        mock.answer_with(OPERATION, answer.after(Duration::from_secs(3)));
    }
    let params = call(OPERATION);
    let calls = async {
        tokio::join!(
            client.modern("tools/call", &params),
            session.request("tools/call", &params)
        )
    };
    let ending = async {
        let sent = async {
            while mock.recorded().len() < 2 {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(PATIENCE, sent)
            .await
            .expect("two calls");
        revoke(&site, &account, &server).await;
    };
    let ((first, second), ()) = tokio::join!(calls, ending);
    for reply in [first, second] {
        assert_eq!(reply.status, 200, "{}", reply.text);
        assert_eq!(reply.message()["result"]["isError"], false);
    }
    assert_eq!(session.open(Method::GET).await.status(), 404);
    site.stop().await;
}
