//! The form that asks for calls.

use clap::ValueEnum as _;
use jiff::tz::TimeZone;
use maud::{Markup, html};

use super::names::Names;
use super::{PATH, outcome};
use crate::page::form::{Form, Wrong};
use crate::page::part::{self, Choice, Field};
use crate::page::visitor::Visitor;
use crate::provision::{Lately, OutcomeWord};

/// The form that asks.
pub(super) fn controls(visitor: &Visitor, form: &Form, names: &Names, wrong: &Wrong) -> Markup {
    let field = |name, label, hint, pointer| Field {
        name,
        label,
        hint,
        pointer,
        wrong,
    };
    let text = |name| form.get(name).unwrap_or_default();
    let zone = part::zone_name(visitor);
    html! {
        form #filter method="get" action=(PATH) {
            div.filters {
                (part::choose(&field("span", "Time span", "", "?span"), &spans(form)))
                (part::choose(&field("server_id", "Server", "", "?server_id"), &servers(form, names)))
                (part::choose(&field("account_id", "Account", "", "?account_id"), &accounts(form, names)))
                (tools(form))
                (part::choose(&field("outcome", "Outcome at Billsby", "", "?outcome"), &outcomes(form)))
                (field("customer", "Customer's id", "", "?customer").input("text", text("customer")))
                (field("invoice", "Invoice number", "", "?invoice").input("text", text("invoice")))
                (part::choose(&field("is_error", "Errors", "", "?is_error"), &errors(form)))
                (moment(form, wrong, "from", &format!("From ({zone})")))
                (moment(form, wrong, "until", &format!("Until ({zone})")))
            }
            p.hint { "From takes the place of the time span; with until alone, the time span ends there." }
            div.actions {
                button type="submit" { "Show" }
                a href=(PATH) { "Reset" }
            }
        }
    }
}

/// A time in the viewer's zone. One with a zone of its own, or what is no time, is shown as it came.
fn moment(form: &Form, wrong: &Wrong, name: &str, label: &str) -> Markup {
    let value = form.get(name).unwrap_or_default();
    let kind = if value.is_empty() || is_local(value) {
        "datetime-local"
    } else {
        "text"
    };
    let pointer = format!("?{name}");
    let hint = "";
    let field = Field {
        name,
        label,
        hint,
        pointer: &pointer,
        wrong,
    };
    field.input(kind, value)
}

/// Whether a browser shows this in a control for a time without a zone.
fn is_local(text: &str) -> bool {
    // UTC leaves no time out.
    let is_read = part::read_local(text, &TimeZone::UTC).is_ok_and(|at| {
        // The shape reads shorter numbers too.
        let shown = part::write_local(at, &TimeZone::UTC);
        text.starts_with(&shown)
    });
    is_read && text.starts_with(|c: char| c.is_ascii_digit())
}

fn choice(value: &impl ToString, label: impl Into<String>, is_chosen: bool) -> Choice {
    Choice {
        value: value.to_string(),
        label: label.into(),
        hint: String::new(),
        is_chosen,
    }
}

/// What can be chosen, with a first entry that leaves the choice open, and with what is chosen although it is
/// not in the list.
fn or_all(all: &str, form: &Form, name: &str, mut choices: Vec<Choice>) -> Vec<Choice> {
    if let Some(asked) = form.get(name)
        && !choices.iter().any(|choice| choice.is_chosen)
    {
        choices.push(choice(&asked, asked, true));
    }
    choices.insert(0, choice(&"", all, false));
    choices
}

/// How far back. A time from which on wins; one until which alone is the end of the span.
fn spans(form: &Form) -> Vec<Choice> {
    let has_from = form.get("from").is_some();
    let has_until = form.get("until").is_some();
    let chosen = form.read("span").unwrap_or_default();
    let given = choice(&"", "From–until below", true);
    let all = Lately::ALL.into_iter().map(|lately| {
        let length = match lately {
            Lately::Hour => "hour",
            Lately::Day => "24 hours",
            Lately::Week => "7 days",
            Lately::Month => "30 days",
            Lately::Quarter => "90 days",
        };
        let label = if has_until && !has_from {
            format!("The {length} before until")
        } else {
            format!("Last {length}")
        };
        choice(&lately, label, !has_from && lately == chosen)
    });
    has_from.then_some(given).into_iter().chain(all).collect()
}

