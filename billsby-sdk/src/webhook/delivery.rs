use std::fmt;

use serde::Deserialize;
use serde_json::Value;

use super::Event;
use crate::types::lenient;
use crate::types::mismatch::Mismatch;

/// One call that Billsby made to your address.
///
/// `Debug` shows the id and which event it is, and nothing of its content.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct Delivery {
    /// The id of the event, a UUID as Billsby wrote it. An event that comes again has the same
    /// id. The Test button has none.
    pub id: Option<String>,
    /// What happened.
    pub event: Event,
    /// The whole body, with everything that [`Delivery::event`] has no name for. `null` when
    /// there was no body.
    pub raw: Value,
}

/// What all events have.
#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Envelope {
    id: Option<String>,
    r#type: Option<String>,
}

impl Delivery {
    /// Reads the body of a call. Check the [`Secret`](super::Secret) first.
    ///
    /// A call without a body, or with one that says nothing (`null`, `{}`), comes from the Test
    /// button. An event of a type that is not known here is [`Event::Other`], not an error.
    ///
    /// # Errors
    ///
    /// When the body is not JSON, names no type, or holds something that cannot be what it should
    /// be, such as an amount with a decimal point. The bytes are still yours; keep them, since
    /// nobody knows whether Billsby sends them again.
    pub fn parse(body: &[u8]) -> Result<Self, InvalidBody> {
        let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
        let raw = if body.trim_ascii().is_empty() {
            Value::Null
        } else {
            serde_json::from_slice(body).map_err(Fault::NotJson)?
        };
        if says_nothing(&raw) {
            return Ok(Self {
                id: None,
                event: Event::Test,
                raw,
            });
        }
        let mut content = raw.clone();
        let envelope: Envelope = lenient::decode(&mut content).map_err(Fault::Form)?;
        let kind = not_blank(envelope.r#type).ok_or(Fault::NoType)?;
        Ok(Self {
            id: not_blank(envelope.id),
            event: Event::read(kind, &mut content).map_err(Fault::Form)?,
            raw,
        })
    }
}

fn says_nothing(body: &Value) -> bool {
    match body {
        Value::Null => true,
        Value::Object(members) => members.is_empty(),
        _ => false,
    }
}

fn not_blank(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.trim().is_empty())
}

impl fmt::Debug for Delivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Delivery")
            .field("id", &self.id)
            .field("event", &self.event)
            .finish_non_exhaustive()
    }
}

/// The body of a call is no event. Says where it is wrong, and never what it holds.
#[derive(Debug)]
pub struct InvalidBody(Fault);

#[derive(Debug)]
enum Fault {
    NotJson(serde_json::Error),
    NoType,
    Form(Mismatch),
}

impl From<Fault> for InvalidBody {
    fn from(fault: Fault) -> Self {
        Self(fault)
    }
}

impl fmt::Display for InvalidBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Fault::NotJson(_) => f.write_str("the body of the webhook is not JSON"),
            Fault::NoType => f.write_str("the body of the webhook has no `Type`"),
            Fault::Form(mismatch) => write!(
                f,
                "the body of the webhook does not have the expected form at `{}`",
                mismatch.path()
            ),
        }
    }
}

impl std::error::Error for InvalidBody {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.0 {
            Fault::NotJson(error) => Some(error),
            Fault::NoType => None,
            Fault::Form(mismatch) => Some(mismatch),
        }
    }
}
