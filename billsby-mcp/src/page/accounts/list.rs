//! The list of accounts, and connecting one.

use std::collections::HashMap;

use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};
use serde_json::json;

use super::active::{self, Active};
use super::draft::{Draft, Fields, new_account};
use super::{PATH, Place, is_lately};
use crate::page::asked::Asked;
use crate::page::form::{Form, Wrong, new_key};
use crate::page::shell::Notice;
use crate::page::visitor::Visitor;
use crate::page::{part, reply};
use crate::provision::{Account, List, Paging, ProvisionError, Provisioning};
use crate::record::{AccountId, Environment};

/// In this order; each with what to know of it.
const GROUPS: [(Environment, &str, &str); 3] = [
    (Environment::Live, "Live", "Real customers and real money."),
    (
        Environment::Test,
        "Test",
        "Companies at Billsby that exist for trying things out.",
    ),
    (
        Environment::Sandbox,
        "Sandbox",
        "An invented company inside this program: nothing real can happen.",
    ),
];

/// The list with the form.
pub(super) async fn show(asked: Asked) -> Response {
    let draft = Draft::default();
    asked.answer(screen(&asked, &asked.form, &draft, &Wrong::default()).await)
}

/// Connects an account.
pub(super) async fn connect(asked: Asked) -> Response {
    asked.answer(connected(&asked).await)
}

async fn connected(asked: &Asked) -> Result<Response, ProvisionError> {
    let body = new_account(&asked.form);
    let key = asked.form.key();
    let made = asked
        .provisioning()
        .create_account(&body, key.as_ref())
        .await;
    let error = match made {
        Ok(made) => return Ok(to(made.answer.id)),
        Err(error) => error,
    };
    let wrong = Wrong::of(error)?;
    let draft = Draft::of(&asked.form, &Draft::default());
    // What was posted must not get into the addresses of the list.
    screen(asked, &Form::default(), &draft, &wrong).await
}

/// Makes an account for the sandbox.
pub(super) async fn sandbox(asked: Asked) -> Response {
    let body = json!({"environment": Environment::Sandbox.as_str(), "label": "Sandbox"});
    let key = asked.form.key();
    let made = asked
        .provisioning()
        .create_account(&body, key.as_ref())
        .await;
    asked.answer(made.map(|made| to(made.answer.id)))
}

/// To the list, which says what to do with an account that was just connected.
fn to(id: AccountId) -> Response {
    reply::done(&format!("{PATH}?account={id}"), Notice::AccountConnected)
}

async fn screen(
    asked: &Asked,
    query: &Form,
    draft: &Draft,
    wrong: &Wrong,
) -> Result<Response, ProvisionError> {
    let visitor = &asked.visitor;
    let cursor = query.get("cursor").map(str::to_owned);
    let is_first = cursor.is_none();
    let paging = Paging {
        limit: None,
        cursor,
    };
    let list = asked.provisioning().accounts(&paging).await?;
    let counts = count_servers(asked.provisioning()).await?;
    // Each form is one of its own.
    let (key, sandbox_key) = (new_key()?, new_key()?);
    let is_empty = list.result.is_empty() && is_first;
    let has_sandbox = list
        .result
        .iter()
        .any(|account| account.environment == Environment::Sandbox);
    let body = html! {
        (done(visitor, query, &list.result))
        (part::problems(wrong))
        @if is_empty { (start(visitor, &sandbox_key)) } @else {
            (groups(visitor, &list, counts.as_ref()))
            (part::pager(PATH, query, list.next_cursor.as_deref()))
        }
        section.card #connect {
            h2 { "Connect an account" }
            (connect_form(asked, draft, wrong, &key))
        }
        @if !is_empty && is_first && !has_sandbox { (offer(visitor, &sandbox_key)) }
    };
    let status = if wrong.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    Ok(asked.screen(status, "Accounts", &body))
}

/// How many servers each account has that can be used now; nothing if there are too many to count.
async fn count_servers(
    provisioning: &Provisioning,
) -> Result<Option<HashMap<AccountId, u64>>, ProvisionError> {
    let active = Active::of(provisioning, None).await?;
    if !active.is_all {
        return Ok(None);
    }
    let mut counts = HashMap::new();
    for server in active.servers {
        *counts.entry(server.integrated_account_id).or_default() += 1;
    }
    Ok(Some(counts))
}

/// What was just done, where the address says so and it is true as far as can be known.
fn done(visitor: &Visitor, query: &Form, accounts: &[Account]) -> Markup {
    let id = query.read::<AccountId>("account");
    let account = accounts.iter().find(|account| Some(account.id) == id);
    let account = account.filter(|account| is_lately(visitor, account.created_at));
    html! {
        @match (query.read::<Notice>("done"), account) {
            (Some(Notice::AccountConnected), Some(account)) => (connected_now(visitor, account)),
            (Some(notice @ Notice::AccountRemoved), _) => (notice.show()),
            _ => {}
        }
    }
}

