//! What a model is told about a failed call.

use std::time::Duration;

use billsby_sdk::{Outcome, RateLimit};
use serde::ser::SerializeMap as _;
use serde::{Serialize, Serializer};
use serde_json::Value;

use super::failure::Cause;
use super::{Effect, Failure, Problem};

/// What a model is told about a failed call: what happened, and what to do next.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// The HTTP status, when Billsby answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// What went wrong; in Billsby's own words when it explained itself. At most 2 kB.
    pub message: String,
    /// What is known about the effect of the call.
    #[serde(serialize_with = "word")]
    pub outcome: Outcome,
    /// Whether the same call with the same arguments may be repeated without doing anything twice,
    /// and with some hope.
    pub retryable: bool,
    /// How long to wait before that, where Billsby said so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after_seconds: Option<u64>,
    /// How many calls may be made, as far as Billsby said.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "limits")]
    pub rate_limit: Option<RateLimit>,
    /// What to do next.
    pub next: &'static str,
    /// What is wrong with which argument.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<Problem>,
    /// What Billsby answered, when it is JSON of at most 2 kB.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<Box<Value>>,
}

impl Report {
    /// Explains the failure of a tool of this effect.
    #[must_use]
    pub fn new(failure: Failure, effect: Effect) -> Self {
        let (retryable, next) = advice(&failure, effect);
        Self {
            status: failure.status,
            message: failure.message,
            outcome: failure.outcome,
            retryable,
            retry_after_seconds: failure.retry_after.map(whole_seconds),
            rate_limit: failure.rate_limit.map(|limit| *limit),
            next,
            problems: failure.problems,
            answer: failure.answer,
        }
    }
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde asks for a reference"
)]
fn word<S: Serializer>(outcome: &Outcome, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(outcome.as_str())
}

/// Whole seconds, rounded up: whoever waits less calls too early.
pub(crate) fn whole_seconds(wait: Duration) -> u64 {
    wait.as_secs()
        .saturating_add(u64::from(wait.subsec_nanos() > 0))
}

/// Writes what is known of a limit.
#[expect(clippy::ref_option, reason = "serde asks for a reference")]
fn limits<S: Serializer>(limit: &Option<RateLimit>, serializer: S) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(None)?;
    if let Some(limit) = limit {
        let known = [
            ("limit", limit.limit),
            ("remaining", limit.remaining),
            ("resetSeconds", limit.reset.map(whole_seconds)),
        ];
        for (name, value) in known {
            if let Some(value) = value {
                map.serialize_entry(name, &value)?;
            }
        }
    }
    map.end()
}

/// Whether to repeat the call, and what to do next.
fn advice(failure: &Failure, effect: Effect) -> (bool, &'static str) {
    match (failure.cause, failure.outcome) {
        (Cause::Arguments, _) => (
            false,
            "Nothing was sent. Correct the arguments and call again.",
        ),
        (Cause::Program, _) if effect.is_read() => (false, "Nothing has changed. Tell the user."),
        (Cause::Way, Outcome::NotSent) => (
            true,
            "Nothing was sent. Call again later; if that fails too, tell the user.",
        ),
        (_, Outcome::Rejected | Outcome::NotSent) => rejected(failure.status, effect),
        (_, Outcome::Done | Outcome::Unknown) if effect.is_read() => (
            true,
            "Nothing has changed. Call again later; ask for less at once if you can.",
        ),
        (_, Outcome::Done) => (
            false,
            "The call took effect. Do not repeat it; read the current state if you need more.",
        ),
        (_, Outcome::Unknown) => (
            false,
            "The call may have taken effect. Do not repeat it: read the current state first, and \
             if that does not settle it, tell the user.",
        ),
    }
}

fn rejected(status: Option<u16>, effect: Effect) -> (bool, &'static str) {
    match status {
        Some(429) => (
            true,
            "Nothing has changed: too many calls. Wait, then call again, and call less often.",
        ),
        Some(401 | 403) => (
            false,
            "Nothing has changed: Billsby did not accept this server's API key for this call. \
             Calling again does not help; tell the user.",
        ),
        Some(404) => (
            false,
            "Nothing has changed. Check every id: take each from the answer of the tool that its \
             description names.",
        ),
        Some(409) => (
            false,
            "Nothing has changed: the call does not fit the current state; perhaps somebody has done \
             it already. Read the current state, then decide whether a call is still needed.",
        ),
        Some(422) => (
            false,
            "Nothing has changed: Billsby understood the call and does not accept its values. Correct \
             what the message names; the same call again gives the same answer.",
        ),
        Some(300..=399) => (
            false,
            "Nothing has changed. The address of Billsby that this server uses is probably wrong; tell \
             the user.",
        ),
        Some(408 | 500..) if effect.is_read() => (
            true,
            "Nothing has changed. Call again later; if that fails too, tell the user.",
        ),
        _ => (
            false,
            "Nothing has changed. Correct what the message names, then call again; if it names \
             nothing, tell the user.",
        ),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn failure(cause: Cause, outcome: Outcome, status: Option<u16>) -> Failure {
        Failure {
            cause,
            status,
            outcome,
            ..Failure::interrupted()
        }
    }

    #[test]
    fn only_what_cannot_happen_twice_may_be_repeated() {
        use Outcome::{Done, NotSent, Rejected, Unknown};
        for (cause, outcome, status, read, write) in [
            (Cause::Arguments, NotSent, None, false, false),
            (Cause::Way, NotSent, None, true, true),
            (Cause::Way, Unknown, None, true, false),
            (Cause::Program, Unknown, None, false, false),
            (Cause::Answer, Done, Some(200), true, false),
            (Cause::Answer, Rejected, Some(400), false, false),
            (Cause::Answer, Rejected, Some(401), false, false),
            (Cause::Answer, Rejected, Some(404), false, false),
            (Cause::Answer, Rejected, Some(408), true, false),
            (Cause::Answer, Rejected, Some(429), true, true),
            (Cause::Answer, Rejected, Some(503), true, false),
            (Cause::Answer, Unknown, Some(503), true, false),
        ] {
            let case = failure(cause, outcome, status);
            let told = |effect| Report::new(case.clone(), effect);
            assert_eq!(told(Effect::Read).retryable, read, "{case:?}");
            for effect in [
                Effect::Write,
                Effect::Money,
                Effect::Message,
                Effect::Irreversible,
                Effect::Accumulates,
            ] {
                assert_eq!(told(effect).retryable, write, "{effect:?} {case:?}");
            }
        }
    }

    #[test]
    fn leaves_out_what_is_not_known() {
        let report = Report::new(failure(Cause::Way, Outcome::Unknown, None), Effect::Money);
        let report = serde_json::to_value(report).unwrap();
        let fields: Vec<&String> = report.as_object().unwrap().keys().collect();
        assert_eq!(fields, ["message", "outcome", "retryable", "next"]);
        assert_eq!(report["outcome"], "unknown");
    }

    #[test]
    fn tells_everything_that_is_known() {
        let failure = Failure {
            // Nobody waits too short.
            retry_after: Some(Duration::from_millis(7_001)),
            answer: Some(Box::new(json!({"message": "slow down"}))),
            ..failure(Cause::Answer, Outcome::Rejected, Some(429))
        };
        let report = serde_json::to_value(Report::new(failure, Effect::Read)).unwrap();
        assert_eq!(report["status"], 429);
        assert_eq!(report["retryAfterSeconds"], 8);
        assert_eq!(report["answer"]["message"], "slow down");
    }
}
