use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::call::{AnswerForm, Descriptor};
use crate::error::{Error, Kind, Problem};
use crate::headers::Headers;
use crate::rate_limit::RateLimit;
use crate::transport::Received;
use crate::types::{direct, lenient};

/// The API's answer to a call: the typed value, and what it came with.
///
/// It can be used like the value itself; [`Response::into_inner`] takes the value out.
pub struct Response<T> {
    value: T,
    status: u16,
    headers: Headers,
    body: Vec<u8>,
}

impl<T> Response<T> {
    /// The value alone.
    #[must_use]
    pub fn into_inner(self) -> T {
        self.value
    }

    /// The status, from 200 to 299.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.status
    }

    /// A header; its name may be written in any case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)
    }

    /// All headers, with their names in lower case.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        self.headers.iter()
    }

    /// What the answer says about how many more calls may be made.
    #[must_use]
    pub fn rate_limit(&self) -> Option<RateLimit> {
        RateLimit::read(self.status, &self.headers)
    }

    /// The body as the API sent it, with everything that the typed value leaves out.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// The body as text.
    #[must_use]
    pub fn text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.body)
    }

    /// The body as JSON, if it is JSON, whatever its content type says.
    #[must_use]
    pub fn json(&self) -> Option<Value> {
        parse(&self.body).ok()
    }
}

impl<T: DeserializeOwned> Response<T> {
    pub(crate) fn read(operation: &Descriptor, received: Received) -> Result<Self, Error> {
        match decode(operation, &received.body) {
            Ok(value) => Ok(Self {
                value,
                status: received.status,
                headers: received.headers,
                body: received.body,
            }),
            Err(problem) => Err(unusable(operation, received, problem)),
        }
    }
}

impl Response<Value> {
    /// Takes whatever came: JSON, else the text, else nothing.
    pub(crate) fn raw(received: Received) -> Self {
        let value = match parse(&received.body) {
            Ok(json) => json,
            Err(_) if received.body.trim_ascii().is_empty() => Value::Null,
            Err(_) => String::from_utf8_lossy(&received.body).into(),
        };
        Self {
            value,
            status: received.status,
            headers: received.headers,
            body: received.body,
        }
    }
}

/// Reads the typed answer. Most answers have the documented form; the others take longer.
fn decode<T: DeserializeOwned>(operation: &Descriptor, body: &[u8]) -> Result<T, Problem> {
    if operation.answer == AnswerForm::Json
        && let Some(value) = direct::decode(body)
    {
        return Ok(value);
    }
    let mut json = read_json(operation, body)?;
    lenient::decode(&mut json).map_err(Problem::Form)
}

/// The JSON to read the typed answer from.
fn read_json(operation: &Descriptor, body: &[u8]) -> Result<Value, Problem> {
    if operation.answer == AnswerForm::Word {
        return Ok(Value::Null);
    }
    if body.trim_ascii().is_empty() {
        return Err(Problem::Empty);
    }
    match parse(body) {
        // A bare word, such as .NET's `True`.
        Err(_) if body.len() <= 32 && body.trim_ascii().iter().all(u8::is_ascii_alphanumeric) => {
            Ok(String::from_utf8_lossy(body).trim().into())
        }
        result => result.map_err(Problem::NotJson),
    }
}

fn parse(body: &[u8]) -> serde_json::Result<Value> {
    serde_json::from_slice(body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body))
}

fn unusable(operation: &Descriptor, received: Received, problem: Problem) -> Error {
    let attempts = received.attempts;
    let kind = Kind::Unusable(received.into_answer(), problem);
    Error::after(operation, kind, attempts, false)
}

impl<T> Deref for Response<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

/// Shows the status and the value's own `Debug`, which hides personal data.
impl<T: fmt::Debug> fmt::Debug for Response<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("status", &self.status)
            .field("value", &self.value)
            .finish_non_exhaustive()
    }
}
