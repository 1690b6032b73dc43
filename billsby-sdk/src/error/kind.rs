//! The kinds of failure, what each says about the effect of the call, and their texts.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use crate::call::Effect;
use crate::headers::Headers;
use crate::rate_limit::{self, RateLimit};
use crate::types::mismatch::Mismatch;

/// The error of a library, behind the standard trait so that its type stays private.
pub(crate) type Cause = Box<dyn StdError + Send + Sync>;

pub(crate) enum Kind {
    /// The client cannot be built.
    Configuration(String),
    /// The call cannot be sent as it is.
    Unsendable {
        problem: String,
        cause: Option<Cause>,
    },
    /// No connection, so nothing was sent, unless by an attempt before this one.
    Connect {
        cause: Cause,
        timeout: bool,
        sent_before: bool,
    },
    /// Sent, and no answer came back.
    NoAnswer { cause: Cause, timeout: bool },
    /// An answer whose status is not a success.
    Status(Answer),
    /// A success whose answer cannot be used.
    Unusable(Answer, Problem),
}

/// What an error keeps of an answer.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Headers,
    pub(crate) body: Vec<u8>,
    pub(crate) truncated: bool,
}

impl Answer {
    pub(crate) fn rate_limit(&self) -> Option<RateLimit> {
        RateLimit::read(self.status, &self.headers)
    }

    /// How long the API asks to wait before another call.
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        rate_limit::retry_after(&self.headers).or_else(|| match self.status {
            429 => self.rate_limit()?.reset,
            _ => None,
        })
    }
}

pub(crate) enum Problem {
    Empty,
    TooLong,
    CutOff { cause: Cause, timeout: bool },
    NotJson(serde_json::Error),
    Form(Mismatch),
}

impl Kind {
    pub(super) fn outcome(&self, effect: Effect) -> super::Outcome {
        use super::Outcome;
        match self {
            Self::NoAnswer { .. }
            | Self::Connect {
                sent_before: true, ..
            } => Outcome::Unknown,
            Self::Configuration(_) | Self::Unsendable { .. } | Self::Connect { .. } => {
                Outcome::NotSent
            }
            Self::Status(answer) => match (answer.status, effect) {
                (400..=499, _) | (_, Effect::Read) => Outcome::Rejected,
                (_, Effect::Write) => Outcome::Unknown,
            },
            Self::Unusable(..) => Outcome::Done,
        }
    }

    /// Whether the same call may well succeed a little later.
    pub(crate) fn is_transient(&self) -> bool {
        match self {
            Self::Connect { .. }
            | Self::NoAnswer { .. }
            | Self::Unusable(_, Problem::CutOff { .. }) => true,
            Self::Status(answer) => matches!(answer.status, 429 | 502 | 503 | 504),
            Self::Configuration(_) | Self::Unsendable { .. } | Self::Unusable(..) => false,
        }
    }

