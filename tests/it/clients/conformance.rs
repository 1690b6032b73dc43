//! The official conformance suite of the protocol, against a fixture on the HTTP stack of the server.

use std::sync::Arc;
use std::time::Duration;

use billsby_mcp::http::{Directory, Token, serve};
use billsby_mcp::protocol::http::{Endpoint, HttpOptions};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::{installed, node, run, written};
use crate::conformance::Fixture;

const SUITE: &str = "@modelcontextprotocol/conformance/dist/index.js";

#[tokio::test]
async fn the_suite_passes_for_2025_11_25() {
    passes("2025-11-25").await;
}

#[tokio::test]
async fn the_suite_passes_for_2026_07_28() {
    passes("2026-07-28").await;
}

async fn passes(version: &str) {
    let test = format!("conformance with {version}");
    if !installed(&test, "package.json") {
        return;
    }
    let shutdown = CancellationToken::new();
    let url = start(&shutdown).await;
    let mut command = node(SUITE);
    command
        .args(["server", "--suite", "all", "--spec-version", version])
        .args(["--url", &url]);
    let output = run(&mut command).await;
    shutdown.cancel();
    let stdout = String::from_utf8_lossy(&output.stdout);
    let total = stdout.lines().rev().find(|line| line.contains("Total:"));
    let all_passed = total.is_some_and(|line| line.contains(" 0 failed"));
    assert!(
        output.status.success() && all_passed,
        "{}",
        written(&output)
    );
    println!("{test}: {}", total.unwrap_or_default());
}

/// Serves the fixture on a free port; gives its URL.
async fn start(shutdown: &CancellationToken) -> String {
    let fixture = Fixture::new();
    let options = HttpOptions {
        requests_per_second: None,
        ..HttpOptions::default()
    };
    let endpoint = Endpoint::with_handler(move || fixture.clone(), &options, shutdown.clone());
    let token = Token::generate().expect("random numbers");
    let path = format!("/mcp/{}", token.reveal());
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    let directory = Directory::new([(token, Arc::new(endpoint))]);
    let served = serve(
        listener,
        directory,
        shutdown.clone(),
        Duration::from_secs(1),
    );
    tokio::spawn(served);
    format!("http://{address}{path}")
}
