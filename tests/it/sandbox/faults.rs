//! Faults: what a client meets, and whether the operation took effect.

use reqwest::RequestBuilder;
use serde_json::{Value, json};

use super::{Reply, Running, with_json};

/// A request that changes something whenever it is handled.
fn create(sandbox: &Running) -> RequestBuilder {
    let body = json!({
        "firstName": "Ada",
        "lastName": "Byron",
        "email": "ada.byron@example.com",
        "addressLine1": "1 Main Street",
        "city": "Springfield",
        "state": "IL",
        "postCode": "62701",
        "country": "USA",
    });
    with_json(sandbox.request("POST", "/core/sandbox/customers"), &body)
}

/// A request that meets this fault.
fn create_with(sandbox: &Running, fault: &str) -> RequestBuilder {
    create(sandbox).header("x-sandbox-fault", fault)
}

async fn set_rules(sandbox: &Running, faults: &Value) {
    sandbox.admin_with("PUT", "/faults", faults).await;
}

#[tokio::test]
async fn errors_come_before_the_operation() {
    let sandbox = Running::start().await;
    for (fault, status, kind) in [
        ("too_many_requests", 429, "application/json"),
        ("status; status=418", 418, "application/json"),
        ("status; status=500", 500, "application/json"),
        ("status; status=503; html=true", 503, "text/html"),
        ("redirect; location=https://example.com/elsewhere", 307, ""),
    ] {
        let reply = Reply::to(create_with(&sandbox, fault)).await.expect(status);
        let content_type = reply.header("content-type").unwrap_or_default();
        assert!(content_type.starts_with(kind), "{fault}: {content_type}");
        if kind == "application/json" {
            reply.reason();
        }
        assert!(reply.header("x-sandbox-reason").is_some(), "{fault}");
    }
    let page = Reply::to(create_with(&sandbox, "status; status=502; html=true")).await;
    assert!(page.text.starts_with("<!DOCTYPE html>"), "{}", page.text);
    assert!(page.text.contains("502 Bad Gateway"), "{}", page.text);
    let redirect = "redirect; location=https://example.com/elsewhere";
    let redirect = Reply::to(create_with(&sandbox, redirect)).await;
    assert_eq!(
        redirect.header("location"),
        Some("https://example.com/elsewhere")
    );
    assert_eq!(sandbox.count("customer_created").await, 0);
}

#[tokio::test]
async fn a_client_is_told_when_to_come_back_only_if_that_was_asked_for() {
    let sandbox = Running::start().await;
    let reply = Reply::to(create_with(&sandbox, "too_many_requests; retryAfter=2")).await;
    assert_eq!(reply.expect(429).header("retry-after"), Some("2"));
    let reply = Reply::to(create_with(&sandbox, "too_many_requests")).await;
    assert_eq!(reply.expect(429).header("retry-after"), None);
}

#[tokio::test]
async fn a_connection_is_cut_before_or_after_the_operation() {
    let sandbox = Running::start().await;
    for (fault, created) in [("cut_before", 0), ("cut_after", 1)] {
        let error = Reply::try_to(create_with(&sandbox, fault))
            .await
            .unwrap_err();
        assert!(error.is_request(), "{fault}: {error:?}");
        assert_eq!(sandbox.count("customer_created").await, created, "{fault}");
    }
}

#[tokio::test]
async fn a_delayed_request_is_handled() {
    let sandbox = Running::start().await;
    let reply = Reply::to(create_with(&sandbox, "delay; milliseconds=20")).await;
    reply.expect(200);
    assert_eq!(sandbox.count("customer_created").await, 1);
}

#[tokio::test]
async fn a_request_hangs_until_the_sandbox_ends() {
    let sandbox = Running::start().await;
    let mut hanging = Vec::new();
    for fault in ["hang", "hang; after=true"] {
        let request = create_with(&sandbox, fault);
        hanging.push(tokio::spawn(Reply::try_to(request)));
    }
    // The second one has run when its effect can be seen.
    while sandbox.count("customer_created").await == 0 {
        tokio::task::yield_now().await;
    }
    assert!(hanging.iter().all(|request| !request.is_finished()));
    sandbox.stop().await;
    for request in hanging {
        assert!(request.await.unwrap().is_err());
    }
}

