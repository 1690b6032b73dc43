//! When something is to end: at a time, or so long from now.

use std::str::FromStr;

use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, Unit};

/// An end in whole seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Expiry(Timestamp);

impl FromStr for Expiry {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::read(text, Timestamp::now())
    }
}

impl Expiry {
    fn read(text: &str, now: Timestamp) -> Result<Self, String> {
        let text = text.trim();
        if let Ok(time) = text.parse() {
            return Ok(Self(time));
        }
        let end = text.parse::<Span>().and_then(|span| {
            let end = now.to_zoned(TimeZone::UTC).checked_add(span)?;
            end.timestamp().round(Unit::Second)
        });
        end.map(Self).map_err(|_| {
            "expected a time such as 2027-01-31T00:00:00Z, or how long from now: 7d, 12h".to_owned()
        })
    }
}

impl std::fmt::Display for Expiry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_or_a_span_from_now() {
        let now = "2026-11-22T12:00:00Z".parse().unwrap();
        for (text, expected) in [
            ("2026-12-31T23:59:59Z", "2026-12-31T23:59:59Z"),
            ("2026-12-31T23:59:59+01:00", "2026-12-31T22:59:59Z"),
            ("7d", "2026-11-29T12:00:00Z"),
            ("12h", "2026-11-23T00:00:00Z"),
            ("1w 2h", "2026-11-29T14:00:00Z"),
            ("1mo", "2026-12-22T12:00:00Z"),
            ("PT90S", "2026-11-22T12:01:30Z"),
        ] {
            let expiry = Expiry::read(text, now).unwrap();
            assert_eq!(expiry.to_string(), expected, "{text}");
        }
        for wrong in [
            "",
            "7",
            "tomorrow",
            "2026-12-31",
            "2026-12-31T23:59:59",
            "99999y",
        ] {
            assert!(Expiry::read(wrong, now).is_err(), "{wrong}");
        }
    }
}
