//! The API key is shown nowhere, and personal data not by accident.

use billsby_sdk::{ApiKey, Client};
use serde_json::json;

use crate::every_operation_sdk::calls;
use crate::mock::{API_KEY, Answer, Mock};
use crate::support::{Case, Server, sdk};

/// What the fixtures and the table know about people.
const PERSONAL: &[&str] = &[
    "Ines",
    "Inês",
    "Webb",
    "Duarte",
    "Tomás",
    "O'Hara",
    "Aiko",
    "Mori",
    "@example",
    "Mill Lane",
    "Harbour Row",
    "Leeds",
    "LS1 4AP",
    "07700900123",
    "0612345678",
    "0042",
    "tok-",
    "ref-20260302",
    "gdpr",
    "8WER0F4J1R",
    "6ZP37ULD4F",
    "T3KD95NW0B",
];

#[track_caller]
fn assert_without(text: &str, secrets: &[&str]) {
    for secret in secrets {
        assert!(!shows(text, secret), "{secret} is in: {text}");
    }
}

/// A few digits stand in many a time of day; they count where they stand alone.
fn shows(text: &str, secret: &str) -> bool {
    if secret.len() > 4 || !secret.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.contains(secret);
    }
    let mut words = text.split(|c: char| !c.is_alphanumeric() && c != '.');
    words.any(|word| word == secret)
}

#[test]
fn digits_are_found_where_they_stand_alone() {
    assert!(shows(r#"{"last4Digits":"0042"}"#, "0042"));
    assert!(!shows("20:52:15.004217Z took=10.0042ms", "0042"));
}

/// The random part of the key; the rest is the company's name.
fn secret() -> &'static str {
    API_KEY.split_once('_').expect("a company and a secret").1
}

#[tokio::test]
async fn a_client_does_not_show_its_key() {
    let mock = Mock::start().await;
    let builder = sdk::builder(&mock);
    let key = ApiKey::new(API_KEY);
    let shown = format!(
        "{key:?} {:?} {builder:?} {builder:#?}",
        ApiKey::from(API_KEY)
    );
    assert_without(&shown, &[secret()]);
    let client = builder.build().expect("a client");
    let shown = format!("{client:?} {client:#?} {:?}", client.customers());
    assert_without(&shown, &[secret()]);
    assert!(shown.contains("widgets"), "{shown}");
}

#[test]
fn a_key_that_cannot_be_used_is_not_shown() {
    for wrong in [
        format!("{API_KEY}\n"),
        format!("{API_KEY}\u{0}"),
        format!("ключ-{API_KEY}"),
    ] {
        let result = Client::new(wrong, sdk::key("widgets"));
        if let Err(error) = result {
            assert_without(&format!("{error} {error:?}"), &[secret()]);
        }
    }
    let url = format!("http://user:{API_KEY}@127.0.0.1/");
    let builder = Client::builder(API_KEY, sdk::key("widgets")).base_url(url);
    let error = builder.build().expect_err("a password in the address");
    assert_without(&format!("{error} {error:?}"), &[secret()]);
}

#[tokio::test]
async fn an_error_does_not_show_the_key_though_the_api_does() {
    let mock = Mock::start().await;
    let client = sdk::client(&mock);
    let id = "Customer_getDetails";
    let echo = json!({"message": format!("{API_KEY} is not valid")});
    for answer in [
        Answer::json(401, &echo),
        Answer::json(500, &echo).header("x-key", API_KEY),
        Answer::new(200, "text/plain", API_KEY),
        Answer::cut(),
        Answer::json(200, &echo).cut_short(3),
    ] {
        mock.answer_with(id, answer);
        let key = sdk::key("8WER0F4J1R");
        let call = client.customers().get(&key);
        assert_without(&format!("{call:?}"), &[secret(), "8WER0F4J1R"]);
        let error = call.send().await.expect_err("an error");
        assert_without(&format!("{error} {error:?} {error:#?}"), &[secret()]);
        let mut source = std::error::Error::source(&error);
        while let Some(cause) = source {
            assert_without(&format!("{cause} {cause:?}"), &[secret(), "8WER0F4J1R"]);
            source = cause.source();
        }
    }
}

#[tokio::test]
async fn the_key_is_in_one_header_and_nowhere_else() {
    let mock = Mock::start().await;
    let client = sdk::client(&mock);
    for (id, call) in calls() {
        call(&client).await;
        let sent = mock.take_one();
        assert_without(&sent.target, &[secret()]);
        assert_without(&String::from_utf8_lossy(&sent.body), &[secret()]);
        let with_key = sent
            .headers
            .iter()
            .filter(|(_, value)| value.contains(secret()));
        let names: Vec<&str> = with_key.map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["apikey"], "{id}");
        let agent = sent.header("user-agent").expect("a user agent");
        assert!(agent.starts_with("billsby-sdk/"), "{agent}");
    }
}

#[tokio::test]
async fn an_answer_does_not_show_people() {
    let mock = Mock::start().await;
    let client = sdk::client(&mock);
    for (_, call) in calls() {
        let shown = call(&client).await;
        assert_without(&shown, PERSONAL);
        assert_without(&shown, &[secret()]);
    }
}

/// With everything in the log that can be asked for.
#[tokio::test]
async fn the_log_shows_neither_the_key_nor_people() {
    let mock = Mock::start().await;
    let mut server = Server::start(&mock).await;
    server.tools().await;
    for case in Case::all() {
        let id = case.operation.as_str();
        // A success, refusals that repeat everything, a broken answer, and arguments that are wrong.
        server.call(&case.tool, &case.arguments).await;
        let echo = json!({"message": API_KEY, "errors": case.arguments.clone()});
        for answer in [
            Answer::json(400, &echo),
            Answer::json(500, &echo),
            Answer::new(200, "text/html", echo.to_string()),
            Answer::cut(),
        ] {
            mock.answer_with(id, answer);
            server.call(&case.tool, &case.arguments).await;
        }
        let mut wrong = case.arguments.clone();
        wrong.insert(
            format!("{API_KEY} Ines Webb"),
            json!("ines.webb@example.com"),
        );
        server.call(&case.tool, &wrong).await;
    }
    let unknown = json!({"name": format!("Ines Webb {API_KEY}"), "arguments": {"a": API_KEY}});
    server.request("tools/call", &unknown).await;
    let odd = json!({"name": ["ines.webb@example.com"], "arguments": API_KEY});
    server.request("tools/call", &odd).await;
    server
        .request(&format!("Ines/{API_KEY}"), &json!({"Webb": API_KEY}))
        .await;

    let log = server.close().await;
    // It is a log all the same.
    assert!(
        log.contains("call succeeded") && log.contains("call failed"),
        "{log}"
    );
    assert_without(&log, &[secret()]);
    assert_without(&log, PERSONAL);
}
