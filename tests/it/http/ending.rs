//! How a server ends: what is running finishes, what is new is refused.

use std::time::Duration;

use reqwest::{Client, Method};
use serde_json::json;
use tokio::net::TcpStream;

use super::{OPERATION, call};
use crate::mock::{Answer, Mock};
use crate::support::{Case, HttpClient, HttpServer};

/// How long a slow call takes: longer than it takes to ask a server to end and to look at it.
const SLOW: Duration = Duration::from_secs(5);
/// How long a call takes that is not waited for.
const ENDLESS: Duration = Duration::from_secs(600);

/// Waits until the mock has received so many requests.
async fn until_sent(mock: &Mock, number: usize) {
    while mock.recorded().len() < number {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

fn answer(delay: Duration) -> Answer {
    let case = crate::mock::operation::find(OPERATION);
    case.answer.clone().after(delay)
}

#[tokio::test]
async fn running_calls_finish_and_new_ones_are_refused() {
    let mock = Mock::start().await;
    let server = HttpServer::start(&mock, &[]).await;
    let client = HttpClient::new(&server.url);
    let session = client.in_session().await;
    let mut stream = session.open(Method::GET).await;
    mock.answer_with(OPERATION, answer(SLOW));
    mock.answer_with(OPERATION, answer(SLOW));
    let params = call();
    let calls = async {
        tokio::join!(
            client.modern("tools/call", &params),
            session.request("tools/call", &params)
        )
    };
    let ending = async {
        until_sent(&mock, 2).await;
        server.terminate().await;
        let plain = Client::builder().no_proxy().build().expect("a client");
        let ready = server.page("/readyz");
        while plain.get(&ready).send().await.expect("a reply").status() != 503 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let alive = plain.get(server.page("/healthz")).send().await;
        assert_eq!(alive.expect("a reply").status(), 200);
        let reply = client.modern("tools/call", &call()).await;
        assert_eq!(reply.status, 503);
        assert!(reply.header("retry-after").is_some());
        assert_eq!(reply.message()["error"]["code"], -32000);
    };
    let ((modern, in_session), ()) = tokio::join!(calls, ending);
    for reply in [modern, in_session] {
        assert_eq!(reply.status, 200);
        assert_eq!(reply.message()["result"]["isError"], false);
    }
    // Only the two were sent, and the stream has an end.
    assert_eq!(mock.recorded().len(), 2);
    while stream.chunk().await.expect("a proper end").is_some() {}
    let address = server.page("");
    let address = address.trim_start_matches("http://").to_owned();
    let (status, _) = server.ended().await;
    assert_eq!(status.code(), Some(0));
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn a_server_without_calls_ends_at_once() {
    let mock = Mock::start().await;
    let server = HttpServer::start(&mock, &["--shutdown-timeout=3600"]).await;
    let client = HttpClient::new(&server.url);
    let session = client.in_session().await;
    let stream = session.open(Method::GET).await;
    client.modern("tools/list", &json!({})).await;
    server.stop().await;
    drop(stream);
}

#[tokio::test]
async fn the_wait_is_bounded() {
    let mock = Mock::start().await;
    let server = HttpServer::start(&mock, &["--shutdown-timeout=0"]).await;
    let client = HttpClient::new(&server.url);
    mock.answer_with(OPERATION, answer(ENDLESS));
    let calls = async {
        let case = Case::of(OPERATION);
        let params = json!({"name": case.tool, "arguments": case.arguments});
        client.modern("tools/call", &params).await
    };
    let ending = async {
        until_sent(&mock, 1).await;
        server.terminate().await;
    };
    let (reply, ()) = tokio::join!(calls, ending);
    assert_eq!(reply.status, 500);
    assert_eq!(reply.message()["error"]["code"], -32603);
    let (status, log) = server.ended().await;
    assert_eq!(status.code(), Some(0));
    assert!(log.contains("still running"), "{log}");
}

/// A write whose caller has gone runs to its end, and the server waits for it.
#[tokio::test]
async fn a_write_that_nobody_waits_for_finishes() {
    let mock = Mock::start().await;
    let server = HttpServer::start(&mock, &[]).await;
    let client = HttpClient::new(&server.url);
    let case = Case::of("Customer_updateDetails");
    let answer = crate::mock::operation::find(&case.operation).answer.clone();
    mock.answer_with(&case.operation, answer.after(SLOW));
    let params = json!({"name": case.tool, "arguments": case.arguments});
    let given_up = tokio::select! {
        _ = client.modern("tools/call", &params) => false,
        () = until_sent(&mock, 1) => true,
    };
    assert!(given_up);
    let log = server.stop().await;
    assert!(log.contains("call succeeded"), "{log}");
}
