//! The SDK, pointed at the mock.

use std::fmt::Debug;
use std::str::FromStr;
use std::time::Duration;

use billsby_sdk::types::{Amount, AmountOrText, Timestamp};
use billsby_sdk::{Client, ClientBuilder, RetryPolicy};

use crate::mock::{API_KEY, COMPANY_DOMAIN, Mock};

/// 2026-03-02T08:15:30.250 in UTC, the time in most fixtures; one of their shapes has microseconds.
pub(crate) const MILLIS: Option<(i64, u32)> = Some((1_772_439_330, 250_000_000));
pub(crate) const MICROS: Option<(i64, u32)> = Some((1_772_439_330, 250_417_000));

/// A client of the mock's company.
pub(crate) fn client(mock: &Mock) -> Client {
    builder(mock).build().expect("a client")
}

/// The same before it is built, with limits that no test should have to wait for. Every call is sent
/// once, unless a test says otherwise.
pub(crate) fn builder(mock: &Mock) -> ClientBuilder {
    Client::builder(API_KEY, key(COMPANY_DOMAIN))
        .base_url(mock.url())
        .attempt_timeout(Duration::from_secs(20))
        .retry(RetryPolicy::off())
}

/// A key of any kind, or whatever else can be read from text.
#[track_caller]
pub(crate) fn key<K: FromStr<Err: Debug>>(text: &str) -> K {
    text.parse().expect("a key")
}

/// The moment of a timestamp.
pub(crate) fn unix(timestamp: Option<&Timestamp>) -> Option<(i64, u32)> {
    timestamp.and_then(Timestamp::unix_time)
}

/// An amount as it stands in an answer.
// Wrapped, because every field of an answer is.
#[expect(clippy::unnecessary_wraps, reason = "compared with optional fields")]
pub(crate) fn minor(units: i64) -> Option<Amount> {
    Some(Amount::from_minor_units(units))
}

/// The amount in a field whose form on the wire is not known.
pub(crate) fn amount(value: Option<&AmountOrText>) -> Option<Amount> {
    value.and_then(AmountOrText::amount)
}
