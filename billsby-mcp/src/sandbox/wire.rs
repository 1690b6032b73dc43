//! How the API writes things: answers, times in three shapes, amounts as displayed, and numbers as text.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use super::company::Currency;

/// What an operation answers with status 200.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) content_type: &'static str,
    pub(crate) body: Vec<u8>,
}

/// Why a request was refused, in words for the header `x-sandbox-reason` and the body.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) status: u16,
    pub(crate) reason: String,
}

impl Answer {
    pub(crate) fn json(value: &impl Serialize) -> Self {
        Self {
            content_type: "application/json; charset=utf-8",
            body: to_bytes(value),
        }
    }

    /// JSON that says it is plain text, as three operations answer.
    pub(crate) fn plain_json(value: &impl Serialize) -> Self {
        Self {
            content_type: "text/plain; charset=utf-8",
            body: to_bytes(value),
        }
    }

    /// A bare word that says it is JSON, as most calls that change something answer. Some write it
    /// with a capital letter, some without.
    pub(crate) fn word(word: &'static str) -> Self {
        Self {
            content_type: "application/json; charset=utf-8",
            body: word.as_bytes().to_vec(),
        }
    }
}

impl Refusal {
    /// 400: the request as such is not acceptable, or not in the present state.
    pub(crate) fn bad_request(reason: impl Into<String>) -> Self {
        Self {
            status: 400,
            reason: reason.into(),
        }
    }

    /// 404: there is no such thing.
    pub(crate) fn not_found(reason: impl Into<String>) -> Self {
        Self {
            status: 404,
            reason: reason.into(),
        }
    }
}

/// `2026-03-02T08:15:30.250Z`
pub(crate) fn with_z(time: Timestamp) -> String {
    format!("{time:.3}")
}

/// `2026-03-02T08:15:30.250417`, in UTC without saying so.
pub(crate) fn without_zone(time: Timestamp) -> String {
    let mut text = format!("{time:.6}");
    text.pop();
    text
}

/// `2026-03-02T08:15:30.250+00:00`
pub(crate) fn with_offset(time: Timestamp) -> String {
    let mut text = with_z(time);
    text.truncate(text.len() - 1);
    text + "+00:00"
}

/// An amount of minor units as it is displayed: `$40`, `$14.46`.
pub(crate) fn displayed(amount: i64, currency: Currency) -> String {
    let sign = if amount < 0 { "-" } else { "" };
    let (whole, cents) = (amount.unsigned_abs() / 100, amount.unsigned_abs() % 100);
    let symbol = match currency.as_str() {
        "USD" => "$",
        "GBP" => "£",
        "EUR" => "€",
        other => return format!("{sign}{whole}.{cents:02} {other}"),
    };
    match cents {
        0 => format!("{sign}{symbol}{whole}"),
        _ => format!("{sign}{symbol}{whole}.{cents:02}"),
    }
}

/// A number that is sent as text.
pub(crate) fn as_text(number: i64) -> Value {
    Value::String(number.to_string())
}

fn to_bytes(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).expect("answers have text keys and finite numbers")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_three_shapes() {
        let time: Timestamp = "2026-03-02T08:15:30.250417Z".parse().unwrap();
        assert_eq!(with_z(time), "2026-03-02T08:15:30.250Z");
        assert_eq!(without_zone(time), "2026-03-02T08:15:30.250417");
        assert_eq!(with_offset(time), "2026-03-02T08:15:30.250+00:00");
    }

    #[test]
    fn amounts_are_displayed_with_a_symbol() {
        let usd: Currency = "USD".parse().unwrap();
        assert_eq!(displayed(4000, usd), "$40");
        assert_eq!(displayed(1446, usd), "$14.46");
        assert_eq!(displayed(-5, usd), "-$0.05");
        assert_eq!(displayed(905, "CHF".parse().unwrap()), "9.05 CHF");
    }
}
