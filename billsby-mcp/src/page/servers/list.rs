//! The list of servers.

use std::collections::{HashMap, HashSet};

use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};

use super::asked::{Asked, Place};
use super::form::account_label;
use super::notice;
use crate::page::form::Wrong;
use crate::page::part::{self, Choice, Field};
use crate::provision::{
    Account, List, Paging, Problem, ProvisionError, Provisioning, Query, Server, ServerFilter,
};
use crate::record::{AccountId, State};

/// What can be asked for.
const KNOWN: [&str; 6] = [
    "account",
    "state",
    "name",
    "cursor",
    "done",
    notice::REVOKED,
];
const STATES: [State; 3] = [State::Active, State::Expired, State::Revoked];

/// Servers of all accounts, or of one.
pub(super) async fn show(asked: Asked) -> Response {
    asked.answer(shown(&asked).await)
}

/// What was asked for, as far as it can be read.
struct Wanted {
    account: Option<AccountId>,
    filter: ServerFilter,
    paging: Paging,
}

async fn shown(asked: &Asked) -> Result<Response, ProvisionError> {
    let mut choices = asked.accounts().await?;
    let found = match wanted(asked) {
        Ok(wanted) => {
            let provisioning = asked.provisioning();
            if let Some(id) = wanted.account
                && choices.iter().all(|account| account.id != id)
            {
                choices.push(provisioning.account(id).await?);
            }
            provisioning
                .all_servers(wanted.account, &wanted.filter, &wanted.paging)
                .await
        }
        Err(error) => Err(error),
    };
    let (status, list, wrong) = match found {
        Ok(list) => (StatusCode::OK, list, Wrong::default()),
        Err(error) => {
            let nothing = List {
                result: Vec::new(),
                next_cursor: None,
            };
            (StatusCode::UNPROCESSABLE_ENTITY, nothing, Wrong::of(error)?)
        }
    };
    let is_filtered = ["account", "state", "name", "cursor"]
        .iter()
        .any(|name| asked.form.get(name).is_some());
    let owners = owners(asked.provisioning(), &list.result).await?;
    let body = html! {
        @if let Some(notice) = notice::of_token(asked).await? { (notice) }
        @if choices.is_empty() && list.result.is_empty() {
            (start())
        } @else {
            div.actions { a.button href="/ui/servers/new" { "New server" } }
            @if is_filtered || !wrong.is_empty() || !list.result.is_empty() {
                (filters(asked, &choices))
                (part::problems(&wrong))
            }
            @if !list.result.is_empty() {
                (table(asked, &owners, &list.result))
            } @else if !wrong.is_empty() {
                p { a href=(super::PATH) { "Show all" } }
            } @else if is_filtered {
                p { "No server is like that. " a href=(super::PATH) { "Show all" } }
            } @else {
                p { "There is no server yet. A server is a URL that serves some of an account's tools to an AI client, until its end." }
            }
            (part::pager(super::PATH, &asked.form, list.next_cursor.as_deref()))
        }
    };
    Ok(asked.screen(status, "Servers", &body))
}

fn wanted(asked: &Asked) -> Result<Wanted, ProvisionError> {
    let mut query = Query::new(asked.form.pairs(), &KNOWN);
    let (filter, paging) = (query.servers(), query.paging());
    query.finish()?;
    let account = match asked.form.get("account").map(str::parse) {
        None => None,
        Some(Ok(account)) => Some(account),
        Some(Err(error)) => {
            let problem = Problem {
                pointer: "?account".to_owned(),
                detail: format!("is {error}"),
            };
            return Err(ProvisionError::Invalid(vec![problem]));
        }
    };
    Ok(Wanted {
        account,
        filter,
        paging,
    })
}

