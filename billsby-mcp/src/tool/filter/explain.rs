//! What is wrong with a filter, in words that let somebody repair it.

use std::collections::BTreeSet;

use super::part::method;
use super::{FilterProblem, Group, Part, may_be_served};
use crate::tool::nearest::nearest;
use crate::tool::{Filter, Tool};

/// Every value that means no tool.
pub(super) fn wrong_values(filter: &Filter, tools: &[&'static Tool]) -> Vec<FilterProblem> {
    let mut problems = Vec::new();
    for part in Part::ALL {
        let mut tell = |index, problem| {
            problems.push(FilterProblem {
                part: Some(part),
                index,
                problem,
            });
        };
        if part == Part::Methods && filter.methods.is_empty() {
            tell(None, "name at least one of read, write, custom".to_owned());
        }
        for (index, value) in part.values(filter).iter().enumerate() {
            let mut tell = |problem| tell(Some(index), problem);
            let mut meant = tools.iter().filter(|tool| part.matches(value, tool));
            if meant.clone().any(|tool| may_be_served(filter, tool)) {
                continue;
            }
            match meant.next() {
                // Leaving out what is not served anyway does no harm.
                Some(_) if part == Part::ExcludeTools => {}
                Some(_) => tell(format!(
                    "\"{value}\" means only tools whose effect nobody has reviewed; they are served \
                     with include_unreviewed"
                )),
                // A group may be empty.
                None if part == Part::Methods && Group::ALL.iter().any(|g| g.as_str() == value) => {
                }
                None => tell(unknown(part, value, tools)),
            }
        }
    }
    problems
}

fn unknown(part: Part, value: &str, tools: &[&'static Tool]) -> String {
    if value.trim().is_empty() {
        return "a value is blank".to_owned();
    }
    let tools = || tools.iter().copied();
    let (what, candidates): (&str, Vec<&'static str>) = match part {
        Part::Methods => {
            let methods = tools().flat_map(|tool| method(tool).into_iter().chain([tool.operation]));
            let groups = Group::ALL.iter().map(|group| group.as_str());
            ("method", groups.chain(methods).collect())
        }
        Part::Tags => ("tag", tools().map(|tool| tool.tag).collect()),
        Part::Tools | Part::ExcludeTools => ("tool", tools().flat_map(Tool::names).collect()),
    };
    // The words of a filter may be anything; what is said about them stays short.
    let shown: String = value.chars().take(64).collect();
    if part == Part::Methods && tools().any(|tool| Part::Tools.matches(value, tool)) {
        return format!("\"{shown}\" is a tool, no method; it belongs in tools");
    }
    match nearest(value, candidates.iter().copied()) {
        Some(near) => format!("there is no {what} \"{shown}\"; did you mean {near}?"),
        None => format!(
            "there is no {what} \"{shown}\"; {}",
            known(part, candidates)
        ),
    }
}

/// Where nothing is near, what there is.
fn known(part: Part, mut candidates: Vec<&'static str>) -> String {
    match part {
        Part::Methods => {
            "use read, write, custom, or the name of a method such as list or invoices.refund"
                .to_owned()
        }
        Part::Tags => {
            // Tools of one tag need not follow each other.
            let mut seen = BTreeSet::new();
            candidates.retain(|tag| seen.insert(*tag));
            format!("the tags are {}", candidates.join(", "))
        }
        Part::Tools | Part::ExcludeTools => "TOOLS.md lists them".to_owned(),
    }
}

/// How the parts, one after the other, leave nothing, and which of them to widen.
pub(super) fn nothing_left(filter: &Filter, tools: &[&'static Tool]) -> String {
    let mut left: Vec<_> = tools
        .iter()
        .filter(|tool| may_be_served(filter, tool))
        .collect();
    let mut text = format!("no tool is left: of {} tools", left.len());
    let mut used = Vec::new();
    for part in Part::ALL {
        let values = part.values(filter);
        if values.is_empty() || left.is_empty() {
            continue;
        }
        left.retain(|tool| part.passes(filter, tool));
        used.push(format!(
            "{} {} leaves {}",
            part.as_str(),
            values.join(","),
            left.len()
        ));
    }
    text += ", ";
    text += &used.join(", of these ");
    let widen = Part::ALL.iter().filter_map(|without| {
        let count = tools
            .iter()
            .filter(|tool| may_be_served(filter, tool))
            .filter(|tool| {
                let mut others = Part::ALL.iter().filter(|part| *part != without);
                others.all(|part| part.passes(filter, tool))
            })
            .count();
        (count > 0).then(|| format!("with other {} there would be {count}", without.as_str()))
    });
    let widen: Vec<String> = widen.collect();
    if !widen.is_empty() {
        text += "; ";
        text += &widen.join(", ");
    }
    text
}
