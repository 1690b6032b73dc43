//! The mock takes the right request of every operation and refuses every wrong one.

use serde_json::{Value, json};

use crate::mock::{API_KEY, Mock};
use crate::support::{Case, Outgoing};

#[tokio::test]
async fn takes_the_right_request_of_every_operation() {
    let mock = Mock::start().await;
    for case in Case::all() {
        let recorded = Outgoing::of(&case).accepted(&mock).await;
        assert_eq!(recorded.operation.as_ref(), Some(&case.operation));
        case.check(&recorded);
    }
    mock.assert_untouched();
}

#[tokio::test]
async fn refuses_every_other_prefix() {
    let mock = Mock::start().await;
    for case in Case::all() {
        let (own, rest) = case.wire.path[1..].split_once('/').expect("a prefix");
        for prefix in ["/core", "/billing", "/counters", "/Core", "/other", "/", ""] {
            if prefix.strip_prefix('/') == Some(own) {
                continue;
            }
            let mut wrong = case.clone();
            wrong.wire.path = format!("{prefix}/{rest}");
            Outgoing::of(&wrong).refused(&mock, &case.operation).await;
        }
    }
    let wrong = Outgoing::new("GET", "/core/widgets/subscriptions/T3KD95NW0B/addons");
    let reason = wrong.refused(&mock, "prefix").await;
    assert!(
        reason.contains("is served below `billing`, not `core`"),
        "{reason}"
    );
}

#[tokio::test]
async fn refuses_every_other_method() {
    let mock = Mock::start().await;
    for case in Case::all() {
        for method in ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "get"] {
            if method == case.wire.method {
                continue;
            }
            let mut wrong = case.clone();
            method.clone_into(&mut wrong.wire.method);
            Outgoing::of(&wrong).send(&mock).await;
            let recorded = mock.take_all().remove(0);
            // The same path with another method may be another operation, but never this one.
            assert_ne!(recorded.operation.as_ref(), Some(&case.operation));
            if ["PATCH", "OPTIONS", "get"].contains(&method) {
                assert!(recorded.refusal.is_some(), "{method} {}", case.operation);
            }
        }
    }
    let wrong = Outgoing::new("PATCH", "/core/widgets/products/5");
    let reason = wrong.refused(&mock, "method").await;
    assert!(reason.contains("takes GET, PUT, not PATCH"), "{reason}");
}

#[tokio::test]
async fn wants_the_key_in_every_request() {
    let mock = Mock::start().await;
    for case in Case::all() {
        let right = Outgoing::of(&case);
        let without = right.clone().without_header("ApiKey");
        let wrongs = [
            ("missing", without.clone()),
            ("another", without.clone().header("ApiKey", "widgets_0")),
            ("twice", right.clone().header("apikey", API_KEY)),
            ("bearer", without.clone().header("Authorization", API_KEY)),
        ];
        for (what, wrong) in &wrongs {
            let reason = wrong.refused(&mock, what).await;
            assert!(reason.contains("ApiKey"), "{reason}");
        }
        without.header("apikey", API_KEY).accepted(&mock).await;
    }
}

#[tokio::test]
async fn wants_what_is_required_and_nothing_else() {
    let mock = Mock::start().await;
    for case in Case::all() {
        let query: Vec<String> = case.wire.query.iter().map(|(n, _)| n.clone()).collect();
        let body = case.wire.body.as_ref().and_then(Value::as_object);
        let names = query.iter().chain(body.into_iter().flat_map(|b| b.keys()));
        for name in names {
            let mut less = case.clone();
            less.wire.query.retain(|(other, _)| other != name);
            if let Some(body) = less.wire.body.as_mut().and_then(Value::as_object_mut) {
                body.remove(name);
            }
            let request = Outgoing::of(&less);
            let required = case.required.iter().any(|arg| case.wire_name(arg) == name);
            if required {
                let reason = request.refused(&mock, &case.operation).await;
                assert!(reason.contains(&format!("{name}` is missing")), "{reason}");
            } else {
                request.accepted(&mock).await;
            }
        }
    }
}

#[tokio::test]
async fn refuses_bodies_where_there_must_be_none() {
    let mock = Mock::start().await;
    for case in Case::all() {
        let request = Outgoing::of(&case);
        if case.wire.body.is_none() {
            request
                .clone()
                .json(&json!({}))
                .refused(&mock, "an object")
                .await;
            request.clone().body("x").refused(&mock, "text").await;
            let typed = request.header("content-type", "application/json");
            typed.refused(&mock, "a content type alone").await;
        } else {
            let bare = request.clone().without_header("content-type");
            bare.refused(&mock, "no content type").await;
            for other in ["text/plain", "application/x-www-form-urlencoded", ""] {
                bare.clone()
                    .header("content-type", other)
                    .refused(&mock, other)
                    .await;
            }
            for other in ["", "{", "{}", "null", "[]", "\"{}\"", "{\"a\":1,}"] {
                request.clone().body(other).refused(&mock, other).await;
            }
        }
    }
}
