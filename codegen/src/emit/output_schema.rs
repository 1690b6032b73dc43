//! `output/`: what a tool answers, as JSON Schema 2020-12.
//!
//! Clients refuse a result that does not conform, and a refund that took effect must never look like a
//! failure because its answer was odd. The API sends numbers as text and nulls anywhere, and results are
//! cut and grow keys on the way. So nothing is required, no value has a `type`, and what a value usually
//! is stands in its description.

use serde_json::{Map, Value, json};

use super::answer_key;
use super::model::describe_field;
use crate::ir::{Answer, Api, Enum, Field, Operation, Scalar, StructId, Type, WireValue};

pub(super) fn file(api: &Api, operation: &Operation) -> String {
    // Values made of maps, lists and texts can always be written.
    let mut text = serde_json::to_string_pretty(&schema(api, operation)).unwrap_or_default();
    text.push('\n');
    text
}

fn schema(api: &Api, operation: &Operation) -> Value {
    let body = match &operation.answer {
        Answer::Accepted => {
            json!({"description": "A word of the API; the call took effect whatever it is"})
        }
        Answer::Json(ty) => {
            let mut schema = Writer {
                api,
                inside: Vec::new(),
            }
            .value(ty);
            for renamed in answer_key::renamed(api, operation) {
                add_argument_name(&mut schema, &renamed.path, &renamed.argument);
            }
            schema
        }
    };
    // A body that is no object arrives as `result`.
    let properties = match body.get("properties") {
        Some(properties) => properties.clone(),
        None => json!({"result": body}),
    };
    json!({"type": "object", "properties": properties})
}

/// Describes the key that results repeat under the name of its argument.
fn add_argument_name(schema: &mut Value, path: &[String], argument: &str) {
    let Some((name, rest)) = path.split_first() else {
        return;
    };
    if name == "*" {
        add_argument_name(&mut schema["items"], rest, argument);
    } else if rest.is_empty() {
        let properties = &mut schema["properties"];
        if properties.get(argument).is_none() {
            properties[argument] = json!({"description": format!("The same as {name}")});
        }
    } else if schema["properties"].get(name).is_some() {
        add_argument_name(&mut schema["properties"][name], rest, argument);
    }
}

/// Whether callers may want to choose among the values of an answer: of lists they multiply.
pub(super) fn is_long(api: &Api, operation: &Operation) -> bool {
    const ENTRY: usize = 10;
    const SINGLE: usize = 50;
    match &operation.answer {
        Answer::Accepted => false,
        Answer::Json(ty @ (Type::List(_) | Type::Page(_))) => size(api, ty) >= ENTRY,
        Answer::Json(ty) => size(api, ty) >= SINGLE,
    }
}

/// How many values there are, those of nested objects and of one element of each list included.
fn size(api: &Api, ty: &Type) -> usize {
    fn values(api: &Api, ty: &Type, inside: &mut Vec<StructId>) -> usize {
        match ty {
            Type::List(item) | Type::Page(item) => values(api, item, inside),
            Type::Struct(id) if inside.contains(id) => 0,
            Type::Struct(id) => {
                inside.push(*id);
                let fields = api.structure(*id).fields.iter();
                let sum = fields.map(|field| values(api, &field.ty, inside)).sum();
                inside.pop();
                sum
            }
            _ => 1,
        }
    }
    values(api, ty, &mut Vec::new())
}

struct Writer<'a> {
    api: &'a Api,
    /// Structs around the present place: a type may contain itself.
    inside: Vec<StructId>,
}

impl Writer<'_> {
    fn value(&mut self, ty: &Type) -> Value {
        match ty {
            Type::List(item) => json!({"items": self.value(item)}),
            Type::Page(item) => json!({"properties": {
                "currentPage": {"description": "Number of this page, from 1 (integer)"},
                "pageCount": {"description": "Number of pages (integer)"},
                "pageSize": {"description": "Rows asked for (integer)"},
                "rowCount": {"description": "Number of rows, not certainly of all pages (integer)"},
                "results": {"description": "The rows of this page", "items": self.value(item)},
            }}),
            Type::Struct(id) if !self.inside.contains(id) => {
                self.inside.push(*id);
                let mut properties = Map::new();
                for field in &self.api.structure(*id).fields {
                    properties.insert(field.wire.clone(), self.field(field));
                }
                self.inside.pop();
                json!({"properties": properties})
            }
            _ => json!({}),
        }
    }

    fn field(&mut self, field: &Field) -> Value {
        let mut schema = json!({"description": self.describe(field)});
        if let (Value::Object(schema), Value::Object(inner)) = (&mut schema, self.value(&field.ty))
        {
            schema.extend(inner);
        }
        schema
    }

    fn describe(&self, field: &Field) -> String {
        let text = describe_field(self.api, field);
        let text = text.trim_end_matches('.');
        match self.form(&field.ty) {
            Some(form) => format!("{text} ({form})"),
            None => text.to_owned(),
        }
    }

    /// What a value usually is; of text nothing needs saying.
    fn form(&self, ty: &Type) -> Option<String> {
        let form = match ty {
            Type::Integer | Type::Amount => "integer",
            Type::Number => "number",
            Type::Boolean => "boolean",
            Type::Timestamp => "time",
            Type::Key(id) => match self.api.key(*id).form {
                Scalar::Integer => "integer",
                Scalar::Text => return None,
            },
            Type::Enum(id) => return Some(words(self.api.enumeration(*id))),
            Type::List(item) => return self.form(item),
            Type::Text | Type::AmountOrText | Type::Json | Type::Struct(_) | Type::Page(_) => {
                return None;
            }
        };
        Some(form.to_owned())
    }
}

/// The known values as the API sends them; numbers with their names.
fn words(enumeration: &Enum) -> String {
    let values = enumeration.values.iter().map(|value| match &value.wire {
        WireValue::Text(text) => text.clone(),
        WireValue::Integer(number) => format!("{number} {}", value.name),
    });
    values.collect::<Vec<_>>().join(", ")
}
