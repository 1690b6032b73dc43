//! Which calls are asked for.

use clap::ValueEnum as _;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use maud::{Markup, html};

use super::PATH;
use super::names::Names;
use crate::page::form::{Form, Wrong};
use crate::page::part::{self, Choice, Field};
use crate::provision::{
    ActivityFilter, Lately, OutcomeWord, Paging, Problem, ProvisionError, Query, Span,
};

/// What an address of the screen, or of a file of it, may say.
const KNOWN: [&str; 12] = [
    "span",
    "server_id",
    "account_id",
    "tool",
    "outcome",
    "is_error",
    "customer",
    "invoice",
    "from",
    "until",
    "cursor",
    "limit",
];
/// The most steps of a span between two times, and how many seconds a step may have.
const MOST_STEPS: i64 = 90;
const STEPS: [i64; 10] = [
    60, 300, 600, 1_800, 3_600, 10_800, 21_600, 43_200, 86_400, 604_800,
];

/// What is asked for.
#[derive(Debug)]
pub(super) struct Wanted {
    /// Which calls; from a certain time on, always.
    pub(super) filter: ActivityFilter,
    /// The time that the charts show.
    pub(super) span: Span,
    pub(super) paging: Paging,
}

impl Wanted {
    /// Reads an address. Times are in the viewer's zone, or have their own.
    pub(super) fn read(
        form: &Form,
        zone: &TimeZone,
        now: Timestamp,
    ) -> Result<Self, ProvisionError> {
        let mut problems = Vec::new();
        let mut pairs = form.pairs().to_vec();
        for (name, value) in &mut pairs {
            *value = value.trim().to_owned();
            if matches!(name.as_str(), "from" | "until") {
                match time(value, zone) {
                    Ok(time) => *value = time,
                    Err(detail) => {
                        let pointer = format!("?{name}");
                        problems.push(Problem { pointer, detail });
                        value.clear();
                    }
                }
            }
        }
        let mut query = Query::new(&pairs, &KNOWN);
        let mut filter = query.activity();
        let paging = query.paging();
        add(query.finish(), &mut problems)?;
        let lately = match form.get("span").map(str::parse) {
            None => Lately::default(),
            Some(Ok(lately)) => lately,
            Some(Err(error)) => {
                add(Err(error), &mut problems)?;
                Lately::default()
            }
        };
        if !problems.is_empty() {
            return Err(ProvisionError::Invalid(problems));
        }
        let end = filter.until.unwrap_or(now);
        let span = match filter.from {
            Some(from) => between(from, end),
            None => Span::lately(end, lately),
        };
        filter.from = Some(span.from);
        Ok(Self {
            filter,
            span,
            paging,
        })
    }
}

/// Keeps what is wrong with the address; any other error stays one.
fn add(
    result: Result<(), ProvisionError>,
    problems: &mut Vec<Problem>,
) -> Result<(), ProvisionError> {
    if let Err(error) = result {
        problems.extend(Wrong::of(error)?.0);
    }
    Ok(())
}

/// A time as the query of the API has it.
fn time(text: &str, zone: &TimeZone) -> Result<String, String> {
    if text.is_empty() || text.parse::<Timestamp>().is_ok() {
        return Ok(text.to_owned());
    }
    part::read_local(text, zone).map(|at| at.to_string())
}

/// The span between two times, in steps of a usual length.
fn between(from: Timestamp, until: Timestamp) -> Span {
    let seconds = until.duration_since(from).as_secs();
    let fits = |step: &i64| *step * MOST_STEPS >= seconds;
    let day = SignedDuration::from_hours(24).as_secs();
    let step = STEPS.into_iter().find(fits);
    let step = step.unwrap_or((seconds / MOST_STEPS / day + 1) * day);
    Span {
        from,
        until,
        step: SignedDuration::from_secs(step),
    }
}

/// The form that asks.
pub(super) fn controls(form: &Form, names: &Names, wrong: &Wrong) -> Markup {
    let field = |name, label, hint, pointer| Field {
        name,
        label,
        hint,
        pointer,
        wrong,
    };
    let text = |name| form.get(name).unwrap_or_default();
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
                (moment(form, wrong, "from", "From (your time)"))
                (moment(form, wrong, "until", "Until (your time)"))
                div.field {
                    div.choice {
                        input #is_error type="checkbox" name="is_error" value="true" checked[form.is("is_error", "true")];
                        label for="is_error" { "Errors only" }
                    }
                }
            }
            p.hint { "From and until take the place of the time span." }
            div.actions {
                button type="submit" { "Show" }
                a href=(PATH) { "Reset" }
            }
        }
    }
}

