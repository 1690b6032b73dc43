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
    let problems = errors.flat_map(|error| explain(&error));
    problems.take(MOST).collect()
}

fn explain(error: &ValidationError<'_>) -> Vec<String> {
    let place = error.instance_path().as_str();
    // The whole body has the empty pointer.
    let here = match place {
        "" => "body".to_owned(),
        place => format!("body {place}"),
    };
    match error.kind() {
        // Only what may be null has two schemas, of which the second one says what it is otherwise.
        ValidationErrorKind::AnyOf { context } => {
            let otherwise = context.last().into_iter().flatten();
            otherwise.flat_map(explain).collect()
        }
        ValidationErrorKind::Enum { options } => vec![format!("{here} is not one of {options}")],
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
            vec![format!("{here} is {found}: {}", error.masked_with("it"))]
        }
        _ => vec![format!("{here}: {}", error.masked_with("it"))],
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
