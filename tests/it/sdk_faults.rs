//! Everything that can go wrong on the wire: what the error says about it, and how often the call was
//! sent.

use std::time::Duration;

use billsby_sdk::model::{OneTimeCharge, Refund};
use billsby_sdk::types::Amount;
use billsby_sdk::{Client, Error, Outcome};

use crate::sdk_server::{Fault, FaultyServer, answer, builder, nowhere};
use crate::support::sdk;

const JSON: &str = "application/json";
const MEGABYTES: usize = 10 * 1024 * 1024;

async fn read(client: &Client) -> Result<(), Error> {
    let call = client.customers().get(&sdk::key("8WER0F4J1R"));
    call.with_attempt_timeout(patience()).send().await.map(drop)
}

async fn charge(client: &Client) -> Result<(), Error> {
    let body = OneTimeCharge::new(Amount::from_minor_units(50_000), "USD", "Setup");
    let call = client.invoices().charge(&sdk::key("8WER0F4J1R"), &body);
    call.with_attempt_timeout(patience()).send().await.map(drop)
}

/// Shorter than a stalled server takes, and longer than any other.
fn patience() -> Duration {
    Duration::from_secs(1)
}

/// A fault, with what comes of a read and of a charge.
struct Row {
    name: &'static str,
    fault: Fault,
    read: Expected,
    charge: Expected,
}

#[derive(Clone, Copy)]
struct Expected {
    outcome: Option<Outcome>,
    attempts: u32,
    status: Option<u16>,
}

const fn failed(outcome: Outcome, attempts: u32, status: Option<u16>) -> Expected {
    Expected {
        outcome: Some(outcome),
        attempts,
        status,
    }
}

const SUCCESS: Expected = Expected {
    outcome: None,
    attempts: 1,
    status: None,
};

fn row(name: &'static str, fault: Fault, read: Expected, charge: Expected) -> Row {
    Row {
        name,
        fault,
        read,
        charge,
    }
}

/// The same for both calls but for the outcome of a read, and the attempts it takes.
fn table() -> Vec<Row> {
    use Outcome::{Done, Rejected, Unknown};
    let long = |byte: u8| vec![byte; MEGABYTES];
    let lost = |name, fault| {
        row(
            name,
            fault,
            failed(Unknown, 3, None),
            failed(Unknown, 1, None),
        )
    };
    let cut = |name, fault| {
        row(
            name,
            fault,
            failed(Done, 3, Some(200)),
            failed(Done, 1, Some(200)),
        )
    };
    let odd = |name, status: &'static str, content_type, body: Vec<u8>| {
        let code = status[..3].parse().ok();
        row(
            name,
            Fault::Answer(answer(status, content_type, body)),
            failed(Done, 1, code),
            failed(Done, 1, code),
        )
    };
    let unwell = |name, status: &'static str, attempts, body: Vec<u8>| {
        let code = status[..3].parse().ok();
        row(
            name,
            Fault::Answer(answer(status, "text/html", body)),
            failed(Rejected, attempts, code),
            failed(Unknown, 1, code),
        )
    };
    let html = || b"<html><h1>Oops</h1></html>".to_vec();
    let head = "HTTP/1.1 200 OK\r\ncontent-length: 40\r\n\r\n";
    let half = |more: &str| [head.as_bytes(), more.as_bytes()].concat();
    vec![
        lost("reset before the request was read", Fault::ResetUnread),
        lost("reset after the request was read", Fault::ResetRead),
        lost("closed after the request was read", Fault::Close),
        lost(
            "closed in the headers",
            Fault::AnswerAndClose(b"HTTP/1.1 200 OK\r\n".to_vec()),
        ),
        lost(
            "no HTTP",
            Fault::AnswerAndClose(b"SSH-2.0-OpenSSH_9.6\r\n\r\n".to_vec()),
        ),
        lost(
            "slow headers",
            Fault::Stall(b"HTTP/1.1 200 OK\r\n".to_vec()),
        ),
        cut("slow body", Fault::Stall(half("{\"customer"))),
        cut("truncated body", Fault::AnswerAndClose(half("{\"customer"))),
        odd("no content", "204 No Content", JSON, Vec::new()),
        odd("empty", "200 OK", JSON, Vec::new()),
        odd(
            "broken JSON",
            "200 OK",
            JSON,
            b"{\"customerUniqueId\": ".to_vec(),
        ),
        odd("a page", "200 OK", "text/html", html()),
        odd("10 MB of no JSON", "200 OK", JSON, long(b'[')),
        unwell("500", "500 Internal Server Error", 1, html()),
        unwell("502", "502 Bad Gateway", 3, html()),
        unwell("503", "503 Service Unavailable", 3, html()),
        unwell("504", "504 Gateway Timeout", 3, html()),
        unwell("10 MB of 500", "500 Internal Server Error", 1, long(b'x')),
    ]
}

