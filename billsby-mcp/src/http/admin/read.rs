//! Reads requests.

use std::borrow::Cow;
use std::error::Error;
use std::str::FromStr;

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, FromRequestParts, RawPathParams, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use axum::response::Response;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use serde_json::Value;

use super::problem::{ProblemDetails, request_id};
use crate::json;
use crate::provision::{IdempotencyKey, ProvisionError};

/// The largest body, in bytes.
pub(super) const LIMIT: usize = 64 * 1024;

/// What a body is.
const JSON: &[&str] = &["application/json"];
/// What the body of a change is.
const PATCH: &[&str] = &["application/merge-patch+json", "application/json"];

/// A body of JSON.
pub(super) struct JsonBody(pub(super) Value);
/// A body of JSON that says what is to be different.
pub(super) struct PatchBody(pub(super) Value);
/// A body of JSON, or none.
pub(super) struct OptionalBody(pub(super) Value);
/// The names and values of a query.
pub(super) struct Pairs(pub(super) Vec<(String, String)>);
/// The ids in a path. What is no id is the id of nothing.
pub(super) struct Id<T>(pub(super) T);
/// The two ids in the path of a server.
pub(super) struct Ids<T, U>(pub(super) T, pub(super) U);
/// What the request is known by, if it must have its effect once.
pub(super) struct Key(pub(super) Option<IdempotencyKey>);

impl<S: Sync> FromRequest<S> for JsonBody {
    type Rejection = Response;

    async fn from_request(request: Request, _: &S) -> Result<Self, Response> {
        read(request, JSON, false).await.map(Self)
    }
}

impl<S: Sync> FromRequest<S> for PatchBody {
    type Rejection = Response;

    async fn from_request(request: Request, _: &S) -> Result<Self, Response> {
        read(request, PATCH, false).await.map(Self)
    }
}

impl<S: Sync> FromRequest<S> for OptionalBody {
    type Rejection = Response;

    async fn from_request(request: Request, _: &S) -> Result<Self, Response> {
        read(request, JSON, true).await.map(Self)
    }
}

async fn read(request: Request, types: &[&str], may_be_empty: bool) -> Result<Value, Response> {
    let (parts, body) = request.into_parts();
    let id = || request_id(&parts.headers);
    let bytes = bytes(body)
        .await
        .map_err(|problem| problem.response(id()))?;
    if bytes.is_empty() && may_be_empty {
        return Ok(Value::Null);
    }
    let value = parse(&parts.headers, types, &bytes);
    value.map_err(|problem| problem.response(id()))
}

async fn bytes(body: Body) -> Result<Bytes, ProblemDetails> {
    match Limited::new(body, LIMIT).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if is_too_large(&*error) => Err(ProblemDetails::too_large(LIMIT)),
        Err(_) => Err(ProblemDetails::malformed(
            "the body did not arrive as a whole",
        )),
    }
}

fn is_too_large(mut error: &(dyn Error + 'static)) -> bool {
    loop {
        if error.is::<LengthLimitError>() {
            return true;
        }
        match error.source() {
            Some(source) => error = source,
            None => return false,
        }
    }
}

fn parse(headers: &HeaderMap, types: &[&str], bytes: &[u8]) -> Result<Value, ProblemDetails> {
    let content_type = headers.get(header::CONTENT_TYPE);
    let content_type = content_type.and_then(|value| value.to_str().ok());
    let content_type = content_type.unwrap_or_default();
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    if !types
        .iter()
        .any(|known| known.eq_ignore_ascii_case(essence))
    {
        return Err(ProblemDetails::not_json(&types.join(" or ")));
    }
    if bytes.is_empty() {
        return Err(ProblemDetails::malformed(
            "the body is empty; expected a JSON object",
        ));
    }
    // What the library says of a text may show a part of it; where it is says enough.
    json::parse(bytes).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        let what = if error.is_eof() {
            "ends too early"
        } else if error.is_data() {
            "has a name twice in one object, or a value that cannot be kept,"
        } else {
            "is not JSON"
        };
        ProblemDetails::malformed(format!("the body {what} at line {line}, column {column}"))
    })
}

impl<S: Sync> FromRequestParts<S> for Pairs {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Response> {
        let query = parts.uri.query().unwrap_or_default();
        let pairs = query.split('&').filter(|pair| !pair.is_empty());
        let pairs = pairs.map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Some((decoded(name)?, decoded(value)?))
        });
        let pairs: Option<_> = pairs.collect();
        let problem = || {
            ProblemDetails::malformed("the query is not UTF-8").response(request_id(&parts.headers))
        };
        pairs.map(Self).ok_or_else(problem)
    }
}

fn decoded(text: &str) -> Option<String> {
    let text = text.replace('+', " ");
    let text = percent_encoding::percent_decode_str(&text).decode_utf8();
    text.ok().map(Cow::into_owned)
}

impl<S: Sync> FromRequestParts<S> for Key {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Response> {
        let mut values = parts.headers.get_all("idempotency-key").iter();
        let Some(value) = values.next() else {
            return Ok(Self(None));
        };
        // What is no text is no key either, and neither are several.
        let value = value.to_str().ok().filter(|_| values.next().is_none());
        let key = value.unwrap_or_default().parse();
        let refused = |error: ProvisionError| {
            ProblemDetails::from(error).response(request_id(&parts.headers))
        };
        key.map(|key| Self(Some(key))).map_err(refused)
    }
}

impl<S: Send + Sync, T: FromStr + Send> FromRequestParts<S> for Id<T> {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        id(parts, state, "id").await.map(Self)
    }
}

impl<S: Send + Sync, T: FromStr + Send, U: FromStr + Send> FromRequestParts<S> for Ids<T, U> {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let first = id(parts, state, "id").await?;
        Ok(Self(first, id(parts, state, "server_id").await?))
    }
}

async fn id<S: Send + Sync, T: FromStr>(
    parts: &mut Parts,
    state: &S,
    wanted: &str,
) -> Result<T, Response> {
    let parameters = RawPathParams::from_request_parts(parts, state).await;
    let id = parameters.ok().and_then(|parameters| {
        let mut parameters = parameters.iter();
        let (_, id) = parameters.find(|(name, _)| *name == wanted)?;
        id.parse().ok()
    });
    id.ok_or_else(|| {
        let problem = ProblemDetails::not_found("there is nothing with this id");
        problem.response(request_id(&parts.headers))
    })
}
