//! Messages that are held back until what their sender was let in by has ended.

use reqwest::Method;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::{WRITE, call, change, path};
use crate::mock::Mock;
use crate::support::{MODERN, PATIENCE, Provisioned, modern};

/// A call of a write that a server waits for: its head has been let in.
pub(crate) struct Withheld {
    stream: TcpStream,
    body: String,
}

impl Withheld {
    /// Sends the head of a call, with a bearer if there is one.
    pub(crate) async fn begin(url: &str, bearer: Option<&str>) -> Self {
        let (host, path) = url
            .strip_prefix("http://")
            .and_then(|rest| rest.split_once('/'))
            .expect("a URL");
        let params = call(WRITE);
        let (name, body) = (&params["name"], modern("tools/call", &params).to_string());
        let name = name.as_str().expect("a name");
        let bearer = bearer.map(|token| format!("authorization: Bearer {token}\r\n"));
        let head = format!(
            "POST /{path} HTTP/1.1\r\nhost: {host}\r\ncontent-type: application/json\r\n\
             accept: application/json, text/event-stream\r\ncontent-length: {}\r\n\
             mcp-protocol-version: {MODERN}\r\nmcp-method: tools/call\r\nmcp-name: {name}\r\n\
             expect: 100-continue\r\nconnection: close\r\n{}\r\n",
            body.len(),
            bearer.unwrap_or_default()
        );
        let mut stream = TcpStream::connect(host).await.expect("a connection");
        stream.write_all(head.as_bytes()).await.expect("sent");
        // Then the server waits for the message.
        let mut go_on = vec![0; "HTTP/1.1 100 Continue\r\n\r\n".len()];
        let reading = stream.read_exact(&mut go_on);
        let read = tokio::time::timeout(PATIENCE, reading).await;
        read.expect("a reply in time").expect("a reply");
        assert!(go_on.starts_with(b"HTTP/1.1 100"), "{go_on:?}");
        Self { stream, body }
    }

    /// Sends the rest; gives the status of the answer.
    pub(crate) async fn end(mut self) -> u16 {
        let body = self.body.as_bytes();
        self.stream.write_all(body).await.expect("sent");
        let mut reply = String::new();
        let reading = self.stream.read_to_string(&mut reply);
        let read = tokio::time::timeout(PATIENCE, reading).await;
        read.expect("a reply in time").expect("a reply");
        let status = reply.split(' ').nth(1).expect("a status");
        status.parse().expect("a number")
    }
}

#[tokio::test]
async fn nothing_is_done_with_a_secret_that_was_replaced_meanwhile() {
    let mock = Mock::start().await;
    let site = Provisioned::start(&mock).await;
    let (account, server) = site.account_with_server().await;
    let url = server["url"].as_str().expect("a URL");
    let (first, second) = (
        Withheld::begin(url, None).await,
        Withheld::begin(url, None).await,
    );
    assert_eq!(first.end().await, 200);
    mock.take_one();
    let rotate = format!("{}/rotate", path(&account, &server));
    let at_once = json!({"overlap_seconds": 0});
    change(&site, Method::POST, &rotate, &at_once).await;
    assert_eq!(second.end().await, 404);
    mock.assert_untouched();
    site.stop().await;
}

#[tokio::test]
async fn nor_with_an_api_token_that_was_revoked() {
    let mock = Mock::start().await;
    let site = Provisioned::start(&mock).await;
    let account = site.account().await;
    let config = json!({"methods": ["read", "write"], "require_api_token_auth": true});
    let body = json!({"name": "Guarded", "config": config});
    let server = site.server(&account, &body).await;
    let url = server["url"].as_str().expect("a URL");
    let name = json!({"name": "client"});
    let (status, token) = site.call(Method::POST, "/api-token", Some(&name)).await;
    assert_eq!(status, 201, "{token}");
    let text = |token: &Value, name: &str| token[name].as_str().expect("text").to_owned();
    let bearer = text(&token, "token");
    let (first, second) = (
        Withheld::begin(url, Some(&bearer)).await,
        Withheld::begin(url, Some(&bearer)).await,
    );
    assert_eq!(first.end().await, 200);
    mock.take_one();
    let place = format!("/api-token/{}", text(&token, "id"));
    let (status, _) = site.call(Method::DELETE, &place, None).await;
    assert_eq!(status, 204);
    assert_eq!(second.end().await, 401);
    mock.assert_untouched();
    site.stop().await;
}