/// A time in the viewer's zone. One that came with a zone of its own is shown as it came.
fn moment(form: &Form, wrong: &Wrong, name: &str, label: &str) -> Markup {
    let value = form.get(name).unwrap_or_default();
    let kind = match value.parse::<Timestamp>() {
        Ok(_) => "text",
        Err(_) => "datetime-local",
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

fn spans(form: &Form) -> Vec<Choice> {
    let chosen = form.read("span").unwrap_or_default();
    let all = Lately::ALL.into_iter().map(|lately| {
        let label = match lately {
            Lately::Hour => "Last hour",
            Lately::Day => "Last 24 hours",
            Lately::Week => "Last 7 days",
            Lately::Month => "Last 30 days",
            Lately::Quarter => "Last 90 days",
        };
        choice(&lately, label, lately == chosen)
    });
    all.collect()
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
    let all = OutcomeWord::value_variants().iter().filter_map(|word| {
        let value = word.to_possible_value()?;
        let label = value
            .get_help()
            .map(ToString::to_string)
            .unwrap_or_default();
        let is_chosen = form.is("outcome", value.get_name());
        Some(choice(&value.get_name(), label, is_chosen))
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

    const NOW: &str = "2026-11-23T14:05:00Z";

    fn wanted(query: &str) -> Result<Wanted, ProvisionError> {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        Wanted::read(&Form::parse(query.as_bytes()), &zone, NOW.parse().unwrap())
    }

    fn wrong(query: &str) -> Vec<String> {
        let wrong = Wrong::of(wanted(query).unwrap_err()).unwrap();
        wrong.0.into_iter().map(|problem| problem.pointer).collect()
    }

    #[test]
    fn without_a_word_it_is_the_last_day() {
        let wanted = wanted("server_id=&tool=&from=&until=").unwrap();
        let day = Span::lately(NOW.parse().unwrap(), Lately::Day);
        assert_eq!(wanted.span, day);
        assert_eq!(wanted.filter.from, Some(day.from));
        assert_eq!(wanted.filter.until, None);
    }

    #[test]
    fn times_are_in_the_viewers_zone_unless_they_have_one() {
        let wanted = wanted("from=2026-11-01T00%3A00&until=2026-11-02T00%3A00%3A00Z").unwrap();
        assert_eq!(
            wanted.filter.from,
            Some("2026-10-31T23:00:00Z".parse().unwrap())
        );
        assert_eq!(
            wanted.filter.until,
            Some("2026-11-02T00:00:00Z".parse().unwrap())
        );
        assert_eq!(wanted.span.from, wanted.filter.from.unwrap());
        assert_eq!(wanted.span.until, wanted.filter.until.unwrap());
        assert_eq!(wanted.span.step, SignedDuration::from_mins(30));
    }

    #[test]
    fn a_span_has_few_steps_however_long_it_is() {
        for (from, until) in [
            ("2026-11-23T14:00:00Z", "2026-11-23T14:00:01Z"),
            ("2026-01-01T00:00:00Z", "2026-11-23T14:00:00Z"),
            ("-000500-01-01T00:00:00Z", "2026-11-23T14:00:00Z"),
            ("2026-11-23T14:00:00Z", "2026-11-23T13:00:00Z"),
        ] {
            let span = between(from.parse().unwrap(), until.parse().unwrap());
            let length = span.until.duration_since(span.from).as_secs();
            let step = span.step.as_secs();
            assert!(step >= 60 && length <= step * MOST_STEPS, "{from}");
        }
    }

    #[test]
    fn everything_that_is_wrong_is_told() {
        let wrong = wrong("from=2026-03-29T02%3A30&until=soon&span=2h&outcome=good&sort=up");
        let mut wrong: Vec<&str> = wrong.iter().map(String::as_str).collect();
        wrong.sort_unstable();
        assert_eq!(wrong, ["?from", "?outcome", "?sort", "?span", "?until"]);
    }
}
