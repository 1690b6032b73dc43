//! The variables that name a proxy. They belong to a process, so every case runs this test binary
//! again with an environment of its own.

use std::process::Stdio;

use billsby_sdk::{Client, RetryPolicy};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::process::Command;

use crate::mock::API_KEY;
use crate::support::sdk;

const BASE_URL: &str = "BILLSBY_TEST_BASE_URL";

/// Lists customers with nothing but what the environment says, and prints how that went.
#[tokio::test]
#[ignore = "run by the tests of this file, in a process of its own"]
async fn child() {
    let Ok(base_url) = std::env::var(BASE_URL) else {
        return;
    };
    let client = Client::builder(API_KEY, sdk::key("widgets"))
        .base_url(base_url)
        .retry(RetryPolicy::off())
        .build()
        .expect("a client");
    match client.customers().list().send().await {
        Ok(page) => println!("page of {}", page.results.len()),
        Err(error) => println!("outcome {}", error.outcome()),
    }
}

/// What the child prints, and the head of the request that the proxy saw, if it saw one.
async fn run(base_url: &str, variable: &str, no_proxy: &str, answer: &str) -> (String, String) {
    let proxy = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = proxy.local_addr().expect("a bound listener");
    let answer = answer.to_owned();
    let seen = tokio::spawn(async move {
        let (mut stream, _) = proxy.accept().await.expect("a connection");
        let mut request = Vec::new();
        while !request.ends_with(b"\r\n\r\n") {
            if stream.read_buf(&mut request).await.expect("a request") == 0 {
                break;
            }
        }
        stream.write_all(answer.as_bytes()).await.expect("a client");
        String::from_utf8(request).expect("UTF-8")
    });
    let binary = std::env::current_exe().expect("the path of this test");
    let output = Command::new(binary)
        .args(["sdk_proxy::child", "--exact", "--ignored", "--nocapture"])
        .env_clear()
        .env(BASE_URL, base_url.replace("PROXY", &address.to_string()))
        .env(variable, format!("http://{address}"))
        .env("NO_PROXY", no_proxy)
        .stdin(Stdio::null())
        .output()
        .await
        .expect("the test binary runs");
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{printed}");
    // Nobody else will come.
    if !seen.is_finished() {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let request = if seen.is_finished() {
        seen.await.expect("a request")
    } else {
        seen.abort();
        String::new()
    };
    (printed, request)
}

const PAGE: &str =
    "HTTP/1.1 200 OK\r\ncontent-length: 15\r\nconnection: close\r\n\r\n{\"results\": []}";

#[tokio::test]
async fn plain_calls_go_through_the_proxy() {
    for variable in ["http_proxy", "HTTP_PROXY", "ALL_PROXY"] {
        let (printed, request) = run("http://billsby.test/rest", variable, "", PAGE).await;
        assert!(printed.contains("page of 0"), "{variable}: {printed}");
        let line = "GET http://billsby.test/rest/core/widgets/customers?page=1&pageSize=100 ";
        assert!(request.starts_with(line), "{variable}: {request}");
    }
}

#[tokio::test]
async fn encrypted_calls_go_through_a_tunnel() {
    let refusal = "HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n";
    let (printed, request) = run("https://billsby.test/rest", "HTTPS_PROXY", "", refusal).await;
    // Without a tunnel nothing was sent, to nobody.
    assert!(printed.contains("outcome not_sent"), "{printed}");
    assert!(
        request.starts_with("CONNECT billsby.test:443 "),
        "{request}"
    );
    let request = request.to_lowercase();
    assert!(
        !request.contains("apikey") && !request.contains("c0ffee"),
        "{request}"
    );
}

#[tokio::test]
async fn some_hosts_need_no_proxy() {
    let (printed, request) = run("http://PROXY/rest", "HTTP_PROXY", "127.0.0.1", PAGE).await;
    assert!(printed.contains("page of 0"), "{printed}");
    // Spoken to as the server itself, not as a proxy.
    assert!(
        request.starts_with("GET /rest/core/widgets/customers?"),
        "{request}"
    );
}
