//! Progress and cancellation.

use std::time::Duration;

use serde_json::{Value, json};

use super::{ALL_TOOLS, READ, Wire, read, request, until_sent};
use crate::mock::{Answer, COMPANY_DOMAIN, Mock};

#[tokio::test]
async fn progress_comes_when_it_is_asked_for_and_only_then() {
    let mock = Mock::start().await;
    let (mut wire, _) = Wire::session(&mock, &[]).await;
    let mut params = read();
    params["_meta"] = json!({"progressToken": "p1"});
    wire.send(&request("a", "tools/call", &params)).await;
    let mut last = -1.0;
    for _ in 0..2 {
        let progress = wire.receive().await;
        assert_eq!(progress["method"], "notifications/progress", "{progress}");
        let progress = &progress["params"];
        assert_eq!(progress["progressToken"], "p1");
        assert!(progress["message"].is_string(), "{progress}");
        let done = progress["progress"].as_f64().expect("a number");
        assert!(done > last, "{progress}");
        last = done;
    }
    assert_eq!(wire.receive().await["id"], "a");
    wire.result("tools/call", &read()).await;
    wire.end().await;
}

#[tokio::test]
async fn a_read_that_is_cancelled_is_not_answered() {
    let mock = Mock::start().await;
    let (mut wire, _) = Wire::session(&mock, &[]).await;
    mock.answer_with(READ.1, slow(Duration::from_secs(3600)));
    wire.send(&request("slow", "tools/call", &read())).await;
    until_sent(&mock, 1).await;
    cancel(&mut wire, "slow").await;
    wire.result("ping", &json!({})).await;
    // It does not keep the program either.
    wire.end().await;
}

#[tokio::test]
async fn a_write_that_is_cancelled_is_not_answered_and_still_runs_to_its_end() {
    let mock = Mock::start().await;
    let (mut wire, _) = Wire::session(&mock, &[ALL_TOOLS]).await;
    let operation = "Invoice_reattemptPayment";
    mock.answer_with(operation, slow(Duration::from_secs(1)));
    wire.send(&request("slow", "tools/call", &write())).await;
    until_sent(&mock, 1).await;
    cancel(&mut wire, "slow").await;
    wire.end().await;
    assert_eq!(mock.take_one().operation.as_deref(), Some(operation));
}

async fn cancel(wire: &mut Wire, id: &str) {
    let params = json!({"requestId": id});
    wire.send(&json!({"jsonrpc": "2.0", "method": "notifications/cancelled", "params": params}))
        .await;
}

fn slow(delay: Duration) -> Answer {
    Answer::json(200, &json!({"results": []})).after(delay)
}

fn write() -> Value {
    let arguments = json!({"companyDomain": COMPANY_DOMAIN, "invoiceNumber": "8WER0F4J1R-1"});
    json!({"name": "reattempt_payment", "arguments": arguments})
}