    /// The kind of failure in a word, for logs.
    pub(crate) fn word(&self) -> &'static str {
        match self {
            _ if self.is_timeout() => "timeout",
            Self::Configuration(_) | Self::Unsendable { .. } => "not_sent",
            Self::Connect { .. } => "connect",
            Self::NoAnswer { .. } => "no_answer",
            Self::Status(_) => "status",
            Self::Unusable(_, Problem::CutOff { .. }) => "cut_off",
            Self::Unusable(..) => "unusable",
        }
    }

    pub(crate) fn answer(&self) -> Option<&Answer> {
        match self {
            Self::Status(answer) | Self::Unusable(answer, _) => Some(answer),
            _ => None,
        }
    }

    /// The status of an answer that is not a success.
    pub(super) fn rejection(&self) -> Option<u16> {
        match self {
            Self::Status(answer) => Some(answer.status),
            _ => None,
        }
    }

    pub(super) fn is_decode(&self) -> bool {
        matches!(
            self,
            Self::Unusable(_, Problem::Empty | Problem::NotJson(_) | Problem::Form(_))
        )
    }

    pub(super) fn is_connect(&self) -> bool {
        matches!(self, Self::Connect { .. })
    }

    /// Where an answer does not have the expected form.
    pub(super) fn decode_path(&self) -> Option<String> {
        match self {
            Self::Unusable(_, Problem::Form(mismatch)) => Some(mismatch.path()),
            _ => None,
        }
    }

    pub(super) fn is_timeout(&self) -> bool {
        match self {
            Self::Connect { timeout, .. }
            | Self::NoAnswer { timeout, .. }
            | Self::Unusable(_, Problem::CutOff { timeout, .. }) => *timeout,
            _ => false,
        }
    }

    pub(super) fn cause(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Unsendable { cause, .. } => Some(&**cause.as_ref()?),
            Self::Connect { cause, .. }
            | Self::NoAnswer { cause, .. }
            | Self::Unusable(_, Problem::CutOff { cause, .. }) => Some(&**cause),
            Self::Unusable(_, Problem::NotJson(cause)) => Some(cause),
            Self::Unusable(_, Problem::Form(cause)) => Some(cause),
            _ => None,
        }
    }

    pub(super) fn describe(&self, effect: Effect, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Configuration(problem) => {
                write!(f, "the client cannot be built: {problem}")
            }
            Self::Unsendable { problem, .. } => write!(f, "nothing was sent: {problem}"),
            Self::Connect {
                timeout,
                sent_before,
                ..
            } => write!(
                f,
                "could not connect to Billsby{}{}; check the network and the base URL",
                if *timeout { " in time" } else { "" },
                if *sent_before {
                    ""
                } else {
                    ", so nothing was sent"
                },
            ),
            Self::NoAnswer { timeout, .. } => {
                f.write_str(if *timeout {
                    "no answer came in time"
                } else {
                    "the connection broke before an answer came"
                })?;
                describe_doubt(effect, f)
            }
            Self::Status(answer) => describe_status(answer, effect, f),
            Self::Unusable(answer, problem) => {
                write!(f, "the call succeeded (status {}), but ", answer.status)?;
                problem.describe(f)?;
                if effect == Effect::Write {
                    f.write_str("; do not repeat it")?;
                }
                match problem {
                    Problem::Empty => Ok(()),
                    Problem::TooLong | Problem::CutOff { .. } => {
                        f.write_str("; Error::body() has its beginning")
                    }
                    Problem::NotJson(_) | Problem::Form(_) => {
                        f.write_str("; Error::body() has it as it came")
                    }
                }
            }
        }
    }
}

impl Problem {
    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("its answer is empty"),
            Self::TooLong => f.write_str("its answer is too long to be read"),
            Self::CutOff { .. } => f.write_str("its answer was cut off"),
            Self::NotJson(_) => f.write_str("its answer is not JSON"),
            Self::Form(mismatch) => write!(
                f,
                "its answer does not have the expected form at `{}`",
                mismatch.path()
            ),
        }
    }
}

fn describe_doubt(effect: Effect, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_str(match effect {
        Effect::Read => "; the call only reads and can be repeated",
        Effect::Write => {
            "; whether the call took effect is unknown, so look at the current state before repeating it"
        }
    })
}

fn describe_status(answer: &Answer, effect: Effect, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let status = answer.status;
    match status {
        400 | 422 => write!(
            f,
            "Billsby refused the call as invalid (status {status}); correct the arguments, Error::message() may say which"
        ),
        401 | 403 => write!(
            f,
            "Billsby did not accept the API key (status {status}); check the key and that it belongs to the company domain"
        ),
        404 => write!(
            f,
            "Billsby found nothing there (status 404); check the company domain and the keys given"
        ),
        429 => {
            f.write_str("too many calls (status 429); wait ")?;
            match answer.retry_after() {
                Some(wait) => write!(f, "{} seconds", wait.as_secs())?,
                None => f.write_str("a while")?,
            }
            f.write_str(" before trying again")
        }
        400..=499 => write!(
            f,
            "Billsby refused the call (status {status}); Error::message() may say why"
        ),
        300..=399 => {
            write!(
                f,
                "Billsby answered with a redirect (status {status}), which is never followed; check the base URL"
            )?;
            match effect {
                Effect::Read => Ok(()),
                Effect::Write => describe_doubt(effect, f),
            }
        }
        _ => {
            write!(f, "Billsby failed to answer properly (status {status})")?;
            describe_doubt(effect, f)
        }
    }
}