/// What to do with an account that was just connected.
fn connected_now(visitor: &Visitor, account: &Account) -> Markup {
    html! {
        (Notice::AccountConnected.show())
        div.actions {
            a.button href={ "/ui/servers/new?account=" (account.id) } { "New server for it" }
            @if account.environment != Environment::Sandbox { (check(visitor, account)) }
        }
    }
}

fn check(visitor: &Visitor, account: &Account) -> Markup {
    html! {
        form.inline method="post" action=(Place(account.id).path("/check")) {
            (part::csrf(visitor))
            button.quiet type="submit" { "Check" span.hidden { " " (part::text(&account.label)) } }
        }
    }
}

/// Where somebody begins who has no account yet.
fn start(visitor: &Visitor, key: &str) -> Markup {
    html! {
        section.card.lead {
            h2 { "Try it with the sandbox" }
            p {
                "An invented company inside this program, with customers, invoices and failed payments to play with. "
                strong { "Nothing real can happen: " }
                "no key is needed, and no request leaves this server."
            }
            (sandbox_button(visitor, key, "Make a sandbox account", ""))
        }
    }
}

/// The same for somebody who has.
fn offer(visitor: &Visitor, key: &str) -> Markup {
    html! {
        section.card {
            h2 { "Try things out" }
            p { "The sandbox is an invented company inside this program: nothing real can happen." }
            (sandbox_button(visitor, key, "Make a sandbox account", "quiet"))
        }
    }
}

fn sandbox_button(visitor: &Visitor, key: &str, label: &str, class: &str) -> Markup {
    html! {
        form method="post" action={ (PATH) "/sandbox" } {
            (part::csrf(visitor))
            input type="hidden" name="key" value=(key);
            button class=(class) type="submit" { (label) }
        }
    }
}

fn groups(
    visitor: &Visitor,
    list: &List<Account>,
    counts: Option<&HashMap<AccountId, u64>>,
) -> Markup {
    html! {
        @for (environment, title, meaning) in GROUPS {
            @let accounts: Vec<_> = of(&list.result, environment).collect();
            @if !accounts.is_empty() {
                section.group.(environment.as_str()) {
                    h2 { (title) }
                    p.hint { (meaning) }
                    (table(visitor, title, &accounts, counts))
                }
            }
        }
    }
}

fn of(accounts: &[Account], environment: Environment) -> impl Iterator<Item = &Account> {
    accounts
        .iter()
        .filter(move |account| account.environment == environment)
}

fn table(
    visitor: &Visitor,
    title: &str,
    accounts: &[&Account],
    counts: Option<&HashMap<AccountId, u64>>,
) -> Markup {
    let head = html! {
        tr {
            th scope="col" { "Account" }
            th scope="col" { "Company domain" }
            th.number scope="col" { "Active servers" }
            th scope="col" { "Connected" }
            th scope="col" { span.hidden { "What can be done" } }
        }
    };
    let body = html! {
        @for account in accounts {
            tr {
                th scope="row" {
                    a href=(Place(account.id).path("")) { (part::text(&account.label)) }
                    " " (part::environment(account.environment))
                }
                td { (part::text(&account.company_domain)) }
                td.number { a href=(active::address(Place(account.id))) { (servers(account, counts)) } }
                td { (part::time(visitor, account.created_at)) }
                td.does { (check(visitor, account)) }
            }
        }
    };
    part::table(&format!("{title} accounts"), &head, &body)
}

fn servers(account: &Account, counts: Option<&HashMap<AccountId, u64>>) -> Markup {
    let count = counts.map(|counts| counts.get(&account.id).copied().unwrap_or_default());
    html! {
        @match count {
            Some(count) => (part::number(count)),
            None => "show",
        }
        span.hidden { " active servers of " (part::text(&account.label)) }
    }
}

fn connect_form(asked: &Asked, draft: &Draft, wrong: &Wrong, key: &str) -> Markup {
    let fields = Fields {
        draft,
        wrong,
        exists: false,
        base_urls: &asked.provisioning().options().allowed_base_urls,
    };
    html! {
        form method="post" action=(PATH) {
            (part::csrf(&asked.visitor))
            input type="hidden" name="key" value=(key);
            (fields.show())
            p.hint { "The key is kept sealed and never shown again. Billsby is asked nothing yet." }
            div.actions { button type="submit" { "Connect" } }
        }
    }
}
