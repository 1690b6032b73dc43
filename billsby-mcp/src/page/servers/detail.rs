//! One server: how it stands, what it serves, and what can be done with it.

use axum::http::StatusCode;
use axum::response::Response;
use clap::ValueEnum;
use maud::{Markup, html};

use super::asked::{Asked, Place};
use super::end::{End, When};
use super::{connect, form, notice, tokens, tools};
use crate::page::form::Wrong;
use crate::page::part;
use crate::provision::{Account, Problem, ProvisionError, Server};
use crate::record::State;

/// A server.
pub(super) async fn show(place: Place, asked: Asked) -> Response {
    asked.answer(screen(place, &asked, StatusCode::OK, &Wrong::default()).await)
}

/// The same, after one of its forms could not be followed.
pub(super) async fn with_problems(
    place: Place,
    asked: &Asked,
    wrong: &Wrong,
) -> Result<Response, ProvisionError> {
    screen(place, asked, StatusCode::UNPROCESSABLE_ENTITY, wrong).await
}

/// The same, where a server that was revoked should have been changed: it says when that was.
pub(super) async fn too_late(place: Place, asked: &Asked) -> Result<Response, ProvisionError> {
    let wrong = Wrong(vec![Problem {
        pointer: String::new(),
        detail: "The server has been revoked.".to_owned(),
    }]);
    screen(place, asked, StatusCode::CONFLICT, &wrong).await
}

async fn screen(
    place: Place,
    asked: &Asked,
    status: StatusCode,
    wrong: &Wrong,
) -> Result<Response, ProvisionError> {
    let provisioning = asked.provisioning();
    let account = provisioning.account(place.account).await?;
    let server = provisioning.server(place.account, place.id).await?;
    let offer = match provisioning.server_tools(place.account, place.id).await {
        Ok(offer) => Ok(offer),
        // What was asked of it before may no longer be possible; the rest of the screen helps to repair that.
        Err(ProvisionError::Conflict(reason)) => Err(reason),
        Err(error) => return Err(error),
    };
    let tokens = tokens::of(asked, place).await?;
    let body = html! {
        @if let Some(notice) = notice::of_server(asked, &server).await? { (notice) }
        (part::problems(wrong))
        (standing(asked, &server))
        (facts(asked, &account, &server))
        (actions(place, &server))
        (where_it_is(asked, &server))
        @if can_have_another_end(&server) { (end(place, asked, &server, wrong)) }
        h2 { @if server.state == State::Active { "What it serves" } @else { "What it served" } }
        @match &offer {
            Ok(offer) => {
                (tools::summary(offer, &server.config))
                @if server.state == State::Active {
                    (tools::care(offer, Some(account.environment)))
                    (tools::warnings(&offer.warnings))
                }
                details {
                    summary { "The tools" }
                    (tools::list(&offer.tools))
                }
            }
            Err(reason) => div.notice.bad { p { (reason) "." } p { "Edit the server to repair it." } },
        }
        (configuration(asked, &server))
        (tokens::section(asked, &server, &tokens, wrong)?)
    };
    Ok(asked.screen(status, &server.name, &body))
}

/// What it means that a server has ended, and what helps.
fn standing(asked: &Asked, server: &Server) -> Markup {
    let visitor = &asked.visitor;
    html! {
        @match (server.state, server.revoked_at, server.expires_at) {
            (State::Revoked, Some(at), _) => {
                p.notice { "It was revoked " (part::time(visitor, at)) ". Its URL opens nothing, and it cannot come back; clone it to make one like it." }
            }
            (State::Expired, _, Some(at)) => {
                p.notice.care {
                    "Its time was over " (part::time(visitor, at)) ", and its URL opens nothing. "
                    @if can_have_another_end(server) { "Another end brings it back, with the same URL." }
                    @else { "That was too long ago to bring it back: its URL is forgotten. Clone it to make one like it." }
                }
            }
            _ => {}
        }
    }
}

/// Whether another end would do anything.
fn can_have_another_end(server: &Server) -> bool {
    // The secrets of what ended long ago are forgotten.
    server.revoked_at.is_none() && server.token_hint.is_some()
}

fn facts(asked: &Asked, account: &Account, server: &Server) -> Markup {
    let visitor = &asked.visitor;
    let usage = &server.usage;
    html! {
        dl.facts {
            dt { "State" } dd { (part::state(server.state)) }
            dt { "Account" }
            dd {
                a href={ "/ui/accounts/" (account.id) } { (part::text(&account.label)) } " "
                (part::environment(account.environment))
            }
            dt { "Ends" }
            dd {
                @match server.expires_at {
                    Some(end) => { (part::time(visitor, end)) ", " (part::until(visitor, end)) }
                    None => "never",
                }
            }
            dt { "Last used" }
            dd {
                @match usage.last_used_at {
                    Some(at) => { (part::time(visitor, at)) ", " (part::ago(visitor, at)) }
                    None => "never",
                }
            }
            dt { "Calls" }
            dd {
                (part::number(usage.calls)) ", of these " (part::number(usage.errors)) " with an error and "
                (part::number(usage.writes)) " of tools that can change something. "
                a href={ "/ui/activity?server_id=" (server.id) } { "Its activity" }
            }
            dt { "Made" } dd { (part::time(visitor, server.created_at)) }
            dt { "Changed" } dd { (part::time(visitor, server.updated_at)) }
            dt { "Id" } dd { code { (server.id) } }
        }
    }
}

fn actions(place: Place, server: &Server) -> Markup {
    html! {
        div.actions {
            @if server.revoked_at.is_none() {
                a.button href=(place.path("/edit")) { "Edit" }
                @if server.state == State::Active { a.button.quiet href=(place.path("/rotate")) { "Rotate" } }
            }
            a.button.quiet href={ "/ui/servers/new?from=" (place.account) "/" (place.id) } { "Clone" }
            @if server.revoked_at.is_none() { a.button.quiet.danger href=(place.path("/revoke")) { "Revoke" } }
        }
    }
}

