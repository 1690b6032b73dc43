//! The one error type of this crate.

mod kind;
mod message;
#[cfg(test)]
mod tests;

use std::fmt;
use std::time::Duration;

use crate::call::{Descriptor, Effect};
use crate::rate_limit::RateLimit;
pub(crate) use kind::{Answer, Cause, Kind, Problem};

/// How much of the answer to a failed call is kept.
pub(crate) const KEPT_BODY: usize = 64 * 1024;

/// A call that did not give what was asked for.
///
/// Its text says what happened and what to do next. It never contains the API's answer, the API
/// key or anything about a customer, so it can be logged; [`Error::message`] and [`Error::body`]
/// have what the API said.
///
/// The question that matters after a failed write is whether it took effect; [`Error::outcome`]
/// answers it.
///
/// ```no_run
/// # async fn example(client: billsby_sdk::Client) -> Result<(), Box<dyn std::error::Error>> {
/// let id = "8WER0F4J1R".parse()?;
/// match client.customers().get(&id).send().await {
///     Ok(customer) => println!("{:?}", customer.customer_unique_id),
///     Err(error) if error.is_not_found() => println!("no such customer"),
///     Err(error) => return Err(error.into()),
/// }
/// # Ok(())
/// # }
/// ```
pub struct Error(Box<Inner>);

struct Inner {
    operation: Option<&'static str>,
    effect: Effect,
    kind: Kind,
    attempts: u32,
}

/// What is known about the effect of a failed call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// Nothing reached the API.
    NotSent,
    /// The API answered and did not do it. Nothing has changed.
    Rejected,
    /// The API did it; only its answer could not be used. Do not repeat the call.
    Done,
    /// The API may have done it or not. Look at the current state before repeating the call.
    Unknown,
}

impl Outcome {
    /// The outcome as a word: `not_sent`, `rejected`, `done` or `unknown`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotSent => "not_sent",
            Self::Rejected => "rejected",
            Self::Done => "done",
            Self::Unknown => "unknown",
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl Error {
    pub(crate) fn configuration(problem: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            operation: None,
            effect: Effect::Read,
            kind: Kind::Configuration(problem.into()),
            attempts: 0,
        }))
    }

    /// A call that was never tried.
    pub(crate) fn unsendable(operation: &Descriptor, kind: Kind) -> Self {
        Self::after(operation, kind, 0, false)
    }

    /// A call that ended so after some attempts; `sent_before` tells whether one before the last got
    /// as far as being sent.
    pub(crate) fn after(
        operation: &Descriptor,
        mut kind: Kind,
        attempts: u32,
        sent_before: bool,
    ) -> Self {
        if let Kind::Connect {
            sent_before: so, ..
        } = &mut kind
        {
            *so |= sent_before;
        }
        Self(Box::new(Inner {
            operation: Some(operation.id),
            effect: operation.effect,
            kind,
            attempts,
        }))
    }

    /// The operation that failed, such as `customers.list`; of a [raw call](crate::RawCall), its
    /// path with the placeholders. `None` when no call was made.
    #[must_use]
    pub fn operation(&self) -> Option<&'static str> {
        self.0.operation
    }

    /// What is known about the effect of the call.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        self.0.kind.outcome(self.0.effect)
    }

    /// The status of the API's answer, if there was one.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        Some(self.0.kind.answer()?.status)
    }

    /// A header of the API's answer; its name may be written in any case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.0.kind.answer()?.headers.get(name)
    }

    /// All headers of the API's answer, with their names in lower case. Empty when there was no
    /// answer.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        let answer = self.0.kind.answer().into_iter();
        answer.flat_map(|answer| answer.headers.iter())
    }

    /// How many times the call was tried. More than once only where that is safe, see
    /// [`RetryPolicy`](crate::RetryPolicy); 0 when it could not be sent at all.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// How long the API asks to wait before another call, from `Retry-After` or the reset of the
    /// rate limit. It counts from the arrival of the answer.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.kind.answer()?.retry_after()
    }

    /// What the API's answer says about how many more calls may be made.
    #[must_use]
    pub fn rate_limit(&self) -> Option<RateLimit> {
        self.0.kind.answer()?.rate_limit()
    }

    /// The body of the API's answer: of a refusal at most the first 64 KiB, of a success everything
    /// that arrived. Empty when there was no answer.
    ///
    /// It may contain personal data.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        self.0.kind.answer().map_or(&[], |answer| &answer.body)
    }

    /// Whether [`Error::body`] is only the beginning of the answer.
    #[must_use]
    pub fn is_body_truncated(&self) -> bool {
        self.0.kind.answer().is_some_and(|answer| answer.truncated)
    }

    /// What the API says about the failure, taken from the body of its answer. `None` when there
    /// is nothing readable, as in an HTML page.
    ///
    /// The API does not document its error bodies, so the text is for people, not for decisions.
    /// It may contain personal data.
    #[must_use]
    pub fn message(&self) -> Option<String> {
        match &self.0.kind {
            Kind::Status(answer) => message::extract(&answer.body),
            _ => None,
        }
    }

    /// Where in the answer of a successful call something does not have the expected form, such as
    /// `$.results[0].amount`. `None` for other failures, and when the answer is not JSON at all.
    #[must_use]
    pub fn decode_path(&self) -> Option<String> {
        self.0.kind.decode_path()
    }

    /// No connection could be made.
    #[must_use]
    pub fn is_connect(&self) -> bool {
        self.0.kind.is_connect()
    }

    /// The call succeeded, but its answer does not have the expected form.
    #[must_use]
    pub fn is_decode(&self) -> bool {
        self.0.kind.is_decode()
    }

    /// Connecting, or waiting for the answer, took too long.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        self.0.kind.is_timeout()
    }

    /// The API found nothing under the given keys (status 404).
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.0.kind.rejection() == Some(404)
    }

    /// The API did not accept the key (status 401 or 403).
    #[must_use]
    pub fn is_unauthorized(&self) -> bool {
        matches!(self.0.kind.rejection(), Some(401 | 403))
    }

    /// Too many calls in a short time (status 429).
    #[must_use]
    pub fn is_rate_limited(&self) -> bool {
        self.0.kind.rejection() == Some(429)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(operation) = self.0.operation {
            write!(f, "{operation}: ")?;
        }
        self.0.kind.describe(self.0.effect, f)?;
        match self.0.attempts {
            0 | 1 => Ok(()),
            attempts => write!(f, " (tried {attempts} times)"),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Error");
        debug
            .field("text", &format_args!("{self}"))
            .field("outcome", &self.outcome());
        if let Some(source) = std::error::Error::source(self) {
            debug.field("source", &source);
        }
        debug.finish_non_exhaustive()
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        let cause: &(dyn std::error::Error + 'static) = self.0.kind.cause()?;
        Some(cause)
    }
}
