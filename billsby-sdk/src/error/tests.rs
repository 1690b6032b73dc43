use std::error::Error as _;

use serde_json::json;

use super::{Answer, Error, Kind, Outcome, Problem};
use crate::call::{AnswerForm, Descriptor, Effect, Method};
use crate::headers::Headers;
use crate::types::lenient;

const SECRET: &str = r#"{"message": "ann@example.com is unknown"}"#;

fn error(effect: Effect, kind: Kind) -> Error {
    let operation = Descriptor {
        id: "things.change",
        method: Method::Put,
        service: "core",
        path: "/things",
        effect,
        answer: AnswerForm::Json,
    };
    Error::after(&operation, kind, 1, false)
}

fn answer(status: u16) -> Answer {
    let retry: [(&str, &[u8]); 1] = [("Retry-After", b"7")];
    Answer {
        status,
        headers: Headers::from_iter(retry),
        body: SECRET.into(),
        truncated: false,
    }
}

fn io(text: &str) -> super::kind::Cause {
    std::io::Error::other(text.to_owned()).into()
}

/// Texts and outcomes of the same failure for a read and for a write.
fn both(kind: impl Fn() -> Kind) -> String {
    [Effect::Read, Effect::Write]
        .map(|effect| {
            let error = error(effect, kind());
            assert!(!format!("{error} {error:?}").contains("ann@example.com"));
            format!("{effect:?}: {error} [{}]", error.outcome())
        })
        .join("\n")
}