/// Its URL where that is no secret; else how to tell it from others.
fn where_it_is(asked: &Asked, server: &Server) -> Markup {
    html! {
        @if !connect::is_secret(asked, server) {
            @if let Some(url) = &server.url {
                (connect::url(asked, server, &url.0))
                details {
                    summary { "Connect a client" }
                    (connect::configurations(asked, server, &url.0))
                }
            }
        } @else {
            h2 { "Its URL" }
            p {
                "It is kept nowhere, and so it cannot be shown again. "
                @if let Some(hint) = &server.token_hint { "It ends in " code { "…" (hint) } ". " }
                @if server.state == State::Active {
                    "If nobody has it, or it got into wrong hands, rotate the server: you get another one, with what clients need."
                }
            }
        }
        @if let Some(end) = server.previous_token_valid_until.filter(|_| server.state == State::Active) {
            p.notice {
                "The URL before works until " (part::time(&asked.visitor, end)) " ("
                (part::until(&asked.visitor, end)) ")."
            }
        }
    }
}

fn end(place: Place, asked: &Asked, server: &Server, wrong: &Wrong) -> Markup {
    // A link must not fill the form.
    let end = if wrong.is_empty() {
        End::kept()
    } else {
        End::of_form(&asked.form, End::kept())
    };
    html! {
        h2 { "When it ends" }
        form method="post" action=(place.path("/expiry")) {
            (part::csrf(&asked.visitor))
            (end.fields(&asked.visitor, Some(When::of(server.expires_at)), wrong))
            div.actions { button.quiet type="submit" { "Set the end" } }
        }
    }
}

fn configuration(asked: &Asked, server: &Server) -> Markup {
    let config = &server.config;
    let access = connect::access(asked.provisioning().options(), config);
    let single = |names: &[String]| html! { @for name in names { code { (name) } " " } };
    let flag = |is_set: bool| if is_set { "yes" } else { "no" };
    html! {
        h2 { "How it is set" }
        dl.facts {
            dt { "What tools may do" } dd { (config.methods.join(", ")) }
            dt { "Groups" } dd { (form::list_of(&config.tags, "all")) }
            @if !config.tools.is_empty() { dt { "Only these tools" } dd { (single(&config.tools)) } }
            @if !config.exclude_tools.is_empty() { dt { "Without" } dd { (single(&config.exclude_tools)) } }
            dt { "Who may call it" } dd { (connect::who(access)) }
            dt { "Names of the tools" } dd { (word(&config.names)) }
            dt { "Written for" } dd { (word(&config.profile)) }
            dt { "Company domain" } dd { (word(&config.company_domain)) }
            dt { "How tools are found" } dd { (word(&config.expose)) }
            dt { "Output schemas" } dd { (word(&config.output_schemas)) }
            dt { "Tokens of one result" } dd { "at most " (part::number(config.result_tokens)) }
            dt { "Tools nobody has reviewed" } dd { (flag(config.include_unreviewed)) }
        }
    }
}

/// A setting with what it means.
fn word<T: ValueEnum>(value: &T) -> String {
    let Some(word) = value.to_possible_value() else {
        return String::new();
    };
    match word.get_help() {
        Some(help) => format!("{}: {help}", word.get_name()).replace('`', ""),
        None => word.get_name().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use axum::http::Method;
    use serde_json::json;

    use super::super::change;
    use super::super::scene::{Scene, got, place};
    use super::*;

    async fn shown(scene: &Scene, server: &Server, query: &str) -> String {
        let asked = scene.asked(Method::GET, query, None).await;
        got(show(place(server), asked).await).await.1
    }

    #[tokio::test]
    async fn an_address_fills_no_form_and_makes_nothing_true() {
        let scene = Scene::start().await;
        let server = scene.server(&json!({"name": "Desk"})).await;
        let query = "name=Planted&expires=never&expires_on=2031-01-01T00:00&done=";
        for done in ["server-revoked", "server-changed", "token-revoked"] {
            let html = shown(&scene, &server, &format!("{query}{done}")).await;
            assert!(
                !html.contains("Planted") && !html.contains("2031"),
                "{html}"
            );
            assert!(!html.contains("notice good"), "{html}");
        }
    }

    #[tokio::test]
    async fn what_was_done_is_said() {
        let scene = Scene::start().await;
        let server = scene.server(&json!({"name": "Desk"})).await;
        scene.wait(60);
        let asked = scene.post("expires=7d").await;
        let (status, _) = got(change::expiry(place(&server), asked).await).await;
        assert_eq!(status, StatusCode::SEE_OTHER);
        let html = shown(&scene, &server, "done=expiry-changed").await;
        assert!(html.contains("end is changed"), "{html}");
        scene.wait(600);
        let html = shown(&scene, &server, "done=expiry-changed").await;
        assert!(!html.contains("end is changed"), "{html}");
    }

    #[tokio::test]
    async fn a_revoked_server_says_when_and_is_not_changed() {
        let scene = Scene::start().await;
        let server = scene.server(&json!({"name": "Desk"})).await;
        let revoked = scene.provisioning();
        revoked
            .revoke_server(scene.account, server.id)
            .await
            .unwrap();
        let asked = scene
            .asked(Method::POST, "expires=7d", Some("Europe/Berlin"))
            .await;
        let (status, html) = got(change::expiry(place(&server), asked).await).await;
        assert_eq!(status, StatusCode::CONFLICT);
        assert!(html.contains("2026-11-22 13:00"), "{html}");
        assert!(!html.contains("When it ends"), "{html}");
    }
}
