//! What comes back from the remote server, or why nothing does.

use std::time::Duration;

use axum::body::Bytes;
use axum::http::{StatusCode, header};
use reqwest::Response;
use rmcp::model::{ErrorCode, ErrorData, RequestId, ServerJsonRpcMessage};
use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};

/// The code of the bridge's own errors, from the range that the protocol leaves to servers.
const NO_ANSWER: ErrorCode = ErrorCode(-32000);
/// The longest refusal that is read, in bytes.
const LONGEST_REFUSAL: usize = 64 * 1024;

/// Why there is no answer to pass on. The texts are for people and models; none shows the address.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub(super) enum Failure {
    #[error("the message cannot be sent over HTTP; nothing was sent")]
    Unusable,
    #[error("the remote server cannot be reached; nothing was sent")]
    Unreachable,
    #[error(
        "the connection to the remote server broke before the answer arrived; whether the request took effect is unknown: look before you repeat it"
    )]
    Lost,
    /// The server has had the request by then.
    #[error(
        "what the remote server answered is not a message of the protocol; whether the request took effect is unknown: look before you repeat it"
    )]
    NotAMessage,
    /// What was to be a stream of events is something else.
    #[error("the remote server has no stream of events")]
    NoStream,
    /// The session is gone: the server ended it, or is a new one.
    #[error("the remote server does not know this session; start the client again")]
    NoSession,
    #[error("{}", refusal(*.status))]
    Status {
        status: StatusCode,
        /// What the server says itself: a JSON-RPC error.
        error: Option<Value>,
        /// In seconds.
        retry_after: Option<u64>,
    },
}

fn refusal(status: StatusCode) -> String {
    let code = status.as_u16();
    match code {
        300..=399 => {
            format!("the remote server is somewhere else (HTTP {code}); give its present URL")
        }
        401 | 403 => format!("the remote server wants other credentials (HTTP {code})"),
        404 => {
            format!("there is no server at the URL, or its token is no longer valid (HTTP {code})")
        }
        429 => format!("the remote server wants fewer requests (HTTP {code})"),
        500.. => format!(
            "the remote server failed (HTTP {code}); whether the request took effect is unknown: look before you repeat it"
        ),
        _ => format!("the remote server refused the request (HTTP {code})"),
    }
}

impl Failure {
    /// The failure that a response is, if it is one.
    pub(super) async fn check(response: Response) -> Result<Response, Self> {
        let status = response.status();
        if status.is_success() {
            return Ok(response);
        }
        let retry_after = response.headers().get(header::RETRY_AFTER);
        let retry_after = retry_after.and_then(|value| value.to_str().ok()?.parse().ok());
        let body = body(response, LONGEST_REFUSAL).await.unwrap_or_default();
        let body: Option<Value> = serde_json::from_slice(&body).ok();
        Err(Self::Status {
            status,
            error: body.filter(|body| body["error"].is_object()),
            retry_after,
        })
    }

    /// Whether the server says that there is nothing, which for a request in a session means the
    /// session.
    pub(super) fn is_not_found(&self) -> bool {
        matches!(self, Self::Status { status, .. } if *status == StatusCode::NOT_FOUND)
    }

    /// Whether a stream of events that could not be opened never can be: the server has no such
    /// stream, or no longer this session. Anything else may pass.
    pub(super) fn is_final_for_streams(&self) -> bool {
        match self {
            Self::NoStream => true,
            Self::Status { status, .. } => matches!(
                *status,
                StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED
            ),
            _ => false,
        }
    }

    /// How long the server wants to be left alone.
    pub(super) fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Status { retry_after, .. } => retry_after.map(Duration::from_secs),
            _ => None,
        }
    }

    /// The answer to a request that failed in this way.
    pub(super) fn answer(self, id: &RequestId) -> Value {
        let message = self.to_string();
        let (error, retry_after) = match self {
            Self::Status {
                error, retry_after, ..
            } => (error, retry_after),
            _ => (None, None),
        };
        let mut answer = error.unwrap_or_else(|| {
            let error = ErrorData::new(NO_ANSWER, message, None);
            json!(ServerJsonRpcMessage::error(error, None))
        });
        // A refusal made before the message was read names no request.
        answer["id"] = json!(id);
        if let Some(seconds) = retry_after
            && answer["error"]["data"].is_null()
        {
            answer["error"]["data"] = json!({ "retryAfterSeconds": seconds });
        }
        answer
    }
}

