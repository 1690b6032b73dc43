//! One account: what it is, whether it works, and changing it.

use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;
use maud::{Markup, html};

use super::draft::{API_KEY, Draft, Fields};
use super::{PATH, Place, is_lately};
use crate::page::asked::Asked;
use crate::page::form::{Form, Wrong};
use crate::page::shell::Notice;
use crate::page::visitor::Visitor;
use crate::page::{part, reply};
use crate::provision::{Account, ProvisionError, Verification};
use crate::record::Environment;

/// The account.
pub(super) async fn show(place: Place, asked: Asked) -> Response {
    let account = asked.provisioning().account(place.0).await;
    asked.answer(account.map(|account| as_it_is(&asked, &account, &done(&asked, &account))))
}

/// That it was changed, where the address says so and it is true.
fn done(asked: &Asked, account: &Account) -> Markup {
    let is_said = asked.form.read("done") == Some(Notice::AccountChanged);
    let is_changed = account.updated_at > account.created_at;
    html! {
        @if is_said && is_changed && is_lately(&asked.visitor, account.updated_at) {
            (Notice::AccountChanged.show())
        }
    }
}

/// Changes it.
pub(super) async fn save(place: Place, asked: Asked) -> Response {
    asked.answer(saved(place, &asked).await)
}

async fn saved(place: Place, asked: &Asked) -> Result<Response, ProvisionError> {
    let account = asked.provisioning().account(place.0).await?;
    let old = Draft::from(&account);
    let draft = Draft::of(&asked.form, &old);
    let body = draft.change(&old, asked.form.get(API_KEY));
    let shown: Option<Timestamp> = asked.form.read("updated_at");
    let is_stale = shown.is_some_and(|shown| shown != account.updated_at);
    let (status, notice, wrong) = if is_stale && !body.is_empty() {
        let notice = overtaken(&draft.differences(&old));
        (StatusCode::CONFLICT, notice, Wrong::default())
    } else {
        let changed = asked
            .provisioning()
            .change_account(place.0, &body.into())
            .await;
        let Err(error) = changed else {
            return Ok(reply::done(&place.path(""), Notice::AccountChanged));
        };
        let wrong = Wrong::of(error)?;
        let notice = part::problems(&wrong);
        (StatusCode::UNPROCESSABLE_ENTITY, notice, wrong)
    };
    let notice = html! { (notice) (retype(&asked.form)) };
    Ok(screen(asked, status, &account, &notice, &draft, &wrong))
}

/// What is said instead of undoing what somebody else has done since the form was opened.
/// `now` is how it is where that differs from the form.
fn overtaken(now: &[(&str, &str)]) -> Markup {
    html! {
        div #problems.notice.care role="alert" tabindex="-1" {
            p { strong { "The account was changed since you opened this form; nothing of yours was saved." } }
            @if !now.is_empty() {
                p { "The form is as you sent it. Where that differs, the account has:" }
                ul { @for (name, value) in now { li { (name) ": " (part::text(value)) } } }
            }
            p { "Save again if it is to be as the form says." }
        }
    }
}

/// A key is never shown again, and so would be taken for one that stays.
fn retype(form: &Form) -> Markup {
    html! {
        @if form.get(API_KEY).is_some() {
            p.notice.care { "The new API key was not kept: type it again." }
        }
    }
}

/// Asks Billsby whether it works.
pub(super) async fn check(place: Place, asked: Asked) -> Response {
    asked.answer(checked(place, &asked).await)
}

async fn checked(place: Place, asked: &Asked) -> Result<Response, ProvisionError> {
    let verification = asked.provisioning().verify_account(place.0).await?;
    let account = asked.provisioning().account(place.0).await?;
    let notice = outcome(&account, &verification);
    Ok(as_it_is(asked, &account, &notice))
}

/// What Billsby said, and what to do now.
fn outcome(account: &Account, verification: &Verification) -> Markup {
    let class = if verification.ok { "good" } else { "bad" };
    html! {
        div.notice.(class) role="status" {
            p {
                strong { @if verification.ok { "It works. " } @else { "It does not work. " } }
                (verification.detail)
                @if let Some(status) = verification.status { " (status " (status) ")" }
                "."
            }
            @if let Some(advice) = advice(account, verification) { p { (advice) } }
        }
    }
}

/// What to do about an account that does not work.
fn advice(account: &Account, verification: &Verification) -> Option<&'static str> {
    match verification.status {
        _ if verification.ok => None,
        _ if account.environment == Environment::Sandbox => {
            Some("The sandbox is inside this server: look into its log.")
        }
        Some(400..=404) => Some(
            "Compare the company domain with the address of Billsby's control panel, and replace the API key by \
             one of the same company.",
        ),
        Some(_) => Some("Check again in a minute."),
        None => Some(
            "Look whether this server can reach the address of Billsby, and check again in a minute.",
        ),
    }
}

/// The screen with the account in its form.
fn as_it_is(asked: &Asked, account: &Account, notice: &Markup) -> Response {
    let (draft, wrong) = (Draft::from(account), Wrong::default());
    screen(asked, StatusCode::OK, account, notice, &draft, &wrong)
}

fn screen(
    asked: &Asked,
    status: StatusCode,
    account: &Account,
    notice: &Markup,
    draft: &Draft,
    wrong: &Wrong,
) -> Response {
    let place = Place(account.id);
    let fields = Fields {
        draft,
        wrong,
        exists: true,
        base_urls: &asked.provisioning().options().allowed_base_urls,
    };
    let body = html! {
        p.trail { a href=(PATH) { "Accounts" } }
        (notice)
        (facts(&asked.visitor, account))
        div.actions {
            (part::button(&asked.visitor, &place.path("/check"), "Check", ""))
            a.button.quiet href={ "/ui/servers/new?account=" (account.id) } { "New server" }
            a.button.quiet href={ "/ui/servers?account=" (account.id) } { "Its servers" }
            a.button.quiet href={ "/ui/activity?account_id=" (account.id) } { "Its activity" }
        }
        p.hint { "Checking sends one read of a few customers." }
        section.card {
            h2 { "Change it" }
            form method="post" action=(place.path("")) {
                (part::csrf(&asked.visitor))
                input type="hidden" name="updated_at" value=(account.updated_at);
                (fields.show())
                p.hint { "Its servers go on with what is new." }
                div.actions { button type="submit" { "Save" } }
            }
        }
        section.card.ends {
            h2 { "Remove it" }
            p { "Its servers end with it, and its API key is erased." }
            div.actions { a.button.quiet.danger href=(place.path("/remove")) { "Remove…" } }
        }
    };
    asked.screen(status, &account.label, &body)
}

fn facts(visitor: &Visitor, account: &Account) -> Markup {
    html! {
        dl.facts {
            dt { "For" } dd { (part::environment(account.environment)) }
            dt { "Company domain" } dd { (part::text(&account.company_domain)) }
            @if let Some(base_url) = &account.base_url {
                dt { "Address of Billsby" } dd { (part::text(base_url)) }
            }
            dt { "Id" } dd { code { (account.id) } }
            dt { "Connected" }
            dd { (part::time(visitor, account.created_at)) span.soft { ", " (part::ago(visitor, account.created_at)) } }
            @if account.updated_at != account.created_at {
                dt { "Changed" }
                dd { (part::time(visitor, account.updated_at)) span.soft { ", " (part::ago(visitor, account.updated_at)) } }
            }
        }
    }
}
