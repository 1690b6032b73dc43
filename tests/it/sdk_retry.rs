//! Which calls are sent again, when, and what `tracing` sees of it.

use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use billsby_sdk::model::OneTimeCharge;
use billsby_sdk::types::Amount;
use billsby_sdk::{Client, ClientBuilder, Error, Outcome, RetryPolicy};
use serde_json::json;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::SubscriberExt;

use crate::mock::{API_KEY, Answer, Mock};
use crate::support::sdk;

const READ: &str = "Customer_getDetails";
const CHARGE: &str = "Invoice_createOneTimeCharge";

async fn get(client: &Client) -> Result<(), Error> {
    let call = client.customers().get(&sdk::key("8WER0F4J1R"));
    call.send().await.map(drop)
}

async fn charge(client: &Client) -> Result<(), Error> {
    let body = OneTimeCharge::new(Amount::from_minor_units(50_000), "USD", "Setup");
    let call = client.invoices().charge(&sdk::key("8WER0F4J1R"), &body);
    call.send().await.map(drop)
}

/// The policy that a client has by itself, with short waits.
fn quick() -> RetryPolicy {
    RetryPolicy::default().base_delay(Duration::from_millis(1))
}

fn builder(mock: &Mock) -> ClientBuilder {
    sdk::builder(mock).retry(quick())
}

fn busy(status: u16) -> Answer {
    Answer::new(status, "text/html", "<html>busy</html>")
}

fn answer_all(mock: &Mock, operation: &str, answers: impl IntoIterator<Item = Answer>) {
    for answer in answers {
        mock.answer_with(operation, answer);
    }
}

#[tokio::test]
async fn a_read_is_sent_until_it_succeeds() {
    let mock = Mock::start().await;
    let client = builder(&mock).build().expect("a client");
    for failure in [
        || busy(503),
        || busy(502),
        || busy(504),
        || busy(429),
        Answer::cut,
        || Answer::json(200, &json!({"customerUniqueId": "8WER0F4J1R"})).cut_short(9),
    ] {
        answer_all(&mock, READ, [failure(), failure()]);
        get(&client).await.expect("the third attempt succeeds");
        let sent = mock.take_all();
        assert_eq!(sent.len(), 3);
        assert!(sent.iter().all(|request| request.target == sent[0].target));
        assert!(
            sent.iter()
                .all(|request| request.headers == sent[0].headers)
        );
    }
}

#[tokio::test]
async fn a_write_is_sent_once() {
    let mock = Mock::start().await;
    let policy = RetryPolicy::attempts(10).base_delay(Duration::ZERO);
    let client = sdk::builder(&mock).retry(policy).build().expect("a client");
    for failure in [
        busy(503),
        busy(502),
        busy(504),
        busy(500),
        busy(429).header("retry-after", "0"),
        Answer::cut(),
        Answer::json(200, &json!(true)).cut_short(1),
    ] {
        mock.answer_with(CHARGE, failure);
        let error = charge(&client).await.expect_err("an error");
        mock.take_one();
        assert_eq!(error.attempts(), 1);
    }
}

#[tokio::test]
async fn what_will_not_change_is_not_tried_again() {
    let mock = Mock::start().await;
    let client = builder(&mock).build().expect("a client");
    for status in [301, 400, 401, 403, 404, 409, 422, 500, 501] {
        mock.answer_with(READ, busy(status));
        let error = get(&client).await.expect_err("an error");
        mock.take_one();
        assert_eq!((error.status(), error.attempts()), (Some(status), 1));
    }
    mock.answer_with(READ, Answer::new(200, "text/html", "<html>"));
    assert!(get(&client).await.expect_err("no JSON").is_decode());
    mock.take_one();
}

