//! `schema/`: what a tool takes, as plain JSON Schema 2020-12 without references or combinators.

use serde_json::{Map, Value, json};

use super::model::describe_field;
use crate::ir::{Api, Enum, Field, Key, Operation, Role, Scalar, StructId, Type, WireValue};

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
        properties.insert(
            parameter.field.argument.clone(),
            argument(api, &parameter.field),
        );
    }
    if let Some(body) = &operation.body {
        match body.ty {
            Type::Struct(id) => add_fields(api, id, &mut properties, &mut required, body.required),
            ref ty => {
                properties.insert("body".to_owned(), value(api, ty));
                if body.required {
                    required.push(Value::from("body"));
                }
            }
        }
    }
    for parameter in by_necessity(false) {
        properties.insert(
            parameter.field.argument.clone(),
            argument(api, &parameter.field),
        );
    }
    let least = least_members(operation, required.len());
    let mut schema = object(properties, required);
    if let Some(least) = least {
        schema["minProperties"] = Value::from(least);
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

fn add_fields(
    api: &Api,
    id: StructId,
    properties: &mut Map<String, Value>,
    required: &mut Vec<Value>,
    needed: bool,
) {
    for field in &api.structure(id).fields {
        properties.insert(field.argument.clone(), argument(api, field));
        if field.required && needed {
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

/// A value with what it means and which values are admissible.
fn argument(api: &Api, field: &Field) -> Value {
    let mut schema = match value(api, &field.ty) {
        Value::Object(map) => map,
        _ => Map::new(),
    };
    let description = match &field.ty {
        Type::Key(id) => describe_key(api, api.key(*id), &field.doc),
        Type::Json if field.doc.is_empty() => "Any JSON".to_owned(),
        _ => describe_field(api, field),
    };
    schema.insert(
        "description".to_owned(),
        Value::from(description.trim_end_matches('.')),
    );
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

/// One line: what the key is, where it comes from, what it is not, and how it looks.
fn describe_key(api: &Api, key: &Key, own: &str) -> String {
    let what = if own.is_empty() {
        &key.description
    } else {
        own
    };
    let mut parts = vec![what.trim_end_matches('.').to_owned()];
    if let Some(source) = key.sources.first()
        && let Some(operation) = api
            .operations()
            .find(|operation| operation.id == source.operation)
    {
        parts.push(format!(
            "from {} ({})",
            operation.tool.name, source.property
        ));
    }
    if let Some(not) = &key.not {
        parts.push(format!("not {}", not.trim_end_matches('.')));
    }
    if !key.example.is_empty() && key.kind != "companyDomain" {
        parts.push(format!("e.g. {}", key.example));
    }
    parts.join("; ")
}

fn value(api: &Api, ty: &Type) -> Value {
    match ty {
        Type::Text | Type::AmountOrText => json!({"type": "string"}),
        Type::Integer | Type::Amount => json!({"type": "integer"}),
        Type::Number => json!({"type": "number"}),
        Type::Boolean => json!({"type": "boolean"}),
        Type::Json => json!({}),
        Type::Timestamp => json!({"type": "string", "format": "date-time"}),
        Type::Key(id) => match api.key(*id).form {
            Scalar::Text => json!({"type": "string"}),
            Scalar::Integer => json!({"type": "integer"}),
        },
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
                    schema["description"] = Value::from(describe_key(api, api.key(*id), ""));
                    schema
                }
                other => value(api, other),
            };
            json!({"type": "array", "items": item})
        }
    }
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
