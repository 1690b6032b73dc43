//! Values that mean the same in another form.

use serde_json::{Number, Value};

use super::{accepts, properties, types};

/// Rewrites what callers often send in another form of the same value.
///
/// * An object or a list that arrives as JSON text is unwrapped, once, where only an object or a list will do.
/// * A whole number that arrives as `2.0` becomes `2`; to JSON Schema they are the same integer.
/// * An optional value that is `null` is left out: some clients have to send every argument.
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
            fields.retain(|name, field| !(field.is_null() && is_left_out(schema, name)));
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

/// Whether `null` can only mean that an argument was not given.
fn is_left_out(schema: &Value, name: &str) -> bool {
    let required = schema.get("required").and_then(Value::as_array);
    let optional = !required.is_some_and(|names| names.iter().any(|required| required == name));
    let known = properties(schema).and_then(|known| known.get(name));
    optional && known.is_some_and(|known| !types(known).is_empty() && !accepts(known, "null"))
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
    fn null_means_that_an_optional_value_is_not_given() {
        let schema = json!({"type": "object", "required": ["needed"], "properties": {
            "needed": {"type": "string"},
            "optional": {"type": "string"},
            "nullable": {"type": ["string", "null"]},
            "anything": {},
            "inner": {"type": "object", "properties": {"optional": {"type": "integer"}}},
        }});
        assert_eq!(
            normalised(
                &schema,
                json!({
                    "needed": null,
                    "optional": null,
                    "nullable": null,
                    "anything": null,
                    "unknown": null,
                    "inner": {"optional": null},
                })
            ),
            json!({"needed": null, "nullable": null, "anything": null, "unknown": null, "inner": {}})
        );
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
}