fn errors(form: &Form) -> Vec<Choice> {
    let all = [("true", "With error"), ("false", "Without error")];
    let all = all.map(|(value, label)| choice(&value, label, form.is("is_error", value)));
    or_all("All", form, "is_error", all.into())
}

fn servers(form: &Form, names: &Names) -> Vec<Choice> {
    let all = names.servers().iter().map(|(id, account, name)| {
        let label = names.account(*account).map_or("", |account| &account.label);
        let is_chosen = form.is("server_id", &id.to_string());
        choice(id, format!("{name} ({label})"), is_chosen)
    });
    or_all("All", form, "server_id", all.collect())
}

fn accounts(form: &Form, names: &Names) -> Vec<Choice> {
    let all = names.accounts().iter().map(|account| {
        let label = format!("{} ({})", account.label, account.environment.as_str());
        let is_chosen = form.is("account_id", &account.id.to_string());
        choice(&account.id, label, is_chosen)
    });
    or_all("All", form, "account_id", all.collect())
}

fn outcomes(form: &Form) -> Vec<Choice> {
    let all = OutcomeWord::value_variants().iter().map(|&word| {
        let name = outcome::name(word);
        let is_chosen = form.is("outcome", &name);
        choice(&name, outcome::words(word), is_chosen)
    });
    or_all("All", form, "outcome", all.collect())
}

/// The tools, in their groups. One that is gone can still be asked for.
fn tools(form: &Form) -> Markup {
    let asked = form.get("tool").unwrap_or_default();
    let mut tags: Vec<&str> = Vec::new();
    for tool in crate::tools() {
        if !tags.contains(&tool.tag) {
            tags.push(tool.tag);
        }
    }
    let is_asked = |tool: &crate::tool::Tool| tool.names().any(|name| name == asked);
    let is_gone = !asked.is_empty() && !crate::tools().any(is_asked);
    html! {
        div.field {
            label for="tool" { "Tool" }
            select #tool name="tool" {
                option value="" { "All" }
                @if is_gone { option value=(asked) selected { (asked) } }
                @for tag in tags {
                    optgroup label=(tag.replace('_', " ")) {
                        @for tool in crate::tools().filter(|tool| tool.tag == tag) {
                            option value=(tool.name) selected[is_asked(tool)] { (tool.title) }
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(value: &str) -> String {
        let form = Form::parse(value.as_bytes());
        moment(&form, &Wrong::default(), "from", "From").into_string()
    }

    #[test]
    fn a_time_is_shown_again_as_it_was_typed() {
        for local in [
            "",
            "from=2026-11-01T00:00",
            "from=2026-11-01T00:00:00",
            "from=2026-03-29T02:30:07",
        ] {
            assert!(input(local).contains("datetime-local"), "{local}");
        }
        for other in [
            "from=yesterday",
            "from=2026-11-01",
            "from=2026-11-01T00:00Z",
            "from=26-11-01T00:00",
            "from=-000500-01-01T00:00",
        ] {
            let shown = input(other);
            assert!(shown.contains(r#"type="text""#), "{shown}");
            let value = other.replacen("from=", "value=\"", 1);
            assert!(shown.contains(&value), "{shown}");
        }
    }

    fn chosen(query: &str) -> Vec<String> {
        let spans = spans(&Form::parse(query.as_bytes())).into_iter();
        let chosen = spans.filter(|choice| choice.is_chosen);
        chosen.map(|choice| choice.label).collect()
    }

    #[test]
    fn the_span_says_what_is_shown() {
        assert_eq!(chosen(""), ["Last 24 hours"]);
        assert_eq!(chosen("span=7d&from="), ["Last 7 days"]);
        assert_eq!(
            chosen("span=7d&from=2026-11-01T00:00"),
            ["From–until below"]
        );
        let until = chosen("span=7d&until=2026-11-01T00:00");
        assert_eq!(until, ["The 7 days before until"]);
    }

    #[test]
    fn calls_without_an_error_can_be_asked_for() {
        let errors = errors(&Form::parse(b"is_error=false"));
        let chosen: Vec<bool> = errors.iter().map(|choice| choice.is_chosen).collect();
        assert_eq!(chosen, [false, false, true]);
    }
}
