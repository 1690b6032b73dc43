//! What is wrong with the arguments of a call, in words that let the caller repair it.

use jsonschema::error::ValidationErrorKind;
use jsonschema::paths::{Location, LocationSegment};
use jsonschema::{ValidationError, Validator};
use serde::Serialize;
use serde_json::Value;

use super::nearest::nearest;
use super::schema::{SUPPLIER, expectation, properties};

/// One thing that is wrong with one field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// The field, with its parents: `addOns[0].quantity`.
    pub field: String,
    /// What is wrong with it and what was expected.
    pub problem: String,
}

/// More would not help anybody repair a call.
const MOST: usize = 20;

/// Everything that is wrong with some arguments; one entry per field.
pub(crate) fn find(validator: &Validator, schema: &Value, arguments: &Value) -> Vec<Problem> {
    let mut problems: Vec<Problem> = Vec::new();
    for error in validator.iter_errors(arguments) {
        let is_type = matches!(error.kind(), ValidationErrorKind::Type { .. });
        for problem in explain(&error, schema) {
            match problems
                .iter_mut()
                .find(|known| known.field == problem.field)
            {
                // The wrong type is the reason for whatever else is wrong with the same field.
                Some(known) if is_type => *known = problem,
                Some(_) => {}
                None => problems.push(problem),
            }
        }
    }
    problems.truncate(MOST);
    problems
}

fn explain(error: &ValidationError<'_>, schema: &Value) -> Vec<Problem> {
    let parent = field(error.instance_path());
    let here = schema_of(error, schema);
    match error.kind() {
        ValidationErrorKind::Required { property } => {
            let name = property.as_str().unwrap_or_default();
            let wanted = properties(here).and_then(|known| known.get(name));
            let wanted = wanted.unwrap_or(&Value::Null);
            let problem = format!("missing; expected {}", expectation(wanted));
            vec![Problem {
                field: child(&parent, name),
                problem: supplied(problem, wanted),
            }]
        }
        ValidationErrorKind::AdditionalProperties { unexpected } => unexpected
            .iter()
            .map(|name| Problem {
                field: child(&parent, &shorten(name)),
                problem: unknown(name, here),
            })
            .collect(),
        ValidationErrorKind::MinProperties { .. } => too_few(error.instance(), here)
            .map(|problem| Problem {
                field: owner(parent),
                problem,
            })
            .into_iter()
            .collect(),
        ValidationErrorKind::AnyOf { .. } => vec![Problem {
            field: owner(parent),
            problem: format!("expected at least one of {}", one_of(here)),
        }],
        ValidationErrorKind::Type { .. } => vec![Problem {
            field: parent,
            problem: supplied(
                format!(
                    "expected {}, got {}",
                    expectation(here),
                    kind(error.instance())
                ),
                here,
            ),
        }],
        _ => vec![Problem {
            field: parent,
            problem: supplied(format!("expected {}", expectation(here)), here),
        }],
    }
}

/// The field itself, or all arguments.
fn owner(parent: String) -> String {
    if parent.is_empty() {
        "arguments".to_owned()
    } else {
        parent
    }
}

/// The names of which one has to be there.
fn one_of(schema: &Value) -> String {
    let choices = schema.get("anyOf").and_then(Value::as_array);
    let names = choices.into_iter().flatten();
    let names = names.filter_map(|choice| choice["required"][0].as_str());
    names.collect::<Vec<_>>().join(", ")
}

/// A problem of a value, and which tool supplies it where it is an identity key.
fn supplied(problem: String, schema: &Value) -> String {
    match schema.get(SUPPLIER).and_then(Value::as_str) {
        Some(supplier) => format!("{problem}; {supplier} supplies it"),
        None => problem,
    }
}

/// The schema that the offending value was held against. The tools' schemas have no `$ref`, so the
/// path of the keyword that failed is a path in the schema.
fn schema_of<'a>(error: &ValidationError<'_>, schema: &'a Value) -> &'a Value {
    let keyword = error.schema_path().as_str();
    let owner = keyword.rsplit_once('/').map_or("", |(owner, _)| owner);
    schema.pointer(owner).unwrap_or(&Value::Null)
}

/// An update that has all it must have and still changes nothing. While something is missing by name,
/// that is problem enough.
fn too_few(value: &Value, schema: &Value) -> Option<String> {
    let required: Vec<&str> = schema
        .get("required")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    if required.iter().any(|name| value.get(name).is_none()) {
        return None;
    }
    let optional: Vec<&str> = properties(schema)?
        .keys()
        .map(String::as_str)
        .filter(|name| !required.contains(name))
        .collect();
    let optional = optional.join(", ");
    Some(format!(
        "too few fields; expected one or more of {optional}"
    ))
}

fn unknown(name: &str, schema: &Value) -> String {
    let known: Vec<&str> = properties(schema)
        .into_iter()
        .flat_map(|known| known.keys().map(String::as_str))
        .collect();
    match nearest(name, known.iter().copied()) {
        Some(near) => format!("unknown field; did you mean {near}?"),
        None if known.is_empty() => "unknown field; none is expected".to_owned(),
        None => format!("unknown field; the known ones are {}", known.join(", ")),
    }
}

