//! Counters of the sandbox, whose changes are queued.

use serde_json::{Value, json};

use super::{MARY, NOTHING};
use crate::sandbox::Running;

/// A subscription with an allowance, and the counter that measures it.
async fn metered(sandbox: &Running) -> (String, String) {
    let subscription = sandbox.subscription(MARY, "Team").await;
    let allowances = sandbox.read("/allowances").await;
    let allowance = sandbox
        .read(&format!("/allowances/{}", allowances[0]["allowanceId"]))
        .await;
    let counter = allowance["counter"]["counterId"].as_str().expect("an id");
    (subscription, counter.to_owned())
}

fn counter(part: &str, (subscription, counter): &(String, String)) -> String {
    format!("/counters/{part}/sandbox/subscriptions/{subscription}/counters/{counter}")
}

async fn usage(sandbox: &Running, metered: &(String, String), query: &str) -> Value {
    let path = counter("usage", metered) + query;
    sandbox.answer("GET", &path, &Value::Null).await["usage"].clone()
}

async fn update(sandbox: &Running, metered: &(String, String), operation: &str, value: i64) {
    let body = json!({"operationType": operation, "value": value});
    sandbox
        .changes("POST", &counter("operations", metered), &body, "success")
        .await;
}

async fn wait(sandbox: &Running, seconds: u32) {
    sandbox
        .admin_with("POST", "/clock", &json!({"advance": seconds}))
        .await;
}

#[tokio::test]
async fn a_change_of_a_counter_shows_when_it_is_counted() {
    let sandbox = Running::start().await;
    let metered = metered(&sandbox).await;
    // 310, 250 and 80 in the present period.
    assert_eq!(usage(&sandbox, &metered, "").await, 640);
    update(&sandbox, &metered, "Increment", 5).await;
    assert_eq!(usage(&sandbox, &metered, "").await, 640);
    wait(&sandbox, 1).await;
    assert_eq!(usage(&sandbox, &metered, "").await, 640);
    wait(&sandbox, 1).await;
    assert_eq!(usage(&sandbox, &metered, "").await, 645);

    for (operation, value, expected) in [
        ("Increment", 5, 650),
        ("Decrement", 50, 600),
        ("Set", 7, 7),
        ("Set", 7, 7),
        ("Decrement", 8, 0),
        // What is less than nothing is not remembered.
        ("Increment", 3, 3),
    ] {
        update(&sandbox, &metered, operation, value).await;
        wait(&sandbox, 2).await;
        assert_eq!(usage(&sandbox, &metered, "").await, expected, "{operation}");
    }
    let effects = sandbox.effects_in_full(0).await;
    assert_eq!(effects.len(), 7);
    for effect in effects {
        assert_eq!(effect["kind"], "counter_changed");
        assert_eq!(effect["operation"], "counters.update");
        assert_eq!(effect["subscriptionUniqueId"], metered.0);
        assert_eq!(effect["name"], metered.1);
    }
}

#[tokio::test]
async fn usage_is_read_for_an_interval() {
    let sandbox = Running::start().await;
    let metered = metered(&sandbox).await;
    for (query, expected) in [
        ("?from=2026-02-20T00:00:00Z", 330),
        ("?to=2026-02-20T00:00:00Z", 310),
        (
            "?from=2026-02-20T00:00:00Z&to=2026-02-25T00:00:00%2B01:00",
            250,
        ),
        ("?from=2020-01-01T00:00:00Z&to=2020-02-01T00:00:00Z", 0),
    ] {
        assert_eq!(usage(&sandbox, &metered, query).await, expected, "{query}");
    }
    let read = sandbox
        .answer("GET", &counter("usage", &metered), &Value::Null)
        .await;
    assert_eq!(read["timestamp"], "2026-03-02T08:00:00.000+00:00");

    let path = counter("usage", &metered) + "?from=2026-02-20T00:00:00Z&to=2026-02-01T00:00:00Z";
    sandbox
        .refuses(
            ("GET", &path, &Value::Null),
            400,
            "the query value `from` is later",
        )
        .await;
}

#[tokio::test]
async fn only_a_counter_of_an_allowance_of_the_subscription_counts() {
    let sandbox = Running::start().await;
    let (team, calls) = metered(&sandbox).await;
    let basic = sandbox.subscription(MARY, "Basic").await;
    let body = json!({"operationType": "Increment", "value": 1});
    for (subscription, counter_id, reason) in [
        (NOTHING, &*calls, "no subscription has"),
        (&team, NOTHING, "no counter has"),
        (&team, "api-calls", "no counter has"),
        (&basic, &calls, "the subscription has no allowance"),
    ] {
        let ids = (subscription.to_owned(), counter_id.to_owned());
        let (read, write) = (counter("usage", &ids), counter("operations", &ids));
        sandbox
            .refuses(("GET", &read, &Value::Null), 404, reason)
            .await;
        sandbox.refuses(("POST", &write, &body), 404, reason).await;
    }
    let path = counter("operations", &(team, calls));
    for (value, reason) in [
        (-1, "/value is negative"),
        (1_000_000_000_001_i64, "/value is more than 1000000000000"),
    ] {
        let body = json!({"operationType": "Increment", "value": value});
        sandbox.refuses(("POST", &path, &body), 400, reason).await;
    }
}
