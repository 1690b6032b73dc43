//! API tokens of a server that wants one: made, listed and revoked.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};
use serde_json::json;

use super::asked::{Asked, Place};
use super::{connect, detail, notice};
use crate::connect::Access;
use crate::page::form::{Wrong, new_key};
use crate::page::part::{self, Field};
use crate::page::reply;
use crate::page::shell::Notice;
use crate::provision::{ApiToken, IdempotencyKey, Paging, ProvisionError, Server};
use crate::record::{ApiTokenId, ServerId, State};

/// How many pages of 100 tokens are searched for those of a server.
const MOST_PAGES: usize = 20;

/// The tokens that open a server, newest first.
pub(super) struct Tokens {
    pub(super) tokens: Vec<ApiToken>,
    /// Whether there may be more, behind those that were looked at.
    pub(super) is_cut: bool,
}

/// The tokens that open a server: its own, and those that open every one.
pub(super) async fn of(asked: &Asked, place: Place) -> Result<Tokens, ProvisionError> {
    let mut tokens = Vec::new();
    let mut cursor = None;
    for _ in 0..MOST_PAGES {
        let limit = Some(100);
        let list = asked
            .provisioning()
            .api_tokens(&Paging { limit, cursor })
            .await?;
        let opens = |token: &ApiToken| token.server_id.is_none_or(|id| id == place.id);
        tokens.extend(list.result.into_iter().filter(opens));
        cursor = list.next_cursor;
        if cursor.is_none() {
            break;
        }
    }
    let is_cut = cursor.is_some();
    Ok(Tokens { tokens, is_cut })
}

/// The list, and the form that makes another one.
pub(super) fn section(
    asked: &Asked,
    server: &Server,
    tokens: &Tokens,
    wrong: &Wrong,
) -> Result<Markup, ProvisionError> {
    let place = Place {
        account: server.integrated_account_id,
        id: server.id,
    };
    let field = Field {
        name: "name",
        label: "Name",
        hint: "Who or what it is for.",
        pointer: "/name",
        wrong,
    };
    let typed = asked.form.get("name").filter(|_| !wrong.is_empty());
    let rows = html! { @for token in &tokens.tokens { (row(asked, place, token)) } };
    let head = html! { tr {
        th scope="col" { "Name" }
        th scope="col" { "Opens" }
        th scope="col" { "Last characters" }
        th scope="col" { "State" }
        th scope="col" { "Expires" }
        th scope="col" { "Made" }
        th scope="col" { "Action" }
    } };
    let options = asked.provisioning().options();
    let access = connect::access(options, &server.config);
    Ok(html! {
        h2 #tokens { "API tokens" }
        @if options.require_oauth {
            p.soft { "Every server here wants an access token of your OAuth issuer: API tokens open nothing." }
        } @else {
            (use_of(access))
            @if server.state == State::Active { (lack(access, tokens)) }
        }
        @if !tokens.tokens.is_empty() { (part::table("API tokens", &head, &rows)) }
        @if tokens.is_cut { p.soft { "There are more tokens than are looked through here; the API lists all." } }
        @if server.revoked_at.is_none() && !options.require_oauth {
            form method="post" action=(place.path("/tokens")) {
                (part::csrf(&asked.visitor))
                input type="hidden" name="key" value=(new_key()?);
                (field.required("text", typed.unwrap_or_default()))
                div.actions { button.quiet type="submit" { "Make an API token" } }
            }
        }
    })
}

/// What API tokens are for at a server.
fn use_of(access: Access<'_>) -> Markup {
    let header = html! { code { "Authorization: Bearer …" } };
    html! {
        @match access {
            Access::ApiToken { .. } => p { "A client sends one as " (header) ", besides knowing the URL." },
            Access::Either { .. } => p {
                "A client sends one as " (header) ", unless somebody signs in there at your OAuth issuer."
            },
            Access::Url | Access::OAuth { .. } => p.soft {
                "This server does not take any: " (connect::who(access)) ". \"Edit\" changes that."
            },
        }
    }
}

/// What it means if none of the tokens opens the server.
fn lack(access: Access<'_>, tokens: &Tokens) -> Markup {
    let is_open = tokens
        .tokens
        .iter()
        .any(|token| token.state == State::Active);
    // Among those that were not looked at, there may be one.
    if is_open || tokens.is_cut {
        return html! {};
    }
    html! {
        @match access {
            Access::ApiToken { .. } => p.notice.care {
                "There is no API token that works, so nobody can call this server. Make one."
            },
            Access::Either { .. } => p.notice {
                "There is no API token that works: only who signs in at your OAuth issuer can call this server."
            },
            Access::Url | Access::OAuth { .. } => {}
        }
    }
}

fn row(asked: &Asked, place: Place, token: &ApiToken) -> Markup {
    let visitor = &asked.visitor;
    html! {
        tr {
            th scope="row" { (part::text(&token.name)) }
            td { @if token.server_id.is_some() { "this server" } @else { "every server" } }
            td { code { "…" (token.token_hint) } }
            td { (part::state(token.state)) }
            td { (part::when(visitor, token.expires_at, "never")) }
            td { (part::time(visitor, token.created_at)) }
            td {
                a href={ (path(token.id)) "?server=" (place.account) "/" (place.id) } {
                    "Revoke" span.hidden { " the API token " (part::text(&token.name)) }
                }
            }
        }
    }
}

fn path(id: ApiTokenId) -> String {
    format!("/ui/tokens/{id}/revoke")
}

/// Makes a token for a server and shows it once.
pub(super) async fn create(place: Place, asked: Asked) -> Response {
    asked.answer(created(place, &asked).await)
}