#[tokio::test]
async fn a_harmed_answer_is_that_of_an_operation_that_ran() {
    let sandbox = Running::start().await;
    let request = create_with(&sandbox, "truncated_body");
    let response = request.send().await.expect("a head");
    assert_eq!(response.status(), 200);
    let announced = response.content_length().expect("a length");
    assert!(announced > 0);
    assert!(response.bytes().await.is_err(), "all of the body came");

    let broken = Reply::to(create_with(&sandbox, "broken_body")).await;
    let broken = broken.expect(200).text;
    assert!(broken.starts_with(r#"{"customerUniq"#), "{broken}");
    assert!(serde_json::from_str::<Value>(&broken).is_err(), "{broken}");

    let large = Reply::to(create_with(&sandbox, "oversized_body; bytes=3000000")).await;
    let large = large.expect(200);
    assert_eq!(large.text.len(), 3_000_000);
    assert!(large.json()["customerUniqueId"].is_string());
    assert_eq!(sandbox.count("customer_created").await, 3);
}

#[tokio::test]
async fn a_fault_can_be_asked_for_in_the_query() {
    let sandbox = Running::start().await;
    for query in [
        "sandbox-fault=status;status=503",
        "sandbox-fault=status%3B%20status%3D503",
    ] {
        let path = format!("/core/sandbox/addons?{query}");
        Reply::to(sandbox.request("GET", &path)).await.expect(503);
    }
    let path = "/core/sandbox/addons?sandbox-fault=delay;milliseconds=1";
    Reply::to(sandbox.request("GET", path)).await.expect(200);
}

#[tokio::test]
async fn an_unknown_fault_is_refused() {
    let sandbox = Running::start().await;
    for (fault, told) in [
        (
            "explode",
            "unknown variant, expected one of `too_many_requests`",
        ),
        ("cut_after; kind=hang", "says something twice"),
        ("redirect; location=elsewhere", "no URL"),
        ("redirect; location=/elsewhere", "no URL"),
        ("redirect; location=http://", "no URL"),
        ("status", "missing field `status`"),
        ("status; status=200", "from 400 to 599"),
        ("hang; before=true", "before"),
        ("too_many_requests; retryAfter=soon", "invalid type"),
    ] {
        let reply = Reply::to(create_with(&sandbox, fault)).await.expect(400);
        let reason = reply.reason();
        assert!(reason.contains(told), "{fault}: {reason}");
        for value in ["explode", "soon", "elsewhere"] {
            assert!(!reason.contains(value), "{fault}: {reason}");
        }
    }
    for (wrong, told) in [
        (
            json!({"rules": [{"method": "FETCH", "fault": {"kind": "hang"}}]}),
            "rules[0]: its method is none of GET, POST",
        ),
        (
            json!({"rules": [{"fault": {"kind": "status", "status": 99}}]}),
            "rules[0]: the status",
        ),
        (
            json!({"rules": [{"operation": "refund", "fault": {"kind": "hang"}}]}),
            "rules[0]: its operation",
        ),
        (
            json!({"rules": [{"probability": 2, "fault": {"kind": "hang"}}]}),
            "rules[0]: its probability",
        ),
        (json!({"rules": [{"kind": "hang"}]}), "kind"),
        (json!({"requestsPerSecond": 0}), "nonzero"),
        (json!({"sed": 7}), "sed"),
    ] {
        let request = with_json(sandbox.plain("PUT", "/__sandbox/faults"), &wrong);
        let reply = Reply::to(request).await.expect(400);
        assert!(reply.reason().contains(told), "{wrong}: {}", reply.reason());
    }
    assert_eq!(sandbox.admin("GET", "/faults").await["rules"], json!([]));
    assert_eq!(sandbox.count("customer_created").await, 0);
}

#[tokio::test]
async fn a_rule_is_for_some_requests_and_so_many_times() {
    let sandbox = Running::start().await;
    let fault = json!({"kind": "status", "status": 503});
    set_rules(
        &sandbox,
        &json!({"rules": [
            {"operation": "customers.create", "skip": 1, "times": 2, "fault": fault},
            {"method": "delete", "fault": {"kind": "status", "status": 500}},
        ]}),
    )
    .await;
    sandbox.core("GET", "/addons").await.expect(200);
    for status in [200, 503, 503, 200] {
        Reply::to(create(&sandbox)).await.expect(status);
    }
    sandbox.core("DELETE", "/addons").await.expect(500);
    sandbox.admin("DELETE", "/faults").await;
    sandbox.core("DELETE", "/addons").await.expect(405);
    assert_eq!(sandbox.count("customer_created").await, 2);
}

#[tokio::test]
async fn chances_repeat_with_their_seed() {
    let sandbox = Running::start().await;
    let fault = json!({"kind": "status", "status": 503});
    let mut runs = Vec::new();
    for seed in [7, 7, 8] {
        let rules = json!([{"probability": 0.5, "fault": fault}]);
        set_rules(&sandbox, &json!({"seed": seed, "rules": rules})).await;
        let mut run = Vec::new();
        for _ in 0..40 {
            run.push(sandbox.core("GET", "/addons").await.status);
        }
        runs.push(run);
    }
    assert_eq!(runs[0], runs[1]);
    assert_ne!(runs[0], runs[2]);
    for status in [200, 503] {
        assert!(runs[0].contains(&status));
    }
}

#[tokio::test]
async fn one_request_too_many_in_a_second_is_told_when_to_come_back() {
    let sandbox = Running::start().await;
    set_rules(&sandbox, &json!({"requestsPerSecond": 1})).await;
    let refused = loop {
        let reply = sandbox.core("GET", "/addons").await;
        if reply.status == 429 {
            break reply;
        }
        reply.expect(200);
    };
    assert_eq!(refused.header("ratelimit-limit"), Some("1"));
    assert_eq!(refused.header("ratelimit-remaining"), Some("0"));
    assert_eq!(refused.header("ratelimit-reset"), Some("1"));
    assert_eq!(refused.header("retry-after"), Some("1"));
    sandbox.admin("POST", "/reset").await;
    for _ in 0..5 {
        sandbox.core("GET", "/addons").await.expect(200);
    }
}
