//! The tools that a server serves, to be looked at.

use maud::{Markup, html};

use crate::page::part;
use crate::provision::{ServedTool, ServedTools, Warning};
use crate::record::{Environment, ServerConfig};
use crate::tool::Exposure;

/// All of it: how many, what to take care of, the tools, and what is left out.
pub(super) fn show(
    tools: &ServedTools,
    config: &ServerConfig,
    environment: Option<Environment>,
) -> Markup {
    html! {
        (summary(tools, config))
        (care(tools, environment))
        (warnings(&tools.warnings))
        (list(&tools.tools))
        (left_out(&tools.left_out))
    }
}

/// How many there are, and what they take.
pub(super) fn summary(tools: &ServedTools, config: &ServerConfig) -> Markup {
    let count = tools.tools.len();
    let changing = tools
        .tools
        .iter()
        .filter(|tool| !tool.effect.is_read())
        .count();
    html! {
        p.summary {
            strong { (count) @if count == 1 { " tool" } @else { " tools" } }
            @if changing == 0 { ", all of them only read" }
            @else { ", " (changing) " of them with effects" }
            "; a model is shown about " (part::number(tools.tokens)) " tokens"
            @if config.expose == Exposure::Discovery { ", and finds the tools by searching" }
            "."
        }
    }
}

/// What it means to serve changes of an account with real customers.
pub(super) fn care(tools: &ServedTools, environment: Option<Environment>) -> Markup {
    let has_effects = tools.tools.iter().any(|tool| !tool.effect.is_read());
    html! {
        @if has_effects && environment == Some(Environment::Live) {
            div.notice.bad {
                p {
                    strong { "This account is " (part::environment(Environment::Live)) "." }
                    " These tools change real subscriptions and move real money."
                }
            }
        }
    }
}

/// What may go wrong.
pub(super) fn warnings(warnings: &[Warning]) -> Markup {
    html! {
        @if !warnings.is_empty() {
            div.notice.care {
                p { strong { @if warnings.len() == 1 { "Take care" } @else { (warnings.len()) " things to take care of" } } }
                ul {
                    @for warning in warnings {
                        li {
                            @if let Some(client) = &warning.client { b { (client) ": " } }
                            (warning.detail)
                        }
                    }
                }
            }
        }
    }
}

/// The tools themselves.
pub(super) fn list(tools: &[ServedTool]) -> Markup {
    html! { ul #served-tools.tools { @for tool in tools { (one(tool)) } } }
}

fn one(tool: &ServedTool) -> Markup {
    html! {
        li {
            (tool.title) " " (part::effect(tool.effect))
            br;
            code { (tool.name) }
            br;
            span.soft { (tag(&tool.tag)) ", " (part::number(tool.tokens)) " tokens" }
        }
    }
}

fn left_out(names: &[String]) -> Markup {
    html! {
        @if !names.is_empty() {
            details {
                summary { "Left out: " (names.len()) }
                ul.tools { @for name in names { li { code { (name) } } } }
            }
        }
    }
}

/// The name of a group of tools for people.
pub(super) fn tag(tag: &str) -> String {
    if tag == "add_ons" {
        return "Add-ons".to_owned();
    }
    let mut words = tag.replace('_', " ");
    if let Some(first) = words.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    words
}
