//! `schema/`: what a tool takes, as plain JSON Schema 2020-12 without references or combinators.
//!
//! The schema is complete: arguments are checked against it. What models are shown is derived from it
//! by the server, so a description stands here only where a model should read it.

use serde_json::{Map, Value, json};

use super::model::describe_field;
use crate::ir::{Api, Enum, Field, Key, Operation, Role, Scalar, StructId, Type, WireValue};

/// Whole numbers of so many digits are exact in every number format on the way.
const LARGEST_INTEGER: i64 = 999_999_999_999_999;

/// Says of which kind a key is, for the server.
const KEY: &str = "x-billsby-key";

/// No identity key is nearly as long.
const LONGEST_KEY: usize = 255;

pub(super) fn file(api: &Api, operation: &Operation) -> String {
    // Values made of maps, lists and texts can always be written.
    let mut text = serde_json::to_string_pretty(&schema(api, operation)).unwrap_or_default();
    text.push('\n');
    text
}

fn schema(api: &Api, operation: &Operation) -> Value {
    let mut properties = Map::new();
    let mut required = Vec::new();
    let by_necessity = |wanted: bool| {
        operation
            .parameters
            .iter()
            .filter(move |parameter| is_needed(parameter.role, &parameter.field) == wanted)
    };
    for parameter in by_necessity(true) {
        required.push(Value::from(parameter.field.argument.as_str()));
        let schema = argument(api, &parameter.field, true);
        properties.insert(parameter.field.argument.clone(), schema);
    }
    if let Some(body) = &operation.body {
        match body.ty {
            Type::Struct(id) => add_fields(api, id, &mut properties, &mut required, body.required),
            ref ty => {
                let mut schema = value(api, ty);
                schema["description"] = Value::from("What to send");
                properties.insert("body".to_owned(), schema);
                if body.required {
                    required.push(Value::from("body"));
                }
            }
        }
    }
    for parameter in by_necessity(false) {
        let mut schema = argument(api, &parameter.field, false);
        if parameter.role != Role::Caller && schema.get("maximum").is_none_or(is_largest) {
            schema["maximum"] = Value::from(u32::MAX);
        }
        properties.insert(parameter.field.argument.clone(), schema);
    }
    let least = least_members(operation, required.len());
    let mut schema = object(properties, required);
    if let Some(least) = least {
        schema["minProperties"] = Value::from(least);
    }
    let one_of = &operation.tool.one_of;
    if !one_of.is_empty() {
        schema["anyOf"] = one_of
            .iter()
            .map(|name| json!({"required": [name]}))
            .collect();
    }
    schema
}

/// How many arguments make sense at least, if the required ones alone do not: an update must change something.
fn least_members(operation: &Operation, required: usize) -> Option<usize> {
    let body = operation.body.as_ref()?;
    let only_body_is_optional = operation
        .parameters
        .iter()
        .all(|parameter| is_needed(parameter.role, &parameter.field));
    let least = operation.parameters.len() + body.min_properties;
    (only_body_is_optional && least > required).then_some(least)
}

fn is_needed(role: Role, field: &Field) -> bool {
    match role {
        Role::Company => true,
        Role::Page | Role::PageSize => false,
        Role::Caller => field.required,
    }
}

fn is_largest(maximum: &Value) -> bool {
    maximum.as_i64() == Some(LARGEST_INTEGER)
}

fn add_fields(
    api: &Api,
    id: StructId,
    properties: &mut Map<String, Value>,
    required: &mut Vec<Value>,
    needed: bool,
) {
    for field in &api.structure(id).fields {
        let is_required = field.required && needed;
        properties.insert(field.argument.clone(), argument(api, field, field.required));
        if is_required {
            required.push(Value::from(field.argument.as_str()));
        }
    }
}

fn object(properties: Map<String, Value>, required: Vec<Value>) -> Value {
    let mut schema = Map::new();
    schema.insert("type".to_owned(), Value::from("object"));
    schema.insert("properties".to_owned(), Value::Object(properties));
    if !required.is_empty() {
        schema.insert("required".to_owned(), Value::Array(required));
    }
    schema.insert("additionalProperties".to_owned(), Value::Bool(false));
    Value::Object(schema)
}

