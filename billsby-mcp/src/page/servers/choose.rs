//! The part of the form that chooses tools: by what they do, by group, and one by one.

use maud::{Markup, html};

use super::draft::Draft;
use super::preset::Preset;
use super::tools;
use crate::page::form::Wrong;
use crate::page::part::{self, Choice, Field};
use crate::tool::{Group, Tool};

const METHODS: [(Group, &str, &str); 3] = [
    (Group::Read, "Read", "Lists and looks up."),
    (Group::Write, "Write", "Creates, updates and deletes."),
    (
        Group::Custom,
        "Custom",
        "Everything else: refunds, plan changes, payments.",
    ),
];

/// The presets.
pub(super) fn presets(draft: &Draft, wrong: &Wrong) -> Markup {
    let choices = Preset::ALL.map(|preset| Choice {
        value: preset.as_str().to_owned(),
        label: preset.label().to_owned(),
        hint: preset.hint().to_owned(),
        is_chosen: preset == draft.preset,
    });
    let field = Field {
        name: "preset",
        label: "Which tools",
        hint: "",
        pointer: "/preset",
        wrong,
    };
    part::radios(&field, &choices)
}

/// The boxes, which count where no preset does.
pub(super) fn boxes(draft: &Draft, wrong: &Wrong) -> Markup {
    let methods = Field {
        name: "methods",
        label: "What they may do",
        hint: "What counts is the effect: the call that e-mails a customer is no read, whatever it is named after.",
        pointer: "/config/methods",
        wrong,
    };
    let tags = Field {
        name: "tags",
        label: "Groups",
        hint: "None ticked: tools of all groups.",
        pointer: "/config/tags",
        wrong,
    };
    html! {
        details.own open[draft.preset == Preset::Custom] {
            summary { "My own choice" }
            @if draft.preset != Preset::Custom {
                p.hint {
                    "These boxes show what \"" (draft.preset.label()) "\" serves. They count once \"My own choice\" \
                     is chosen above; press \"Change this choice\" below to start from them."
                }
            }
            (part::boxes(&methods, &method_choices(&draft.config.methods)))
            (part::boxes(&tags, &tag_choices(&draft.config.tags)))
            (single(draft, wrong))
        }
    }
}

fn method_choices(chosen: &[String]) -> Vec<Choice> {
    let groups = METHODS.iter().map(|(group, label, hint)| Choice {
        value: group.as_str().to_owned(),
        label: (*label).to_owned(),
        hint: (*hint).to_owned(),
        is_chosen: chosen.iter().any(|method| method == group.as_str()),
    });
    let is_group = |method: &str| METHODS.iter().any(|(group, ..)| group.as_str() == method);
    let exact = chosen.iter().filter(|method| !is_group(method));
    groups
        .chain(exact.map(|method| ticked(method, "only this method")))
        .collect()
}

fn tag_choices(chosen: &[String]) -> Vec<Choice> {
    let tags = tags();
    let unknown = chosen.iter().filter(|tag| !tags.contains(&tag.as_str()));
    let unknown = unknown.map(|tag| ticked(tag, "there is no such group"));
    let known = tags.iter().map(|tag| {
        let count = of_tag(tag).count();
        Choice {
            value: (*tag).to_owned(),
            label: format!("{} ({count})", tools::tag(tag)),
            hint: String::new(),
            is_chosen: chosen.iter().any(|known| known == tag),
        }
    });
    known.chain(unknown).collect()
}

/// What was set, is none of the boxes there are, and must not get lost.
fn ticked(value: &str, hint: &str) -> Choice {
    Choice {
        value: value.to_owned(),
        label: value.to_owned(),
        hint: hint.to_owned(),
        is_chosen: true,
    }
}

