//! What is said when something goes wrong: a problem of RFC 9457.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::provision::{Problem, ProvisionError};
use crate::store::StoreError;

/// The media type of a problem.
pub(super) const MEDIA_TYPE: &str = "application/problem+json";
/// For how many seconds nobody needs to ask a store again that does not answer.
const STORE_PAUSE: u32 = 5;

/// Why a request was not done.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Problem)]
pub(super) struct ProblemDetails {
    /// What kind of problem it is.
    #[serde(rename = "type")]
    #[schema(example = "urn:billsby-mcp:problem:invalid")]
    kind: &'static str,
    /// The same for people.
    title: &'static str,
    /// The status of the answer.
    status: u16,
    /// What happened this time, and what to do.
    detail: String,
    /// The id under which the request is in the log.
    #[schema(required)]
    request_id: Option<String>,
    /// Everything that is wrong with the request, if that is the problem.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    errors: Vec<Problem>,
    #[serde(skip)]
    #[schema(ignore)]
    retry_after: Option<u32>,
}

impl ProblemDetails {
    fn new(
        status: StatusCode,
        kind: &'static str,
        title: &'static str,
        detail: impl Into<String>,
    ) -> Self {
        Self {
            kind,
            title,
            status: status.as_u16(),
            detail: detail.into(),
            request_id: None,
            errors: Vec::new(),
            retry_after: None,
        }
    }

    pub(super) fn malformed(detail: impl Into<String>) -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "urn:billsby-mcp:problem:malformed",
            "The request cannot be read",
            detail,
        )
    }

    pub(super) fn unauthorized(detail: &str) -> Self {
        let title = "The admin token is missing or wrong";
        Self::new(
            StatusCode::UNAUTHORIZED,
            "urn:billsby-mcp:problem:unauthorized",
            title,
            detail,
        )
    }

    pub(super) fn wrong_host() -> Self {
        let detail = "the server is not known by the host that the request names; whoever runs it can \
            allow more hosts";
        Self::new(
            StatusCode::FORBIDDEN,
            "urn:billsby-mcp:problem:wrong-host",
            "The host is not allowed",
            detail,
        )
    }

    pub(super) fn not_found(detail: impl Into<String>) -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "urn:billsby-mcp:problem:not-found",
            "There is no such thing",
            detail,
        )
    }

    pub(super) fn wrong_method() -> Self {
        let detail = "this path has other methods; the header Allow names them";
        let status = StatusCode::METHOD_NOT_ALLOWED;
        Self::new(
            status,
            "urn:billsby-mcp:problem:wrong-method",
            "The method is not allowed here",
            detail,
        )
    }

    pub(super) fn too_large(limit: usize) -> Self {
        let detail = format!("the body may have {limit} bytes at most");
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "urn:billsby-mcp:problem:too-large",
            "The body is too large",
            detail,
        )
    }

    pub(super) fn not_json(expected: &str) -> Self {
        let detail = format!("the header Content-Type has to say that the body is {expected}");
        let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
        Self::new(
            status,
            "urn:billsby-mcp:problem:not-json",
            "The body is not JSON",
            detail,
        )
    }

    pub(super) fn too_often(seconds: u32) -> Self {
        let detail = format!(
            "this is not the admin token, and too many wrong ones came from this address; try again in {seconds} seconds"
        );
        let status = StatusCode::TOO_MANY_REQUESTS;
        let problem = Self::new(
            status,
            "urn:billsby-mcp:problem:too-often",
            "Too many wrong attempts",
            detail,
        );
        Self {
            retry_after: Some(seconds),
            ..problem
        }
    }

    fn store(error: &StoreError) -> Self {
        if matches!(error, StoreError::Unknown(_)) {
            return Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "urn:billsby-mcp:problem:unknown-outcome",
                "The change may have been made",
                format!(
                    "{error}; look whether it is, or repeat the request with the same Idempotency-Key"
                ),
            );
        }
        let problem = Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "urn:billsby-mcp:problem:store",
            "The store does not do it now",
            error.to_string(),
        );
        Self {
            retry_after: Some(STORE_PAUSE),
            ..problem
        }
    }

    /// The answer.
    pub(super) fn response(mut self, request_id: Option<String>) -> Response {
        self.request_id = request_id;
        let status = StatusCode::from_u16(self.status);
        let status = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        // It has nothing that is no JSON.
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let content_type = [(header::CONTENT_TYPE, MEDIA_TYPE)];
        let mut response = (status, content_type, Body::from(body)).into_response();
        let headers = response.headers_mut();
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if status == StatusCode::UNAUTHORIZED {
            let bearer = HeaderValue::from_static("Bearer realm=\"billsby-mcp admin API\"");
            headers.insert(header::WWW_AUTHENTICATE, bearer);
        }
        response
    }
}

impl From<ProvisionError> for ProblemDetails {
    fn from(error: ProvisionError) -> Self {
        match error {
            ProvisionError::Invalid(errors) => {
                let detail = match errors.len() {
                    1 => "one thing is wrong with the request; nothing was changed".to_owned(),
                    count => {
                        format!("{count} things are wrong with the request; nothing was changed")
                    }
                };
                let status = StatusCode::UNPROCESSABLE_ENTITY;
                let problem = Self::new(
                    status,
                    "urn:billsby-mcp:problem:invalid",
                    "The request asks for what is not possible",
                    detail,
                );
                Self { errors, ..problem }
            }
            ProvisionError::NotFound(detail) => Self::not_found(detail),
            ProvisionError::Conflict(detail) => Self::new(
                StatusCode::CONFLICT,
                "urn:billsby-mcp:problem:conflict",
                "This cannot be done as things stand",
                detail,
            ),
            ProvisionError::Store(error) => {
                tracing::error!(%error, "a request could not be done");
                Self::store(&error)
            }
            ProvisionError::Defect(detail) => {
                tracing::error!(%detail, "a request could not be done");
                let status = StatusCode::INTERNAL_SERVER_ERROR;
                Self::new(
                    status,
                    "urn:billsby-mcp:problem:defect",
                    "A defect of this server",
                    detail,
                )
            }
        }
    }
}

/// The id of a request, as it is in the log and in the answer's headers.
pub(super) fn request_id(headers: &HeaderMap) -> Option<String> {
    let id = headers.get("x-request-id")?.to_str().ok()?;
    Some(id.to_owned())
}