fn check(name: &str, result: Result<(), Error>, expected: Expected) -> Option<Error> {
    let Some(outcome) = expected.outcome else {
        result.unwrap_or_else(|error| panic!("{name}: {error:?}"));
        return None;
    };
    let error = result.expect_err(name);
    assert_eq!(error.outcome(), outcome, "{name}: {error:?}");
    assert_eq!(error.attempts(), expected.attempts, "{name}: {error:?}");
    assert_eq!(error.status(), expected.status, "{name}: {error:?}");
    let slow = name.starts_with("slow");
    assert_eq!(error.is_timeout(), slow, "{name}: {error:?}");
    assert!(!error.is_connect(), "{name}: {error:?}");
    let shown = format!("{error} {error:?}");
    for private in ["8WER0F4J1R", "Oops", "127.0.0.1", "c0ffee"] {
        assert!(!shown.contains(private), "{name}: {private} in {shown}");
    }
    Some(error)
}

#[tokio::test]
async fn a_fault_has_one_outcome_and_a_charge_goes_out_once() {
    for row in table() {
        let Row { name, fault, .. } = row;
        let server = FaultyServer::start(fault.clone()).await;
        let result = read(&server.client()).await;
        check(name, result, row.read);

        let server = FaultyServer::start(fault.clone()).await;
        let result = charge(&server.client()).await;
        check(name, result, row.charge);
        assert_eq!(server.connections(), 1, "{name}");
        let read = usize::from(!matches!(fault, Fault::ResetUnread));
        assert_eq!(server.requests(), read, "{name}");
    }
}

#[tokio::test]
async fn where_nobody_listens_a_charge_is_tried_again_and_never_sent() {
    let client = builder(nowhere().await).build().expect("a client");
    for result in [read(&client).await, charge(&client).await] {
        let error = result.expect_err("nobody listens");
        assert_eq!(error.outcome(), Outcome::NotSent);
        assert_eq!((error.attempts(), error.status()), (3, None));
        assert!(error.is_connect() && !error.is_timeout() && !error.is_decode());
        assert!(error.to_string().contains("nothing was sent"), "{error}");
    }
}

#[tokio::test]
async fn json_is_read_under_any_content_type() {
    for content_type in ["text/html", "text/plain; charset=utf-8", "image/png"] {
        let body = answer("200 OK", content_type, "{}");
        let server = FaultyServer::start(Fault::Answer(body)).await;
        check(content_type, read(&server.client()).await, SUCCESS);
        let server = FaultyServer::start(Fault::Answer(answer("200 OK", content_type, "true")));
        let server = server.await;
        check(content_type, charge(&server.client()).await, SUCCESS);
        assert_eq!(server.requests(), 1);
    }
}

#[tokio::test]
async fn long_answers_are_read_whole_and_long_refusals_in_part() {
    let long = "x".repeat(MEGABYTES);
    let customer = format!("{{\"notes\": \"{long}\"}}");
    let server = FaultyServer::start(Fault::Answer(answer("200 OK", JSON, &customer))).await;
    let call = server.client().customers().get(&sdk::key("8WER0F4J1R"));
    let response = call.send().await.expect("a customer");
    assert_eq!(response.body(), customer.as_bytes());

    // Nothing of a success is lost, whether or not it can be read.
    let server = FaultyServer::start(Fault::Answer(answer("200 OK", JSON, &long))).await;
    let error = charge(&server.client()).await.expect_err("no JSON");
    assert_eq!(error.body(), long.as_bytes());
    assert!(error.is_decode() && !error.is_body_truncated());

    let refusal = answer("400 Bad Request", JSON, &long);
    let server = FaultyServer::start(Fault::Answer(refusal)).await;
    let error = charge(&server.client()).await.expect_err("a refusal");
    assert_eq!(error.body().len(), 64 * 1024);
    assert!(error.is_body_truncated());

    // There is an end to everything.
    let endless = answer("200 OK", JSON, vec![b' '; 33 * 1024 * 1024]);
    let server = FaultyServer::start(Fault::Answer(endless)).await;
    let error = charge(&server.client()).await.expect_err("too long");
    assert_eq!(error.outcome(), Outcome::Done);
    assert!(!error.is_decode() && error.is_body_truncated());
    assert!(error.to_string().contains("too long"), "{error}");
}

#[tokio::test]
async fn a_charge_over_a_connection_that_has_just_been_closed_goes_out_once() {
    let body = answer("200 OK", JSON, "true");
    let server = FaultyServer::start(Fault::AnswerAndClose(body)).await;
    let client = server.client();
    for sent in 1..=20 {
        // The client may not know yet that its idle connection is gone.
        if let Err(error) = charge(&client).await {
            assert_eq!(error.outcome(), Outcome::Unknown, "{error:?}");
            assert_eq!(error.attempts(), 1);
            assert!(server.requests() <= sent, "sent again");
            return;
        }
        assert_eq!(server.requests(), sent);
    }
}

#[tokio::test]
async fn the_payment_details_request_counts_as_a_write() {
    let busy = answer("503 Service Unavailable", JSON, "{}");
    let server = FaultyServer::start(Fault::Answer(busy)).await;
    let client = server.client();
    let call = client
        .payments()
        .request_card_update(&sdk::key("8WER0F4J1R"));
    let error = call.send().await.expect_err("busy");
    assert_eq!(error.outcome(), Outcome::Unknown);
    assert_eq!((error.attempts(), server.requests()), (1, 1));

    let body = Refund::new(sdk::key("8WER0F4J1R-1"), Amount::from_minor_units(1));
    let call = client.invoices().refund(&sdk::key("8WER0F4J1R"), &body);
    assert_eq!(call.send().await.expect_err("busy").attempts(), 1);
    assert_eq!(server.requests(), 2);
}
