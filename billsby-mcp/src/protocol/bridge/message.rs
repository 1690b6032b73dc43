//! As much of a client's message as HTTP wants in headers.

use axum::body::Bytes;
use axum::http::{HeaderName, HeaderValue};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rmcp::model::RequestId;
use serde::Deserialize;
use serde_json::Value;

const VERSION: &str = "io.modelcontextprotocol/protocolVersion";

/// A message, and what is known about it.
#[derive(Debug, Clone)]
pub(super) struct Message {
    pub(super) bytes: Bytes,
    outside: Outside,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Outside {
    id: Option<RequestId>,
    method: Option<String>,
    params: Parameters,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Parameters {
    name: Option<String>,
    uri: Option<String>,
    request_id: Option<RequestId>,
    #[serde(rename = "_meta")]
    meta: Option<Value>,
}

impl Message {
    /// Looks at a message that has been found readable. One with odd parameters passes as it is: the
    /// remote server refuses it better.
    pub(super) fn new(bytes: Bytes) -> Self {
        let outside = serde_json::from_slice(&bytes).or_else(|_| {
            let without: Value = serde_json::from_slice(&bytes)?;
            let outside = Outside {
                id: serde_json::from_value(without["id"].clone()).ok(),
                method: without["method"].as_str().map(str::to_owned),
                params: Parameters::default(),
            };
            Ok::<_, serde_json::Error>(outside)
        });
        Self {
            outside: outside.unwrap_or_default(),
            bytes,
        }
    }

    /// The id, if an answer is expected.
    pub(super) fn id(&self) -> Option<&RequestId> {
        self.outside.method.as_ref()?;
        self.outside.id.as_ref()
    }

    /// The protocol version that the message names; clients before 2026-07-28 name it once, in the
    /// handshake.
    pub(super) fn version(&self) -> Option<&str> {
        self.outside.params.meta.as_ref()?.get(VERSION)?.as_str()
    }

    /// The request that is to be given up.
    pub(super) fn cancels(&self) -> Option<&RequestId> {
        let parameters = &self.outside.params;
        self.is("notifications/cancelled")
            .then_some(parameters.request_id.as_ref())
            .flatten()
    }

    /// Whether this begins a session.
    pub(super) fn is_initialize(&self) -> bool {
        self.is("initialize")
    }

    /// Whether this ends the handshake.
    pub(super) fn is_initialized(&self) -> bool {
        self.is("notifications/initialized")
    }

    /// Whether the answer never ends.
    pub(super) fn is_endless(&self) -> bool {
        self.is("subscriptions/listen")
    }

    fn is(&self, method: &str) -> bool {
        self.outside.method.as_deref() == Some(method)
    }

    /// The headers that repeat parts of a message from protocol version 2026-07-28 on.
    pub(super) fn headers(&self) -> impl Iterator<Item = (HeaderName, HeaderValue)> {
        let parameters = &self.outside.params;
        let method = self.outside.method.as_deref();
        let name = match method {
            Some("tools/call" | "prompts/get") => parameters.name.as_deref(),
            Some("resources/read") => parameters.uri.as_deref(),
            _ => None,
        };
        let pairs = [("mcp-method", method), ("mcp-name", name)];
        pairs.into_iter().filter_map(|(header, value)| {
            Some((HeaderName::from_static(header), header_value(value?)?))
        })
    }
}

/// A text as a header's value, in the protocol's encoding if it is not plain.
fn header_value(text: &str) -> Option<HeaderValue> {
    let is_plain = text.bytes().all(|byte| (b' '..=b'~').contains(&byte))
        && text.trim() == text
        && !(text.starts_with("=?base64?") && text.ends_with("?="));
    if is_plain {
        HeaderValue::from_str(text).ok()
    } else {
        HeaderValue::try_from(format!("=?base64?{}?=", STANDARD.encode(text))).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(text: &'static str) -> Message {
        Message::new(Bytes::from_static(text.as_bytes()))
    }

    fn headers(message: &Message) -> Vec<String> {
        let headers = message.headers();
        headers
            .map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()))
            .collect()
    }

    #[test]
    fn the_headers_repeat_method_and_name() {
        let call = message(
            r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}}"#,
        );
        assert_eq!(call.version(), Some("2026-07-28"));
        assert_eq!(call.id(), Some(&RequestId::Number(1)));
        assert_eq!(headers(&call), ["mcp-method: tools/call", "mcp-name: a"]);
        let read = message(
            r#"{"jsonrpc":"2.0","id":"b","method":"resources/read","params":{"uri":"a:é"}}"#,
        );
        assert_eq!(read.version(), None);
        assert_eq!(
            headers(&read),
            [
                "mcp-method: resources/read",
                "mcp-name: =?base64?YTrDqQ==?="
            ]
        );
    }

    #[test]
    fn odd_parameters_do_not_hide_the_id() {
        let call = message(r#"{"jsonrpc":"2.0","id":7,"method":"a","params":{"name":5}}"#);
        assert_eq!(call.id(), Some(&RequestId::Number(7)));
        assert_eq!(headers(&call), ["mcp-method: a"]);
    }

    #[test]
    fn an_answer_expects_none() {
        let answer = message(r#"{"jsonrpc":"2.0","id":7,"result":{}}"#);
        assert_eq!(answer.id(), None);
    }
}
