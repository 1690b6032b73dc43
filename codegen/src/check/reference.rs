//! `$ref`: every target exists.

use serde_json::Value;

use crate::diagnostic::{Diagnostics, Pointer};

pub(super) fn check(document: &Value, diagnostics: &mut Diagnostics) {
    let mut found = Vec::new();
    collect(document, &Pointer::root(), &mut found);
    for (pointer, reference) in &found {
        dangling(document, pointer, reference, diagnostics);
    }
}

/// The name of the component that a reference points to, `prefix` being the place of its kind.
pub(crate) fn component_name(reference: &str, prefix: &str) -> Option<String> {
    let token = reference.strip_prefix(prefix)?;
    (!token.contains('/')).then(|| unescape(token))
}

/// A token of a JSON Pointer as the name that it stands for.
pub(super) fn unescape(token: &str) -> String {
    token.replace("~1", "/").replace("~0", "~")
}

/// All references below a value, with the place of the object that holds each.
fn collect<'a>(value: &'a Value, pointer: &Pointer, found: &mut Vec<(Pointer, &'a Value)>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                // A property may well be called `$ref`; its schema is an object then.
                if key == "$ref" && !value.is_object() {
                    found.push((pointer.at(key), value));
                } else {
                    collect(value, &pointer.at(key), found);
                }
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                collect(item, &pointer.at(index), found);
            }
        }
        _ => {}
    }
}

fn dangling(document: &Value, pointer: &Pointer, reference: &Value, diagnostics: &mut Diagnostics) {
    let help = "only targets of this document, such as #/components/schemas/Name, can be used";
    match reference.as_str() {
        None => {
            diagnostics.error(
                "reference",
                pointer,
                format!("a reference must be text, found {reference}"),
                help,
            );
        }
        Some(text) => {
            let target = text
                .strip_prefix('#')
                .and_then(|target| document.pointer(target));
            if target.is_none() {
                diagnostics.error(
                    "reference",
                    pointer,
                    format!("nothing is found at `{text}`"),
                    help,
                );
            }
        }
    }
}
