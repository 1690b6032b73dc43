//! `OpenAPI` Overlay 1.0: each action is applied on its own, so that one that does nothing is noticed.

use enumset::EnumSet;
use roas_overlay::apply::{Apply, ApplyOptions};
use roas_overlay::v1_0::Overlay;
use roas_overlay::validation::Validate;
use serde_json::{Value, json};

use crate::diagnostic::{Diagnostic, Diagnostics, Pointer};
use crate::document::{Source, parse};

const ACTION_MATCHES_NOTHING: &str =
    "the document has changed under this action: adapt its target, or delete it";
const ACTION_CHANGES_NOTHING: &str = "the document is already right: delete this action";

/// Applies every action of an overlay to the document, in order, and reports each one that fails.
pub(crate) fn apply(document: &mut Value, source: Source<'_>) -> Vec<Diagnostic> {
    let overlay = match parse(source) {
        Ok(overlay) => overlay,
        Err(found) => return found,
    };
    let mut diagnostics = Diagnostics::new(source.name);
    let Some(actions) = actions(&overlay, &mut diagnostics) else {
        return diagnostics.into_vec();
    };
    for (index, action) in actions.iter().enumerate() {
        let pointer = Pointer::root().join(["actions".to_owned(), index.to_string()]);
        apply_action(document, &overlay, action, &pointer, &mut diagnostics);
    }
    diagnostics.into_vec()
}

fn actions<'a>(overlay: &'a Value, diagnostics: &mut Diagnostics) -> Option<&'a Vec<Value>> {
    let help = "an overlay starts with `overlay: 1.0.0`, `info` and a list of `actions`";
    let version = overlay
        .get("overlay")
        .and_then(Value::as_str)
        .unwrap_or("none");
    if !version.starts_with("1.0.") {
        let pointer = Pointer::root().at("overlay");
        diagnostics.error(
            "overlay-version",
            &pointer,
            format!("overlay version is {version}, 1.0 is needed"),
            help,
        );
        return None;
    }
    let actions = overlay.get("actions").and_then(Value::as_array);
    if actions.is_none_or(Vec::is_empty) {
        let pointer = Pointer::root().at("actions");
        diagnostics.error(
            "overlay-actions",
            &pointer,
            "the overlay has no list of actions",
            help,
        );
        return None;
    }
    actions
}

fn apply_action(
    document: &mut Value,
    overlay: &Value,
    action: &Value,
    pointer: &Pointer,
    diagnostics: &mut Diagnostics,
) {
    let name = name_of(action);
    if let Some(unknown) = unknown_member(action) {
        let message = format!("{name}: `{unknown}` is not a member of an action");
        diagnostics.error(
            "overlay-action",
            &pointer.at(unknown),
            message,
            "use target, description, update or remove",
        );
        return;
    }
    // The other members of the overlay are kept so that its own validation sees the whole.
    let single = json!({ "overlay": "1.0.0", "info": overlay["info"], "actions": [action] });
    let parsed = serde_json::from_value::<Overlay>(single)
        .map_err(|error| error.to_string())
        .and_then(|parsed| match parsed.validate(EnumSet::empty()) {
            Ok(()) => Ok(parsed),
            Err(error) => Err(error.to_string()),
        });
    let parsed = match parsed {
        Ok(parsed) => parsed,
        Err(error) => {
            let help = "see the OpenAPI Overlay Specification 1.0, section Action Object";
            diagnostics.error("overlay-action", pointer, format!("{name}: {error}"), help);
            return;
        }
    };
    let before = document.clone();
    match parsed.apply(document, ApplyOptions::ErrorOnZeroMatch.into()) {
        Err(error) => {
            let message = format!("{name}: {error}");
            diagnostics.error("overlay-no-match", pointer, message, ACTION_MATCHES_NOTHING);
        }
        Ok(_) if *document == before => {
            let message = format!("{name}: changes nothing");
            diagnostics.error("overlay-obsolete", pointer, message, ACTION_CHANGES_NOTHING);
        }
        Ok(_) => {}
    }
}

/// How a person finds the action: by its description, else by its target.
fn name_of(action: &Value) -> String {
    let text = |member: &str| action.get(member).and_then(Value::as_str);
    match (text("description"), text("target")) {
        (Some(description), _) => format!("action \"{}\"", first_words(description)),
        (None, Some(target)) => format!("action on {target}"),
        (None, None) => "action".to_owned(),
    }
}

fn first_words(description: &str) -> String {
    let line = description.lines().next().unwrap_or_default();
    match line.char_indices().nth(80) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}

fn unknown_member(action: &Value) -> Option<&str> {
    let known = ["target", "description", "update", "remove"];
    let members = action.as_object()?.keys().map(String::as_str);
    members
        .filter(|member| !member.starts_with("x-"))
        .find(|member| !known.contains(member))
}
