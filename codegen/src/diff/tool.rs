//! Tools: names, what filters select, and whether they are served.

use super::pairs::{Pairs, pair};
use super::{Audience, Changes, argument, method};
use crate::ir::{Effect, Operation, Tool};

pub(super) fn compare(pairs: &Pairs<'_>, changes: &mut Changes) {
    let operations = &pairs.operations;
    // A tool belongs to its operation, but its name may live on with another one.
    let others = pair(
        operations.removed.iter().copied(),
        operations.added.iter().copied(),
        &[&|a: &Operation, b: &Operation| a.tool.name == b.tool.name],
    );
    for operation in &others.removed {
        let text = method::removed(pairs.new, operation);
        changes.breaking(Audience::ToolCallers, &operation.tool.name, text);
    }
    for operation in &others.added {
        let text = if operation.tool.reviewed {
            "new"
        } else {
            "new, not reviewed: served on request only"
        };
        changes.harmless(Audience::ToolCallers, &operation.tool.name, text);
    }
    for (old, new) in &others.kept {
        let text = format!("calls another operation: {}, was {}", new.id, old.id);
        changes.harmless(Audience::ToolCallers, &old.tool.name, text);
    }
    for (old, new) in operations.kept.iter().chain(&others.kept) {
        names(&old.tool, &new.tool, changes);
        selection(&old.tool, &new.tool, changes);
        argument::compare(pairs, old, new, changes);
    }
}

/// Every name by which the tool can be called.
fn callable(tool: &Tool) -> Vec<&str> {
    let mut names = vec![tool.name.as_str(), tool.short_name.as_str()];
    names.extend(tool.aliases.iter().map(String::as_str));
    names
}

fn names(old: &Tool, new: &Tool, changes: &mut Changes) {
    let subject = &old.name;
    let (was, is) = (callable(old), callable(new));
    let renamed = [
        ("name", &old.name, &new.name),
        ("short name", &old.short_name, &new.short_name),
    ];
    for (what, old_name, new_name) in renamed {
        if old_name != new_name {
            let is_callable = is.contains(&old_name.as_str());
            let hint = if is_callable {
                ", which can still be called"
            } else {
                ""
            };
            let text = format!("{what} is `{new_name}`, was `{old_name}`{hint}");
            changes.add(!is_callable, Audience::ToolCallers, subject, text);
        }
    }
    for alias in &old.aliases {
        if !is.contains(&alias.as_str()) {
            let text = format!("alias `{alias}` removed");
            changes.breaking(Audience::ToolCallers, subject, text);
        }
    }
    for alias in &new.aliases {
        if !was.contains(&alias.as_str()) {
            changes.harmless(
                Audience::ToolCallers,
                subject,
                format!("new alias `{alias}`"),
            );
        }
    }
}

fn selection(old: &Tool, new: &Tool, changes: &mut Changes) {
    let subject = &old.name;
    if old.class != new.class {
        let text = format!(
            "class is {}, was {}: filters select other tools",
            word(new.class),
            word(old.class)
        );
        changes.breaking(Audience::ToolCallers, subject, text);
    }
    if old.tag != new.tag {
        let text = format!(
            "tag is {}, was {}: filters select other tools",
            new.tag, old.tag
        );
        changes.breaking(Audience::ToolCallers, subject, text);
    }
    if old.effect != new.effect {
        let was_read = old.effect == Effect::Read;
        let hint = if was_read {
            ": servers that only read no longer have it"
        } else {
            ""
        };
        let text = format!(
            "effect is {}, was {}{hint}",
            word(new.effect),
            word(old.effect)
        );
        changes.add(was_read, Audience::ToolCallers, subject, text);
    }
    let hints = [
        ("additive", old.additive, new.additive),
        ("idempotent", old.idempotent, new.idempotent),
    ];
    for (hint, was, is) in hints {
        if was != is {
            let not = if is { "" } else { "not " };
            let text = format!("hint: {not}{hint}");
            changes.harmless(Audience::ToolCallers, subject, text);
        }
    }
    if old.one_of != new.one_of {
        let text = match new.one_of.as_slice() {
            [] => "no longer needs one of several arguments".to_owned(),
            names => format!("needs at least one of {}", names.join(", ")),
        };
        let is_stricter = !new.one_of.is_empty()
            && (old.one_of.is_empty() || !old.one_of.iter().all(|name| new.one_of.contains(name)));
        changes.add(is_stricter, Audience::ToolCallers, subject, text);
    }
    match (old.reviewed, new.reviewed) {
        (true, false) => {
            let text = "no longer reviewed: served on request only";
            changes.breaking(Audience::ToolCallers, subject, text);
        }
        (false, true) => changes.harmless(Audience::ToolCallers, subject, "reviewed"),
        _ => {}
    }
}

/// A class or an effect as the document spells it.
fn word(value: impl std::fmt::Debug) -> String {
    format!("{value:?}").to_lowercase()
}
