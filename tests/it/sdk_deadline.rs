//! The two limits of time: of one attempt, and of all of them.
//!
//! Time is real here, because the sockets are. Nothing is said about how long a call takes but that it
//! does not wait when it must not; every limit is far from what it is told from.

use std::time::Duration;

use billsby_sdk::{Client, ClientBuilder, Error, Outcome, RetryPolicy};
use serde_json::json;

use crate::mock::{Answer, Mock};
use crate::support::sdk;

const READ: &str = "Customer_getDetails";
const SHORT: Duration = Duration::from_millis(400);
const LONG: Duration = Duration::from_secs(60);

fn builder(mock: &Mock) -> ClientBuilder {
    let policy = RetryPolicy::attempts(100).base_delay(Duration::from_millis(1));
    sdk::builder(mock).retry(policy)
}

fn late() -> Answer {
    Answer::json(200, &json!({})).after(LONG)
}

async fn get(client: &Client) -> Result<(), Error> {
    let call = client.customers().get(&sdk::key("8WER0F4J1R"));
    // Far less than any wait that must not happen.
    let in_time = tokio::time::timeout(LONG / 2, call.send()).await;
    in_time.expect("an end of the call").map(drop)
}

#[tokio::test]
async fn an_attempt_that_takes_too_long_is_followed_by_another() {
    let mock = Mock::start().await;
    let client = builder(&mock).attempt_timeout(SHORT).deadline(LONG);
    mock.answer_with(READ, late());
    get(&client.build().expect("a client"))
        .await
        .expect("the second attempt is in time");
    assert!(mock.take_all().len() >= 2);
}

#[tokio::test]
async fn the_deadline_ends_an_attempt() {
    let mock = Mock::start().await;
    let client = builder(&mock).attempt_timeout(LONG).deadline(SHORT);
    mock.answer_with(READ, late());
    let error = get(&client.build().expect("a client"))
        .await
        .expect_err("too late");
    assert!(error.is_timeout());
    assert_eq!((error.attempts(), error.outcome()), (1, Outcome::Unknown));
    mock.take_one();
}

#[tokio::test]
async fn the_deadline_ends_all_attempts() {
    let mock = Mock::start().await;
    let client = builder(&mock).attempt_timeout(SHORT).deadline(SHORT * 4);
    for _ in 0..10 {
        mock.answer_with(READ, late());
    }
    let error = get(&client.build().expect("a client"))
        .await
        .expect_err("too late");
    assert!(error.is_timeout());
    // Four of them fit in, the last of which may have been cut short.
    assert!((2..=5).contains(&error.attempts()), "{error}");
    // There may have been no time left to send the last one.
    let sent = mock.take_all().len();
    assert!(
        (2..=error.attempts() as usize).contains(&sent),
        "{sent}: {error}"
    );
}

#[tokio::test]
async fn no_wait_passes_the_deadline() {
    let mock = Mock::start().await;
    let client = builder(&mock).deadline(LONG / 4).build().expect("a client");
    let far = "Sun, 22 Nov 2026 13:00:00 GMT";
    for answer in [
        Answer::new(429, "", "").header("retry-after", "3600"),
        Answer::new(503, "", "").header("retry-after", "99999999999999999999"),
        Answer::new(503, "", "")
            .header("date", "Sun, 22 Nov 2026 12:00:00 GMT")
            .header("retry-after", far),
        Answer::new(429, "", "").header("ratelimit-reset", "3600"),
    ] {
        let status = answer.status;
        mock.answer_with(READ, answer);
        let error = get(&client).await.expect_err("busy");
        mock.take_one();
        assert_eq!((error.status(), error.attempts()), (Some(status), 1));
        assert!(
            error
                .retry_after()
                .is_some_and(|wait| wait.as_secs() >= 3600)
        );
    }
}

#[tokio::test]
async fn a_call_can_have_limits_of_its_own() {
    let mock = Mock::start().await;
    let client = builder(&mock).attempt_timeout(LONG).deadline(LONG);
    let client = client.build().expect("a client");
    mock.answer_with(READ, late());
    let call = client.customers().get(&sdk::key("8WER0F4J1R"));
    call.with_attempt_timeout(SHORT)
        .send()
        .await
        .expect("the second attempt");
    assert!(mock.take_all().len() >= 2);

    mock.answer_with(READ, late());
    let call = client.customers().get(&sdk::key("8WER0F4J1R"));
    let error = call
        .with_deadline(SHORT)
        .send()
        .await
        .expect_err("too late");
    assert!(error.is_timeout());
    mock.take_one();

    // Without an end, and without one that can be reached.
    let call = client.customers().get(&sdk::key("8WER0F4J1R"));
    let call = call
        .with_attempt_timeout(Duration::MAX)
        .with_deadline(Duration::MAX);
    call.send().await.expect("a customer");
}
