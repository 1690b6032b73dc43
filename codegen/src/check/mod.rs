//! Everything that can be said about a document before its meaning is looked at.

mod graph;
mod keyword;
mod path;
pub(crate) use path::template_names;
mod reference;
pub(crate) use reference::component_name;
mod structure;

use openapiv3::OpenAPI;
use serde_json::Value;

use crate::diagnostic::{Diagnostics, Pointer};
use crate::document;

/// The HTTP methods whose operations are generated, as the document spells them.
pub(crate) const METHODS: &[&str] = &["get", "post", "put", "patch", "delete"];

/// `openapiv3` needs so much stack for each level that a thread of a test, with its 2 MiB, ends at about 36. The deepest
/// published documents have about 25.
const MOST_LEVELS: usize = 32;

/// Checks the whole document and, if nothing is wrong, reads it into types.
pub(crate) fn check(document: &Value, diagnostics: &mut Diagnostics) -> Option<OpenAPI> {
    if !is_supported_version(document, diagnostics) {
        return None;
    }
    if is_too_deep(document, diagnostics) {
        return None;
    }
    let typed = structure::check(document, diagnostics);
    reference::check(document, diagnostics);
    graph::check(document, diagnostics);
    path::check(document, diagnostics);
    operation_ids(document, diagnostics);
    typed.filter(|_| !diagnostics.has_errors())
}

/// Whether the document is written in a version that can be read; if not, that is reported.
pub(crate) fn is_supported_version(document: &Value, diagnostics: &mut Diagnostics) -> bool {
    let version = ["openapi", "swagger"]
        .into_iter()
        .find_map(|member| Some((member, document.get(member)?)));
    let (member, message) = match version {
        Some(("openapi", Value::String(version))) if version.starts_with("3.0.") => return true,
        Some((member, Value::String(version))) => {
            let message = format!("the document is written in version {version}");
            (member, message)
        }
        Some((member, _)) => (member, "the version is not text".to_owned()),
        None => {
            let message = "the document does not say which OpenAPI version it is written in";
            ("openapi", message.to_owned())
        }
    };
    let help = "convert the document to OpenAPI 3.0.x and set `openapi: 3.0.3`";
    diagnostics.error("version", &Pointer::root().at(member), message, help);
    false
}

fn is_too_deep(whole: &Value, diagnostics: &mut Diagnostics) -> bool {
    let levels = document::levels(whole);
    if levels <= MOST_LEVELS {
        return false;
    }
    let mut place = Pointer::root();
    let mut value = whole;
    for _ in 0..MOST_LEVELS {
        let below: Vec<(String, &Value)> = match value {
            Value::Object(map) => map
                .iter()
                .map(|(key, value)| (key.clone(), value))
                .collect(),
            Value::Array(items) => (0..)
                .map(|index: usize| index.to_string())
                .zip(items)
                .collect(),
            _ => Vec::new(),
        };
        let deepest = below
            .into_iter()
            .max_by_key(|(_, value)| document::levels(value));
        let Some((token, deepest)) = deepest else {
            break;
        };
        place = place.at(token);
        value = deepest;
    }
    let message = format!("the document has {levels} levels, {MOST_LEVELS} can be read");
    let help = "move what is inside here to a component and refer to it";
    diagnostics.error("too-deep", &place, message, help);
    true
}

/// Every operation of the document with its place.
pub(crate) fn operations(document: &Value) -> Vec<(Pointer, &str, &str, &Value)> {
    let paths = document.get("paths").and_then(Value::as_object);
    let mut found = Vec::new();
    let paths = paths.into_iter().flatten();
    for (path, item) in paths.filter(|(path, _)| !path.starts_with("x-")) {
        for (method, operation) in item.as_object().into_iter().flatten() {
            if METHODS.contains(&method.as_str()) {
                let pointer = Pointer::root().join(["paths", path, method]);
                found.push((pointer, path.as_str(), method.as_str(), operation));
            }
        }
    }
    found
}

fn operation_ids(document: &Value, diagnostics: &mut Diagnostics) {
    let mut seen: Vec<(&str, Pointer)> = Vec::new();
    for (pointer, _, _, operation) in operations(document) {
        let Some(id) = operation.get("operationId").and_then(Value::as_str) else {
            continue;
        };
        if let Some((_, first)) = seen.iter().find(|(other, _)| *other == id) {
            let message = format!("the operation id `{id}` is already used at #{first}");
            let help = "give each operation an id of its own";
            diagnostics.error("operation-id", &pointer.at("operationId"), message, help);
        } else {
            seen.push((id, pointer));
        }
    }
}
