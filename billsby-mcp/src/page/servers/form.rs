//! The form that makes a server, or changes one.

use jiff::Timestamp;
use maud::{Markup, html};

use super::choose;
use super::draft::Draft;
use super::end::When;
use super::meanwhile::Seen;
use super::tools;
use crate::page::form::Wrong;
use crate::page::part::{self, Choice, Field};
use crate::page::visitor::Visitor;
use crate::provision::Account;
use crate::record::{AccountId, Environment};

/// What the form is for.
pub(super) enum Purpose<'a> {
    /// Another server, of one of these accounts, once for each key.
    Make {
        accounts: &'a [Account],
        key: &'a str,
    },
    /// A server that there is, with its account and its end.
    Change {
        action: &'a str,
        account: AccountId,
        end: Option<Timestamp>,
        /// How it was when the form was opened.
        seen: &'a Seen,
    },
}

/// All that the form shows.
pub(super) struct Shown<'a> {
    pub(super) visitor: &'a Visitor,
    pub(super) draft: &'a Draft,
    pub(super) wrong: &'a Wrong,
    /// What is to be read before all else, instead of what is wrong.
    pub(super) notice: Option<Markup>,
    pub(super) purpose: Purpose<'a>,
    pub(super) has_issuers: bool,
    /// What it comes to.
    pub(super) preview: Markup,
}

/// The form, with what it comes to beside it.
pub(super) fn show(shown: &Shown<'_>) -> Markup {
    let action = match shown.purpose {
        Purpose::Make { .. } => "/ui/servers/new",
        Purpose::Change { action, .. } => action,
    };
    let (draft, wrong) = (shown.draft, shown.wrong);
    html! {
        @if let Some(notice) = &shown.notice { (notice) } @else { (part::problems(wrong)) }
        // Browsers keep what was typed over a reload, but not always the hidden fields with it.
        form.beside method="post" action=(action) autocomplete="off"
            data-preview="/ui/servers/preview" data-preview-in="tools-preview" {
            div {
                (part::csrf(shown.visitor))
                // Enter looks; only the button makes something.
                button.hidden type="submit" name="do" value="look" formnovalidate tabindex="-1" aria-hidden="true" { "Look" }
                (whose(shown))
                (choose::presets(draft, wrong))
                (choose::boxes(draft, wrong))
                (end(shown))
                (access(shown))
                (details(draft, wrong))
                (buttons(&shown.purpose))
            }
            aside #tools-preview aria-label="What this server would serve" { (shown.preview) }
        }
    }
}

fn whose(shown: &Shown<'_>) -> Markup {
    let (draft, wrong) = (shown.draft, shown.wrong);
    let name = Field {
        name: "name",
        label: "Name",
        hint: "For people, and what clients call the server. Such as: Finance agent.",
        pointer: "/name",
        wrong,
    };
    html! {
        (name.required("text", &draft.name))
        @match &shown.purpose {
            Purpose::Make { accounts, key } => {
                input type="hidden" name="key" value=(key);
                (part::choose(&account_field(wrong), &account_choices(accounts, draft.account)))
            }
            Purpose::Change { account, seen, .. } => {
                input type="hidden" name="account" value=(account);
                (seen.fields())
            }
        }
    }
}

fn account_field(wrong: &Wrong) -> Field<'_> {
    Field {
        name: "account",
        label: "Account",
        hint: "The company whose data the tools reach. It cannot be changed later.",
        pointer: "/account",
        wrong,
    }
}

fn account_choices(accounts: &[Account], chosen: Option<AccountId>) -> Vec<Choice> {
    let nothing = Choice::new("", "Choose an account", true);
    let choices = accounts.iter().map(|account| {
        let is_chosen = chosen == Some(account.id);
        Choice::new(account.id.to_string(), account_label(account), is_chosen)
    });
    let choices: Vec<Choice> = choices.collect();
    if choices.iter().any(|choice| choice.is_chosen) {
        choices
    } else {
        [nothing].into_iter().chain(choices).collect()
    }
}

/// An account as one line of text.
pub(super) fn account_label(account: &Account) -> String {
    let environment = match account.environment {
        Environment::Live => "LIVE",
        Environment::Test => "TEST",
        Environment::Sandbox => "SANDBOX",
    };
    let (label, company) = (&account.label, &account.company_domain);
    if label == company {
        format!("{environment}: {label}")
    } else {
        format!("{environment}: {label} ({company})")
    }
}

fn end(shown: &Shown<'_>) -> Markup {
    let present = match shown.purpose {
        Purpose::Make { .. } => None,
        Purpose::Change { end, .. } => Some(When::of(end)),
    };
    html! {
        fieldset {
            legend { "End" }
            (shown.draft.end.fields_since_shown(shown.visitor, present, shown.wrong))
        }
    }
}

