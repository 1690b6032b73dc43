//! How this server and its accounts stand.

use std::sync::Arc;

use axum::Router;
use axum::http::StatusCode;
use axum::response::{Redirect, Response};
use axum::routing::get;
use maud::{Markup, html};

use super::asked::Asked;
use super::visitor::Visitor;
use super::{Page, part};
use crate::provision::{AccountHealth, ProvisionError, RateLimitView, Status};

const PATH: &str = "/ui/health";
/// For how many milliseconds a process that works may not have heard of the store: several times as long as it
/// waits between two questions.
const USUAL: u64 = 10_000;

pub(super) fn routes() -> Router<Arc<Page>> {
    Router::new().route(PATH, get(show)).route(
        "/ui/health/check",
        get(async || Redirect::to(PATH)).post(check),
    )
}

/// How the server stands.
async fn show(asked: Asked) -> Response {
    asked.answer(screen(&asked, None).await)
}

/// The same, once Billsby has been asked about the accounts.
async fn check(asked: Asked) -> Response {
    let result = async {
        let accounts = asked.provisioning().check_accounts().await?;
        screen(&asked, Some(&accounts)).await
    };
    asked.answer(result.await)
}

async fn screen(
    asked: &Asked,
    checked: Option<&[AccountHealth]>,
) -> Result<Response, ProvisionError> {
    let (code, server) = match asked.provisioning().status().await {
        Ok(status) => (StatusCode::OK, standing(&asked.visitor, &status)),
        // A screen that says how things stand says this, too.
        Err(ProvisionError::Store(error)) => {
            tracing::error!(%error, "the store does not answer");
            (
                StatusCode::SERVICE_UNAVAILABLE,
                no_store(&error.to_string()),
            )
        }
        Err(error) => return Err(error),
    };
    let body = html! {
        section #server {
            h2 { "This server" }
            (server)
        }
        section #accounts {
            h2 { "Accounts at Billsby" }
            @match checked {
                Some(accounts) => (results(accounts)),
                None => p { "Nothing is known until you check." },
            }
            form method="post" action={ (PATH) "/check" } {
                (part::csrf(&asked.visitor))
                div.actions {
                    button type="submit" { @if checked.is_some() { "Check again" } @else { "Check the accounts" } }
                    span.hint { "Sends one read for each of the newest 20 accounts." }
                }
            }
        }
    };
    Ok(asked.screen(code, "Health", &body))
}

fn no_store(error: &str) -> Markup {
    html! {
        div.notice.bad role="alert" {
            p { strong { "The store does not answer: " } (error) "." }
            p { "Servers go on for a while from what this process knows; nothing can be changed. Look after the store, then " a href=(PATH) { "look again" } "." }
        }
        dl.facts { dt { "Version" } dd { (env!("CARGO_PKG_VERSION")) } }
    }
}

fn standing(visitor: &Visitor, status: &Status) -> Markup {
    let heard = status.store.heard_milliseconds_ago;
    html! {
        @if !status.ready {
            p.notice.bad {
                strong { "Not ready. " }
                "This process has heard of no change for " (seconds(heard))
                ", so provisioned URLs answer 503. Look into the log."
            }
        } @else if heard <= USUAL {
            p.notice.good { strong { "Ready. " } "The store answers, and this process hears of changes." }
        } @else {
            p.notice.care {
                strong { "Behind. " }
                "The store answers, but this process has heard of no change for " (seconds(heard))
                ". It goes on from what it knew then. Look into the log."
            }
        }
        @if status.activity_lost > 0 {
            p.notice.care {
                (part::number(status.activity_lost)) " calls are missing in the activity: the store could not take them in time."
            }
        }
        (counts(status))
        dl.facts {
            dt { "Version" } dd { (status.version) }
            dt { "Billsby's API" } dd { "document " (status.document_version) }
            dt { "Store" } dd { (status.store.kind) ", generation " (part::number(status.store.generation)) }
            dt { "Heard of it" } dd { (seconds(heard)) " ago" }
            dt { "Time here" } dd { (part::time(visitor, status.time)) }
            dt { "For monitors" } dd { a href="/healthz" { "/healthz" } " " a href="/readyz" { "/readyz" } }
        }
    }
}

fn counts(status: &Status) -> Markup {
    let counts = [
        ("Accounts", status.counts.accounts),
        ("Servers not revoked", status.counts.servers),
        ("Servers in use now", status.counts.servers_in_use),
        ("API tokens", status.counts.api_tokens),
    ];
    html! {
        dl.tiles {
            @for (name, count) in counts { div { dt { (name) } dd { (part::number(count)) } } }
        }
    }
}

