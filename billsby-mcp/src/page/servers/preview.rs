//! What a form comes to: the aside beside it.

use maud::{Markup, html};
use serde_json::Value;

use super::asked::Asked;
use super::draft::Draft;
use super::end::When;
use super::tools;
use crate::page::form::Wrong;
use crate::page::part;
use crate::provision::{Account, ProvisionError, ServedTools};
use crate::record::AccountId;

/// What clients would call a server without a name.
const NAMELESS: &str = "server";

/// What a form comes to.
pub(super) struct Preview {
    /// The tools, if they are known.
    pub(super) tools: Option<ServedTools>,
    /// All that is wrong with it, except that it has no name yet.
    pub(super) wrong: Wrong,
}

/// Looks at what a form comes to, with the tools of an account.
pub(super) async fn look(
    asked: &Asked,
    draft: &Draft,
    account: AccountId,
) -> Result<Preview, ProvisionError> {
    let named = |mut body: Value| {
        if draft.name.is_empty() {
            body["name"] = NAMELESS.into();
        }
        body
    };
    let (body, mut wrong) = draft.body(&asked.visitor.zone);
    let provisioning = asked.provisioning();
    let problems = match provisioning.preview_server(account, &named(body)).await {
        Ok(tools) => {
            let tools = Some(tools);
            return Ok(Preview { tools, wrong });
        }
        Err(error) => Wrong::of(error)?,
    };
    let is_unclear = problems.at("/config").next().is_some();
    wrong.0.extend(problems.0);
    let mut tools = None;
    if !is_unclear {
        // What is wrong elsewhere does not hide the tools.
        let mut body = draft.tools_body();
        body["name"] = NAMELESS.into();
        tools = Some(provisioning.preview_server(account, &body).await?);
    }
    Ok(Preview { tools, wrong })
}

/// What there is to see of it. `account` is that of the form, if one is chosen.
pub(super) fn show(
    asked: &Asked,
    draft: &Draft,
    account: Option<&Account>,
    preview: &Preview,
) -> Markup {
    let environment = account.map(|account| account.environment);
    html! {
        // Spans count from when the form was last looked at.
        input type="hidden" name="at" value=(draft.from.as_second());
        h2 { "What it serves" }
        @if let Some(account) = account {
            p.soft { "Of " (part::text(&account.label)) " " (part::environment(account.environment)) }
        } @else {
            p.soft { "No account is chosen yet." }
        }
        (problems(&preview.wrong))
        (ends(asked, draft))
        @match &preview.tools {
            Some(served) => (tools::show(served, &draft.config, environment)),
            None => p { "The tools are shown once this is right." },
        }
    }
}

fn problems(wrong: &Wrong) -> Markup {
    html! {
        @if !wrong.is_empty() {
            div.notice.bad { ul { @for problem in &wrong.0 { li { (problem.detail) } } } }
        }
    }
}

fn ends(asked: &Asked, draft: &Draft) -> Markup {
    html! {
        @match draft.end.when(draft.from, &asked.visitor.zone) {
            Ok(When::At(at)) => p { "Ends " (part::time(&asked.visitor, at)) ", " (part::until(&asked.visitor, at)) "." },
            Ok(When::Never) => p.soft { "Never ends by itself." },
            Ok(When::Kept) | Err(_) => {}
        }
    }
}
