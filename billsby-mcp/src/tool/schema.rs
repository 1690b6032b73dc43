//! Reading the tools' own input schemas: plain JSON Schema without `$ref` or combinators at the root.

use std::fmt::Write as _;

use serde_json::{Map, Number, Value};

/// Parses the schema of a tool and names the one company domain it accepts.
pub(crate) fn for_account(text: &str, company_domain: &str) -> Result<Value, String> {
    let mut schema: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
    if schema.get("type").and_then(Value::as_str) != Some("object") {
        return Err("its type is not \"object\"".to_owned());
    }
    if let Some(domain) = schema.pointer_mut(&format!("/properties/{COMPANY_DOMAIN}")) {
        let domain = domain
            .as_object_mut()
            .ok_or_else(|| format!("its {COMPANY_DOMAIN} is not a schema"))?;
        domain.insert("enum".to_owned(), Value::from(vec![company_domain]));
    }
    Ok(schema)
}

/// The argument that names the account; every tool whose path has it requires it.
pub(crate) const COMPANY_DOMAIN: &str = "companyDomain";

/// Rewrites what callers often send in another form of the same value.
///
/// * An object or a list that arrives as JSON text is unwrapped, once, where only an object or a list will do.
/// * A whole number that arrives as `2.0` becomes `2`; to JSON Schema they are the same integer.
///
/// Nothing else is converted: what is still wrong afterwards is for the caller to repair.
pub(crate) fn normalise(schema: &Value, value: &mut Value) {
    match value {
        Value::String(text) => {
            if let Some(unwrapped) = unwrap(schema, text) {
                *value = unwrapped;
                normalise_children(schema, value);
            }
        }
        Value::Number(number) => {
            if accepts(schema, "integer")
                && let Some(whole) = whole(number)
            {
                *number = whole;
            }
        }
        _ => normalise_children(schema, value),
    }
}

fn normalise_children(schema: &Value, value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                if let Some(schema) = properties(schema).and_then(|known| known.get(name)) {
                    normalise(schema, field);
                }
            }
        }
        Value::Array(items) => {
            if let Some(schema) = schema.get("items") {
                for item in items {
                    normalise(schema, item);
                }
            }
        }
        _ => {}
    }
}

fn unwrap(schema: &Value, text: &str) -> Option<Value> {
    let object = accepts(schema, "object");
    let array = accepts(schema, "array");
    if accepts(schema, "string") || !(object || array) {
        return None;
    }
    let value: Value = serde_json::from_str(text).ok()?;
    ((object && value.is_object()) || (array && value.is_array())).then_some(value)
}

fn whole(number: &Number) -> Option<Number> {
    /// Up to here every whole number has exactly one floating-point form: 2^53.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if !number.is_f64() {
        return None;
    }
    let float = number.as_f64()?;
    if float.fract() != 0.0 || float.abs() > EXACT {
        return None;
    }
    format!("{float:.0}").parse::<i64>().ok().map(Number::from)
}

/// The properties that a schema declares.
pub(crate) fn properties(schema: &Value) -> Option<&Map<String, Value>> {
    schema.get("properties")?.as_object()
}

fn types(schema: &Value) -> Vec<&str> {
    match schema.get("type") {
        Some(Value::String(name)) => vec![name],
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

fn accepts(schema: &Value, wanted: &str) -> bool {
    types(schema).contains(&wanted)
}

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
        "integer" => format!("a whole number{}", range(schema, "minimum", "maximum", "")),
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

    fn normalised(schema: &Value, mut value: Value) -> Value {
        normalise(schema, &mut value);
        value
    }

    #[test]
    fn unwraps_text_once_where_only_an_object_or_a_list_will_do() {
        let schema = json!({"type": "object", "properties": {
            "address": {"type": "object", "properties": {"lines": {"type": "array"}}},
            "note": {"type": "string"},
            "either": {"type": ["string", "object"]},
        }});
        assert_eq!(
            normalised(
                &schema,
                json!({
                    "address": r#"{"lines": "[1]"}"#,
                    "note": "{}",
                    "either": "{}",
                    "unknown": "{}",
                })
            ),
            json!({
                "address": {"lines": [1]},
                "note": "{}",
                "either": "{}",
                "unknown": "{}",
            })
        );
    }

    #[test]
    fn leaves_text_that_holds_something_else() {
        let schema = json!({"type": "array", "items": {"type": "object"}});
        for text in ["{}", "1", "null", "[", "\"[]\""] {
            assert_eq!(normalised(&schema, json!(text)), json!(text));
        }
        assert_eq!(normalised(&schema, json!(["{}"])), json!([{}]));
    }

    #[test]
    fn whole_numbers_lose_their_fraction_and_nothing_else_changes() {
        let integer = json!({"type": "integer"});
        assert_eq!(normalised(&integer, json!(2.0)), json!(2));
        assert_eq!(normalised(&integer, json!(-0.0)), json!(0));
        assert_eq!(normalised(&integer, json!(2.5)), json!(2.5));
        assert_eq!(normalised(&integer, json!(1e300)), json!(1e300));
        assert_eq!(normalised(&integer, json!("2")), json!("2"));
        assert_eq!(
            normalised(&json!({"type": "number"}), json!(2.0)),
            json!(2.0)
        );
    }

    #[test]
    fn says_what_is_expected() {
        for (schema, words) in [
            (
                json!({"type": "integer", "minimum": 1, "maximum": 100}),
                "a whole number from 1 to 100",
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
