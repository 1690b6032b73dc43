//! What an answer says about how many more calls may be made.

use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;

use crate::headers::Headers;

/// How many calls may be made, as far as an answer says.
///
/// Billsby documents no limits and no headers for them. What is read here are the headers that
/// gateways add: `RateLimit` with `RateLimit-Policy`, their older form `RateLimit-Limit`,
/// `RateLimit-Remaining` and `RateLimit-Reset`, and `Retry-After` of an answer with status 429. When
/// several limits are in force, this is the one that is nearest to being used up.
///
/// ```no_run
/// # async fn example(client: billsby_sdk::Client) -> Result<(), billsby_sdk::Error> {
/// let page = client.customers().list().send().await?;
/// if let Some(limit) = page.rate_limit()
///     && limit.remaining == Some(0)
/// {
///     tokio::time::sleep(limit.reset.unwrap_or_default()).await;
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RateLimit {
    /// How many calls one window of time allows.
    pub limit: Option<u64>,
    /// How many more calls are allowed before the reset.
    pub remaining: Option<u64>,
    /// How long it was, when the answer was written, until calls are allowed again.
    pub reset: Option<Duration>,
}

impl RateLimit {
    pub(crate) fn read(status: u16, headers: &Headers) -> Option<Self> {
        let older = Self {
            limit: first_number(headers, "ratelimit-limit"),
            remaining: first_number(headers, "ratelimit-remaining"),
            reset: first_number(headers, "ratelimit-reset").map(Duration::from_secs),
        };
        let mut found = newer(headers).unwrap_or_default();
        found.limit = found.limit.or(older.limit);
        found.remaining = found.remaining.or(older.remaining);
        found.reset = found.reset.or(older.reset);
        if found.reset.is_none() && status == 429 {
            found.reset = retry_after(headers);
        }
        (found != Self::default()).then_some(found)
    }
}

/// The wait that `Retry-After` asks for. A date counts from the answer's own `Date`, so that a clock
/// that is wrong here does not matter; one that has passed is no wait.
pub(crate) fn retry_after(headers: &Headers) -> Option<Duration> {
    let text = headers.get("retry-after")?.trim();
    if let Some(seconds) = number(text) {
        return Some(Duration::from_secs(seconds));
    }
    let then = date(text)?;
    let now = headers
        .get("date")
        .and_then(date)
        .unwrap_or_else(Timestamp::now);
    Some(Duration::try_from(then.duration_since(now)).unwrap_or_default())
}

fn date(text: &str) -> Option<Timestamp> {
    DateTimeParser::new().parse_timestamp(text.trim()).ok()
}

/// A number without a sign; one that is too large for the type counts as its largest.
fn number(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().unwrap_or(u64::MAX))
}

/// The number that a header begins with; some add the policy, as in `100, 100;w=60`.
fn first_number(headers: &Headers, name: &str) -> Option<u64> {
    number(headers.get(name)?.split([',', ';']).next()?.trim())
}

/// The limit of `RateLimit` that is nearest to being used up, with its quota from
/// `RateLimit-Policy`.
fn newer(headers: &Headers) -> Option<RateLimit> {
    let lines = headers.all("ratelimit").collect::<Vec<_>>().join(",");
    if let Some(dictionary) = dictionary(&lines) {
        return Some(dictionary);
    }
    let policies = headers
        .all("ratelimit-policy")
        .collect::<Vec<_>>()
        .join(",");
    let policies: Vec<Item<'_>> = split(&policies, ',').map(Item::parse).collect();
    let quota = |name: &str| match policies.as_slice() {
        [only] => only.quota(),
        several => several.iter().find(|policy| policy.name == name)?.quota(),
    };
    let limits = split(&lines, ',').map(Item::parse).map(|item| RateLimit {
        limit: quota(item.name),
        remaining: item.parameter("r"),
        reset: item.parameter("t").map(Duration::from_secs),
    });
    let tightest = limits
        .filter(|limit| limit.remaining.is_some())
        .min_by_key(|limit| (limit.remaining, std::cmp::Reverse(limit.reset)));
    tightest.or_else(|| {
        let limit = policies.first()?.quota()?;
        Some(RateLimit {
            limit: Some(limit),
            ..RateLimit::default()
        })
    })
}

/// The form of an earlier draft: `limit=100, remaining=50, reset=5`.
fn dictionary(text: &str) -> Option<RateLimit> {
    let member = |name: &str| {
        let mut members = split(text, ',').filter_map(|member| member.split_once('='));
        let found = members.find(|(known, _)| known.trim().eq_ignore_ascii_case(name));
        number(found?.1.split(';').next()?.trim())
    };
    let remaining = member("remaining")?;
    Some(RateLimit {
        limit: member("limit"),
        remaining: Some(remaining),
        reset: member("reset").map(Duration::from_secs),
    })
}

/// A member of a structured list (RFC 9651): `"default";r=50;t=30`.
struct Item<'a> {
    name: &'a str,
    parameters: &'a str,
}

impl<'a> Item<'a> {
    fn parse(text: &'a str) -> Self {
        let name = split(text, ';').next().unwrap_or_default();
        Self {
            name: name.trim().trim_matches('"'),
            parameters: &text[name.len()..],
        }
    }

