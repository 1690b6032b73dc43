//! A tool, tried by hand: a form made from its schema, and what a call with it gives.

mod arguments;
mod control;
mod question;
mod result;
mod schema;

use std::sync::Arc;

use axum::Router;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use maud::{Markup, html};

use super::asked::Asked;
use super::form::Wrong;
use super::{Page, part};
use crate::provision::{Account, ProvisionError, TriableTool, Tried};
use control::Controls;
use question::Question;

/// The address of the screen.
const PATH: &str = "/ui/try";

pub(super) fn routes() -> Router<Arc<Page>> {
    Router::new().route(PATH, get(show).post(run))
}

async fn show(asked: Asked) -> Response {
    let question = Question::read(&asked).await;
    asked.answer(question.map(|question| screen(&asked, &question, &Outcome::None)))
}

async fn run(asked: Asked) -> Response {
    asked.answer(tried(&asked).await)
}

async fn tried(asked: &Asked) -> Result<Response, ProvisionError> {
    let question = Question::read(asked).await?;
    let (Some(account), Some(tool)) = (&question.account, &question.tool) else {
        return Ok(screen(asked, &question, &Outcome::None));
    };
    // Of a tool that must not be tried the schema is none that the account goes by; it is refused below.
    let inputs = if question.is_possible {
        schema::inputs(&tool.input_schema)
    } else {
        Vec::new()
    };
    let outcome = match arguments::arguments(&inputs, &asked.form) {
        Ok(arguments) => {
            let tried = asked
                .provisioning()
                .try_tool(account.id, &tool.name, arguments);
            Outcome::Tried(tried.await?)
        }
        Err(wrong) => Outcome::Wrong(wrong),
    };
    Ok(screen(asked, &question, &outcome))
}

/// What came of a form.
enum Outcome {
    /// Nothing was tried.
    None,
    /// The form cannot be read.
    Wrong(Wrong),
    Tried(Tried),
}

fn screen(asked: &Asked, question: &Question, outcome: &Outcome) -> Response {
    let wrong = match outcome {
        Outcome::None => Wrong::default(),
        Outcome::Wrong(wrong) => wrong.clone(),
        Outcome::Tried(tried) => result::wrong(tried),
    };
    let body = html! {
        (question.show())
        @match outcome {
            Outcome::None => {}
            Outcome::Wrong(wrong) => (part::problems(wrong)),
            Outcome::Tried(tried) => (result::result(tried)),
        }
        @if let (Some(account), Some(tool)) = (&question.account, &question.tool) {
            (about(account, tool, question.is_possible))
            @if question.is_possible {
                (arguments_form(asked, account, tool, &wrong))
            }
        }
    };
    let status = match outcome {
        Outcome::Wrong(_) => StatusCode::UNPROCESSABLE_ENTITY,
        _ => StatusCode::OK,
    };
    asked.screen(status, "Try a tool", &body)
}

/// What the tool does, and on which account it would.
fn about(account: &Account, tool: &TriableTool, is_possible: bool) -> Markup {
    let reason = if tool.effect.is_read() {
        "This tool has not been reviewed"
    } else {
        "This tool can change something"
    };
    html! {
        h2 { (tool.title) }
        dl.facts {
            dt { "Tool" } dd { code { (tool.name) } " " (part::effect(tool.effect)) }
            dt { "Account" } dd { (part::text(&account.label)) " " (part::environment(account.environment)) }
            dt { "companyDomain" } dd { code { (part::text(&account.company_domain)) } " " span.soft { "(filled in for you)" } }
        }
        p { (schema::plain(&tool.description)) }
        @if !is_possible {
            p #refusal.notice.care {
                (reason) ", so it can be tried on a sandbox account only. "
                a href="/ui/accounts" { "Choose or make one" } ", and select it above."
            }
        }
    }
}

fn arguments_form(asked: &Asked, account: &Account, tool: &TriableTool, wrong: &Wrong) -> Markup {
    let inputs = schema::inputs(&tool.input_schema);
    let controls = Controls {
        form: &asked.form,
        wrong,
    };
    html! {
        form #arguments method="post" action=(PATH) {
            (part::csrf(&asked.visitor))
            input type="hidden" name="account" value=(account.id);
            input type="hidden" name="tool" value=(tool.name);
            fieldset {
                legend { "Arguments" }
                @if inputs.is_empty() { p { "This tool takes none." } }
                @else { p.hint { "What you leave empty is not sent." } }
                (controls.show(&inputs, true))
            }
            div.actions {
                button type="submit" { span { "Run on " (part::text(&account.label)) } }
                (part::environment(account.environment))
            }
            @if !tool.effect.is_read() {
                p.hint {
                    "This changes the sandbox company. If you load the answer again, the browser asks whether to send "
                    "the form a second time; that does it a second time."
                }
            }
        }
    }
}
