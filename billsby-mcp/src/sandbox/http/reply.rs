//! Replies as they are sent.

use hyper::header::{ALLOW, CONTENT_TYPE, HeaderName, HeaderValue, LOCATION};
use hyper::{Response, StatusCode};
use serde::Serialize;

use super::payload::Payload;
use crate::sandbox::contract::Refused;
use crate::sandbox::wire::{Answer, Refusal};

/// Says why a request was refused.
const REASON: HeaderName = HeaderName::from_static("x-sandbox-reason");

/// The body of a refusal.
#[derive(Serialize)]
struct Message<'a> {
    message: &'a str,
}

pub(super) fn answer(answer: Answer) -> Response<Payload> {
    let mut response = Response::new(Payload::whole(answer.body));
    let content_type = HeaderValue::from_static(answer.content_type);
    response.headers_mut().insert(CONTENT_TYPE, content_type);
    response
}

pub(super) fn json(value: &impl Serialize) -> Response<Payload> {
    answer(Answer::json(value))
}

pub(super) fn refusal(refusal: &Refusal) -> Response<Payload> {
    // Names of the caller's may have other characters, and header and body say the same.
    let reason = plain(&refusal.reason);
    let mut response = json(&Message { message: &reason });
    *response.status_mut() = status(refusal.status);
    with_reason(response, &reason)
}

/// A refusal, with the methods that the path does take if that was the reason.
pub(super) fn refused(refused: &Refused) -> Response<Payload> {
    let mut response = refusal(&refused.refusal);
    let allow = refused.allow.as_deref().map(HeaderValue::try_from);
    if let Some(Ok(allow)) = allow {
        response.headers_mut().insert(ALLOW, allow);
    }
    response
}

/// An error page, as a gateway before the API would send it.
pub(super) fn page(code: u16) -> Response<Payload> {
    let status = status(code);
    let name = status.canonical_reason().unwrap_or("Error");
    let page = format!(
        "<!DOCTYPE html>\n<html><head><title>{code} {name}</title></head>\n\
         <body><h1>{code} {name}</h1><p>The sandbox was asked for this page.</p></body></html>\n"
    );
    let mut response = Response::new(Payload::whole(page));
    *response.status_mut() = status;
    let content_type = HeaderValue::from_static("text/html; charset=utf-8");
    response.headers_mut().insert(CONTENT_TYPE, content_type);
    response
}

/// A redirect that keeps method and body.
pub(super) fn redirect(location: &HeaderValue) -> Response<Payload> {
    let mut response = Response::new(Payload::whole(""));
    *response.status_mut() = StatusCode::TEMPORARY_REDIRECT;
    response.headers_mut().insert(LOCATION, location.clone());
    response
}

/// The same reply with a reason in its head.
pub(super) fn with_reason(mut response: Response<Payload>, reason: &str) -> Response<Payload> {
    let reason = HeaderValue::try_from(plain(reason)).expect("plain characters");
    response.headers_mut().insert(REASON, reason);
    response
}

/// One line of plain characters, not longer than a header may be.
fn plain(reason: &str) -> String {
    /// More would meet the limits that clients have for headers.
    const LONGEST: usize = 4000;
    let plain = reason.chars().map(|c| match c {
        ' '..='~' => c,
        _ => '?',
    });
    plain.take(LONGEST).collect()
}

fn status(code: u16) -> StatusCode {
    StatusCode::from_u16(code).expect("a status of three digits")
}
