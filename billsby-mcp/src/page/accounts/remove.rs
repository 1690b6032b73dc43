//! Removing an account, once somebody has seen what ends with it.

use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};

use super::active::{self, Active};
use super::{PATH, Place};
use crate::page::asked::Asked;
use crate::page::shell::Notice;
use crate::page::visitor::Visitor;
use crate::page::{part, reply};
use crate::provision::ProvisionError;
use crate::record::Environment;

/// How many of the servers that end are named.
const NAMED: usize = 10;

/// The question.
pub(super) async fn ask(place: Place, asked: Asked) -> Response {
    asked.answer(question(place, &asked).await)
}

async fn question(place: Place, asked: &Asked) -> Result<Response, ProvisionError> {
    let account = asked.provisioning().account(place.0).await?;
    let active = Active::of(asked.provisioning(), Some(place.0)).await?;
    let body = html! {
        p.trail { a href=(PATH) { "Accounts" } " / " a href=(place.path("")) { (part::text(&account.label)) } }
        p { (part::text(&account.label)) " " (part::environment(account.environment)) }
        (ending(&asked.visitor, place, &active))
        p {
            @if account.environment == Environment::Sandbox { "Its activity stays." }
            @else { "Its API key is erased here; at Billsby it stays as it is. Its activity stays." }
            " This cannot be undone."
        }
        div.actions {
            (part::button(&asked.visitor, &place.path("/remove"), "Remove the account", "danger"))
            a.button.quiet href=(place.path("")) { "Keep it" }
        }
    };
    Ok(asked.screen(StatusCode::OK, "Remove this account?", &body))
}

/// Removes it.
pub(super) async fn remove(place: Place, asked: Asked) -> Response {
    let removed = asked.provisioning().delete_account(place.0).await;
    asked.answer(removed.map(|()| reply::done(PATH, Notice::AccountRemoved)))
}

/// What ends with the account.
fn ending(visitor: &Visitor, place: Place, active: &Active) -> Markup {
    let servers = &active.servers;
    html! {
        @if servers.is_empty() {
            p.notice { "No active server ends with it." }
        } @else {
            div.notice.care {
                p { strong { (count(active)) } " Whoever uses one needs a new URL." }
                ul {
                    @for server in servers.iter().take(NAMED) {
                        li {
                            a href={ "/ui/servers/" (server.integrated_account_id) "/" (server.id) } { (part::text(&server.name)) }
                            span.soft {
                                @match server.usage.last_used_at {
                                    Some(at) => { ", used " (part::ago(visitor, at)) }
                                    None => ", never used",
                                }
                            }
                        }
                    }
                }
                @if servers.len() > NAMED {
                    p { "These are the newest. " a href=(active::address(place)) { "All that end" } }
                }
            }
        }
    }
}

fn count(active: &Active) -> String {
    match active.servers.len() {
        1 => "1 active server ends with it.".to_owned(),
        count => {
            let more = if active.is_all { "" } else { "More than " };
            let count = part::number(count as u64);
            format!("{more}{count} active servers end with it.")
        }
    }
}
