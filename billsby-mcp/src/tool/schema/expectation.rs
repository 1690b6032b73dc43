//! What a schema accepts, in words.

use std::fmt::Write as _;

use serde_json::{Map, Value};

use super::{properties, types};

/// What a schema accepts, in words: `a whole number from 1 to 100`.
pub(crate) fn expectation(schema: &Value) -> String {
    if let Some(words) = schema.get("enum").and_then(Value::as_array) {
        let words: Vec<String> = words.iter().map(Value::to_string).collect();
        return match words.as_slice() {
            [only] => only.clone(),
            several => format!("one of {}", several.join(", ")),
        };
    }
    let kinds: Vec<String> = types(schema)
        .into_iter()
        .map(|kind| kind_expectation(schema, kind))
        .collect();
    if kinds.is_empty() {
        return "another value".to_owned();
    }
    kinds.join(" or ")
}

fn kind_expectation(schema: &Value, kind: &str) -> String {
    match kind {
        "string" => text_expectation(schema),
        "integer" => format!("a whole number{}", integer_range(schema)),
        "number" => format!("a number{}", range(schema, "minimum", "maximum", "")),
        "boolean" => "true or false".to_owned(),
        "array" => {
            let size = range(schema, "minItems", "maxItems", " items");
            match schema.get("items") {
                Some(items) => format!("a list{size}, each {}", expectation(items)),
                None => format!("a list{size}"),
            }
        }
        "object" => match properties(schema) {
            Some(known) => format!("an object with the fields {}", field_names(schema, known)),
            None => "an object".to_owned(),
        },
        other => other.to_owned(),
    }
}

fn text_expectation(schema: &Value) -> String {
    let mut words = match schema.get("format").and_then(Value::as_str) {
        Some("date-time") => {
            "a date and time with its time zone, such as 2026-01-31T09:30:00Z".to_owned()
        }
        Some("date") => "a date, such as 2026-01-31".to_owned(),
        Some("email") => "an e-mail address".to_owned(),
        _ => "text".to_owned(),
    };
    words += &range(schema, "minLength", "maxLength", " characters");
    if let Some(pattern) = schema.get("pattern").and_then(Value::as_str) {
        // Writing to a String cannot fail.
        let _ = write!(words, " that matches {pattern}");
    }
    words
}

/// The bounds that every whole number has are easier said in digits.
fn integer_range(schema: &Value) -> String {
    const LARGEST: i64 = 999_999_999_999_999;
    let is = |keyword: &str, bound: i64| schema.get(keyword) == Some(&Value::from(bound));
    if is("minimum", -LARGEST) && is("maximum", LARGEST) {
        return " of at most 15 digits".to_owned();
    }
    range(schema, "minimum", "maximum", "")
}

fn range(schema: &Value, least: &str, most: &str, unit: &str) -> String {
    match (schema.get(least), schema.get(most)) {
        (Some(least), Some(most)) => format!(" from {least} to {most}{unit}"),
        (Some(least), None) => format!(" of at least {least}{unit}"),
        (None, Some(most)) => format!(" of at most {most}{unit}"),
        (None, None) => String::new(),
    }
}

fn field_names(schema: &Value, known: &Map<String, Value>) -> String {
    let required = schema.get("required").and_then(Value::as_array);
    let names: Vec<String> = known
        .keys()
        .map(|name| {
            let must = required.is_some_and(|list| list.iter().any(|item| item == name));
            if must {
                format!("{name} (required)")
            } else {
                name.clone()
            }
        })
        .collect();
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn says_what_is_expected() {
        for (schema, words) in [
            (
                json!({"type": "integer", "minimum": 1, "maximum": 100}),
                "a whole number from 1 to 100",
            ),
            (
                json!({"type": "integer", "minimum": -999_999_999_999_999_i64,
                    "maximum": 999_999_999_999_999_i64}),
                "a whole number of at most 15 digits",
            ),
            (
                json!({"type": "integer", "minimum": 1}),
                "a whole number of at least 1",
            ),
            (
                json!({"type": "string", "enum": ["now", "later"]}),
                r#"one of "now", "later""#,
            ),
            (json!({"type": "string", "enum": ["acme"]}), r#""acme""#),
            (
                json!({"type": "string", "pattern": "^[A-Z]{3}$"}),
                "text that matches ^[A-Z]{3}$",
            ),
            (
                json!({"type": "string", "minLength": 1}),
                "text of at least 1 characters",
            ),
            (json!({"type": "boolean"}), "true or false"),
            (
                json!({"type": "array", "items": {"type": "string"}}),
                "a list, each text",
            ),
            (
                json!({"type": "object", "required": ["a"], "properties": {"a": {}, "b": {}}}),
                "an object with the fields a (required), b",
            ),
            (json!({}), "another value"),
        ] {
            assert_eq!(expectation(&schema), words);
        }
    }
}
