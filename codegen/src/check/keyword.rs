//! Keywords that nobody would read.

use serde_json::Value;

use crate::diagnostic::{Diagnostics, Pointer, closest};

/// What can be meant by a keyword that is not known.
const KNOWN: &[&str] = &[
    "additionalProperties",
    "allOf",
    "allowEmptyValue",
    "allowReserved",
    "anyOf",
    "callbacks",
    "components",
    "content",
    "default",
    "delete",
    "deprecated",
    "description",
    "discriminator",
    "encoding",
    "enum",
    "example",
    "examples",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "explode",
    "externalDocs",
    "format",
    "get",
    "headers",
    "info",
    "items",
    "links",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "multipleOf",
    "name",
    "not",
    "nullable",
    "oneOf",
    "operationId",
    "parameters",
    "patch",
    "paths",
    "pattern",
    "post",
    "properties",
    "put",
    "readOnly",
    "requestBodies",
    "requestBody",
    "required",
    "responses",
    "schema",
    "schemas",
    "security",
    "securitySchemes",
    "servers",
    "style",
    "summary",
    "tags",
    "title",
    "type",
    "uniqueItems",
    "writeOnly",
];

/// `openapiv3` drops what it does not know; a misspelt keyword would vanish without a word.
pub(super) fn lost(
    original: &Value,
    kept: &Value,
    pointer: &Pointer,
    diagnostics: &mut Diagnostics,
) {
    match (original, kept) {
        (Value::Object(original), Value::Object(kept)) => {
            for (key, value) in original {
                match kept.get(key) {
                    Some(kept) => lost(value, kept, &pointer.at(key), diagnostics),
                    None if says_nothing(value) => {}
                    // A reference that is not text is reported as such.
                    None if key == "$ref" => {}
                    None => {
                        let message =
                            format!("the keyword `{key}` is not known here and would be ignored");
                        let help = match closest(key, KNOWN) {
                            Some(known) => format!(
                                "did you mean `{known}`? Otherwise move it to where it belongs, or delete it"
                            ),
                            None => "move it to where it belongs, or delete it".to_owned(),
                        };
                        diagnostics.error("unknown-keyword", &pointer.at(key), message, help);
                    }
                }
            }
        }
        (Value::Array(original), Value::Array(kept)) => {
            for (index, (original, kept)) in original.iter().zip(kept).enumerate() {
                lost(original, kept, &pointer.at(index), diagnostics);
            }
        }
        _ => {}
    }
}

/// Whether leaving the value out means the same.
fn says_nothing(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(map) => map.is_empty(),
        Value::String(text) => matches!(text.as_str(), "form" | "simple"),
        _ => false,
    }
}
