//! Requests that are refused: a JSON-RPC error with the HTTP status that fits.

use std::borrow::Cow;
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use http_body_util::{BodyExt as _, Limited};
use rmcp::model::{ErrorCode, ErrorData, RequestId, ServerJsonRpcMessage};

use super::envelope::Envelope;
use crate::protocol::message;
use crate::tool::whole_seconds;

/// The server cannot take the request now. The protocol leaves the codes from here to -32019 to servers.
const BUSY: ErrorCode = ErrorCode(-32000);
/// There is no such session, in the code that other servers use for it.
const NO_SESSION: ErrorCode = ErrorCode(-32001);
/// The longest text of the MCP library that is passed on, in bytes.
const LONGEST_TEXT: usize = 400;

/// The answer where there is nothing. It is the same for every URL that opens nothing, whether there was ever
/// something behind it or not.
const NOTHING: &str =
    r#"{"jsonrpc":"2.0","error":{"code":-32600,"message":"there is nothing at this URL"}}"#;
/// What somebody needs who may only read and calls a tool that has an effect.
const INSUFFICIENT_SCOPE: HeaderValue =
    HeaderValue::from_static(r#"Bearer error="insufficient_scope", scope="read write""#);

/// The answer where there is nothing.
pub(crate) fn nothing() -> Response {
    let mut response = Response::new(Body::from(NOTHING));
    *response.status_mut() = StatusCode::NOT_FOUND;
    let json = HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, json);
    response
}

/// A refusal on its way to the client.
#[derive(Debug)]
pub(crate) struct Refused {
    status: StatusCode,
    answer: Box<ServerJsonRpcMessage>,
    /// When to try again, in seconds.
    retry_after: Option<u64>,
    /// What to ask for before trying again.
    challenge: Option<HeaderValue>,
}

impl Refused {
    pub(super) fn new(
        status: StatusCode,
        code: ErrorCode,
        text: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self {
            status,
            answer: Box::new(ServerJsonRpcMessage::error(
                ErrorData::new(code, text, None),
                None,
            )),
            retry_after: None,
            challenge: None,
        }
    }

    fn invalid(status: StatusCode, text: impl Into<Cow<'static, str>>) -> Self {
        Self::new(status, ErrorCode::INVALID_REQUEST, text)
    }

    pub(super) fn content_type() -> Self {
        let text = "the Content-Type must be application/json";
        Self::invalid(StatusCode::UNSUPPORTED_MEDIA_TYPE, text)
    }

    pub(super) fn accept() -> Self {
        let text = "the client must accept both application/json and text/event-stream";
        Self::invalid(StatusCode::NOT_ACCEPTABLE, text)
    }

    pub(super) fn too_large() -> Self {
        let text = "the message is longer than 1 MiB";
        Self::invalid(StatusCode::PAYLOAD_TOO_LARGE, text)
    }

    pub(super) fn too_slow() -> Self {
        let text = "the message did not arrive in time";
        Self::invalid(StatusCode::REQUEST_TIMEOUT, text)
    }

    pub(super) fn broken_off() -> Self {
        Self::invalid(StatusCode::BAD_REQUEST, "the message broke off")
    }