fn field(path: &Location) -> String {
    path.segments()
        .fold(String::new(), |parent, segment| match segment {
            LocationSegment::Property(name) => child(&parent, &name),
            LocationSegment::Index(index) => format!("{parent}[{index}]"),
        })
}

fn child(parent: &str, name: &str) -> String {
    if parent.is_empty() {
        name.to_owned()
    } else {
        format!("{parent}.{name}")
    }
}

/// An unknown name is the caller's own text and may be of any length.
fn shorten(name: &str) -> String {
    const LONGEST: usize = 64;
    match name.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &name[..end]),
        None => name.to_owned(),
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null (leave a field out when it has no value)",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn problems(arguments: &Value) -> Vec<String> {
        let schema = json!({
            "type": "object",
            "additionalProperties": false,
            "required": ["customerUniqueId", "amount"],
            "properties": {
                "customerUniqueId": {"type": "string", "minLength": 1},
                "amount": {"type": "integer", "minimum": 1},
                "when": {"type": "string", "enum": ["now", "later"]},
                "from": {"type": "string", "format": "date-time"},
                "addOns": {"type": "array", "items": {
                    "type": "object",
                    "additionalProperties": false,
                    "required": ["addOnId"],
                    "properties": {"addOnId": {"type": "integer"}, "quantity": {"type": "integer"}},
                }},
            },
        });
        let validator = jsonschema::draft202012::options()
            .should_validate_formats(true)
            .build(&schema)
            .unwrap();
        find(&validator, &schema, arguments)
            .into_iter()
            .map(|Problem { field, problem }| format!("{field}: {problem}"))
            .collect()
    }

    #[test]
    fn nothing_wrong() {
        let arguments =
            json!({"customerUniqueId": "A", "amount": 1, "from": "2026-01-31T09:30:00Z"});
        assert_eq!(problems(&arguments), [""; 0]);
    }

    #[test]
    fn everything_wrong_is_told_at_once() {
        let mut told = problems(&json!({
            "customer_unique_id": "A",
            "amount": 0,
            "when": 7,
            "from": "yesterday",
            "addOns": [{"addOnId": null, "quantity": 1}, {"price": 3}],
        }));
        told.sort();
        assert_eq!(
            told,
            [
                "addOns[0].addOnId: expected a whole number, got null (leave a field out when it has no value)",
                "addOns[1].addOnId: missing; expected a whole number",
                "addOns[1].price: unknown field; the known ones are addOnId, quantity",
                "amount: expected a whole number of at least 1",
                "customerUniqueId: missing; expected text of at least 1 characters",
                "customer_unique_id: unknown field; did you mean customerUniqueId?",
                "from: expected a date and time with its time zone, such as 2026-01-31T09:30:00Z",
                "when: expected one of \"now\", \"later\", got a number",
            ]
        );
    }

    #[test]
    fn the_tool_that_supplies_a_key_is_named() {
        let schema = json!({
            "type": "object",
            "required": ["invoiceNumber"],
            "properties": {"invoiceNumber": {
                "type": "string", "x-billsby-supplier": "list_invoices",
            }},
        });
        let validator = jsonschema::draft202012::new(&schema).unwrap();
        for (arguments, told) in [
            (
                json!({}),
                "missing; expected text; list_invoices supplies it",
            ),
            (
                json!({"invoiceNumber": 7}),
                "expected text, got a number; list_invoices supplies it",
            ),
        ] {
            assert_eq!(find(&validator, &schema, &arguments)[0].problem, told);
        }
    }

    #[test]
    fn answers_stay_short() {
        let many: Value = (0..100)
            .map(|number| (format!("{number}{}", "x".repeat(1000)), Value::Null))
            .collect::<serde_json::Map<_, _>>()
            .into();
        let told = problems(&many);
        assert_eq!(told.len(), MOST);
        assert!(told.iter().all(|line| line.len() < 300), "{told:?}");
    }

    #[test]
    fn what_needs_one_of_several_is_told_them() {
        let schema = json!({
            "type": "object",
            "properties": {"productId": {"type": "integer"}, "customerUniqueId": {"type": "string"}},
            "anyOf": [{"required": ["productId"]}, {"required": ["customerUniqueId"]}],
        });
        let validator = jsonschema::draft202012::new(&schema).unwrap();
        assert_eq!(
            find(&validator, &schema, &json!({})),
            [Problem {
                field: "arguments".to_owned(),
                problem: "expected at least one of productId, customerUniqueId".to_owned(),
            }]
        );
        assert_eq!(find(&validator, &schema, &json!({"productId": 5})), []);
    }

    #[test]
    fn an_update_without_a_change_is_told_what_can_be_changed() {
        let schema = json!({
            "type": "object",
            "required": ["planId"],
            "minProperties": 2,
            "properties": {
                "planId": {"type": "integer"},
                "name": {"type": "string"},
                "description": {"type": "string"},
            },
        });
        let validator = jsonschema::draft202012::new(&schema).unwrap();
        let found = |arguments| find(&validator, &schema, &arguments);
        assert_eq!(
            found(json!({"planId": 43})),
            [Problem {
                field: "arguments".to_owned(),
                problem: "too few fields; expected one or more of name, description".to_owned(),
            }]
        );
        let missing = found(json!({"name": "team"}));
        assert_eq!(missing.len(), 1, "{missing:?}");
        assert_eq!(missing[0].field, "planId");
    }
}
