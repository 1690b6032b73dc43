//! Another end for a server, or its last.

use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use maud::html;
use serde_json::{Map, Value};

use super::asked::{Asked, Place};
use super::detail;
use super::end::{self, End, When};
use crate::page::form::Wrong;
use crate::page::part;
use crate::page::reply;
use crate::page::shell::Notice;
use crate::provision::{Problem, ProvisionError};

/// Sets the end of a server.
pub(super) async fn expiry(place: Place, asked: Asked) -> Response {
    let asked = end::in_zone_of_form(asked);
    asked.answer(set_end(place, &asked).await)
}

async fn set_end(place: Place, asked: &Asked) -> Result<Response, ProvisionError> {
    let server = asked.provisioning().server(place.account, place.id).await?;
    if server.revoked_at.is_some() {
        return detail::too_late(place, asked).await;
    }
    let end = End::of_form(&asked.form, End::kept());
    let mut body = Map::new();
    match end.when(asked.visitor.now, &asked.visitor.zone) {
        Ok(When::Kept) => return Ok(Redirect::to(&place.path("")).into_response()),
        Ok(When::Never) => drop(body.insert("expires_at".to_owned(), Value::Null)),
        Ok(When::At(at)) => drop(body.insert("expires_at".to_owned(), at.to_string().into())),
        Err(detail) => {
            let pointer = end::POINTER.to_owned();
            let wrong = Wrong(vec![Problem { pointer, detail }]);
            return detail::with_problems(place, asked, &wrong).await;
        }
    }
    let changed = asked
        .provisioning()
        .change_server(place.account, place.id, &body.into())
        .await;
    match changed {
        Ok(_) => Ok(reply::done(&place.path(""), Notice::ExpiryChanged)),
        Err(error) => detail::with_problems(place, asked, &Wrong::of(error)?).await,
    }
}

/// Asks whether a server is to be revoked.
pub(super) async fn ask(place: Place, asked: Asked) -> Response {
    asked.answer(question(place, &asked).await)
}

async fn question(place: Place, asked: &Asked) -> Result<Response, ProvisionError> {
    let server = asked.provisioning().server(place.account, place.id).await?;
    let account = asked.provisioning().account(place.account).await?;
    let body = html! {
        @if let Some(at) = server.revoked_at {
            p { (part::text(&server.name)) " was revoked " (part::time(&asked.visitor, at)) " already." }
            div.actions { a href=(place.path("")) { "Back" } }
        } @else {
            p {
                "This ends " strong { (part::text(&server.name)) } " of " (part::text(&account.label)) " "
                (part::environment(account.environment)) " for good. From the next request on its URL opens nothing, \
                 whoever has it. It cannot be undone; its activity stays."
            }
            p {
                @match server.usage.last_used_at {
                    Some(at) => {
                        "It was last used " (part::ago(&asked.visitor, at)) " (" (part::time(&asked.visitor, at)) "), with "
                        (part::number(server.usage.calls)) " calls in all."
                    }
                    None => "It was never used.",
                }
            }
            form method="post" action=(place.path("/revoke")) {
                (part::csrf(&asked.visitor))
                div.actions {
                    button.danger type="submit" { "Revoke the server" }
                    a href=(place.path("")) { "Keep it" }
                }
            }
        }
    };
    Ok(asked.screen(StatusCode::OK, "Revoke a server", &body))
}

/// Revokes it.
pub(super) async fn revoke(place: Place, asked: Asked) -> Response {
    let revoked = asked
        .provisioning()
        .revoke_server(place.account, place.id)
        .await;
    asked.answer(revoked.map(|()| reply::done(&place.path(""), Notice::ServerRevoked)))
}