    pub(super) fn shutting_down() -> Self {
        let text = "the server is shutting down";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, BUSY, text).retry_after(Duration::from_secs(1))
    }

    /// There is nothing behind the URL any more.
    pub(super) fn nothing() -> Self {
        Self::invalid(StatusCode::NOT_FOUND, "there is nothing at this URL")
    }

    /// What is behind the URL has been changed while the message was on its way.
    pub(crate) fn replaced() -> Self {
        let text = "the server has just been changed; send the message again";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, BUSY, text).retry_after(Duration::from_secs(1))
    }

    /// The server is not addressed by one of its names.
    pub(crate) fn host() -> Self {
        let text = "the Host header does not name this server";
        Self::invalid(StatusCode::FORBIDDEN, text)
    }

    /// Nobody can say whether there is anything behind the URL.
    pub(crate) fn unavailable() -> Self {
        let text = "the server cannot reach what it keeps its servers in; try again later";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, BUSY, text).retry_after(Duration::from_secs(5))
    }

    /// Whoever asks may only read.
    pub(super) fn insufficient_scope() -> Self {
        let text =
            "this access is for reading only, and the tool changes something; nothing was sent";
        let mut refused = Self::invalid(StatusCode::FORBIDDEN, text);
        refused.challenge = Some(INSUFFICIENT_SCOPE);
        refused
    }

    pub(crate) fn too_often(wait: Duration) -> Self {
        let text = "too many requests to this URL; wait as Retry-After says";
        Self::new(StatusCode::TOO_MANY_REQUESTS, BUSY, text).retry_after(wait)
    }

    pub(super) fn too_many_sessions() -> Self {
        let text = "too many sessions are open at this URL; end one, or wait: idle ones are ended after some minutes";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, BUSY, text).retry_after(Duration::from_secs(60))
    }

    /// The refusal of a message that cannot be used.
    pub(super) fn message(refusal: message::Refusal) -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            answer: Box::new(refusal.into_answer()),
            retry_after: None,
            challenge: None,
        }
    }

    /// The refusal of a message that only the library would misread.
    pub(super) fn id() -> Self {
        let text = "the id must be text or a whole number";
        Self::invalid(StatusCode::BAD_REQUEST, text)
    }

    /// The refusal of parameters that only the library would overlook.
    pub(super) fn parameters(error: ErrorData) -> Self {
        Self::new(StatusCode::BAD_REQUEST, error.code, error.message)
    }

    /// The refusal of an id that another request in the session has.
    pub(super) fn id_taken() -> Self {
        let text = "a request with this id is still running";
        Self::invalid(StatusCode::BAD_REQUEST, text)
    }

    fn retry_after(mut self, wait: Duration) -> Self {
        self.retry_after = Some(whole_seconds(wait).max(1));
        self
    }

    /// Names the request that is refused.
    pub(super) fn of_request(mut self, id: Option<RequestId>) -> Self {
        if let ServerJsonRpcMessage::Error(error) = &mut *self.answer
            && error.id.is_none()
        {
            error.id = id;
        }
        self
    }

    pub(crate) fn into_response(self) -> Response {
        // Text, numbers and nothing else: this cannot fail.
        let body = serde_json::to_vec(&self.answer).unwrap_or_default();
        let mut response = Response::new(Body::from(body));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/json"),
        );
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if let Some(challenge) = self.challenge {
            headers.insert(header::WWW_AUTHENTICATE, challenge);
        }
        response
    }
}

/// Turns the library's refusals in plain text into JSON-RPC errors; leaves everything else alone.
/// `bytes` is the message that was refused.
pub(super) async fn translate(response: Response, request: Envelope<'_>, bytes: &[u8]) -> Response {
    let status = response.status();
    if !(status.is_client_error() || status.is_server_error()) || is_json(response.headers()) {
        return response;
    }
    let allow = response.headers().get(header::ALLOW).cloned();
    let text = text(response.into_body()).await;
    let mut response = refusal(status, text, &request, bytes)
        .of_request(request.id)
        .into_response();
    if let Some(allow) = allow {
        response.headers_mut().insert(header::ALLOW, allow);
    }
    response
}

fn refusal(status: StatusCode, text: String, request: &Envelope<'_>, bytes: &[u8]) -> Refused {
    match status {
        // The Content-Type has been checked: the library could not read the message.
        StatusCode::UNSUPPORTED_MEDIA_TYPE => match message::read(bytes) {
            Err(refusal) => Refused::message(refusal),
            Ok(_) => Refused::invalid(StatusCode::BAD_REQUEST, "the message cannot be read"),
        },
        // Without usable parameters the library does not see an `initialize`.
        StatusCode::BAD_REQUEST if request.opens_session() => match message::read(bytes) {
            Err(refusal) => Refused::message(refusal),
            Ok(_) => Refused::invalid(status, text),
        },
        StatusCode::NOT_FOUND => Refused::new(
            status,
            NO_SESSION,
            "there is no such session; begin a new one",
        ),
        StatusCode::METHOD_NOT_ALLOWED => Refused::new(status, ErrorCode::INVALID_REQUEST, text),
        // Also what a call gets that was still running when the server had to end.
        status if status.is_server_error() => {
            let text = if request.is_call() {
                "the server failed; whether the call took effect is unknown: read the current state before repeating it"
            } else {
                "the server failed"
            };
            Refused::new(status, ErrorCode::INTERNAL_ERROR, text)
        }
        status => Refused::invalid(status, text),
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let value = headers.get(header::CONTENT_TYPE);
    value.is_some_and(|value| value.as_bytes().starts_with(b"application/json"))
}

/// The library's own words, without the name of the status before them.
async fn text(body: Body) -> String {
    let body = Limited::new(body, LONGEST_TEXT).collect().await;
    let bytes = body
        .map(http_body_util::Collected::to_bytes)
        .unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes);
    let text = text.split_once(": ").map_or(&*text, |(_, rest)| rest);
    if text.is_empty() {
        "the request was refused".to_owned()
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_url_that_has_ended_answers_like_one_that_never_was() {
        let (ended, never) = (Refused::nothing().into_response(), nothing());
        assert_eq!(ended.status(), never.status());
        assert_eq!(ended.headers(), never.headers());
        let body = async |response: Response| {
            let body = response.into_body().collect().await;
            body.unwrap().to_bytes()
        };
        assert_eq!(body(ended).await, body(never).await);
    }
}