/// A time of milliseconds, so exactly as it matters.
fn seconds(milliseconds: u64) -> String {
    match milliseconds / 1_000 {
        0 => "less than a second".to_owned(),
        1 => "1 second".to_owned(),
        seconds => format!("{} seconds", part::number(seconds)),
    }
}

fn results(accounts: &[AccountHealth]) -> Markup {
    let failed = accounts.iter().filter(|one| !one.verification.ok).count();
    html! {
        div #results role="status" {
            @if accounts.is_empty() {
                p { "There is no account yet. " a href="/ui/accounts" { "Connect one" } "." }
            } @else {
                p.notice.(if failed == 0 { "good" } else { "bad" }) { (in_all(accounts.len(), failed)) }
            }
        }
        @if !accounts.is_empty() { (table(accounts)) }
    }
}

/// How many of the accounts that were asked about do not work.
fn in_all(asked: usize, failed: usize) -> String {
    match (asked, failed) {
        (1, 0) => "The account works.".to_owned(),
        (1, _) => "The account does not work.".to_owned(),
        (_, 0) => format!("All {asked} accounts that were asked work."),
        (_, 1) => format!("1 of {asked} accounts does not work."),
        _ => format!("{failed} of {asked} accounts do not work."),
    }
}

fn table(accounts: &[AccountHealth]) -> Markup {
    let head = html! {
        tr {
            th scope="col" { "Account" }
            th scope="col" { "For" }
            th scope="col" { "State" }
            th.number scope="col" { "Took" }
            th scope="col" { "Calls left" }
        }
    };
    let body = html! { @for health in accounts { (row(health)) } };
    part::table("Accounts and whether they work", &head, &body)
}

fn row(health: &AccountHealth) -> Markup {
    let (account, verification) = (&health.account, &health.verification);
    html! {
        tr {
            th scope="row" { a href={ "/ui/accounts/" (account.id) } { (part::text(&account.label)) } }
            td { (part::environment(account.environment)) }
            td.wide {
                @if verification.ok { span.badge.active { "works" } }
                @else {
                    span.badge.bad { "fails" }
                    " " (verification.detail)
                    @if let Some(status) = verification.status { " (status " (status) ")" }
                }
            }
            td.number { (part::milliseconds(health.milliseconds)) }
            td { (calls_left(health.rate_limit)) }
        }
    }
}

/// What Billsby's answer said of its limit.
fn calls_left(limit: Option<RateLimitView>) -> String {
    let Some(limit) = limit else {
        return "not said".to_owned();
    };
    let calls = match (limit.remaining, limit.limit) {
        (Some(left), Some(most)) => format!("{} of {}", part::number(left), part::number(most)),
        (Some(left), None) => part::number(left),
        (None, Some(most)) => format!("at most {}", part::number(most)),
        (None, None) => "not said".to_owned(),
    };
    match limit.resets_in_seconds {
        Some(seconds) => format!("{calls}, all again in {} s", part::number(seconds)),
        None => calls,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_shown_as_far_as_it_is_known() {
        let left = |limit, remaining, resets_in_seconds| {
            calls_left(Some(RateLimitView {
                limit,
                remaining,
                resets_in_seconds,
            }))
        };
        assert_eq!(
            left(Some(100), Some(98), Some(7)),
            "98 of 100, all again in 7 s"
        );
        assert_eq!(left(None, Some(98), None), "98");
        assert_eq!(left(Some(100), None, None), "at most 100");
        assert_eq!(left(None, None, None), "not said");
        assert_eq!(calls_left(None), "not said");
    }

    #[test]
    fn what_came_of_it_is_said_in_numbers() {
        assert_eq!(in_all(1, 0), "The account works.");
        assert_eq!(in_all(1, 1), "The account does not work.");
        assert_eq!(in_all(3, 0), "All 3 accounts that were asked work.");
        assert_eq!(in_all(3, 1), "1 of 3 accounts does not work.");
        assert_eq!(in_all(3, 3), "3 of 3 accounts do not work.");
    }

    #[test]
    fn how_long_ago_is_in_seconds() {
        assert_eq!(seconds(999), "less than a second");
        assert_eq!(seconds(1_000), "1 second");
        assert_eq!(seconds(61_500), "61 seconds");
    }
}
