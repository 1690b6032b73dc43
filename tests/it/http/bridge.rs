//! `billsby-mcp bridge`: standard input and output on one side, HTTP on the other.

use std::process::Stdio;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::net::TcpListener;
use tokio::process::{Child, ChildStdin, ChildStdout};

use super::{OPERATION, call};
use crate::mock::{Answer, Mock};
use crate::support::{HttpServer, LEGACY, initialize, modern};

/// How long an answer may take; far more than any does.
const PATIENCE: Duration = Duration::from_secs(60);
/// A secret in a URL that leads nowhere.
pub(super) const SECRET: &str = "bmcp_0123456789abcdefghijklmnopqrstuvwxyz";

/// A running bridge with its client's end of the pipes.
pub(super) struct Bridge {
    child: Child,
    input: Option<ChildStdin>,
    output: Lines<BufReader<ChildStdout>>,
}

impl Bridge {
    pub(super) fn start(url: &str, arguments: &[&str]) -> Self {
        let mut child = HttpServer::command()
            .args(["bridge", url])
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let stdout = child.stdout.take().expect("a pipe");
        Self {
            input: child.stdin.take(),
            child,
            output: BufReader::new(stdout).lines(),
        }
    }

    pub(super) async fn send(&mut self, message: &Value) {
        self.send_text(&message.to_string()).await;
    }

    async fn send_text(&mut self, text: &str) {
        let input = self.input.as_mut().expect("an open end");
        let sent = input.write_all(format!("{text}\n").as_bytes()).await;
        sent.expect("the bridge reads");
    }

    async fn next(&mut self) -> Value {
        let line = tokio::time::timeout(PATIENCE, self.output.next_line()).await;
        let line = line.expect("a line in time").expect("UTF-8");
        serde_json::from_str(&line.expect("a line before the end")).expect("JSON")
    }

    /// Sends a request and gives the answer.
    pub(super) async fn ask(&mut self, request: &Value) -> Value {
        self.send(request).await;
        let answer = self.next().await;
        assert_eq!(answer["id"], request["id"], "{answer}");
        answer
    }

    pub(super) async fn begin_session(&mut self) {
        let answer = self.ask(&initialize(LEGACY)).await;
        assert_eq!(answer["result"]["protocolVersion"], LEGACY, "{answer}");
        self.send(&json!({"jsonrpc": "2.0", "method": "notifications/initialized"}))
            .await;
    }

    /// Closes the client's end; gives what else the bridge answers, and its log.
    pub(super) async fn close(mut self) -> (Vec<String>, String) {
        drop(self.input.take());
        self.ended().await
    }

    /// Asks the bridge to end.
    async fn terminate(&self) {
        let id = self.child.id().expect("a running program").to_string();
        let mut kill = tokio::process::Command::new("kill");
        let killed = kill.args(["-TERM", &id]).status().await;
        assert!(killed.expect("kill runs").success());
    }

    async fn ended(mut self) -> (Vec<String>, String) {
        let rest = async {
            let mut rest = Vec::new();
            while let Some(line) = self.output.next_line().await.expect("UTF-8") {
                rest.push(line);
            }
            let mut log = String::new();
            let mut stderr = self.child.stderr.take().expect("a pipe");
            stderr.read_to_string(&mut log).await.expect("UTF-8");
            let status = self.child.wait().await.expect("a status");
            assert!(status.success(), "{status}: {log}");
            (rest, log)
        };
        tokio::time::timeout(PATIENCE, rest)
            .await
            .expect("an end in time")
    }
}

pub(super) fn in_session(id: u64, method: &str, params: &Value) -> Value {
    json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params})
}

#[tokio::test]
async fn both_eras_pass_through() {
    let mock = Mock::start().await;
    let server = HttpServer::start(&mock, &[]).await;

    let mut bridge = Bridge::start(&server.url, &[]);
    let answer = bridge.ask(&modern("server/discover", &json!({}))).await;
    assert!(answer["result"]["supportedVersions"].is_array(), "{answer}");
    let answer = bridge.ask(&modern("tools/call", &call())).await;
    assert_eq!(answer["result"]["isError"], false, "{answer}");
    let without_session = answer["result"]["structuredContent"].clone();
    let answer = bridge.ask(&modern("no/such/method", &json!({}))).await;
    assert_eq!(answer["error"]["code"], -32601, "{answer}");
    bridge.close().await;

    let mut bridge = Bridge::start(&server.url, &[]);
    bridge.begin_session().await;
    let answer = bridge.ask(&in_session(2, "tools/list", &json!({}))).await;
    assert!(answer["result"]["tools"].is_array(), "{answer}");
    let answer = bridge.ask(&in_session(3, "tools/call", &call())).await;
    assert_eq!(answer["result"]["structuredContent"], without_session);
    let (rest, log) = bridge.close().await;
    assert!(rest.is_empty(), "{rest:?}");
    assert!(!log.contains(server.token()), "{log}");
    // The session ended with the client.
    let log = server.stop().await;
    assert!(log.contains("method=DELETE"), "{log}");
    assert_eq!(mock.recorded().len(), 2);
}

