//! An answer that breaks off on its way to `billsby-mcp bridge`: the server has had the call.

use std::ops::ControlFlow;
use std::sync::{Arc, Mutex};

use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use super::bridge::{Bridge, SECRET, in_session};
use super::call;
use crate::support::LEGACY;

const ACCEPTED: &str = "HTTP/1.1 202 \r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
const NO_STREAM: &str = "HTTP/1.1 405 \r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
const OVERLOADED: &str = "HTTP/1.1 503 \r\ncontent-length: 0\r\nconnection: close\r\n\r\n";

/// A server with one session that answers calls and requests for the rest of an answer as `script`
/// says; after `Break` it is gone. Gives its URL and what it receives of these.
async fn server(
    mut script: impl FnMut(usize) -> ControlFlow<String, String> + Send + 'static,
) -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("a bound listener");
    let received = Arc::new(Mutex::new(Vec::new()));
    let all = Arc::clone(&received);
    tokio::spawn(async move {
        let mut number = 0;
        loop {
            let (mut stream, _) = listener.accept().await.expect("a connection");
            let request = request(&mut stream).await;
            let reply = if request.contains("tools/call") || request.contains("last-event-id") {
                all.lock().expect("no panic").push(request);
                number += 1;
                script(number)
            } else {
                ControlFlow::Continue(handshake(&request))
            };
            let (ControlFlow::Continue(text) | ControlFlow::Break(text)) = &reply;
            stream.write_all(text.as_bytes()).await.expect("a reader");
            if reply.is_break() {
                // The listener goes first: whoever notices the end of the answer finds nobody.
                drop(listener);
                break;
            }
        }
    });
    (format!("http://{address}/mcp/{SECRET}"), received)
}

/// A request with its body.
async fn request(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes);
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .find_map(|line| line.strip_prefix("content-length: "));
            let length: usize = length.map_or(0, |length| length.parse().expect("a number"));
            if body.len() >= length {
                return text.into_owned();
            }
        }
        let read = stream.read_buf(&mut bytes).await.expect("a request");
        assert_ne!(read, 0, "a whole request");
    }
}

fn handshake(request: &str) -> String {
    if request.starts_with("GET") {
        return NO_STREAM.to_owned();
    }
    if !request.contains(r#""method":"initialize""#) {
        return ACCEPTED.to_owned();
    }
    let answer = json!({"jsonrpc": "2.0", "id": 1, "result": {"protocolVersion": LEGACY}});
    let answer = answer.to_string();
    format!(
        "HTTP/1.1 200 \r\ncontent-type: application/json\r\nmcp-session-id: a\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{answer}",
        answer.len()
    )
}

fn stream(events: &str) -> String {
    format!("HTTP/1.1 200 \r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n{events}")
}

#[tokio::test]
async fn a_server_that_dies_while_it_answers_leaves_the_outcome_open() {
    let (url, received) = server(|_| ControlFlow::Break(stream("id: 0\ndata:\n\n"))).await;
    let mut bridge = Bridge::start(&url, &[]);
    bridge.begin_session().await;
    let answer = bridge.ask(&in_session(2, "tools/call", &call())).await;
    let message = answer["error"]["message"].as_str().expect("a text");
    assert!(message.contains("look before you repeat"), "{answer}");
    assert!(!message.contains("nothing was sent"), "{answer}");
    bridge.close().await;
    assert_eq!(received.lock().expect("no panic").len(), 1);
}

#[tokio::test]
async fn the_rest_of_an_answer_is_asked_for_more_than_once() {
    let (url, received) = server(|number| {
        ControlFlow::Continue(match number {
            1 => stream("id: 0\ndata:\n\n"),
            2 | 3 => OVERLOADED.to_owned(),
            _ => stream("id: 1\ndata: {\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{}}\n\n"),
        })
    })
    .await;
    let mut bridge = Bridge::start(&url, &[]);
    bridge.begin_session().await;
    let answer = bridge.ask(&in_session(2, "tools/call", &call())).await;
    assert_eq!(answer["result"], json!({}), "{answer}");
    bridge.close().await;
    let received = received.lock().expect("no panic").clone();
    let calls = received
        .iter()
        .filter(|request| request.contains("tools/call"));
    assert_eq!(calls.count(), 1, "the call was repeated");
    for rest in &received[1..] {
        assert!(rest.contains("last-event-id: 0"), "{rest}");
    }
}
