//! How the program ends.

use std::time::Duration;

use serde_json::json;
use tokio::process::Command;

use super::{READ, Wire, read, request, until_sent};
use crate::mock::{Answer, Mock};

/// How long a slow call takes: longer than the MCP library alone waits for it.
const SLOW: Duration = Duration::from_secs(6);

#[tokio::test]
async fn calls_that_are_running_are_answered_after_the_client_has_closed_its_end() {
    let (mock, mut wire) = with_running_call().await;
    wire.close();
    answered_then_ended(&mut wire).await;
    assert_eq!(mock.recorded().len(), 1);
}

#[tokio::test]
async fn calls_that_are_running_are_answered_after_a_signal_and_new_ones_are_not_begun() {
    for signal in ["-TERM", "-INT"] {
        let (mock, mut wire) = with_running_call().await;
        kill(&wire, signal).await;
        // The program stops to read at once; what it has not read it cannot begin.
        tokio::time::sleep(Duration::from_millis(500)).await;
        wire.send(&request("late", "tools/call", &read())).await;
        answered_then_ended(&mut wire).await;
        assert_eq!(mock.recorded().len(), 1, "{signal}");
    }
}

#[tokio::test]
async fn a_second_signal_ends_the_program_at_once() {
    let (_mock, mut wire) = with_running_call().await;
    kill(&wire, "-INT").await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    kill(&wire, "-INT").await;
    assert_eq!(wire.rest().await, "");
    assert_eq!(wire.status().await.code(), Some(130));
}

#[tokio::test]
async fn a_client_that_says_nothing_has_done_no_wrong() {
    let mock = Mock::start().await;
    Wire::start(&mock, &[]).end().await;
    let wire = Wire::start(&mock, &[]);
    // A signal ends it as well, once it listens.
    tokio::time::sleep(Duration::from_millis(500)).await;
    kill(&wire, "-TERM").await;
    let mut wire = wire;
    assert_eq!(wire.next().await, None);
    assert!(wire.status().await.success());
}

#[tokio::test]
async fn the_last_line_needs_no_end() {
    let mock = Mock::start().await;
    let (mut wire, _) = Wire::session(&mock, &[]).await;
    wire.send_text(&request("last", "ping", &json!({})).to_string())
        .await;
    wire.close();
    assert_eq!(wire.receive().await["id"], "last");
    wire.end().await;
}

/// A session with a slow call under way.
async fn with_running_call() -> (Mock, Wire) {
    let mock = Mock::start().await;
    let (mut wire, _) = Wire::session(&mock, &[]).await;
    let answer = Answer::json(200, &json!({"results": []})).after(SLOW);
    mock.answer_with(READ.1, answer);
    wire.send(&request("slow", "tools/call", &read())).await;
    until_sent(&mock, 1).await;
    (mock, wire)
}

async fn answered_then_ended(wire: &mut Wire) {
    let answer = wire.receive().await;
    assert_eq!(answer["id"], "slow", "{answer}");
    assert_eq!(answer["result"]["isError"], false, "{answer}");
    assert_eq!(wire.next().await, None);
    assert!(wire.status().await.success());
}

async fn kill(wire: &Wire, signal: &str) {
    let id = wire.child.id().expect("a running program");
    let killed = Command::new("kill")
        .args([signal, &id.to_string()])
        .status();
    assert!(killed.await.expect("kill runs").success());
}
