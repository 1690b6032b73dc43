//! A call that did not succeed.

use std::time::Duration;

use billsby_sdk::{Error, Outcome};
use serde_json::Value;

use super::{Problem, answer};

/// Where a failure comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cause {
    /// The arguments, which were not sent.
    Arguments,
    /// An answer of Billsby.
    Answer,
    /// The way to Billsby or back.
    Way,
    /// This program.
    Program,
}

/// A call that did not succeed: what happened. What to do about it is for the
/// [`Report`](super::Report) to say.
#[derive(Debug, Clone, PartialEq)]
pub struct Failure {
    pub(super) cause: Cause,
    pub(super) status: Option<u16>,
    pub(super) message: String,
    /// Boxed, because most failures have none.
    pub(super) answer: Option<Box<Value>>,
    pub(super) outcome: Outcome,
    pub(super) retry_after: Option<Duration>,
    pub(super) problems: Vec<Problem>,
}

impl Failure {
    fn new(cause: Cause, outcome: Outcome, message: &str) -> Self {
        Self {
            cause,
            status: None,
            message: bounded(message),
            answer: None,
            outcome,
            retry_after: None,
            problems: Vec::new(),
        }
    }

    /// The arguments cannot be used; nothing was sent.
    pub(super) fn invalid_arguments(problems: Vec<Problem>) -> Self {
        let message = match problems.as_slice() {
            [only] => format!("{}: {}", only.field, only.problem),
            several => format!("{} fields cannot be used", several.len()),
        };
        Self {
            problems,
            ..Self::new(Cause::Arguments, Outcome::NotSent, &message)
        }
    }

    /// The call broke off inside this program, at an unknown point.
    pub(crate) fn interrupted() -> Self {
        Self::new(
            Cause::Program,
            Outcome::Unknown,
            "the call broke off because of a defect of this server",
        )
    }

    /// The HTTP status, when Billsby answered.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.status
    }

    /// What is known about the effect of the call.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        self.outcome
    }

    /// What is wrong with which argument.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }
}

impl From<&Error> for Failure {
    fn from(error: &Error) -> Self {
        let status = error.status();
        let cause = if status.is_some() {
            Cause::Answer
        } else if error.outcome() == Outcome::NotSent && !error.is_connect() {
            // The call itself cannot be written as a request, for example because of a very long id.
            Cause::Arguments
        } else {
            Cause::Way
        };
        // The API's own words where there are any; else the SDK's.
        let message = error.message().unwrap_or_else(|| error.to_string());
        Self {
            status,
            answer: explanation(error).map(Box::new),
            retry_after: error.retry_after(),
            ..Self::new(cause, error.outcome(), &message)
        }
    }
}

/// The longest text of Billsby that a failure passes on, in bytes: an error page must not fill a
/// model's memory.
const LONGEST: usize = 2048;

/// The body of a refusal, for what the message leaves out. Pages for people are not passed on.
fn explanation(error: &Error) -> Option<Value> {
    let body = error.body();
    if body.len() > LONGEST {
        return None;
    }
    answer::parse(body).filter(|value| value.is_object() || value.is_array())
}

fn bounded(message: &str) -> String {
    const MARK: &str = "…";
    if message.len() <= LONGEST {
        return message.to_owned();
    }
    let mut end = LONGEST - MARK.len();
    while !message.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}{MARK}", &message[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_bounded() {
        assert_eq!(bounded("short"), "short");
        let long = bounded(&"ä".repeat(LONGEST));
        assert!(long.len() <= LONGEST && long.len() > LONGEST - 4);
        assert!(long.ends_with('…'));
    }

    #[test]
    fn one_problem_is_the_message_itself() {
        let problem = Problem {
            field: "amount".to_owned(),
            problem: "missing".to_owned(),
        };
        let one = Failure::invalid_arguments(vec![problem.clone()]);
        assert_eq!(one.message, "amount: missing");
        let two = Failure::invalid_arguments(vec![problem.clone(), problem]);
        assert_eq!(two.message, "2 fields cannot be used");
    }
}
