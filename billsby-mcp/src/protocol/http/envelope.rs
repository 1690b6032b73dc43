//! As much of a message as has to be known before the MCP library reads it.

use std::borrow::Cow;
use std::time::Duration;

use axum::body::{Body, Bytes};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use rmcp::model::RequestId;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::refusal::Refused;
use crate::protocol::message::{self, LIMIT};

/// How long a message may take to arrive.
const ARRIVAL: Duration = Duration::from_secs(30);

/// The outside of a message. What is inside is checked for its form and not kept.
#[derive(Debug, Default, PartialEq, Deserialize)]
pub(super) struct Envelope<'a> {
    #[serde(default, deserialize_with = "present")]
    pub(super) id: Option<RequestId>,
    #[serde(borrow)]
    method: Option<Cow<'a, str>>,
}

impl<'a> Envelope<'a> {
    /// Reads the outside of a message.
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self, Refused> {
        serde_json::from_slice(bytes).map_err(|_| match message::read(bytes) {
            Err(refusal) => Refused::message(refusal),
            Ok(_) => Refused::id(),
        })
    }

    /// The method and the id, if this is a request.
    pub(super) fn request(&self) -> Option<(&str, &RequestId)> {
        Some((self.method.as_deref()?, self.id.as_ref()?))
    }

    /// Whether this asks for a new session.
    pub(super) fn opens_session(&self) -> bool {
        self.is("initialize")
    }

    /// Whether the reply stays open for as long as the client likes.
    pub(super) fn is_endless(&self) -> bool {
        self.is("subscriptions/listen")
    }

    /// Whether this calls a tool.
    pub(super) fn is_call(&self) -> bool {
        self.is("tools/call")
    }

    fn is(&self, method: &str) -> bool {
        self.method.as_deref() == Some(method)
    }
}

/// The name of the tool that a message calls, if it is a call.
pub(super) fn called(bytes: &[u8]) -> Option<String> {
    let message: Value = serde_json::from_slice(bytes).ok()?;
    if message.get("method")? != "tools/call" {
        return None;
    }
    Some(message.pointer("/params/name")?.as_str()?.to_owned())
}

/// An id that is there must be usable: `null` is not the same as none.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<RequestId>, D::Error> {
    RequestId::deserialize(deserializer).map(Some)
}

/// Reads a request's body, up to the longest message there may be.
pub(super) async fn body(body: Body) -> Result<Bytes, Refused> {
    let whole = tokio::time::timeout(ARRIVAL, Limited::new(body, LIMIT).collect()).await;
    match whole {
        Ok(Ok(whole)) => Ok(whole.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(Refused::too_large()),
        Ok(Err(_)) => Err(Refused::broken_off()),
        Err(_) => Err(Refused::too_slow()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_outside_is_read() {
        let text = br#"{"jsonrpc":"2.0","id":"a","method":"tools\/call","params":{"id":1}}"#;
        let envelope = Envelope::read(text).unwrap();
        assert_eq!(envelope.id, Some(RequestId::String("a".into())));
        assert!(envelope.is_call());
        assert!(envelope.request().is_some());
        let answer = Envelope::read(br#"{"jsonrpc":"2.0","id":7,"result":{}}"#).unwrap();
        assert_eq!(answer.id, Some(RequestId::Number(7)));
        assert_eq!(answer.request(), None);
    }

    #[test]
    fn a_request_with_an_unusable_id_does_not_pass_for_a_notification() {
        for id in ["null", "1.5", "{}", "true", "99999999999999999999"] {
            let text = format!(r#"{{"jsonrpc":"2.0","id":{id},"method":"tools/call"}}"#);
            assert!(Envelope::read(text.as_bytes()).is_err(), "{id}");
        }
    }
}