/// Tools one by one.
fn single(draft: &Draft, wrong: &Wrong) -> Markup {
    let (only, without) = (&draft.config.tools, &draft.config.exclude_tools);
    let problems: Vec<&str> = ["/config/tools", "/config/exclude_tools"]
        .into_iter()
        .flat_map(|pointer| wrong.at(pointer))
        .collect();
    let is_open = !only.is_empty() || !without.is_empty() || !problems.is_empty();
    let is_gone = |name: &&String| !crate::tools().any(|tool| tool.name == name.as_str());
    let gone =
        |names: &[String]| -> Vec<String> { names.iter().filter(is_gone).cloned().collect() };
    html! {
        details #single-tools open[is_open] {
            summary { "Single tools" }
            p.hint {
                "Tick \"only\" at some, and no others are served; tick \"not\", and a tool is left out. \
                 A tool has to pass all of it: these boxes, its group, and what it does."
            }
            @if !problems.is_empty() { ul.error { @for problem in problems { li { (problem) } } } }
            div.scroll tabindex="0" role="region" aria-label="Single tools" {
                table {
                    caption.hidden { "Single tools" }
                    thead { tr {
                        th scope="col" { "Tool" }
                        th scope="col" { "Only" }
                        th scope="col" { "Not" }
                    } }
                    @for tag in tags() {
                        tbody {
                            tr { th scope="rowgroup" colspan="3" { (tools::tag(tag)) } }
                            @for tool in of_tag(tag) { (row(tool, only, without)) }
                        }
                    }
                    tbody {
                        @for name in gone(only) { (gone_row(&name, "tools", "only")) }
                        @for name in gone(without) { (gone_row(&name, "exclude_tools", "not")) }
                    }
                }
            }
        }
    }
}

fn row(tool: &Tool, only: &[String], without: &[String]) -> Markup {
    let is_in = |names: &[String]| names.iter().any(|name| name == tool.name);
    html! {
        tr {
            th scope="row" {
                (tool.title) " " (part::effect(tool.effect))
                @if !tool.reviewed { " " span.badge { "not reviewed" } }
                br;
                code { (tool.name) }
            }
            (tick("tools", tool.name, is_in(only), &format!("only: {}", tool.title)))
            (tick("exclude_tools", tool.name, is_in(without), &format!("not: {}", tool.title)))
        }
    }
}

fn gone_row(name: &str, list: &str, word: &str) -> Markup {
    let label = format!("{word}: {name}");
    let empty = html! { td {} };
    let box_ = tick(list, name, true, &label);
    html! {
        tr {
            th scope="row" { code { (part::text(name)) } " " span.badge { "no such tool" } }
            @if word == "only" { (box_) (empty) } @else { (empty) (box_) }
        }
    }
}

fn tick(list: &str, name: &str, is_ticked: bool, label: &str) -> Markup {
    html! {
        td { div.choice { input type="checkbox" name=(list) value=(name) checked[is_ticked] aria-label=(label); } }
    }
}

/// The groups, in the order in which their first tools are listed.
fn tags() -> Vec<&'static str> {
    let mut tags = Vec::new();
    for tool in crate::tools() {
        if !tags.contains(&tool.tag) {
            tags.push(tool.tag);
        }
    }
    tags
}

fn of_tag(tag: &str) -> impl Iterator<Item = &'static Tool> {
    crate::tools().filter(move |tool| tool.tag == tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_box_keeps_one() {
        let chosen = ["read", "invoices.refund"].map(str::to_owned);
        let methods = method_choices(&chosen);
        let ticked: Vec<&str> = methods
            .iter()
            .filter(|choice| choice.is_chosen)
            .map(|choice| choice.value.as_str())
            .collect();
        assert_eq!(ticked, ["read", "invoices.refund"]);
        let tags = tag_choices(&["invoices".to_owned(), "gone".to_owned()]);
        let ticked: Vec<&str> = tags
            .iter()
            .filter(|choice| choice.is_chosen)
            .map(|choice| choice.label.as_str())
            .collect();
        assert_eq!(ticked, ["Invoices (8)", "gone"]);
        assert_eq!(tags.len(), super::tags().len() + 1);
    }
}
