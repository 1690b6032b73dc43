//! What servers were used for: calls over time, one by one, and as a file.

mod axis;
mod chart;
mod controls;
mod export;
mod filter;
mod names;
mod numbers;
mod outcome;
mod table;

use std::sync::Arc;

use axum::Router;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use maud::{Markup, html};

use super::asked::Asked;
use super::form::{Form, Wrong};
use super::visitor::Visitor;
use super::{Page, part};
use crate::provision::{
    ActivityFilter, Call, List, Paging, ProvisionError, Provisioning, Timeline,
};
use filter::Wanted;
use names::Names;

/// The address of the screen.
const PATH: &str = "/ui/activity";
/// Where on it the calls are, which have pages.
const CALLS: &str = "/ui/activity#calls";

pub(super) fn routes() -> Router<Arc<Page>> {
    Router::new()
        .route(PATH, get(show))
        .route("/ui/activity/export.jsonl", get(export::lines))
        .route("/ui/activity/export.csv", get(export::table))
}

async fn show(asked: Asked) -> Response {
    asked.answer(shown(&asked).await)
}

async fn shown(asked: &Asked) -> Result<Response, ProvisionError> {
    let (visitor, form) = (&asked.visitor, &asked.form);
    let mut names = Names::load(asked).await?;
    if let Some(server) = form.read("server_id") {
        names.find(asked, server).await?;
    }
    let found = match Wanted::of_screen(form, &visitor.zone, visitor.now) {
        Ok(wanted) => Found::load(asked.provisioning(), &wanted).await,
        Err(error) => Err(error),
    };
    let (status, body) = match found {
        Ok(found) => {
            names
                .complete(asked.provisioning(), &found.calls.result)
                .await?;
            let body = html! {
                (controls::controls(visitor, form, &names, &Wrong::default()))
                (found.show(visitor, form, &names))
            };
            (StatusCode::OK, body)
        }
        Err(error) => {
            let wrong = Wrong::of(error)?;
            let body = html! {
                (part::problems(&wrong))
                (controls::controls(visitor, form, &names, &wrong))
            };
            (StatusCode::UNPROCESSABLE_ENTITY, body)
        }
    };
    Ok(asked.screen(status, "Activity", &body))
}

/// What there is to show.
struct Found {
    timeline: Timeline,
    calls: List<Call>,
    /// Whether there is anything that another filter would show.
    is_any: bool,
}

impl Found {
    async fn load(provisioning: &Provisioning, wanted: &Wanted) -> Result<Self, ProvisionError> {
        let (filter, paging) = (&wanted.filter, &wanted.paging);
        let calls = provisioning.activity(filter, paging).await?;
        let timeline = provisioning.timeline(filter, wanted.span).await?;
        let is_any = !calls.result.is_empty() || is_any(provisioning).await?;
        Ok(Self {
            timeline,
            calls,
            is_any,
        })
    }

    fn show(&self, visitor: &Visitor, form: &Form, names: &Names) -> Markup {
        html! {
            h2 { "Over time" }
            (chart::charts(visitor, &self.timeline))
            h2 #calls { "Calls" }
            @if !self.calls.result.is_empty() {
                (table::table(visitor, form, &self.calls.result, names))
                (part::pager(CALLS, form, self.calls.next_cursor.as_deref()))
                (export::links(form))
            } @else if self.is_any {
                p.notice { "No call matches. " a href=(PATH) { "Show the last 24 hours without a filter" } " or choose a longer span." }
                (part::pager(CALLS, form, None))
            } @else {
                p.notice {
                    "No calls yet. " a href="/ui/servers/new" { "Make a server" }
                    " and connect a client to it, or " a href="/ui/try" { "try a tool" } " here."
                }
            }
        }
    }
}

async fn is_any(provisioning: &Provisioning) -> Result<bool, ProvisionError> {
    let one = Paging {
        limit: Some(1),
        cursor: None,
    };
    let all = ActivityFilter::default();
    let newest = provisioning.activity(&all, &one);
    Ok(!newest.await?.result.is_empty())
}