/// A whole body, if it is not longer than `limit` bytes.
pub(super) async fn body(mut response: Response, limit: usize) -> Result<Bytes, Failure> {
    let mut whole = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|_| Failure::Lost)? {
        if whole.len() + chunk.len() > limit {
            return Err(Failure::NotAMessage);
        }
        whole.extend_from_slice(&chunk);
    }
    Ok(whole.into())
}

/// Whether a message of the server answers a request.
pub(super) fn answers(message: &[u8], id: &RequestId) -> bool {
    #[derive(Deserialize)]
    struct Outside {
        id: Option<RequestId>,
        method: Option<IgnoredAny>,
        #[serde(default, deserialize_with = "present")]
        result: bool,
        #[serde(default, deserialize_with = "present")]
        error: bool,
    }
    // An array would pass for the values of the fields.
    if message.trim_ascii_start().first() != Some(&b'{') {
        return false;
    }
    let outside: Result<Outside, _> = serde_json::from_slice(message);
    outside.is_ok_and(|outside| {
        let is_answer = outside.method.is_none() && (outside.result || outside.error);
        is_answer && outside.id.as_ref() == Some(id)
    })
}

/// Whatever is there, even `null`.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    IgnoredAny::deserialize(deserializer).map(|_| true)
}

/// The protocol version that an answer to `initialize` settles on.
pub(super) fn version(answer: &[u8]) -> Option<String> {
    let answer: Value = serde_json::from_slice(answer).ok()?;
    answer["result"]["protocolVersion"]
        .as_str()
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_answers_its_request() {
        let answer = Failure::Unreachable.answer(&RequestId::Number(3));
        assert_eq!(
            answer,
            json!({
                "jsonrpc": "2.0",
                "id": 3,
                "error": {"code": -32000, "message": Failure::Unreachable.to_string()},
            })
        );
    }

    #[test]
    fn what_the_server_says_is_kept() {
        let failure = Failure::Status {
            status: StatusCode::TOO_MANY_REQUESTS,
            error: Some(json!({"jsonrpc": "2.0", "error": {"code": -1, "message": "slowly"}})),
            retry_after: Some(7),
        };
        let answer = failure.answer(&RequestId::String("a".into()));
        assert_eq!(answer["id"], "a");
        assert_eq!(answer["error"]["message"], "slowly");
        assert_eq!(answer["error"]["data"]["retryAfterSeconds"], 7);
    }

    #[test]
    fn only_a_missing_stream_or_session_is_final() {
        let status = |code| Failure::Status {
            status: StatusCode::from_u16(code).unwrap(),
            error: None,
            retry_after: None,
        };
        for (failure, expected) in [
            (status(404), true),
            (status(405), true),
            (Failure::NoStream, true),
            (status(409), false),
            (status(429), false),
            (status(500), false),
            (status(503), false),
            (Failure::Unreachable, false),
            (Failure::Lost, false),
        ] {
            assert_eq!(failure.is_final_for_streams(), expected, "{failure:?}");
        }
    }

    #[test]
    fn an_answer_is_told_from_other_messages() {
        let id = RequestId::Number(1);
        for (text, expected) in [
            (r#"{"jsonrpc":"2.0","id":1,"result":{}}"#, true),
            (r#"{"jsonrpc":"2.0","id":1,"error":{}}"#, true),
            (r#"{"jsonrpc":"2.0","id":2,"result":{}}"#, false),
            (r#"{"jsonrpc":"2.0","id":"1","result":{}}"#, false),
            (r#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#, false),
            (r#"{"jsonrpc":"2.0","method":"a"}"#, false),
            (r#" {"jsonrpc":"2.0","id":1,"result":null}"#, true),
            (r#"{"jsonrpc":"2.0","id":1}"#, false),
            (r"[1,null,{},{}]", false),
            ("null", false),
            ("{", false),
        ] {
            assert_eq!(answers(text.as_bytes(), &id), expected, "{text}");
        }
    }
}