/// A value with which values are admissible, and what it means unless its name says it.
fn argument(api: &Api, field: &Field, required: bool) -> Value {
    let mut schema = match value(api, &field.ty) {
        Value::Object(map) => map,
        _ => Map::new(),
    };
    if let Some(text) = description(api, field, required) {
        let text = text.trim_end_matches('.');
        schema.insert("description".to_owned(), Value::from(text));
    }
    if field.is_new
        && let Some(Value::Object(item)) = schema.get_mut("items")
    {
        item.retain(|keyword, _| keyword != "description" && keyword != KEY);
    }
    let limits = &field.limits;
    let numbers = [("minimum", limits.minimum), ("maximum", limits.maximum)];
    for (keyword, number) in numbers {
        if let Some(number) = number {
            schema.insert(keyword.to_owned(), Value::from(number));
        }
    }
    let counts = [
        ("minLength", limits.min_length),
        ("maxLength", limits.max_length),
        ("minItems", limits.min_items),
        ("maxItems", limits.max_items),
    ];
    for (keyword, count) in counts {
        if let Some(count) = count {
            schema.insert(keyword.to_owned(), Value::from(count));
        }
    }
    if let Some(pattern) = &limits.pattern {
        schema.insert("pattern".to_owned(), Value::from(pattern.as_str()));
    }
    Value::Object(schema)
}

/// What a model reads of a value: its brief, if it has one; of keys always where they come from; of what
/// is required always something; of what is optional nothing more than its name.
fn description(api: &Api, field: &Field, required: bool) -> Option<String> {
    let brief = field.brief.as_deref();
    match &field.ty {
        Type::Key(id) => Some(describe_key(api.key(*id), brief.unwrap_or_default())),
        _ => match brief {
            Some(brief) => Some(brief.to_owned()),
            None if required && matches!(field.ty, Type::Json) && field.doc.is_empty() => {
                Some("Any JSON".to_owned())
            }
            None => required.then(|| describe_field(api, field)),
        },
    }
}

/// What the key is and how it looks. Where it comes from, and what it is not, the server adds: it knows
/// which tools it serves.
fn describe_key(key: &Key, own: &str) -> String {
    let kind = key.brief.as_deref().unwrap_or(&key.description);
    let what = if own.is_empty() { kind } else { own };
    let what = what.trim_end_matches('.');
    if key.example.is_empty() || key.kind == "companyDomain" {
        what.to_owned()
    } else {
        format!("{what} like {}", key.example)
    }
}

fn value(api: &Api, ty: &Type) -> Value {
    match ty {
        Type::Text | Type::AmountOrText => json!({"type": "string"}),
        Type::Integer | Type::Amount => integer(),
        Type::Number => json!({"type": "number"}),
        Type::Boolean => json!({"type": "boolean"}),
        Type::Json => json!({}),
        Type::Timestamp => json!({"type": "string", "format": "date-time"}),
        Type::Key(id) => key_value(api.key(*id)),
        Type::Enum(id) => enumeration(api.enumeration(*id)),
        Type::Struct(id) => {
            let mut properties = Map::new();
            let mut required = Vec::new();
            add_fields(api, *id, &mut properties, &mut required, true);
            object(properties, required)
        }
        Type::List(item) | Type::Page(item) => {
            let item = match item.as_ref() {
                Type::Key(id) => {
                    let mut schema = value(api, item);
                    schema["description"] = Value::from(describe_key(api.key(*id), ""));
                    schema
                }
                other => value(api, other),
            };
            json!({"type": "array", "items": item})
        }
    }
}

fn key_value(key: &Key) -> Value {
    let mut schema = match key.form {
        Scalar::Text => json!({"type": "string", "minLength": 1, "maxLength": LONGEST_KEY}),
        Scalar::Integer => integer(),
    };
    if !key.sources.is_empty() || key.not.is_some() {
        schema[KEY] = Value::from(key.kind.as_str());
    }
    schema
}

fn integer() -> Value {
    json!({"type": "integer", "minimum": -LARGEST_INTEGER, "maximum": LARGEST_INTEGER})
}

/// Words, also where the wire wants numbers. Open enumerations are no limit.
fn enumeration(enumeration: &Enum) -> Value {
    if enumeration.open {
        return json!({"type": "string"});
    }
    let words = enumeration.values.iter().map(|value| match &value.wire {
        WireValue::Text(text) => Value::from(text.as_str()),
        WireValue::Integer(_) => Value::from(value.word.as_str()),
    });
    json!({"type": "string", "enum": words.collect::<Vec<_>>()})
}