#[tokio::test]
async fn running_requests_are_answered_after_the_end_of_input() {
    let mock = Mock::start().await;
    let server = HttpServer::start(&mock, &[]).await;
    let slow = crate::mock::operation::find(OPERATION).answer.clone();
    let slow = slow.after(Duration::from_secs(1));
    mock.answer_with(OPERATION, slow.clone());
    let mut bridge = Bridge::start(&server.url, &[]);
    bridge.begin_session().await;
    bridge.send(&in_session(5, "tools/call", &call())).await;
    let (rest, _) = bridge.close().await;
    assert_eq!(rest.len(), 1, "{rest:?}");
    let answer: Value = serde_json::from_str(&rest[0]).expect("JSON");
    assert_eq!(
        (&answer["id"], &answer["result"]["isError"]),
        (&json!(5), &json!(false))
    );
    server.stop().await;
}

#[tokio::test]
async fn what_is_not_a_message_is_answered_here() {
    let mut bridge = Bridge::start(&format!("http://127.0.0.1:1/mcp/{SECRET}"), &[]);
    for (text, code) in [
        ("{", -32700),
        ("[]", -32600),
        (r#"{"jsonrpc":"2.0","id":null,"method":"a"}"#, -32600),
    ] {
        bridge.send_text(text).await;
        assert_eq!(bridge.next().await["error"]["code"], code, "{text}");
    }
    bridge.close().await;
}

/// Answers every connection in the same way.
async fn stub(reply: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("a bound listener");
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = vec![0; 64 * 1024];
            let _ = stream.read(&mut request).await;
            let _ = stream.write_all(reply.as_bytes()).await;
        }
    });
    format!("http://{address}/mcp/{SECRET}")
}

#[tokio::test]
async fn failures_are_answers_that_do_not_show_the_url() {
    for (reply, expected) in [
        (
            "HTTP/1.1 307 \r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
            "somewhere else",
        ),
        (
            "HTTP/1.1 401 \r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
            "credentials",
        ),
        (
            "HTTP/1.1 404 \r\ncontent-length: 5\r\nconnection: close\r\n\r\nempty",
            "no server",
        ),
        (
            "HTTP/1.1 429 \r\nretry-after: 3\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
            "fewer requests",
        ),
        (
            "HTTP/1.1 502 \r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
            "look before you repeat",
        ),
        (
            "HTTP/1.1 200 \r\ncontent-type: text/html\r\ncontent-length: 6\r\nconnection: close\r\n\r\n<html>",
            "not a message of the protocol; whether the request took effect is unknown: look before you repeat",
        ),
        (
            "HTTP/1.1 200 \r\ncontent-type: application/json\r\ncontent-length: 9\r\nconnection: close\r\n\r\n\"Success\"",
            "not a message of the protocol",
        ),
        (
            "HTTP/1.1 200 \r\ncontent-type: application/json\r\ncontent-length: 4\r\nconnection: close\r\n\r\nnull",
            "not a message of the protocol",
        ),
        (
            "HTTP/1.1 200 \r\ncontent-type: application/json\r\ncontent-length: 7\r\nconnection: close\r\n\r\n{\"a\":2}",
            "not a message of the protocol",
        ),
        (
            "HTTP/1.1 202 \r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
            "not a message of the protocol; whether the request took effect is unknown: look before you repeat",
        ),
        (
            "HTTP/1.1 200 \r\ncontent-type: application/json\r\ncontent-length: 60\r\nconnection: close\r\n\r\n{",
            "look before you repeat",
        ),
        (
            "HTTP/1.1 200 \r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\nid: 0\ndata:\n\n",
            "look before you repeat",
        ),
        ("", "look before you repeat"),
    ] {
        let url = stub(reply).await;
        for request in [modern("tools/call", &call()), initialize(LEGACY)] {
            let mut bridge = Bridge::start(&url, &[]);
            let answer = bridge.ask(&request).await;
            let message = answer["error"]["message"].as_str().expect("a text");
            assert!(message.contains(expected), "{reply}: {answer}");
            let (_, log) = bridge.close().await;
            let shown = format!("{answer} {log}");
            assert!(
                !shown.contains(SECRET) && !shown.contains("127.0.0.1"),
                "{shown}"
            );
        }
    }
}

#[tokio::test]
async fn a_server_that_is_not_there() {
    let url = format!("http://127.0.0.1:1/mcp/{SECRET}");
    let mut bridge = Bridge::start(&url, &[]);
    let answer = bridge.ask(&initialize(LEGACY)).await;
    let message = answer["error"]["message"].as_str().expect("a text");
    assert!(message.contains("nothing was sent"), "{answer}");
    // The client may try again.
    bridge.ask(&modern("tools/list", &json!({}))).await;
    let (_, log) = bridge.close().await;
    assert!(!log.contains(SECRET), "{log}");
}

