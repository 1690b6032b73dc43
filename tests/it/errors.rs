//! Failures: what the SDK's error and a tool's report say, and what they do not.

use std::time::Duration;

use billsby_sdk::model::Refund;
use billsby_sdk::types::Amount;
use billsby_sdk::{Client, Error, Outcome};
use serde_json::{Value, json};

use crate::mock::{API_KEY, Answer, Mock};
use crate::support::{Case, Server, ToolResult, sdk};

/// An operation that only reads, and one that moves money.
const READ: &str = "Customer_getDetails";
const WRITE: &str = "Invoice_createRefund";
const JSON: &str = "application/json";

/// What an error never shows by itself, because it may be logged.
const PRIVATE: [&str; 4] = ["ines.webb@example.com", "8WER0F4J1R", API_KEY, "127.0.0.1"];

async fn get(client: &Client) -> Result<(), Error> {
    let id = sdk::key("8WER0F4J1R");
    client.customers().get(&id).send().await.map(drop)
}

async fn refund(client: &Client) -> Result<(), Error> {
    let body = Refund::new(sdk::key("8WER0F4J1R-1"), Amount::from_minor_units(250));
    let invoices = client.invoices();
    let call = invoices.refund(&sdk::key("8WER0F4J1R"), &body);
    call.send().await.map(drop)
}

/// The error of the operation when the API answers this.
async fn error(mock: &Mock, client: &Client, operation: &str, answer: Answer) -> Error {
    mock.answer_with(operation, answer);
    let result = match operation {
        READ => get(client).await,
        _ => refund(client).await,
    };
    // Sent once, whatever came back.
    mock.take_one();
    let error = result.expect_err("an error");
    let shown = format!("{error} {error:?}");
    for private in PRIVATE {
        assert!(!shown.contains(private), "{private} is in {shown}");
    }
    error
}

/// The result of the operation's tool when the API answers this.
async fn result(mock: &Mock, server: &mut Server, operation: &str, answer: Answer) -> ToolResult {
    mock.answer_with(operation, answer);
    let case = Case::of(operation);
    let result = server.call(&case.tool, &case.arguments).await;
    case.check(&mock.take_one());
    result
}