async fn created(place: Place, asked: &Asked) -> Result<Response, ProvisionError> {
    let server = asked.provisioning().server(place.account, place.id).await?;
    if server.revoked_at.is_some() {
        return detail::too_late(place, asked).await;
    }
    if asked.provisioning().options().require_oauth {
        let reason =
            "every server here wants an access token of OAuth, and API tokens open nothing";
        return Err(ProvisionError::Conflict(reason.to_owned()));
    }
    let mut body = json!({"server_id": place.id});
    if let Some(name) = asked.form.get("name") {
        body["name"] = name.into();
    }
    let key = asked.form.key();
    let made = asked
        .provisioning()
        .create_api_token(&body, key.as_ref())
        .await;
    let token = match made {
        Ok(made) => made.answer,
        Err(error) => return detail::with_problems(place, asked, &Wrong::of(error)?).await,
    };
    let body = html! {
        p { "It opens " (part::text(&server.name)) " for whoever knows its URL, and no other server." }
        (secret(&token))
        div.actions { a.button href=(place.path("")) { "Open this server" } }
    };
    Ok(asked.screen(StatusCode::CREATED, "API token created", &body))
}

/// The token that is made together with a server. The same form makes the same one.
pub(super) async fn first(asked: &Asked, server: &Server) -> Result<ApiToken, ProvisionError> {
    let body = json!({"name": server.name, "server_id": server.id});
    let key = asked.form.get("key").map(|key| format!("{key}-token"));
    let key = key.and_then(|key| key.parse::<IdempotencyKey>().ok());
    let made = asked
        .provisioning()
        .create_api_token(&body, key.as_ref())
        .await?;
    Ok(made.answer)
}

/// A token, to be copied.
pub(super) fn secret(token: &ApiToken) -> Markup {
    let secret = token
        .token
        .as_ref()
        .map(|token| token.0.as_str())
        .unwrap_or_default();
    html! {
        h2 { "Its API token" }
        div.notice.care {
            p {
                strong { "Copy it now: it is shown once." }
                " Clients send it as " code { "Authorization: Bearer …" } "."
            }
        }
        (part::copy("api-token", "API token", secret))
    }
}

/// Asks whether a token is to be revoked.
pub(super) async fn ask(Path(id): Path<String>, asked: Asked) -> Response {
    let Ok(id) = id.parse::<ApiTokenId>() else {
        return unknown(&asked);
    };
    asked.answer(question(id, &asked).await)
}

async fn question(id: ApiTokenId, asked: &Asked) -> Result<Response, ProvisionError> {
    let token = asked.provisioning().api_token(id).await?;
    let place = from(asked);
    let server = match place {
        Some(place) => known(asked, place, token.server_id).await?,
        None => None,
    };
    let back = place.map_or(super::PATH.to_owned(), |place| place.path(""));
    let body = html! {
        @if let Some(at) = token.revoked_at {
            p { (part::text(&token.name)) " was revoked " (part::time(&asked.visitor, at)) " already." }
            div.actions { a href=(back) { "Back" } }
        } @else {
            p {
                "This ends the API token " strong { (part::text(&token.name)) } ", which ends in "
                code { "…" (token.token_hint) } ", for good. It cannot be undone."
            }
            (opened(&token, server.as_ref()))
            form method="post" action=(path(id)) {
                (part::csrf(&asked.visitor))
                @if let Some(place) = place {
                    input type="hidden" name="server" value={ (place.account) "/" (place.id) };
                }
                div.actions {
                    button.danger type="submit" { "Revoke the API token" }
                    a href=(back) { "Keep it" }
                }
            }
        }
    };
    Ok(asked.screen(StatusCode::OK, "Revoke an API token", &body))
}

/// What a token opens, until it is revoked.
fn opened(token: &ApiToken, server: Option<&Server>) -> Markup {
    html! {
        @match (token.server_id, server) {
            (None, _) => p.notice.care {
                strong { "It opens every server that wants an API token, of every account." }
                " Clients that send it can call none of them from the next request on."
            },
            (Some(_), Some(server)) => p {
                "It opens one server, " (part::text(&server.name))
                ". Clients that send it cannot call that from the next request on."
            },
            (Some(id), None) => p {
                "It opens one server, " code { (id) } ". Clients that send it cannot call that from the next request on."
            },
        }
    }
}

/// The server on whose screen it was asked, if it is the one that the token opens.
async fn known(
    asked: &Asked,
    place: Place,
    opened: Option<ServerId>,
) -> Result<Option<Server>, ProvisionError> {
    if opened != Some(place.id) {
        return Ok(None);
    }
    match asked.provisioning().server(place.account, place.id).await {
        Ok(server) => Ok(Some(server)),
        Err(ProvisionError::NotFound(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Ends a token, and goes back to the server on whose screen it was.
pub(super) async fn revoke(Path(id): Path<String>, asked: Asked) -> Response {
    let Ok(id) = id.parse::<ApiTokenId>() else {
        return unknown(&asked);
    };
    let back = from(&asked).map_or(super::PATH.to_owned(), |place| place.path(""));
    let back = format!("{back}?{}={id}", notice::REVOKED);
    let revoked = asked.provisioning().revoke_api_token(id).await;
    asked.answer(revoked.map(|()| reply::done(&back, Notice::TokenRevoked)))
}

/// The server on whose screen it was asked.
fn from(asked: &Asked) -> Option<Place> {
    let (account, id) = asked.form.get("server")?.split_once('/')?;
    Place::parse(account, id)
}

fn unknown(asked: &Asked) -> Response {
    reply::not_found(&asked.visitor, "there is no such API token")
}

#[cfg(test)]
mod tests;
