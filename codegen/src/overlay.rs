//! `OpenAPI` Overlay 1.0: each action is applied on its own, so that one that does nothing is noticed.

use serde_json::Value;
use serde_json_path::{JsonPath, NormalizedPath};

use crate::diagnostic::{Diagnostic, Diagnostics, Pointer};
use crate::document::{Source, levels, parse};

const ACTION_MATCHES_NOTHING: &str =
    "the document has changed under this action: adapt its target, or delete it";
const ACTION_HELP: &str =
    "an action has a target and either update or remove: true, and may have a description";
const ACTION_CHANGES_NOTHING: &str = "the document is already right: delete this action";

/// The parser of targets takes twice as long for each filter within a filter, and a part of the stack for each bracket.
const DEEPEST_TARGET: usize = 12;
/// As many levels as a document can have when it is read.
const DEEPEST_DOCUMENT: usize = 128;

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
        apply_action(document, action, &pointer, &mut diagnostics);
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
    action: &Value,
    pointer: &Pointer,
    diagnostics: &mut Diagnostics,
) {
    let name = name_of(action);
    let mut fail = |code, pointer: &Pointer, problem: String, help: &str| {
        diagnostics.error(code, pointer, format!("{name}: {problem}"), help);
    };
    if let Some(unknown) = unknown_member(action) {
        let problem = format!("`{unknown}` is not a member of an action");
        return fail("overlay-action", &pointer.at(unknown), problem, ACTION_HELP);
    }
    let change = match change(action) {
        Ok(change) => change,
        Err(problem) => return fail("overlay-action", pointer, problem.to_owned(), ACTION_HELP),
    };
    let target = action
        .get("target")
        .and_then(Value::as_str)
        .unwrap_or_default();
    if nesting(target) > DEEPEST_TARGET {
        return fail(
            "overlay-action",
            &pointer.at("target"),
            format!("the target has more than {DEEPEST_TARGET} brackets within each other"),
            "name the place in a simpler way",
        );
    }
    let path = match JsonPath::parse(target) {
        Ok(path) => path,
        Err(error) => {
            let problem = format!("`{target}` is not a JSONPath: {error}");
            return fail(
                "overlay-action",
                &pointer.at("target"),
                problem,
                "see RFC 9535",
            );
        }
    };
    let found = path.query_located(document).dedup();
    if let Some(scalar) = found
        .iter()
        .find(|found| !found.node().is_object() && !found.node().is_array())
    {
        let problem = format!(
            "the target selects a plain value at #{}",
            scalar.location().to_json_pointer()
        );
        return fail(
            "overlay-target",
            &pointer.at("target"),
            problem,
            "select the object or list that holds it",
        );
    }
    let places: Vec<String> = found
        .locations()
        .map(NormalizedPath::to_json_pointer)
        .collect();
    if places.is_empty() {
        let problem = format!("nothing matches `{target}`");
        return fail(
            "overlay-no-match",
            &pointer.at("target"),
            problem,
            ACTION_MATCHES_NOTHING,
        );
    }
    if let Change::Update(update) = change {
        let deepest = places.iter().map(|place| place.matches('/').count()).max();
        if deepest.unwrap_or_default() + levels(update) > DEEPEST_DOCUMENT {
            return fail(
                "overlay-action",
                &pointer.at("update"),
                format!("the document would get more than {DEEPEST_DOCUMENT} levels"),
                "move what is inside to a component and refer to it",
            );
        }
    }
    if !apply_change(document, &change, &places) {
        fail(
            "overlay-obsolete",
            pointer,
            "changes nothing".to_owned(),
            ACTION_CHANGES_NOTHING,
        );
    }
}

/// What an action does to the places that it selects.
enum Change<'a> {
    Update(&'a Value),
    Remove,
}

fn change(action: &Value) -> Result<Change<'_>, &'static str> {
    if !action.get("target").is_some_and(Value::is_string) {
        return Err("it has no target");
    }
    match (action.get("update"), action.get("remove")) {
        (Some(update), None | Some(Value::Bool(false))) => Ok(Change::Update(update)),
        (None, Some(Value::Bool(true))) => Ok(Change::Remove),
        (Some(_), Some(_)) => Err("it has both `update` and `remove`"),
        (None, _) => Err("it has neither `update` nor `remove: true`"),
    }
}

/// Whether anything is different afterwards.
fn apply_change(document: &mut Value, change: &Change<'_>, places: &[String]) -> bool {
    let mut changed = false;
    // From the last to the first: a removal moves what stands behind it.
    for place in places.iter().rev() {
        changed |= match change {
            Change::Update(update) => match document.pointer_mut(place) {
                Some(Value::Array(items)) => {
                    items.push((*update).clone());
                    true
                }
                Some(node) => merge(node, update),
                None => false,
            },
            Change::Remove => remove(document, place),
        };
    }
    changed
}

/// The specification's merge: objects member by member, lists one after the other, anything else replaced.
fn merge(node: &mut Value, update: &Value) -> bool {
    match (node, update) {
        (Value::Object(members), Value::Object(updates)) => {
            let mut changed = false;
            for (name, update) in updates {
                if let Some(member) = members.get_mut(name) {
                    changed |= merge(member, update);
                } else {
                    members.insert(name.clone(), update.clone());
                    changed = true;
                }
            }
            changed
        }
        (Value::Array(items), Value::Array(more)) => {
            items.extend_from_slice(more);
            !more.is_empty()
        }
        (node, update) if node == update => false,
        (node, update) => {
            *node = update.clone();
            true
        }
    }
}

fn remove(document: &mut Value, place: &str) -> bool {
    let Some((parent, token)) = place.rsplit_once('/') else {
        return false;
    };
    let token = token.replace("~1", "/").replace("~0", "~");
    match document.pointer_mut(parent) {
        // What follows keeps its order.
        Some(Value::Object(members)) => members.shift_remove(&token).is_some(),
        Some(Value::Array(items)) => match token.parse::<usize>() {
            Ok(index) if index < items.len() => {
                items.remove(index);
                true
            }
            _ => false,
        },
        _ => false,
    }
}

/// How many brackets are open at once.
fn nesting(target: &str) -> usize {
    let mut open = 0_usize;
    let mut most = 0;
    for c in target.chars() {
        match c {
            '[' | '(' => open += 1,
            ']' | ')' => open = open.saturating_sub(1),
            _ => {}
        }
        most = most.max(open);
    }
    most
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
