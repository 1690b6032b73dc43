//! What an error offers beside what `errors.rs` shows: predicates that exclude each other, all headers,
//! the place of what cannot be read.

use billsby_sdk::Error;

use crate::mock::{Answer, Mock};
use crate::sdk_server;
use crate::support::sdk;

const LIST: &str = "Customer_listCustomers";

async fn error(mock: &Mock, answer: Answer) -> Error {
    mock.answer_with(LIST, answer);
    let client = sdk::client(mock);
    let result = client.customers().list().send().await;
    result.expect_err("an error")
}

/// The names of the predicates that are true.
fn predicates(error: &Error) -> Vec<&'static str> {
    let all = [
        ("connect", error.is_connect()),
        ("timeout", error.is_timeout()),
        ("decode", error.is_decode()),
        ("not found", error.is_not_found()),
        ("unauthorized", error.is_unauthorized()),
        ("rate limited", error.is_rate_limited()),
    ];
    all.into_iter()
        .filter_map(|(name, is)| is.then_some(name))
        .collect()
}

#[tokio::test]
async fn predicates_exclude_each_other() {
    let mock = Mock::start().await;
    for (status, expected) in [
        (401, &["unauthorized"][..]),
        (403, &["unauthorized"]),
        (404, &["not found"]),
        (429, &["rate limited"]),
        (400, &[]),
        (500, &[]),
    ] {
        let error = error(&mock, Answer::new(status, "", "")).await;
        assert_eq!(predicates(&error), expected, "{status}");
    }
    let unread = error(&mock, Answer::new(200, "", "<html>")).await;
    assert_eq!(predicates(&unread), ["decode"]);
    let cut = error(&mock, Answer::cut()).await;
    assert_eq!(predicates(&cut), [""; 0]);

    let nowhere = sdk_server::builder(sdk_server::nowhere().await);
    let client = nowhere.build().expect("a client");
    let error = client.customers().list().send().await.expect_err("nobody");
    assert_eq!(predicates(&error), ["connect"]);
}

#[tokio::test]
async fn what_cannot_be_read_has_a_place() {
    let mock = Mock::start().await;
    for (body, path) in [
        (
            r#"{"results": [{}, {"email": {"of": "Ines"}}]}"#,
            Some("$.results[1].email"),
        ),
        (r#"{"results": "Ines"}"#, Some("$.results")),
        ("[1]", Some("$")),
        ("<html>", None),
        ("", None),
    ] {
        let error = error(&mock, Answer::new(200, "application/json", body)).await;
        assert_eq!(error.decode_path().as_deref(), path, "{body}");
        assert!(error.is_decode());
        assert!(!format!("{error} {error:?}").contains("Ines"));
    }
    let refused = error(&mock, Answer::new(404, "", "{}")).await;
    assert_eq!(refused.decode_path(), None);
}

#[tokio::test]
async fn all_headers_are_kept() {
    let mock = Mock::start().await;
    let answer = Answer::new(500, "text/plain", "")
        .header("X-Request-Id", "r-1")
        .header("Set-Cookie", "a=1")
        .header("Set-Cookie", "b=2");
    let error = error(&mock, answer).await;
    let cookies = error.headers().filter(|(name, _)| *name == "set-cookie");
    let values: Vec<_> = cookies.map(|(_, value)| value).collect();
    assert_eq!(values, ["a=1", "b=2"]);
    assert!(
        error
            .headers()
            .any(|header| header == ("x-request-id", "r-1"))
    );
}

#[tokio::test]
async fn what_was_never_tried_has_no_attempts() {
    let mock = Mock::start().await;
    let client = sdk::client(&mock);
    let call = client.customers().list().with_body_field("x", f64::NAN);
    // JSON has no such number, so it is sent as `null`, and refused by the mock.
    assert_eq!(call.send().await.expect_err("refused").attempts(), 1);
    let odd = std::collections::BTreeMap::from([((1, 2), 3)]);
    let call = client.customers().list().with_body_field("x", odd);
    let error = call.send().await.expect_err("unsendable");
    assert_eq!((error.attempts(), error.headers().count()), (0, 0));
    assert_eq!(error.operation(), Some("customers.list"));
    mock.take_all();
}