#[tokio::test]
async fn what_the_server_says_of_a_refusal_is_kept() {
    let mock = Mock::start().await;
    let server = HttpServer::start(&mock, &[]).await;
    let wrong = server.page(&format!("/mcp/{SECRET}"));
    let mut bridge = Bridge::start(&wrong, &[]);
    let answer = bridge.ask(&modern("tools/list", &json!({}))).await;
    assert_eq!(answer["error"]["message"], "there is nothing at this URL");
    bridge.close().await;
    server.stop().await;
}

#[tokio::test]
async fn a_server_that_began_anew_gets_a_new_session() {
    let mock = Mock::start().await;
    let file = super::setup::TokenFile::new("bridge", SECRET, 0o600);
    let first = HttpServer::start(&mock, &[&file.option()]).await;
    let url = first.page(&format!("/mcp/{SECRET}"));
    let listen = url.trim_start_matches("http://").split('/').next();
    let listen = format!("--listen={}", listen.expect("an address"));
    let mut bridge = Bridge::start(&url, &[]);
    bridge.begin_session().await;
    bridge.ask(&in_session(2, "tools/list", &json!({}))).await;
    first.stop().await;
    let second = HttpServer::start(&mock, &[&file.option(), &listen]).await;
    let answer = bridge.ask(&in_session(3, "tools/call", &call())).await;
    assert_eq!(answer["result"]["isError"], false, "{answer}");
    bridge.close().await;
    second.stop().await;
}

/// A request of a client without sessions is cancelled by closing its connection.
#[tokio::test]
async fn cancelling_reaches_the_server() {
    let mock = Mock::start().await;
    let server = HttpServer::start(&mock, &[]).await;
    mock.answer_with(
        OPERATION,
        Answer::json(200, &json!({})).after(Duration::from_secs(20)),
    );
    let mut bridge = Bridge::start(&server.url, &[]);
    bridge.send(&modern("tools/call", &call())).await;
    while mock.recorded().is_empty() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let cancelled =
        json!({"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": 7}});
    bridge.send(&cancelled).await;
    // There is no answer to it, and the server has nothing to wait for.
    let (rest, _) = bridge.close().await;
    assert!(rest.is_empty(), "{rest:?}");
    server.stop().await;
}

#[tokio::test]
async fn a_signal_ends_it_cleanly() {
    let mock = Mock::start().await;
    let server = HttpServer::start(&mock, &[]).await;
    let mut bridge = Bridge::start(&server.url, &[]);
    bridge.begin_session().await;
    bridge.ask(&in_session(2, "ping", &json!({}))).await;
    bridge.terminate().await;
    bridge.ended().await;
    let log = server.stop().await;
    assert!(log.contains("method=DELETE"), "{log}");
}

#[tokio::test]
async fn a_signal_is_seen_while_a_notification_is_not_accepted() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("a bound listener");
    let mut bridge = Bridge::start(&format!("http://{address}/mcp/{SECRET}"), &[]);
    let notification =
        json!({"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": 1}});
    bridge.send(&notification).await;
    let (silent, _) = listener.accept().await.expect("a connection");
    bridge.terminate().await;
    let (_, log) = bridge.ended().await;
    // It was not waited for.
    assert!(log.contains("asked to end"), "{log}");
    assert!(!log.contains("not accepted in time"), "{log}");
    drop(silent);
}

#[tokio::test]
async fn only_addresses_that_keep_the_secret_are_taken() {
    for (url, expected) in [
        (format!("http://mcp.example.com/mcp/{SECRET}"), "https://"),
        (format!("https://me:{SECRET}@mcp.example.com/"), "--header"),
        (format!("mcp/{SECRET}"), "expected https://HOST/mcp/TOKEN"),
    ] {
        let output = HttpServer::command().args(["bridge", &url]).output().await;
        let output = output.expect("the program runs");
        assert_eq!(output.status.code(), Some(2));
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(said.contains(expected) && !said.contains(SECRET), "{said}");
    }
}

#[tokio::test]
async fn headers_are_sent_with_every_request() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("a bound listener");
    let arguments = ["--header=X-Team: billing", "--bearer=abc"];
    let mut bridge = Bridge::start(&format!("http://{address}/mcp/{SECRET}"), &arguments);
    bridge.send(&modern("tools/call", &call())).await;
    let (mut stream, _) = listener.accept().await.expect("a connection");
    let mut request = vec![0; 64 * 1024];
    let length = stream.read(&mut request).await.expect("a request");
    let request = String::from_utf8_lossy(&request[..length]).into_owned();
    for line in [
        "x-team: billing",
        "authorization: Bearer abc",
        "accept: application/json, text/event-stream",
        "content-type: application/json",
        "mcp-protocol-version: 2026-07-28",
        "mcp-method: tools/call",
    ] {
        assert!(
            request.lines().any(|sent| sent == line),
            "{line} is not in: {request}"
        );
    }
    drop((stream, listener));
    bridge.close().await;
}