#[test]
fn nothing_was_sent() {
    let texts = [
        Error::configuration("the API key is empty").to_string(),
        both(|| Kind::Unsendable {
            problem: "`tagName` must not be empty".to_owned(),
            cause: None,
        }),
        both(|| Kind::Connect {
            cause: io("refused"),
            timeout: false,
            sent_before: false,
        }),
        both(|| Kind::Connect {
            cause: io("slow"),
            timeout: true,
            sent_before: false,
        }),
    ];
    insta::assert_snapshot!(texts.join("\n"), @r"
    the client cannot be built: the API key is empty
    Read: things.change: nothing was sent: `tagName` must not be empty [not_sent]
    Write: things.change: nothing was sent: `tagName` must not be empty [not_sent]
    Read: things.change: could not connect to Billsby, so nothing was sent; check the network and the base URL [not_sent]
    Write: things.change: could not connect to Billsby, so nothing was sent; check the network and the base URL [not_sent]
    Read: things.change: could not connect to Billsby in time, so nothing was sent; check the network and the base URL [not_sent]
    Write: things.change: could not connect to Billsby in time, so nothing was sent; check the network and the base URL [not_sent]
    ");
}

#[test]
fn no_answer() {
    let texts = [true, false].map(|timeout| {
        both(|| Kind::NoAnswer {
            cause: io("reset"),
            timeout,
        })
    });
    insta::assert_snapshot!(texts.join("\n"), @r"
    Read: things.change: no answer came in time; the call only reads and can be repeated [unknown]
    Write: things.change: no answer came in time; whether the call took effect is unknown, so look at the current state before repeating it [unknown]
    Read: things.change: the connection broke before an answer came; the call only reads and can be repeated [unknown]
    Write: things.change: the connection broke before an answer came; whether the call took effect is unknown, so look at the current state before repeating it [unknown]
    ");
}

#[test]
fn statuses() {
    let texts = [302, 400, 401, 403, 404, 409, 422, 429, 500, 503]
        .map(|status| both(|| Kind::Status(answer(status))));
    insta::assert_snapshot!(texts.join("\n"), @r"
    Read: things.change: Billsby answered with a redirect (status 302), which is never followed; check the base URL [rejected]
    Write: things.change: Billsby answered with a redirect (status 302), which is never followed; check the base URL; whether the call took effect is unknown, so look at the current state before repeating it [unknown]
    Read: things.change: Billsby refused the call as invalid (status 400); correct the arguments, Error::message() may say which [rejected]
    Write: things.change: Billsby refused the call as invalid (status 400); correct the arguments, Error::message() may say which [rejected]
    Read: things.change: Billsby did not accept the API key (status 401); check the key and that it belongs to the company domain [rejected]
    Write: things.change: Billsby did not accept the API key (status 401); check the key and that it belongs to the company domain [rejected]
    Read: things.change: Billsby did not accept the API key (status 403); check the key and that it belongs to the company domain [rejected]
    Write: things.change: Billsby did not accept the API key (status 403); check the key and that it belongs to the company domain [rejected]
    Read: things.change: Billsby found nothing there (status 404); check the company domain and the keys given [rejected]
    Write: things.change: Billsby found nothing there (status 404); check the company domain and the keys given [rejected]
    Read: things.change: Billsby refused the call (status 409); Error::message() may say why [rejected]
    Write: things.change: Billsby refused the call (status 409); Error::message() may say why [rejected]
    Read: things.change: Billsby refused the call as invalid (status 422); correct the arguments, Error::message() may say which [rejected]
    Write: things.change: Billsby refused the call as invalid (status 422); correct the arguments, Error::message() may say which [rejected]
    Read: things.change: too many calls (status 429); wait 7 seconds before trying again [rejected]
    Write: things.change: too many calls (status 429); wait 7 seconds before trying again [rejected]
    Read: things.change: Billsby failed to answer properly (status 500); the call only reads and can be repeated [rejected]
    Write: things.change: Billsby failed to answer properly (status 500); whether the call took effect is unknown, so look at the current state before repeating it [unknown]
    Read: things.change: Billsby failed to answer properly (status 503); the call only reads and can be repeated [rejected]
    Write: things.change: Billsby failed to answer properly (status 503); whether the call took effect is unknown, so look at the current state before repeating it [unknown]
    ");

    let mut unclear = answer(429);
    unclear.headers = Headers::from_iter([("retry-after", b"Wed, 21 Oct".as_slice())]);
    let text = error(Effect::Read, Kind::Status(unclear)).to_string();
    insta::assert_snapshot!(text, @"things.change: too many calls (status 429); wait a while before trying again");
}

#[test]
fn unusable_successes() {
    let cut_off = || Problem::CutOff {
        cause: io("reset"),
        timeout: true,
    };
    let not_json = || Problem::NotJson(serde_json::from_str::<()>("<html>").unwrap_err());
    let form = || {
        let mut value = json!([{"x": 1}, "ann@example.com"]);
        Problem::Form(lenient::decode::<Vec<i64>>(&mut value).unwrap_err())
    };
    let texts = [
        both(|| Kind::Unusable(answer(200), Problem::Empty)),
        both(|| Kind::Unusable(answer(200), Problem::TooLong)),
        both(|| Kind::Unusable(answer(200), cut_off())),
        both(|| Kind::Unusable(answer(201), not_json())),
        both(|| Kind::Unusable(answer(201), form())),
    ];
    insta::assert_snapshot!(texts.join("\n"), @r"
    Read: things.change: the call succeeded (status 200), but its answer is empty [done]
    Write: things.change: the call succeeded (status 200), but its answer is empty; do not repeat it [done]
    Read: things.change: the call succeeded (status 200), but its answer is too long to be read; Error::body() has its beginning [done]
    Write: things.change: the call succeeded (status 200), but its answer is too long to be read; do not repeat it; Error::body() has its beginning [done]
    Read: things.change: the call succeeded (status 200), but its answer was cut off; Error::body() has its beginning [done]
    Write: things.change: the call succeeded (status 200), but its answer was cut off; do not repeat it; Error::body() has its beginning [done]
    Read: things.change: the call succeeded (status 201), but its answer is not JSON; Error::body() has it as it came [done]
    Write: things.change: the call succeeded (status 201), but its answer is not JSON; do not repeat it; Error::body() has it as it came [done]
    Read: things.change: the call succeeded (status 201), but its answer does not have the expected form at `$[0]`; Error::body() has it as it came [done]
    Write: things.change: the call succeeded (status 201), but its answer does not have the expected form at `$[0]`; do not repeat it; Error::body() has it as it came [done]
    ");

    let error = error(Effect::Write, Kind::Unusable(answer(201), form()));
    insta::assert_snapshot!(error.source().unwrap(), @"expected a whole number, found an object");
    assert!(error.is_decode());
    assert_eq!(error.decode_path().as_deref(), Some("$[0]"));
    assert_eq!(error.message(), None);
    assert_eq!(error.body(), SECRET.as_bytes());
}

#[test]
fn attempts_are_told() {
    let mut thrice = error(Effect::Read, Kind::Status(answer(503)));
    thrice.0.attempts = 3;
    assert_eq!(thrice.attempts(), 3);
    insta::assert_snapshot!(thrice, @"things.change: Billsby failed to answer properly (status 503); the call only reads and can be repeated (tried 3 times)");
    assert_eq!(Error::configuration("x").attempts(), 0);

    let unconnected = Kind::Connect {
        cause: io("refused"),
        timeout: false,
        sent_before: true,
    };
    let error = error(Effect::Read, unconnected);
    assert_eq!(error.outcome(), Outcome::Unknown);
    assert!(error.is_connect());
    insta::assert_snapshot!(error, @"things.change: could not connect to Billsby; check the network and the base URL");
}

#[test]
fn waits_and_limits_are_read_from_the_answer() {
    let with = |status, lines: &[(&str, &str)]| {
        let mut answer = answer(status);
        let lines = lines.iter().map(|(name, value)| (*name, value.as_bytes()));
        answer.headers = lines.collect();
        error(Effect::Read, Kind::Status(answer))
    };
    let seconds = |error: &Error| error.retry_after().map(|wait| wait.as_secs());
    let dates = [
        ("date", "Sun, 22 Nov 2026 13:00:00 GMT"),
        ("retry-after", "Sun, 22 Nov 2026 13:00:40 GMT"),
    ];
    let late = with(429, &dates);
    assert_eq!(seconds(&late), Some(40));
    insta::assert_snapshot!(late, @"things.change: too many calls (status 429); wait 40 seconds before trying again");
    assert!(late.headers().eq(dates));

    let reset = [("ratelimit-reset", "9"), ("ratelimit-remaining", "0")];
    let limited = with(429, &reset);
    assert_eq!(seconds(&limited), Some(9));
    assert_eq!(limited.rate_limit().unwrap().remaining, Some(0));
    let unavailable = with(503, &reset);
    assert_eq!(seconds(&unavailable), None);
    assert!(unavailable.rate_limit().is_some());
    assert_eq!(with(429, &[]).rate_limit(), None);
}

#[test]
fn accessors_give_what_the_api_said() {
    let error = error(Effect::Write, Kind::Status(answer(404)));
    assert_eq!(error.status(), Some(404));
    assert_eq!(error.header("retry-AFTER"), Some("7"));
    assert_eq!(error.body(), SECRET.as_bytes());
    assert!(!error.is_body_truncated());
    assert_eq!(
        error.message().as_deref(),
        Some("ann@example.com is unknown")
    );
    assert_eq!(error.operation(), Some("things.change"));
    assert!(error.is_not_found() && !error.is_unauthorized() && !error.is_rate_limited());
    assert!(!error.is_decode() && !error.is_timeout() && !error.is_connect());
    assert_eq!((error.decode_path(), error.attempts()), (None, 1));
    assert!(error.source().is_none());
}

#[test]
fn predicates_follow_the_status() {
    let with = |status| error(Effect::Read, Kind::Status(answer(status)));
    assert!(with(401).is_unauthorized() && with(403).is_unauthorized());
    assert!(with(429).is_rate_limited());
    assert!(!with(400).is_not_found());
}

#[test]
fn the_cause_is_kept_and_debug_shows_it() {
    let error = error(
        Effect::Write,
        Kind::NoAnswer {
            cause: io("connection reset"),
            timeout: false,
        },
    );
    assert_eq!(error.outcome(), Outcome::Unknown);
    assert_eq!(error.source().unwrap().to_string(), "connection reset");
    insta::assert_snapshot!(format!("{error:?}"), @r#"Error { text: things.change: the connection broke before an answer came; whether the call took effect is unknown, so look at the current state before repeating it, outcome: Unknown, source: Custom { kind: Other, error: "connection reset" }, .. }"#);
}

#[test]
fn errors_are_small_and_travel_between_threads() {
    fn travels<T: Send + Sync + 'static>() {}
    travels::<Error>();
    assert_eq!(size_of::<Error>(), size_of::<usize>());
}