/// What is needed besides the URL.
fn access(shown: &Shown<'_>) -> Markup {
    let config = &shown.draft.config;
    let oauth = shown.has_issuers || config.require_oauth;
    html! {
        fieldset {
            legend { "Who may call it" }
            p.hint { "Whoever has the URL, unless more is asked for:" }
            div.choices {
                (flag(
                    "require_api_token_auth",
                    "An API token as well",
                    "Sent as a header. One is made together with the server. ChatGPT and Claude in the browser cannot send it.",
                    config.require_api_token_auth,
                    shown.wrong,
                ))
                @if oauth {
                    (flag(
                        "require_oauth",
                        "An access token of your OAuth issuer",
                        "People sign in there. The URL is no secret then.",
                        config.require_oauth,
                        shown.wrong,
                    ))
                }
            }
        }
    }
}

/// A single box.
fn flag(name: &str, label: &str, hint: &str, is_ticked: bool, wrong: &Wrong) -> Markup {
    let pointer = format!("/config/{name}");
    let problems: Vec<&str> = wrong.at(&pointer).collect();
    html! {
        div.choice {
            input id=(name) type="checkbox" name=(name) value="on" checked[is_ticked] aria-describedby={ (name) "-hint" };
            label for=(name) { (label) }
            p.hint id={ (name) "-hint" } { (hint) }
            @if !problems.is_empty() { ul.error { @for problem in problems { li { (problem) } } } }
        }
    }
}

/// Where in the body the fields are that hardly anybody sets.
const DETAILS: [&str; 7] = [
    "/config/names",
    "/config/profile",
    "/config/company_domain",
    "/config/expose",
    "/config/output_schemas",
    "/config/result_tokens",
    "/config/include_unreviewed",
];

/// What hardly anybody sets.
fn details(draft: &Draft, wrong: &Wrong) -> Markup {
    let config = &draft.config;
    let field = |pointer: &'static str, label: &'static str, hint: &'static str| Field {
        name: pointer.trim_start_matches("/config/"),
        label,
        hint,
        pointer,
        wrong,
    };
    let is_open = DETAILS
        .iter()
        .any(|pointer| wrong.at(pointer).next().is_some());
    html! {
        details open[is_open] {
            summary { "Advanced" }
            (part::choose(&field("/config/names", "Names of the tools", "A call by either name works."), &part::options(&config.names)))
            (part::choose(&field("/config/profile", "Written for", "What the client's models take as a schema."), &part::options(&config.profile)))
            (part::choose(&field("/config/company_domain", "Company domain", ""), &part::options(&config.company_domain)))
            (part::choose(&field("/config/expose", "How tools are found", "Searching saves tokens where there are many."), &part::options(&config.expose)))
            (part::choose(&field("/config/output_schemas", "Output schemas", ""), &part::options(&config.output_schemas)))
            (field("/config/result_tokens", "Tokens of one result, at most", "500 to 1000000. A longer one is cut, and says so.")
                .input("number", &draft.result_tokens))
            div.choices {
                (flag(
                    "include_unreviewed",
                    "Also tools that nobody has reviewed",
                    "What they do was worked out by rules, and may be wrong.",
                    config.include_unreviewed,
                    wrong,
                ))
            }
        }
    }
}

fn buttons(purpose: &Purpose<'_>) -> Markup {
    let label = match purpose {
        Purpose::Make { .. } => "Create server",
        Purpose::Change { .. } => "Save changes",
    };
    html! {
        div.actions {
            button type="submit" name="do" value="create" { (label) }
            button.quiet type="submit" name="do" value="preview" formnovalidate { "Preview" }
            button.quiet type="submit" name="do" value="adjust" formnovalidate { "Change this choice" }
            @if let Purpose::Change { action, .. } = purpose {
                a href=(action.trim_end_matches("/edit")) { "Back" }
            }
        }
        p.hint { "\"Preview\" shows what the form comes to, \"Change this choice\" puts a ready choice into the boxes. Neither makes anything." }
    }
}

/// A form cannot make anything yet, because there is no account.
pub(super) fn no_account() -> Markup {
    html! {
        p { "A server serves the data of one account, and there is none yet." }
        div.actions { a.button href="/ui/accounts" { "Connect an account" } }
        p.soft { "To try things out, the sandbox there is an invented company: it needs no key, and nothing real can happen." }
    }
}

/// Where in the form something is wrong, to tell it in that order.
pub(super) fn position(pointer: &str) -> usize {
    const ORDER: [&str; 9] = [
        "/name",
        "/account",
        "/preset",
        "/config/methods",
        "/config/tags",
        "/config/tools",
        "/config/exclude_tools",
        "/expires_at",
        "/config",
    ];
    let is_at = |place: &&str| pointer.starts_with(*place);
    ORDER.iter().position(is_at).unwrap_or(ORDER.len())
}

/// Groups as a text, or what it means that there are none.
pub(super) fn list_of(words: &[String], none: &str) -> String {
    if words.is_empty() {
        return none.to_owned();
    }
    let words: Vec<String> = words.iter().map(|word| tools::tag(word)).collect();
    words.join(", ")
}
