//! Answers.

use axum::Json;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use serde::Serialize;

use super::problem::{ProblemDetails, request_id};
use crate::provision::{Made, ProvisionError};

/// Says that an answer is the one of an earlier request with the same key.
pub(super) const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// What was asked for.
pub(super) fn found<T: Serialize>(
    headers: &HeaderMap,
    result: Result<T, ProvisionError>,
) -> Response {
    answer(headers, result.map(|found| Json(found).into_response()))
}

/// What was made.
pub(super) fn made<T: Serialize>(
    headers: &HeaderMap,
    status: StatusCode,
    result: Result<Made<T>, ProvisionError>,
) -> Response {
    let response = result.map(|made| {
        let mut response = (status, Json(made.answer)).into_response();
        if made.is_replay {
            let yes = HeaderValue::from_static("true");
            response.headers_mut().insert(REPLAYED, yes);
        }
        response
    });
    answer(headers, response)
}

/// That it is gone.
pub(super) fn gone(headers: &HeaderMap, result: Result<(), ProvisionError>) -> Response {
    answer(
        headers,
        result.map(|()| StatusCode::NO_CONTENT.into_response()),
    )
}

fn answer(headers: &HeaderMap, response: Result<Response, ProvisionError>) -> Response {
    response.unwrap_or_else(|error| ProblemDetails::from(error).response(request_id(headers)))
}
