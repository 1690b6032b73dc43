//! Everything that can be said about a document before its meaning is looked at.

mod path;
pub(crate) use path::template_names;
mod reference;
mod structure;

use openapiv3::OpenAPI;
use serde_json::Value;

use crate::diagnostic::{Diagnostics, Pointer};

/// The HTTP methods whose operations are generated, as the document spells them.
pub(crate) const METHODS: &[&str] = &["get", "post", "put", "patch", "delete"];

/// Checks the whole document and, if nothing is wrong, reads it into types.
pub(crate) fn check(document: &Value, diagnostics: &mut Diagnostics) -> Option<OpenAPI> {
    if !is_supported_version(document, diagnostics) {
        return None;
    }
    let typed = structure::check(document, diagnostics);
    reference::check(document, diagnostics);
    path::check(document, diagnostics);
    operation_ids(document, diagnostics);
    typed.filter(|_| !diagnostics.has_errors())
}

fn is_supported_version(document: &Value, diagnostics: &mut Diagnostics) -> bool {
    let version = ["openapi", "swagger"].iter().find_map(|member| {
        let value = document.get(*member)?;
        Some(
            value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned),
        )
    });
    let message = match version.as_deref() {
        Some(version) if version.starts_with("3.0.") && document.get("openapi").is_some() => {
            return true;
        }
        Some(version) => format!("the document is written in version {version}"),
        None => "the document does not say which OpenAPI version it is written in".to_owned(),
    };
    let help = "convert the document to OpenAPI 3.0.x and set `openapi: 3.0.3`";
    diagnostics.error("version", &Pointer::root().at("openapi"), message, help);
    false
}

/// Every operation of the document with its place.
pub(crate) fn operations(document: &Value) -> Vec<(Pointer, &str, &str, &Value)> {
    let paths = document.get("paths").and_then(Value::as_object);
    let mut found = Vec::new();
    for (path, item) in paths.into_iter().flatten() {
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
