//! What a request is told that is not let in (RFC 6750): what to ask for, and never why.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde_json::json;

/// When to try again while tokens cannot be checked, in seconds.
const RETRY: u32 = 5;

/// How one server asks for a bearer.
pub(super) struct Challenge {
    /// Where the server says whom it trusts, if it asks for access tokens.
    metadata: Option<String>,
}

impl Challenge {
    pub(super) fn new(metadata: Option<String>) -> Self {
        Self { metadata }
    }

    /// There is no bearer.
    pub(super) fn missing(&self) -> Response {
        self.answer(
            StatusCode::UNAUTHORIZED,
            None,
            "this server asks for a bearer token",
        )
    }

    /// The bearer opens nothing here: unknown, over, revoked, or meant for another server.
    pub(super) fn invalid(&self) -> Response {
        let text = "the bearer token is not accepted";
        self.answer(StatusCode::UNAUTHORIZED, Some("invalid_token"), text)
    }

    /// It is not clear which bearer is meant, or it is where others can read it.
    pub(super) fn unclear(&self) -> Response {
        let text = "send one bearer token, in the Authorization header";
        self.answer(StatusCode::BAD_REQUEST, Some("invalid_request"), text)
    }

    /// The token allows nothing that a server does.
    pub(super) fn insufficient_scope(&self) -> Response {
        let text = "the access token allows neither read nor write";
        self.answer(StatusCode::FORBIDDEN, Some("insufficient_scope"), text)
    }

    fn answer(&self, status: StatusCode, error: Option<&str>, text: &'static str) -> Response {
        let mut challenge = r#"Bearer realm="billsby-mcp""#.to_owned();
        let mut add = |name: &str, value: &str| {
            challenge.extend([", ", name, "=\"", value, "\""]);
        };
        if let Some(error) = error {
            add("error", error);
            add("error_description", text);
        }
        if let Some(metadata) = &self.metadata {
            add("resource_metadata", metadata);
            add("scope", "read write");
        }
        let mut response = answer(status, text);
        // It fails only if the server's own address cannot be written down.
        if let Ok(challenge) = HeaderValue::try_from(challenge) {
            response
                .headers_mut()
                .insert(header::WWW_AUTHENTICATE, challenge);
        }
        response
    }
}

/// Whether a token is good cannot be said now, because its issuer does not answer.
pub(super) fn unavailable() -> Response {
    let text = "access tokens cannot be checked at the moment; try again later";
    let mut response = answer(StatusCode::SERVICE_UNAVAILABLE, text);
    response
        .headers_mut()
        .insert(header::RETRY_AFTER, HeaderValue::from(RETRY));
    response
}

fn answer(status: StatusCode, text: &str) -> Response {
    let error = json!({"jsonrpc": "2.0", "error": {"code": -32600, "message": text}});
    (status, Json(error)).into_response()
}