/// The accounts of these servers. One that was removed is not among them.
async fn owners(
    provisioning: &Provisioning,
    servers: &[Server],
) -> Result<HashMap<AccountId, Account>, ProvisionError> {
    let ids = servers.iter().map(|server| server.integrated_account_id);
    let mut owners = HashMap::new();
    for id in ids.collect::<HashSet<_>>() {
        match provisioning.account(id).await {
            Ok(account) => drop(owners.insert(id, account)),
            Err(ProvisionError::NotFound(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(owners)
}

/// Where to begin.
fn start() -> Markup {
    html! {
        p { "A server is a URL that serves some of an account's tools to an AI client, until its end. There is no account yet." }
        div.actions { a.button href="/ui/accounts" { "Connect an account" } }
    }
}

/// An account as one line of text, in which its names cannot turn the rest. Options take no elements for that.
fn option_text(account: &Account) -> String {
    let isolated = |name: &str| format!("\u{2068}{name}\u{2069}");
    account_label(&Account {
        label: isolated(&account.label),
        company_domain: isolated(&account.company_domain),
        ..account.clone()
    })
}

fn filters(asked: &Asked, accounts: &[Account]) -> Markup {
    let wrong = Wrong::default();
    let field = |name: &'static str, label: &'static str| Field {
        name,
        label,
        hint: "",
        pointer: "",
        wrong: &wrong,
    };
    let choice = |name: &str, value: String, label: String| Choice {
        is_chosen: asked.form.get(name).unwrap_or_default() == value,
        value,
        label,
        hint: String::new(),
    };
    let of_accounts = accounts
        .iter()
        .map(|account| choice("account", account.id.to_string(), option_text(account)));
    let all = [choice("account", String::new(), "All accounts".to_owned())];
    let accounts: Vec<Choice> = all.into_iter().chain(of_accounts).collect();
    let words = STATES.map(|state| {
        choice(
            "state",
            state.as_str().to_owned(),
            state.as_str().to_owned(),
        )
    });
    let any = [choice("state", String::new(), "Any".to_owned())];
    let states: Vec<Choice> = any.into_iter().chain(words).collect();
    html! {
        form.filters method="get" action=(super::PATH) role="search" {
            (part::choose(&field("account", "Account"), &accounts))
            (part::choose(&field("state", "State"), &states))
            (field("name", "Name contains").input("search", asked.form.get("name").unwrap_or_default()))
            div.field { button.quiet type="submit" { "Show" } }
        }
    }
}

fn table(asked: &Asked, owners: &HashMap<AccountId, Account>, servers: &[Server]) -> Markup {
    let head = html! {
        tr {
            th scope="col" { "Name" }
            th scope="col" { "Account" }
            th scope="col" { "State" }
            th scope="col" { "Ends" }
            th scope="col" { "Last used" }
            th.number scope="col" { "Calls" }
            th.number scope="col" { "Errors" }
            th.number scope="col" { "Writes" }
            th scope="col" { "Actions" }
        }
    };
    let rows = html! { @for server in servers { (row(asked, owners.get(&server.integrated_account_id), server)) } };
    part::table("Servers, newest first", &head, &rows)
}

fn row(asked: &Asked, account: Option<&Account>, server: &Server) -> Markup {
    let visitor = &asked.visitor;
    let place = Place {
        account: server.integrated_account_id,
        id: server.id,
    };
    let usage = &server.usage;
    html! {
        tr {
            th scope="row" {
                // The servers of an account that was removed have ended, and there is no more to see of them.
                @if account.is_some() { a href=(place.path("")) { (part::text(&server.name)) } }
                @else { (part::text(&server.name)) }
            }
            td {
                @if let Some(account) = account { (part::text(&account.label)) " " (part::environment(account.environment)) }
                @else { span.soft { "removed" } }
            }
            td { (part::state(server.state)) }
            td {
                @match server.expires_at {
                    Some(end) => { (part::until(visitor, end)) br; span.soft { (part::time(visitor, end)) } }
                    None => "never",
                }
            }
            td {
                @match usage.last_used_at {
                    Some(at) => { (part::ago(visitor, at)) br; span.soft { (part::time(visitor, at)) } }
                    None => "never",
                }
            }
            td.number { (part::number(usage.calls)) }
            td.number { (part::number(usage.errors)) }
            td.number { (part::number(usage.writes)) }
            td { @if account.is_some() { (actions(place, server)) } }
        }
    }
}

/// The same words for every server, and for those who hear them, of which one.
fn actions(place: Place, server: &Server) -> Markup {
    let action = |address: String, word: &str| {
        html! {
            a href=(address) { (word) span.hidden { " " (part::text(&server.name)) } } " "
        }
    };
    html! {
        (action(place.path(""), "Open"))
        @if server.state == State::Active { (action(place.path("/rotate"), "Rotate")) }
        (action(format!("/ui/servers/new?from={}/{}", place.account, place.id), "Clone"))
        @if server.revoked_at.is_none() { (action(place.path("/revoke"), "Revoke")) }
    }
}

#[cfg(test)]
mod tests {
    use axum::http::Method;
    use serde_json::json;

    use super::super::scene::{Scene, got};
    use super::*;

    async fn listed(scene: &Scene, query: &str) -> (StatusCode, String) {
        got(show(scene.asked(Method::GET, query, None).await).await).await
    }

    #[tokio::test]
    async fn only_servers_of_removed_accounts_lead_nowhere() {
        let scene = Scene::start().await;
        let server = scene.server(&json!({"name": "Desk"})).await;
        let revoke = format!("/{}/revoke\"", server.id);
        let (_, html) = listed(&scene, "").await;
        assert!(
            html.contains(&revoke) && !html.contains("removed"),
            "{html}"
        );
        let removed = scene.provisioning().delete_account(scene.account).await;
        removed.unwrap();
        let (status, html) = listed(&scene, "").await;
        assert_eq!(status, StatusCode::OK);
        assert!(
            html.contains("removed") && !html.contains(&revoke),
            "{html}"
        );
    }

    #[tokio::test]
    async fn names_in_options_turn_nothing_around_them() {
        let scene = Scene::start().await;
        let provisioning = scene.provisioning();
        let label = json!({"label": "\u{5d0} desk"});
        let account = provisioning.change_account(scene.account, &label).await;
        let text = option_text(&account.unwrap());
        assert_eq!(
            text,
            "SANDBOX: \u{2068}\u{5d0} desk\u{2069} (\u{2068}sandbox\u{2069})"
        );
    }

    #[tokio::test]
    async fn what_cannot_be_asked_for_is_said() {
        let scene = Scene::start().await;
        for query in ["account=x", "state=x", "cursor=x", "x=x"] {
            let (status, html) = listed(&scene, query).await;
            assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{query}");
            assert!(html.contains("id=\"problems\""), "{query}: {html}");
        }
        let (status, html) = listed(&scene, "done=token-revoked").await;
        assert_eq!(status, StatusCode::OK);
        assert!(!html.contains("token is revoked"), "{html}");
    }
}