    fn parameter(&self, name: &str) -> Option<u64> {
        let mut parameters = split(self.parameters, ';').filter_map(|pair| pair.split_once('='));
        let found = parameters.find(|(known, _)| known.trim() == name);
        number(found?.1.trim())
    }

    /// `"default";q=100;w=60`, or `100;w=60` in earlier drafts.
    fn quota(&self) -> Option<u64> {
        self.parameter("q").or_else(|| number(self.name))
    }
}

/// Splits at a separator that does not stand in quotes.
fn split(text: &str, separator: char) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    text.split(move |c| {
        quoted ^= c == '"';
        c == separator && !quoted
    })
}

#[cfg(test)]
mod tests {
    use super::{Headers, RateLimit, retry_after};

    fn headers(lines: &[&str]) -> Headers {
        let split = lines.iter().map(|line| line.split_once(": ").unwrap());
        split
            .map(|(name, value)| (name, value.as_bytes()))
            .collect()
    }

    fn read(status: u16, lines: &[&str]) -> String {
        let Some(found) = RateLimit::read(status, &headers(lines)) else {
            return "(nothing)".to_owned();
        };
        let RateLimit {
            limit,
            remaining,
            reset,
        } = found;
        format!("{limit:?} {remaining:?} {reset:?}").replace("None", "-")
    }

    #[test]
    fn all_forms_are_read() {
        let found = [
            &[
                "RateLimit-Limit: 100",
                "RateLimit-Remaining: 7",
                "RateLimit-Reset: 30",
            ][..],
            &["ratelimit-limit: 100, 100;w=60", "ratelimit-remaining: 0"],
            &["ratelimit: limit=100, remaining=50, reset=5"],
            &[
                "RateLimit: \"default\";r=50;t=30",
                "RateLimit-Policy: \"default\";q=100;w=60",
            ],
            &[
                "RateLimit: \"hour;,\";r=900;t=30, \"burst\";r=2;t=1",
                "RateLimit-Policy: \"hour;,\";q=1000;w=3600, \"burst\";q=10;w=1",
            ],
            &[
                "RateLimit: \"a\";r=9",
                "RateLimit: \"b\";r=3",
                "RateLimit-Policy: 100;w=60",
            ],
            &["RateLimit-Policy: 100;w=60"],
            &[
                "RateLimit: \"a\";r=4",
                "ratelimit-limit: 60",
                "ratelimit-remaining: 9",
                "ratelimit-reset: 8",
            ],
            &["ratelimit-remaining: 99999999999999999999"],
        ]
        .map(|lines| read(200, lines));
        insta::assert_snapshot!(found.join("\n"), @r"
        Some(100) Some(7) Some(30s)
        Some(100) Some(0) -
        Some(100) Some(50) Some(5s)
        Some(100) Some(50) Some(30s)
        Some(10) Some(2) Some(1s)
        Some(100) Some(3) -
        Some(100) - -
        Some(60) Some(4) Some(8s)
        - Some(18446744073709551615) -
        ");
    }

    #[test]
    fn what_is_not_a_number_is_passed_over() {
        for line in [
            "ratelimit-limit: many",
            "ratelimit-remaining: -1",
            "ratelimit-reset: 1.5",
            "ratelimit-reset: ",
            "ratelimit: ",
            "ratelimit: \"unfinished;r=1",
            "ratelimit: a;r=;t",
            "ratelimit-policy: default",
            "retry-after: 7",
        ] {
            assert_eq!(read(200, &[line]), "(nothing)", "{line}");
        }
    }

    #[test]
    fn a_wait_is_a_reset_only_when_there_were_too_many_calls() {
        assert_eq!(read(429, &["retry-after: 7"]), "- - Some(7s)");
        assert_eq!(read(503, &["retry-after: 7"]), "(nothing)");
        let both = ["retry-after: 7", "ratelimit-reset: 30"];
        assert_eq!(read(429, &both), "- - Some(30s)");
    }

    #[test]
    fn a_wait_is_seconds_or_a_date() {
        let wait = |lines: &[&str]| retry_after(&headers(lines));
        assert_eq!(wait(&["retry-after: 120"]).unwrap().as_secs(), 120);
        let date = "date: Sun, 22 Nov 2026 13:00:00 GMT";
        let later = "retry-after: Sun, 22 Nov 2026 13:01:30 GMT";
        let earlier = "retry-after: Sun, 22 Nov 2026 12:00:00 GMT";
        assert_eq!(wait(&[date, later]).unwrap().as_secs(), 90);
        assert_eq!(wait(&[date, earlier]).unwrap().as_secs(), 0);
        let long_ago = "retry-after: Sun, 06 Nov 1994 08:49:37 GMT";
        assert_eq!(wait(&[long_ago]).unwrap().as_secs(), 0);
        let far = "retry-after: Tue, 01 Jan 2199 00:00:00 GMT";
        assert!(wait(&["date: gibberish", far]).unwrap().as_secs() > 1 << 32);
        for text in ["", "soon", "-5", "1.5", "Sun, 22 Nov"] {
            assert_eq!(wait(&[&format!("retry-after: {text}")]), None, "{text}");
        }
    }
}
