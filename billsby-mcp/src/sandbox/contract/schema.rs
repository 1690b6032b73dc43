//! The document's schemas as JSON Schema.

use jiff::Timestamp;
use jsonschema::Validator;
use serde_json::{Map, Value, json};

use super::document;

/// Keywords that mean the same in both.
const SAME: [&str; 14] = [
    "enum",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "pattern",
    "required",
    "type",
    "uniqueItems",
    "format",
];

/// Keywords that say nothing about what is valid, besides those that begin with `x-`; `nullable` is
/// seen to.
const SILENT: [&str; 5] = ["description", "example", "nullable", "readOnly", "title"];

/// A validator of a body. It takes no property that the document does not know.
pub(super) fn validator(schema: &'static Value) -> Validator {
    // The dialect that the document's is made of: in later ones 1.0 is an integer.
    jsonschema::draft4::options()
        .should_validate_formats(true)
        .with_format("date-time", is_time)
        .offline()
        .build(&converted(schema))
        .expect("the schemas of the document are right")
}

/// Whether a text is a time with its zone, as the document asks for times.
pub(super) fn is_time(text: &str) -> bool {
    let bytes = text.as_bytes();
    let has = |at: usize, separator| bytes.get(at) == Some(&separator);
    has(4, b'-')
        && has(7, b'-')
        && has(10, b'T')
        && has(13, b':')
        && has(16, b':')
        && !text.ends_with(']')
        && text.parse::<Timestamp>().is_ok()
}

/// The smallest and the largest integer of a format.
pub(super) fn bounds(schema: &Value) -> (i64, i64) {
    match schema["format"].as_str() {
        Some("int32") => (i32::MIN.into(), i32::MAX.into()),
        _ => (i64::MIN, i64::MAX),
    }
}

/// The schema with everything it refers to inside it; nothing in the document refers to itself.
fn converted(schema: &'static Value) -> Value {
    let schema = document::resolve(schema);
    let mut plain = Map::new();
    for (keyword, value) in schema.as_object().expect("a schema") {
        let value = match keyword.as_str() {
            same if SAME.contains(&same) => value.clone(),
            "properties" => Value::Object(
                value
                    .as_object()
                    .expect("properties")
                    .iter()
                    .map(|(name, schema)| (name.clone(), converted(schema)))
                    .collect(),
            ),
            "items" => converted(value),
            "allOf" | "anyOf" | "oneOf" => {
                let schemas = value.as_array().expect("schemas");
                Value::Array(schemas.iter().map(converted).collect())
            }
            silent if SILENT.contains(&silent) || silent.starts_with("x-") => continue,
            unknown => panic!("the sandbox cannot check the keyword {unknown}"),
        };
        plain.insert(keyword.clone(), value);
    }
    if let Some(pattern) = schema.get("x-billsby-input-pattern") {
        plain.insert("pattern".to_owned(), pattern.clone());
    }
    if plain.contains_key("properties") {
        plain.insert("additionalProperties".to_owned(), json!(false));
    }
    if schema["type"] == "integer" {
        let (least, most) = bounds(schema);
        plain.entry("minimum").or_insert(json!(least));
        plain.entry("maximum").or_insert(json!(most));
    }
    match schema.get("nullable") {
        Some(Value::Bool(true)) => json!({"anyOf": [{"type": "null"}, plain]}),
        _ => Value::Object(plain),
    }
}

#[cfg(test)]
mod tests {
    use super::is_time;

    #[test]
    fn a_time_has_its_zone() {
        for right in [
            "2026-03-02T08:15:30Z",
            "2026-03-02T08:15:30.250+01:00",
            "2026-03-02T08:15:30.250417-05:00",
        ] {
            assert!(is_time(right), "{right}");
        }
        for wrong in [
            "",
            "tomorrow",
            "2026-03-02",
            "2026-03-02T08:15:30",
            "2026-03-02 08:15:30Z",
            "2026-03-02T08:15Z",
            "2026-13-02T08:15:30Z",
            "2026-03-02T08:15:30Z[UTC]",
            "20260302T081530Z",
        ] {
            assert!(!is_time(wrong), "{wrong}");
        }
    }
}