#[tokio::test]
async fn the_last_error_is_the_one_that_counts() {
    let mock = Mock::start().await;
    let client = builder(&mock).build().expect("a client");
    answer_all(&mock, READ, [busy(502), Answer::cut(), busy(503)]);
    let error = get(&client).await.expect_err("three failures");
    assert_eq!(mock.take_all().len(), 3);
    assert_eq!((error.status(), error.attempts()), (Some(503), 3));
    assert!(error.to_string().ends_with("(tried 3 times)"), "{error}");

    // The third answer is not what the second promised.
    answer_all(&mock, READ, [busy(503), Answer::new(200, "", "<html>")]);
    let error = get(&client).await.expect_err("no JSON");
    assert_eq!(mock.take_all().len(), 2);
    assert_eq!((error.outcome(), error.attempts()), (Outcome::Done, 2));
}

#[tokio::test]
async fn the_number_of_attempts_can_be_set() {
    let mock = Mock::start().await;
    let client = builder(&mock).build().expect("a client");
    for (policy, attempts) in [
        (RetryPolicy::off(), 1),
        (RetryPolicy::attempts(0), 1),
        (RetryPolicy::attempts(2), 2),
        (RetryPolicy::attempts(5).max_delay(Duration::ZERO), 5),
    ] {
        answer_all(&mock, READ, (0..attempts).map(|_| busy(503)));
        let policy = policy.base_delay(Duration::from_millis(1));
        let call = client.customers().get(&sdk::key("8WER0F4J1R"));
        let error = call.with_retry(policy).send().await.expect_err("busy");
        assert_eq!(error.attempts(), attempts);
        assert_eq!(mock.take_all().len(), attempts as usize);
    }
}

#[tokio::test]
async fn a_wait_that_the_api_asks_for_is_kept() {
    let mock = Mock::start().await;
    let client = builder(&mock).build().expect("a client");
    let seconds = busy(429).header("retry-after", "1");
    let date = busy(503)
        .header("date", "Sun, 22 Nov 2026 13:00:00 GMT")
        .header("retry-after", "Sun, 22 Nov 2026 13:00:01 GMT");
    let reset = busy(429).header("ratelimit-reset", "1");
    for answer in [seconds, date, reset] {
        mock.answer_with(READ, answer);
        let start = Instant::now();
        get(&client).await.expect("the second attempt succeeds");
        assert!(start.elapsed() >= Duration::from_secs(1));
        assert_eq!(mock.take_all().len(), 2);
    }
}

/// Where a test's log goes.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("no panic inside").write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn every_attempt_is_seen_and_nobodys_data() {
    let log = Log::default();
    let writer = log.clone();
    let lines = tracing_subscriber::fmt::layer()
        .with_ansi(false)
        .with_writer(move || writer.clone());
    let subscriber = tracing_subscriber::registry()
        .with(LevelFilter::TRACE)
        .with(lines);
    let guard = tracing::subscriber::set_default(subscriber);
    let mock = Mock::start().await;
    let client = builder(&mock).build().expect("a client");
    answer_all(&mock, READ, [busy(503), Answer::cut()]);
    get(&client).await.expect("the third attempt succeeds");
    mock.answer_with(CHARGE, busy(500));
    charge(&client).await.expect_err("busy");
    drop(guard);

    let log = String::from_utf8(std::mem::take(&mut *log.0.lock().expect("no panic inside")));
    let log = log.expect("UTF-8");
    let own: Vec<&str> = log
        .lines()
        .filter(|line| line.contains("billsby"))
        .collect();
    for wanted in [
        "operation=\"customers.get\" attempt=1 status=503 failure=\"status\" elapsed_ms=",
        "operation=\"customers.get\" attempt=2 failure=\"no_answer\" elapsed_ms=",
        "operation=\"customers.get\" attempt=3 status=200 elapsed_ms=",
        "operation=\"invoices.charge\" attempt=1 status=500 failure=\"status\" elapsed_ms=",
    ] {
        let times = own.iter().filter(|line| line.contains(wanted)).count();
        assert_eq!(times, 1, "{wanted} in {own:#?}");
    }
    let secret = API_KEY.split_once('_').expect("a company and a secret").1;
    for private in [secret, "8WER0F4J1R", "Setup", "busy"] {
        assert!(!log.contains(private), "{private} in {log}");
    }
}
