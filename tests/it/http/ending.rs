//! How a server ends: what is running finishes, what is new is refused.

use std::time::Duration;

use reqwest::{Client, Method};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::{OPERATION, call};
use crate::mock::Mock;
use crate::support::{Case, HttpClient, HttpServer};

/// A write.
const WRITE: &str = "Customer_updateDetails";
/// How long a slow call takes: longer than it takes to ask a server to end and to look at it.
const SLOW: Duration = Duration::from_secs(5);
/// How long a call takes that is not waited for.
const ENDLESS: Duration = Duration::from_secs(600);

/// The parameters of a call of an operation, the answer to which takes so long.
fn slow_call(mock: &Mock, operation: &str, delay: Duration) -> Value {
    let case = Case::of(operation);
    let answer = crate::mock::operation::find(operation).answer.clone();
    mock.answer_with(operation, answer.after(delay));
    json!({"name": case.tool, "arguments": case.arguments})
}

/// Waits until the mock has received so many requests.
async fn until_sent(mock: &Mock, number: usize) {
    while mock.recorded().len() < number {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn running_calls_finish_and_new_ones_are_refused() {
    let mock = Mock::start().await;
    let server = HttpServer::start(&mock, &[]).await;
    let client = HttpClient::new(&server.url);
    let session = client.in_session().await;
    let mut stream = session.open(Method::GET).await;
    let params = slow_call(&mock, OPERATION, SLOW);
    slow_call(&mock, OPERATION, SLOW);
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
async fn a_message_that_has_not_arrived_is_refused() {
    let mock = Mock::start().await;
    let server = HttpServer::start(&mock, &["--shutdown-timeout=3600"]).await;
    let address = server.page("");
    let mut stream = TcpStream::connect(address.trim_start_matches("http://"))
        .await
        .expect("a connection");
    let head = format!(
        "POST /mcp/{} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n\
         accept: application/json, text/event-stream\r\ncontent-length: 1000\r\n\
         expect: 100-continue\r\n\r\n",
        server.token()
    );
    stream.write_all(head.as_bytes()).await.expect("sent");
    // Then the server waits for the message.
    let mut go_on = vec![0; "HTTP/1.1 100 Continue\r\n\r\n".len()];
    stream.read_exact(&mut go_on).await.expect("a reply");
    stream.write_all(b"{\"jsonrpc\":").await.expect("sent");
    server.terminate().await;
    let mut reply = Vec::new();
    stream.read_to_end(&mut reply).await.expect("an end");
    let reply = String::from_utf8_lossy(&reply);
    assert!(reply.starts_with("HTTP/1.1 503"), "{reply}");
    assert!(reply.contains("shutting down"), "{reply}");
    let (status, _) = server.ended().await;
    assert_eq!(status.code(), Some(0));
    mock.assert_untouched();
}

#[tokio::test]
async fn the_wait_is_bounded() {
    let mock = Mock::start().await;
    let server = HttpServer::start(&mock, &["--shutdown-timeout=0"]).await;
    let client = HttpClient::new(&server.url);
    let read = slow_call(&mock, OPERATION, ENDLESS);
    let write = slow_call(&mock, WRITE, ENDLESS);
    let ending = async {
        until_sent(&mock, 2).await;
        server.terminate().await;
    };
    let (read, write, ()) = tokio::join!(
        client.modern("tools/call", &read),
        client.modern("tools/call", &write),
        ending
    );
    for reply in [read, write] {
        assert_eq!(reply.status, 500);
        let error = reply.message()["error"].clone();
        assert_eq!(error["code"], -32603, "{error}");
        let text = error["message"].as_str().expect("a text");
        assert!(text.contains("took effect is unknown"), "{text}");
    }
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
    let params = slow_call(&mock, WRITE, SLOW);
    let given_up = tokio::select! {
        _ = client.modern("tools/call", &params) => false,
        () = until_sent(&mock, 1) => true,
    };
    assert!(given_up);
    let log = server.stop().await;
    assert!(log.contains("call succeeded"), "{log}");
}