/// Bodies of refusals: their content type, themselves, and what can be read from them.
fn bodies() -> [(&'static str, &'static str, Option<&'static str>); 5] {
    let explained = "No invoice of ines.webb@example.com";
    let html = "<!DOCTYPE html><html><h1>No ines.webb@example.com</h1></html>";
    [
        (
            JSON,
            r#"{"message": "No invoice of ines.webb@example.com"}"#,
            Some(explained),
        ),
        (
            "application/problem+json",
            r#"{"title": "No invoice of ines.webb@example.com", "status": 400}"#,
            Some(explained),
        ),
        ("text/html", html, None),
        (JSON, "{}", None),
        ("", "", None),
    ]
}

/// Statuses and what they say about a write; a read never had an effect.
const STATUSES: [(u16, Outcome); 10] = [
    (400, Outcome::Rejected),
    (401, Outcome::Rejected),
    (403, Outcome::Rejected),
    (404, Outcome::Rejected),
    (409, Outcome::Rejected),
    (422, Outcome::Rejected),
    (429, Outcome::Rejected),
    (500, Outcome::Unknown),
    (502, Outcome::Unknown),
    (503, Outcome::Unknown),
];

#[tokio::test]
async fn a_refusal_is_an_error_of_the_sdk() {
    let mock = Mock::start().await;
    let client = sdk::client(&mock);
    for (status, of_write) in STATUSES {
        for (content_type, body, message) in bodies() {
            for (operation, outcome) in [(READ, Outcome::Rejected), (WRITE, of_write)] {
                let answer = Answer::new(status, content_type, body)
                    .header("X-Request-Id", "r-1")
                    .header("Retry-After", "7");
                let error = error(&mock, &client, operation, answer).await;
                assert_eq!(error.status(), Some(status));
                assert_eq!(error.outcome(), outcome, "{operation} {status}");
                assert_eq!(error.body(), body.as_bytes());
                assert!(!error.is_body_truncated());
                assert_eq!(error.message().as_deref(), message, "{body}");
                assert_eq!(error.header("x-request-id"), Some("r-1"));
                assert_eq!(error.header("retry-after"), Some("7"));
                assert_eq!(error.is_unauthorized(), matches!(status, 401 | 403));
                assert_eq!(error.is_not_found(), status == 404);
                assert_eq!(error.is_rate_limited(), status == 429);
                assert!(!error.is_decode() && !error.is_timeout());
                let text = error.to_string();
                assert!(text.contains(&status.to_string()), "{text}");
                assert!(!text.contains("No invoice"), "{text}");
            }
        }
    }
}

#[tokio::test]
async fn a_refusal_is_a_result_of_the_tool() {
    let mock = Mock::start().await;
    let mut server = Server::start(&mock).await;
    for (status, of_write) in STATUSES {
        for (content_type, body, message) in bodies() {
            for (operation, outcome) in [(READ, Outcome::Rejected), (WRITE, of_write)] {
                let answer = Answer::new(status, content_type, body).header("retry-after", "7");
                let result = result(&mock, &mut server, operation, answer).await;
                let report = &result.structured;
                assert!(result.is_error, "{report}");
                assert_eq!(report["status"], status);
                assert_eq!(result.text("outcome"), outcome.as_str(), "{report}");
                assert_eq!(report["retryAfterSeconds"], 7, "{report}");
                assert!(!result.text("next").is_empty(), "{report}");
                // The model may read what the API says, in words but not as a page for people.
                match message {
                    Some(message) => assert_eq!(result.text("message"), message),
                    None => assert!(result.text("message").contains(&status.to_string())),
                }
                let page = report.to_string().contains("<html>");
                assert!(!page, "{report}");
                let json = serde_json::from_str::<Value>(body).ok();
                assert_eq!(report.get("answer"), json.as_ref(), "{report}");
                let repeats = matches!((operation, status), (_, 429) | (READ, 500..));
                assert_eq!(report["retryable"], repeats, "{report}");
            }
        }
    }
    server.close().await;
}

/// Successes that are not what was promised, with a part of what is wrong with them.
const UNREADABLE: [(&str, &str); 6] = [
    ("<html>log in</html>", "not JSON"),
    (r#"{"customerUniqueId": "8WER0F4J1R", "amo"#, "not JSON"),
    (r#"["8WER0F4J1R"]"#, "form"),
    ("7", "form"),
    (
        r#"{"email": {"to": "ines.webb@example.com"}, "amount": {"x": 1}}"#,
        "form",
    ),
    ("", "empty"),
];

#[tokio::test]
async fn an_answer_that_cannot_be_read_is_no_failed_call() {
    let mock = Mock::start().await;
    let client = sdk::client(&mock);
    let mut server = Server::start(&mock).await;
    for (body, problem) in UNREADABLE {
        for operation in [READ, WRITE] {
            let answer = || Answer::new(200, JSON, body);
            let error = error(&mock, &client, operation, answer()).await;
            assert!(error.is_decode());
            assert_eq!(error.outcome(), Outcome::Done);
            assert_eq!(error.status(), Some(200));
            assert_eq!(error.body(), body.as_bytes());
            assert_eq!(error.message(), None);
            let text = error.to_string();
            assert!(text.contains("the call succeeded (status 200)"), "{text}");
            assert!(text.contains(problem), "{text}");
            assert_eq!(text.contains("do not repeat it"), operation == WRITE);

            let result = result(&mock, &mut server, operation, answer()).await;
            let parsed = serde_json::from_str(body);
            // What should have been read is not there.
            let is_lost = operation == READ && parsed.is_err() && !body.is_empty();
            assert_eq!(result.is_error, is_lost, "{}", result.structured);
            if is_lost {
                continue;
            }
            let passed_on = match parsed {
                Ok(object @ Value::Object(_)) => object,
                Ok(other) => json!({"result": other}),
                Err(_) => json!({"result": body}),
            };
            assert_eq!(result.structured, passed_on);
            let [note] = &result.notes[..] else {
                panic!("one note: {:?}", result.notes);
            };
            assert!(note.contains("The call succeeded"), "{note}");
        }
    }
    server.close().await;
}

#[tokio::test]
async fn a_success_that_breaks_off_is_still_one() {
    let mock = Mock::start().await;
    let client = sdk::client(&mock);
    let mut server = Server::start(&mock).await;
    let body = json!({"customerUniqueId": "8WER0F4J1R", "invoiceNumber": "8WER0F4J1R-1"});
    for operation in [READ, WRITE] {
        let answer = || Answer::json(200, &body).cut_short(20);
        let error = error(&mock, &client, operation, answer()).await;
        assert_eq!(error.outcome(), Outcome::Done);
        assert_eq!(error.status(), Some(200));
        assert!(error.is_body_truncated());
        assert!(error.to_string().contains("the call succeeded"), "{error}");

        let result = result(&mock, &mut server, operation, answer()).await;
        assert!(result.is_error);
        assert_eq!(result.text("outcome"), "done");
        assert_eq!(result.structured["status"], 200);
        let message = result.text("message");
        assert!(message.contains("the call succeeded"), "{message}");
        assert_eq!(result.structured["retryable"], operation == READ);
    }
    server.close().await;
}

#[tokio::test]
async fn a_refusal_that_breaks_off_is_still_one() {
    let mock = Mock::start().await;
    let client = sdk::client(&mock);
    let refusal = Answer::json(404, &json!({"message": "No such customer"})).cut_short(5);
    let error = error(&mock, &client, READ, refusal).await;
    assert_eq!(error.outcome(), Outcome::Rejected);
    assert!(error.is_not_found() && error.is_body_truncated());
}

#[tokio::test]
async fn without_an_answer_nobody_knows() {
    let mock = Mock::start().await;
    let client = sdk::client(&mock);
    let mut server = Server::start(&mock).await;
    for operation in [READ, WRITE] {
        let error = error(&mock, &client, operation, Answer::cut()).await;
        assert_eq!(error.outcome(), Outcome::Unknown, "{error}");
        assert_eq!(error.status(), None);
        assert_eq!(error.body(), b"");
        assert!(!error.is_timeout());

        let result = result(&mock, &mut server, operation, Answer::cut()).await;
        assert!(result.is_error);
        assert_eq!(result.text("outcome"), "unknown");
        assert_eq!(result.structured.get("status"), None);
        // Looking again is safe, paying again is not.
        assert_eq!(result.structured["retryable"], operation == READ);
    }
    server.close().await;
}

#[tokio::test]
async fn an_answer_that_is_too_late_is_none() {
    let mock = Mock::start().await;
    let client = sdk::builder(&mock).attempt_timeout(Duration::from_millis(50));
    let client = client.build().expect("a client");
    let late = Answer::json(200, &json!({})).after(Duration::from_secs(5));
    let error = error(&mock, &client, WRITE, late).await;
    assert!(error.is_timeout());
    assert_eq!(error.outcome(), Outcome::Unknown);
}

#[tokio::test]
async fn where_nobody_listens_nothing_is_sent() {
    let mock = Mock::start().await;
    let client = sdk::client(&mock);
    let mut server = Server::start(&mock).await;
    drop(mock);
    // The mock is a task; it goes when the runtime gets to it.
    tokio::time::sleep(Duration::from_millis(20)).await;
    let error = refund(&client).await.expect_err("an error");
    assert_eq!(error.outcome(), Outcome::NotSent, "{error:?}");
    assert_eq!(error.status(), None);
    let case = Case::of(WRITE);
    let result = server.call(&case.tool, &case.arguments).await;
    assert!(result.is_error);
    assert_eq!(result.text("outcome"), "not_sent");
    assert_eq!(result.structured["retryable"], true);
    server.close().await;
}

#[tokio::test]
async fn a_redirect_is_never_followed() {
    let mock = Mock::start().await;
    let elsewhere = Mock::start().await;
    let client = sdk::client(&mock);
    let mut server = Server::start(&mock).await;
    for status in [301, 302, 303, 307, 308] {
        for (operation, outcome) in [(READ, Outcome::Rejected), (WRITE, Outcome::Unknown)] {
            // The same call at another address, which would succeed there.
            let target = format!("{}{}", elsewhere.url(), Case::of(operation).wire.path);
            let redirect = || Answer::new(status, "", "").header("location", &target);
            let error = error(&mock, &client, operation, redirect()).await;
            assert_eq!(error.status(), Some(status));
            assert_eq!(error.outcome(), outcome);
            assert_eq!(error.header("location"), Some(target.as_str()));

            let result = result(&mock, &mut server, operation, redirect()).await;
            assert!(result.is_error);
            assert_eq!(result.structured["status"], status);
            assert_eq!(result.text("outcome"), outcome.as_str());
        }
    }
    server.close().await;
    elsewhere.assert_untouched();
}

#[tokio::test]
async fn a_huge_refusal_is_kept_in_part() {
    let mock = Mock::start().await;
    let client = sdk::client(&mock);
    let mut server = Server::start(&mock).await;
    let long = "ines.webb@example.com ".repeat(10_000);
    let bodies = [
        json!({"message": "Too much", "details": long}).to_string(),
        json!({"message": long}).to_string(),
        format!("<html>{long}</html>"),
        long,
    ];
    for body in bodies {
        for operation in [READ, WRITE] {
            let answer = || Answer::new(400, JSON, body.as_str());
            let error = error(&mock, &client, operation, answer()).await;
            assert_eq!(error.body(), &body.as_bytes()[..64 * 1024]);
            assert!(error.is_body_truncated());
            let message = error.message().unwrap_or_default();
            assert!(message.chars().count() <= 1001, "{}", message.len());
            assert!(error.to_string().len() < 300, "{error}");
            assert_eq!(error.outcome(), Outcome::Rejected);

            let result = result(&mock, &mut server, operation, answer()).await;
            assert!(result.is_error);
            assert_eq!(result.structured["status"], 400);
            assert!(result.structured.to_string().len() < 4096);
        }
    }
    server.close().await;
}
