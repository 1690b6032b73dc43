//! Answers that are not the screen that was asked for.

use axum::http::uri::PathAndQuery;
use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use maud::{Markup, html};

use super::shell;
use super::visitor::Visitor;
use crate::provision::ProvisionError;
use crate::store::StoreError;

/// The address of an answer that is none of the screens.
const NOWHERE: &str = "";
const UNKNOWN: &str = "The change may have been made";
const LOG: &str = "Its log says more.";

/// A screen with another status than 200.
pub(super) fn with_status(status: StatusCode, screen: Markup) -> Response {
    (status, screen).into_response()
}

/// After a change: to the screen that shows it. `done` names what to say there; see [`shell::Notice`].
pub(super) fn done(path: &str, notice: shell::Notice) -> Response {
    let sign = if path.contains('?') { '&' } else { '?' };
    Redirect::to(&format!("{path}{sign}done={}", notice.as_str())).into_response()
}

/// Something that does not exist.
pub(super) fn not_found(visitor: &Visitor, detail: &str) -> Response {
    let body = html! { p { (detail) "." } p { a href=(super::HOME) { "All servers" } } };
    let screen = shell::screen(visitor, "Nothing here", NOWHERE, &body);
    with_status(StatusCode::NOT_FOUND, screen)
}

/// A request that is no way to use the address. There may be nobody signed in.
pub(super) fn wrong_method(visitor: Option<&Visitor>) -> Response {
    let title = "Not possible";
    let body = html! {
        p { "This address is not used that way. Nothing was changed." }
        p { a href="/" { "Start page" } }
    };
    let screen = match visitor {
        Some(visitor) => shell::screen(visitor, title, NOWHERE, &body),
        None => shell::bare(title, &body),
    };
    with_status(StatusCode::METHOD_NOT_ALLOWED, screen)
}

/// Something that could not be done. What is wrong with a form is shown in the form instead, where that can be.
pub(super) fn failed(visitor: &Visitor, error: &ProvisionError) -> Response {
    let hint = match error {
        ProvisionError::Invalid(_) => "Nothing was changed. Go back and try again.",
        ProvisionError::NotFound(_) | ProvisionError::Conflict(_) => "Nothing was changed.",
        ProvisionError::Store(StoreError::Unknown(_)) => {
            "Look whether it was, before you try again."
        }
        ProvisionError::Store(_) => "Nothing was changed. Try again in a moment.",
        ProvisionError::Defect(_) => LOG,
    };
    refusal(visitor, error, &html! { (hint) })
}

/// Something at an address that could not be shown. Nothing was to be changed.
pub(super) fn not_shown(visitor: &Visitor, error: &ProvisionError, address: &Uri) -> Response {
    let again = address.path_and_query().map_or("/", PathAndQuery::as_str);
    let hint = match error {
        ProvisionError::Invalid(_) => html! { "Go back and try again." },
        ProvisionError::NotFound(_) | ProvisionError::Conflict(_) => html! { "Go back." },
        ProvisionError::Store(_) => html! { a href=(again) { "Try again" } " in a moment." },
        ProvisionError::Defect(_) => html! { (LOG) },
    };
    refusal(visitor, error, &hint)
}

/// A form with a key, of which nobody knows whether it had its effect.
pub(super) fn unknown_once(visitor: &Visitor) -> Response {
    let body = html! {
        p role="alert" {
            "Load this page again, which sends the form once more: it is done once, and shows what it made."
        }
    };
    let screen = shell::screen(visitor, UNKNOWN, NOWHERE, &body);
    with_status(StatusCode::SERVICE_UNAVAILABLE, screen)
}

fn refusal(visitor: &Visitor, error: &ProvisionError, hint: &Markup) -> Response {
    let (status, title) = match error {
        ProvisionError::NotFound(detail) => return not_found(visitor, detail),
        ProvisionError::Invalid(_) => (StatusCode::UNPROCESSABLE_ENTITY, "That is not possible"),
        ProvisionError::Conflict(_) => {
            (StatusCode::CONFLICT, "That cannot be done as things stand")
        }
        ProvisionError::Store(StoreError::Unknown(_)) => (StatusCode::SERVICE_UNAVAILABLE, UNKNOWN),
        ProvisionError::Store(_) => (StatusCode::SERVICE_UNAVAILABLE, "The store does not answer"),
        ProvisionError::Defect(_) => (StatusCode::INTERNAL_SERVER_ERROR, "A defect of this server"),
    };
    if status.is_server_error() {
        tracing::error!(%error, "a screen could not be shown");
    }
    let body = html! {
        p role="alert" { (error.to_string()) "." }
        p { (hint) }
    };
    with_status(status, shell::screen(visitor, title, NOWHERE, &body))
}

/// A request for another host.
pub(super) fn wrong_host() -> Response {
    let text = "This server does not go by that name. Start it with --allowed-host to let it.";
    plain(StatusCode::MISDIRECTED_REQUEST, text)
}

/// A form that is none of this page in this session.
pub(super) fn foreign() -> Response {
    let text = "This form did not come from this page, or its session is over. Nothing was changed. \
                Open the page again and repeat what you did.";
    plain(StatusCode::FORBIDDEN, text)
}

/// A form that never arrived, or is far too large.
pub(super) fn unreadable() -> Response {
    plain(
        StatusCode::PAYLOAD_TOO_LARGE,
        "The form is too large. Nothing was changed.",
    )
}

fn plain(status: StatusCode, text: &str) -> Response {
    let screen = shell::bare(
        "Not possible",
        &html! { p { (text) } p { a href="/" { "Start page" } } },
    );
    let mut response = with_status(status, screen);
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
