//! Operations as MCP tools.

use std::collections::BTreeMap;

use serde_json::Value;

use super::extension;
use crate::diagnostic::{Diagnostics, Pointer};
use crate::ir::{Api, Class, Effect, HttpMethod, Tool};

/// Clients put up to 43 characters of their own before a tool's name and allow 64.
const SHORT_NAME_LENGTH: usize = 21;

/// The tool of an operation: as the overlay says, or by these rules, and then unreviewed:
///
/// * the name is the operation id with an underscore for the dot;
/// * the short name is the method and the resource, cut to 21 characters;
/// * GET reads, DELETE cannot be undone, everything else writes.
pub(super) fn lower(
    operation: &openapiv3::Operation,
    resource: &str,
    method: &str,
    http: HttpMethod,
    pointer: &Pointer,
    diagnostics: &mut Diagnostics,
) -> Tool {
    let declared = extension::object(
        &operation.extensions,
        "x-billsby-tool",
        pointer,
        diagnostics,
    );
    let at = pointer.at("x-billsby-tool");
    let mut tool = by_rule(resource, method, http);
    if let Some(tag) = operation.tags.first() {
        tool.tag.clone_from(tag);
    }
    tool.description = operation.description.clone().unwrap_or_default();
    let Some(declared) = declared else {
        return tool;
    };
    tool.reviewed = true;
    let help = "x-billsby-tool has name, short, class, effect and, if there are any, aliases, hints and one_of";
    for member in ["name", "short", "class", "effect"] {
        if declared.get(member).and_then(Value::as_str).is_none() {
            diagnostics.error(
                "tool",
                &at,
                format!("`{member}` is missing or not text"),
                help,
            );
        }
    }
    for (member, value) in declared {
        let text = value.as_str().unwrap_or_default();
        let place = at.at(member);
        match member.as_str() {
            "name" => text.clone_into(&mut tool.name),
            "short" => text.clone_into(&mut tool.short_name),
            "class" => {
                tool.class = class(text).unwrap_or_else(|| {
                    let help = "use read, write or custom";
                    diagnostics.error("tool", &place, format!("`{text}` is not a class"), help);
                    tool.class
                });
            }
            "effect" => {
                tool.effect = effect(text).unwrap_or_else(|| {
                    let help = "use read, write, money, message, irreversible or accumulates";
                    diagnostics.error("tool", &place, format!("`{text}` is not an effect"), help);
                    tool.effect
                });
            }
            "aliases" => {
                tool.aliases = extension::as_texts(value).unwrap_or_else(|| {
                    diagnostics.error("tool", &place, "`aliases` is not a list of texts", help);
                    Vec::new()
                });
            }
            "hints" => hints(value, &mut tool, &place, diagnostics),
            "one_of" => {
                tool.one_of = extension::as_texts(value).unwrap_or_else(|| {
                    diagnostics.error("tool", &place, "`one_of` is not a list of texts", help);
                    Vec::new()
                });
            }
            other => diagnostics.error(
                "tool",
                &place,
                format!("`{other}` has no meaning here"),
                help,
            ),
        }
    }
    if tool.additive && !matches!(tool.effect, Effect::Write | Effect::Accumulates) {
        let message = "a call with this effect does more than add something";
        let help = "leave `additive` out, or correct the effect";
        diagnostics.error("tool", &at.at("hints"), message, help);
    }
    tool
}

/// What is known of a tool beyond its effect.
fn hints(value: &Value, tool: &mut Tool, place: &Pointer, diagnostics: &mut Diagnostics) {
    let help = "`hints` is a list of additive and idempotent";
    let Some(words) = extension::as_texts(value) else {
        diagnostics.error("tool", place, "`hints` is not a list of texts", help);
        return;
    };
    for word in words {
        match word.as_str() {
            "additive" => tool.additive = true,
            "idempotent" => tool.idempotent = true,
            other => {
                diagnostics.error("tool", place, format!("`{other}` is not a hint"), help);
            }
        }
    }
}

fn by_rule(resource: &str, method: &str, http: HttpMethod) -> Tool {
    let name = format!("{resource}_{method}");
    let mut short_name = format!("{method}_{resource}");
    short_name.truncate(SHORT_NAME_LENGTH);
    let (class, effect) = match http {
        HttpMethod::Get => (Class::Read, Effect::Read),
        HttpMethod::Delete => (Class::Write, Effect::Irreversible),
        HttpMethod::Post | HttpMethod::Put | HttpMethod::Patch => (Class::Write, Effect::Write),
    };
    Tool {
        name,
        short_name: short_name.trim_end_matches('_').to_owned(),
        aliases: Vec::new(),
        tag: resource.to_owned(),
        class,
        effect,
        reviewed: false,
        additive: false,
        idempotent: false,
        one_of: Vec::new(),
        description: String::new(),
    }
}

fn class(word: &str) -> Option<Class> {
    Some(match word {
        "read" => Class::Read,
        "write" => Class::Write,
        "custom" => Class::Custom,
        _ => return None,
    })
}

fn effect(word: &str) -> Option<Effect> {
    Some(match word {
        "read" => Effect::Read,
        "write" => Effect::Write,
        "money" => Effect::Money,
        "message" => Effect::Message,
        "irreversible" => Effect::Irreversible,
        "accumulates" => Effect::Accumulates,
        _ => return None,
    })
}

/// A tool is called by its name, its short name or an alias: each must be well formed and belong to one tool.
pub(super) fn check_names(api: &Api, diagnostics: &mut Diagnostics) {
    let mut taken: BTreeMap<&str, &Pointer> = BTreeMap::new();
    for operation in api.operations() {
        let tool = &operation.tool;
        let pointer = &operation.pointer;
        if !is_name(&tool.short_name, SHORT_NAME_LENGTH) {
            let message = format!("`{}` is not a short tool name", tool.short_name);
            let help = "use at most 21 characters of a-z, 0-9 and _, a letter first";
            diagnostics.error("tool-name", pointer, message, help);
        }
        let mut names: Vec<&str> = tool.aliases.iter().map(String::as_str).collect();
        names.push(&tool.name);
        for name in &names {
            if !is_name(name, 64) {
                let message = format!("`{name}` is not a tool name");
                let help = "use at most 64 characters of a-z, 0-9 and _, a letter first";
                diagnostics.error("tool-name", pointer, message, help);
            }
        }
        if tool.short_name != tool.name {
            names.push(&tool.short_name);
        }
        for name in names {
            if let Some(first) = taken.insert(name, pointer) {
                let message = format!("`{name}` is also a name of the tool of #{first}");
                let help = "give each tool names of its own in x-billsby-tool";
                diagnostics.error("tool-name", pointer, message, help);
            }
        }
    }
}

fn is_name(name: &str, longest: usize) -> bool {
    let legal = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    name.len() <= longest
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(legal)
}
