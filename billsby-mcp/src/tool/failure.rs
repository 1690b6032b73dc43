//! A call that did not succeed.

mod markup;

use std::time::Duration;

use billsby_sdk::{Error, Outcome, RateLimit};
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
    /// Boxed like the limit, because most failures have none.
    pub(super) answer: Option<Box<Value>>,
    pub(super) outcome: Outcome,
    pub(super) retry_after: Option<Duration>,
    pub(super) rate_limit: Option<Box<RateLimit>>,
    pub(super) problems: Vec<Problem>,
}

impl Failure {
    fn new(cause: Cause, outcome: Outcome, message: &str) -> Self {
        Self {
            cause,
            status: None,
            message: markup::plain(message, LONGEST),
            answer: None,
            outcome,
            retry_after: None,
            rate_limit: None,
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
        Self {
            status,
            answer: explanation(error).map(Box::new),
            retry_after: error.retry_after(),
            rate_limit: error.rate_limit().map(Box::new),
            ..Self::new(cause, error.outcome(), &message(error))
        }
    }
}

/// The longest text of Billsby that a failure passes on, in bytes: an error page must not fill a
/// model's memory.
const LONGEST: usize = 2048;

/// What went wrong: in the API's own words where there are any, else in the SDK's, with the words of a
/// page for people if that is what came.
fn message(error: &Error) -> String {
    let own = error
        .message()
        .map(|message| markup::plain(&message, LONGEST));
    if let Some(own) = own.filter(|own| !own.is_empty()) {
        return own;
    }
    let headline = headline(error);
    match words_of_page(error) {
        Some(words) => format!("{headline}; the page that came says: {words}"),
        None => headline,
    }
}

/// What happened, out of the SDK's text, which goes on behind a semicolon with advice for programmers.
fn headline(error: &Error) -> String {
    let text = error.to_string();
    let text = match error.operation() {
        Some(operation) => text.strip_prefix(operation).unwrap_or(&text),
        None => &text,
    };
    let text = text.trim_start_matches(": ");
    let end = text.find(';').unwrap_or(text.len());
    text[..end].trim_end().to_owned()
}

/// The words of a page for people, such as those that proxies send; not many say more than its title.
fn words_of_page(error: &Error) -> Option<String> {
    const ENOUGH: usize = 300;
    let text = String::from_utf8_lossy(error.body());
    let is_page = error.status().is_some_and(|status| status >= 300)
        && text
            .trim_start_matches('\u{feff}')
            .trim_start()
            .starts_with('<');
    let words = is_page.then(|| markup::plain(&text, ENOUGH));
    words.filter(|words| !words.is_empty())
}

/// The body of a refusal, for what the message leaves out. Pages for people are not passed on.
fn explanation(error: &Error) -> Option<Value> {
    let body = error.body();
    if body.len() > LONGEST {
        return None;
    }
    let mut value = answer::parse(body).filter(|value| value.is_object() || value.is_array())?;
    clean(&mut value);
    Some(value)
}

/// Makes every text plain.
fn clean(value: &mut Value) {
    match value {
        Value::String(text) => *text = markup::plain(text, LONGEST),
        Value::Array(items) => items.iter_mut().for_each(clean),
        Value::Object(members) => {
            let cleaned = std::mem::take(members)
                .into_iter()
                .map(|(name, mut member)| {
                    clean(&mut member);
                    (markup::plain(&name, LONGEST), member)
                });
            *members = cleaned.collect();
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn messages_are_plain_and_bounded() {
        let message = |text: &str| Failure::new(Cause::Answer, Outcome::Rejected, text).message;
        assert_eq!(message("<b>short</b>\u{200b}"), "short");
        let long = message(&"ä".repeat(LONGEST));
        assert!(long.len() <= LONGEST && long.ends_with('…'));
    }

    #[test]
    fn explanations_are_plain_all_over() {
        let mut value =
            json!({"<i>errors</i>": [{"text": "<b>no</b>\u{202e}", "code": 7}], "x": null});
        clean(&mut value);
        assert_eq!(
            value,
            json!({"errors": [{"text": "no", "code": 7}], "x": null})
        );
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
