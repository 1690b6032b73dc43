//! The body of a request.

use jsonschema::error::ValidationErrorKind;
use jsonschema::{ValidationError, Validator};
use serde_json::Value;

use super::query::shown;

/// More problems than these would not help anybody.
const MOST: usize = 20;

/// Everything that is wrong with a body, each with the JSON pointer of the place. No value is repeated.
pub(super) fn problems(validator: &Validator, body: &Value) -> Vec<String> {
    let errors = validator.iter_errors(body).take(MOST);
    errors.flat_map(|error| explain(&error)).collect()
}

fn explain(error: &ValidationError<'_>) -> Vec<String> {
    let place = error.instance_path().as_str();
    match error.kind() {
        ValidationErrorKind::Required { property } => {
            let name = property.as_str().unwrap_or_default();
            vec![format!("body {place}/{name} is missing")]
        }
        ValidationErrorKind::AdditionalProperties { unexpected } => unexpected
            .iter()
            .take(MOST)
            .map(|name| format!("body {place}/{} is unknown", pointer(shown(name))))
            .collect(),
        ValidationErrorKind::Type { .. } => {
            let found = kind(error.instance());
            vec![format!(
                "body {place} is {found}: {}",
                error.masked_with("it")
            )]
        }
        _ => vec![format!("body {place}: {}", error.masked_with("it"))],
    }
}

/// A name as part of a JSON pointer.
fn pointer(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
