//! Faults: what a network, a gateway or a server may do to a request or its reply.

use hyper::header::{CONTENT_LENGTH, HeaderValue, RETRY_AFTER};
use hyper::{Response, Uri};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::payload::Payload;
use super::{problem, reply};
use crate::sandbox::wire::Refusal;

/// The reason of a reply that a fault put in the place of the real one.
const ASKED_FOR: &str = "the sandbox was asked for this fault";

/// One fault. Those that come before the operation leave everything as it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    tag = "kind",
    rename_all = "snake_case",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
pub(crate) enum Fault {
    /// Status 429.
    TooManyRequests {
        /// Seconds.
        retry_after: Option<u32>,
    },
    /// An error, as JSON or as the page of a gateway.
    Status {
        status: u16,
        #[serde(default)]
        html: bool,
    },
    /// The request is handled late.
    Delay { milliseconds: u32 },
    /// There is no reply, and the connection stays open.
    Hang {
        /// Whether the operation runs nevertheless.
        #[serde(default)]
        after: bool,
    },
    /// The connection is closed before the operation runs.
    CutBefore {},
    /// The operation runs, then the connection is closed without a reply.
    CutAfter {},
    /// The operation runs; half of its answer is sent, and the connection closed.
    TruncatedBody {},
    /// The operation runs; its answer is no longer JSON.
    BrokenBody {},
    /// The request is sent elsewhere.
    Redirect { location: String },
    /// The operation runs; blanks behind its answer make it this large.
    OversizedBody { bytes: u64 },
}

/// What a client meets.
#[derive(Debug)]
pub(super) enum Outcome {
    Reply(Response<Payload>),
    /// Nothing at all.
    Hang,
    /// The end of its connection.
    Cut,
}

impl Fault {
    /// Reads `KIND[; key=value]...`, as it stands in a header or a query.
    pub(super) fn parse(text: &str) -> Result<Self, Refusal> {
        let mut parts = text.split(';').map(str::trim);
        let mut fields = Map::new();
        fields.insert("kind".to_owned(), parts.next().unwrap_or_default().into());
        for part in parts.filter(|part| !part.is_empty()) {
            let (key, value) = part.split_once('=').unwrap_or((part, "true"));
            let value = value.trim();
            let read = serde_json::from_str(value).unwrap_or_else(|_| Value::from(value));
            if fields.insert(key.trim().to_owned(), read).is_some() {
                return Err(Refusal::bad_request("the fault says something twice"));
            }
        }
        let fault: Self = serde_json::from_value(Value::Object(fields)).map_err(|error| {
            let problem = problem::of(&error);
            Refusal::bad_request(format!("the fault is unknown: {problem}"))
        })?;
        fault.check().map_err(Refusal::bad_request)?;
        Ok(fault)
    }

    /// Says what is wrong with a fault that has the right form.
    pub(super) fn check(&self) -> Result<(), String> {
        match self {
            Self::Status { status, .. } if !(400..=599).contains(status) => {
                Err("the status of a fault is from 400 to 599".to_owned())
            }
            Self::Redirect { location } if !is_absolute(location) => {
                Err("the location of a redirect is no URL with scheme and host".to_owned())
            }
            _ => Ok(()),
        }
    }

    /// What happens instead of the operation, if it does not run.
    pub(super) fn instead(&self) -> Option<Outcome> {
        let reply = match self {
            Self::TooManyRequests { retry_after } => too_many_requests(*retry_after),
            Self::Status { status, html: true } => {
                reply::with_reason(reply::page(*status), ASKED_FOR)
            }
            Self::Status { status, .. } => reply::refusal(&Refusal {
                status: *status,
                reason: ASKED_FOR.to_owned(),
            }),
            Self::Redirect { location } => {
                let location = HeaderValue::try_from(location).expect("has been checked");
                reply::with_reason(reply::redirect(&location), ASKED_FOR)
            }
            Self::Hang { after: false } => return Some(Outcome::Hang),
            Self::CutBefore {} => return Some(Outcome::Cut),
            Self::Delay { .. }
            | Self::Hang { after: true }
            | Self::CutAfter {}
            | Self::TruncatedBody {}
            | Self::BrokenBody {}
            | Self::OversizedBody { .. } => return None,
        };
        Some(Outcome::Reply(reply))
    }

    /// What becomes of a reply to a request that was handled.
    pub(super) fn harm(&self, mut response: Response<Payload>) -> Outcome {
        let text = response.body_mut().take_text();
        let half = text.slice(..text.len() / 2);
        let payload = match self {
            Self::Hang { .. } => return Outcome::Hang,
            Self::CutAfter {} => return Outcome::Cut,
            Self::TruncatedBody {} => {
                let announced = text.len().max(1) as u64;
                let headers = response.headers_mut();
                headers.insert(CONTENT_LENGTH, announced.into());
                Payload::truncated(half)
            }
            Self::BrokenBody {} => Payload::whole([&half[..], b"{\""].concat()),
            Self::OversizedBody { bytes } => Payload::padded(text, *bytes),
            Self::TooManyRequests { .. }
            | Self::Status { .. }
            | Self::Delay { .. }
            | Self::CutBefore {}
            | Self::Redirect { .. } => Payload::whole(text),
        };
        *response.body_mut() = payload;
        Outcome::Reply(response)
    }
}

/// Whether a text is the whole address of something.
fn is_absolute(location: &str) -> bool {
    let uri = location.parse::<Uri>();
    uri.is_ok_and(|uri| uri.scheme().is_some() && uri.authority().is_some())
        && HeaderValue::try_from(location).is_ok()
}

/// 429, as gateways say it.
pub(super) fn too_many_requests(retry_after: Option<u32>) -> Response<Payload> {
    let mut response = reply::refusal(&Refusal {
        status: 429,
        reason: "too many requests".to_owned(),
    });
    if let Some(seconds) = retry_after {
        response.headers_mut().insert(RETRY_AFTER, seconds.into());
    }
    response
}
