//! Reading the document's own `x-billsby-…` keywords.

use indexmap::IndexMap;
use serde_json::Value;

use crate::diagnostic::{Diagnostics, Pointer, closest};

pub(super) type Extensions = IndexMap<String, Value>;

/// All keywords with a meaning here. Any other `x-billsby-…` is a misspelling.
const KNOWN: &[&str] = &[
    "x-billsby-aliases",
    "x-billsby-base-url",
    "x-billsby-brief",
    "x-billsby-input-pattern",
    "x-billsby-key",
    "x-billsby-keys",
    "x-billsby-name",
    "x-billsby-new",
    "x-billsby-pagination",
    "x-billsby-resources",
    "x-billsby-tool",
    "x-billsby-type",
];

/// Reports keywords of ours that nobody would read.
pub(super) fn check_names(document: &Value, pointer: &Pointer, diagnostics: &mut Diagnostics) {
    match document {
        Value::Object(map) => {
            for (key, value) in map {
                if key.starts_with("x-billsby-") && !KNOWN.contains(&key.as_str()) {
                    let message = format!("`{key}` has no meaning here");
                    let help = match closest(key, KNOWN) {
                        Some(known) => format!("did you mean `{known}`?"),
                        None => format!("use one of {}", KNOWN.join(", ")),
                    };
                    diagnostics.error("unknown-extension", &pointer.at(key), message, help);
                }
                check_names(value, &pointer.at(key), diagnostics);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                check_names(item, &pointer.at(index), diagnostics);
            }
        }
        _ => {}
    }
}

/// A text value; any other type is reported.
pub(super) fn text(
    extensions: &Extensions,
    name: &str,
    pointer: &Pointer,
    diagnostics: &mut Diagnostics,
) -> Option<String> {
    let value = extensions.get(name)?;
    let text = value.as_str().map(str::to_owned);
    if text.is_none() {
        wrong(name, "text", value, pointer, diagnostics);
    }
    text
}

/// Whether something is said to be so; any other type is reported.
pub(super) fn flag(
    extensions: &Extensions,
    name: &str,
    pointer: &Pointer,
    diagnostics: &mut Diagnostics,
) -> bool {
    let Some(value) = extensions.get(name) else {
        return false;
    };
    value.as_bool().unwrap_or_else(|| {
        wrong(name, "true or false", value, pointer, diagnostics);
        false
    })
}

/// A list of texts; any other type is reported.
pub(super) fn texts(
    extensions: &Extensions,
    name: &str,
    pointer: &Pointer,
    diagnostics: &mut Diagnostics,
) -> Vec<String> {
    let Some(value) = extensions.get(name) else {
        return Vec::new();
    };
    as_texts(value).unwrap_or_else(|| {
        wrong(name, "a list of texts", value, pointer, diagnostics);
        Vec::new()
    })
}

/// The items of a list of texts.
pub(super) fn as_texts(value: &Value) -> Option<Vec<String>> {
    let items = value.as_array()?.iter();
    items.map(|item| item.as_str().map(str::to_owned)).collect()
}

/// An object; any other type is reported.
pub(super) fn object<'a>(
    extensions: &'a Extensions,
    name: &str,
    pointer: &Pointer,
    diagnostics: &mut Diagnostics,
) -> Option<&'a serde_json::Map<String, Value>> {
    let value = extensions.get(name)?;
    let object = value.as_object();
    if object.is_none() {
        wrong(name, "an object", value, pointer, diagnostics);
    }
    object
}

fn wrong(
    name: &str,
    expected: &str,
    found: &Value,
    pointer: &Pointer,
    diagnostics: &mut Diagnostics,
) {
    let message = format!("`{name}` must be {expected}, found {found}");
    let help = "openapi/README.md lists the keywords and their values";
    diagnostics.error("extension", &pointer.at(name), message, help);
}
