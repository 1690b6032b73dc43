//! The controls that a tool's schema asks for.
//!
//! The name of a control is the JSON pointer of its value: `/address/country`. A value that no plain control
//! fits is written as JSON.

use serde_json::{Map, Value, json};

/// How deep objects are taken apart. Below that they are JSON.
const DEEPEST: usize = 4;

/// A value to fill in.
#[derive(Debug)]
pub(super) struct Input<'a> {
    pub(super) pointer: String,
    pub(super) name: &'a str,
    pub(super) schema: &'a Value,
    pub(super) is_required: bool,
    pub(super) kind: Kind<'a>,
}

/// How it is filled in.
#[derive(Debug)]
pub(super) enum Kind<'a> {
    /// A line of text.
    Text,
    Date,
    Whole,
    Number,
    /// Yes, no, or neither.
    Flag,
    /// One of these.
    Word(&'a [Value]),
    /// A list of plain values, one on each line.
    Lines(Scalar),
    /// An object.
    Group(Vec<Input<'a>>),
    Json,
}

/// What stands on a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scalar {
    Text,
    Whole,
    Number,
}

/// The inputs of an object.
pub(super) fn inputs(schema: &Value) -> Vec<Input<'_>> {
    members(schema, "", 0)
}

fn members<'a>(schema: &'a Value, pointer: &str, depth: usize) -> Vec<Input<'a>> {
    let Some(properties) = schema.get("properties").and_then(Value::as_object) else {
        return Vec::new();
    };
    let required = schema.get("required").and_then(Value::as_array);
    let is_required =
        |name: &str| required.is_some_and(|names| names.iter().any(|one| one == name));
    let members = properties.iter().map(|(name, schema)| {
        let token = name.replace('~', "~0").replace('/', "~1");
        let pointer = format!("{pointer}/{token}");
        Input {
            kind: kind(schema, &pointer, depth),
            pointer,
            name,
            schema,
            is_required: is_required(name),
        }
    });
    let (mut first, others): (Vec<_>, Vec<_>) = members.partition(|input| input.is_required);
    first.extend(others);
    first
}

fn kind<'a>(schema: &'a Value, pointer: &str, depth: usize) -> Kind<'a> {
    if let Some(Value::Array(words)) = schema.get("enum") {
        let is_plain = |word: &Value| word.is_string() || word.is_number();
        return if words.iter().all(is_plain) {
            Kind::Word(words)
        } else {
            Kind::Json
        };
    }
    let is_taken_apart = schema.get("properties").is_some_and(|known| {
        let is_any = known.as_object().is_some_and(|known| !known.is_empty());
        is_any && depth < DEEPEST
    });
    match type_of(schema) {
        "string" if text(schema, "format") == Some("date") => Kind::Date,
        "string" => Kind::Text,
        "integer" => Kind::Whole,
        "number" => Kind::Number,
        "boolean" => Kind::Flag,
        "object" if is_taken_apart => Kind::Group(members(schema, pointer, depth + 1)),
        "array" => schema
            .get("items")
            .and_then(scalar)
            .map_or(Kind::Json, Kind::Lines),
        _ => Kind::Json,
    }
}

fn scalar(schema: &Value) -> Option<Scalar> {
    if schema.get("enum").is_some() {
        return None;
    }
    match type_of(schema) {
        "string" => Some(Scalar::Text),
        "integer" => Some(Scalar::Whole),
        "number" => Some(Scalar::Number),
        _ => None,
    }
}

/// A schema's only type.
fn type_of(schema: &Value) -> &str {
    text(schema, "type").unwrap_or_default()
}

/// A word of a schema.
pub(super) fn text<'a>(schema: &'a Value, keyword: &str) -> Option<&'a str> {
    schema.get(keyword).and_then(Value::as_str)
}

/// What a schema says of itself, for people.
pub(super) fn description(schema: &Value) -> Option<String> {
    text(schema, "description").map(plain)
}

/// A text that was written for models, without its marks.
pub(super) fn plain(text: &str) -> String {
    text.replace('`', "")
}

/// What is wanted of a value besides what its control shows, in words.
pub(super) fn bounds(schema: &Value) -> String {
    let mut words = Vec::new();
    if let Some(pattern) = text(schema, "pattern") {
        words.push(format!("Matches {pattern}"));
    }
    words.extend(range(schema, ["minimum", "maximum"], ""));
    words.extend(range(schema, ["minLength", "maxLength"], " characters"));
    words.extend(range(schema, ["minItems", "maxItems"], " entries"));
    words.extend(
        schema
            .get("items")
            .map(bounds)
            .filter(|bounds| !bounds.is_empty())
            .map(|each| format!("Each: {each}")),
    );
    words.join(". ")
}

fn range(schema: &Value, [least, most]: [&str; 2], unit: &str) -> Option<String> {
    let bound = |keyword| schema.get(keyword).filter(|bound| !is_vast(bound));
    match (bound(least), bound(most)) {
        (Some(least), Some(most)) => Some(format!("From {least} to {most}{unit}")),
        (Some(least), None) => Some(format!("At least {least}{unit}")),
        (None, Some(most)) => Some(format!("At most {most}{unit}")),
        (None, None) => None,
    }
}

/// Whether a number is a bound only because every number has one.
fn is_vast(bound: &Value) -> bool {
    bound.as_f64().is_some_and(|bound| bound.abs() > 4e9)
}

/// Whether a value is a list that need not have an entry.
pub(super) fn may_be_empty(schema: &Value) -> bool {
    type_of(schema) == "array" && schema.get("minItems").is_none_or(|least| *least == 0)
}

/// A value that a schema accepts, with everything in it.
pub(super) fn example(schema: &Value) -> Value {
    if let Some(word) = schema.get("enum").and_then(|words| words.get(0)) {
        return word.clone();
    }
    match type_of(schema) {
        "string" => Value::from(example_text(schema)),
        "integer" | "number" => match schema.get("minimum").and_then(Value::as_i64) {
            Some(least) if least > 0 => json!(least),
            _ => json!(1),
        },
        "boolean" => json!(true),
        "array" => json!([schema.get("items").map(example).unwrap_or_default()]),
        "object" => {
            let known = schema.get("properties").and_then(Value::as_object);
            let known = known.into_iter().flatten();
            let members = known.map(|(name, schema)| (name.clone(), example(schema)));
            Value::Object(members.collect::<Map<_, _>>())
        }
        _ => Value::Null,
    }
}

fn example_text(schema: &Value) -> &'static str {
    match (text(schema, "format"), text(schema, "pattern")) {
        (Some("date"), _) => "2026-12-31",
        (Some("date-time"), _) => "2026-12-31T23:59:00Z",
        (_, Some("^[A-Z]{3}$")) => "USD",
        (_, Some("^[0-9]{4}$")) => "1234",
        _ => "text",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(schema: &Value) -> Vec<(String, String)> {
        let inputs = inputs(schema);
        let kind = |input: &Input<'_>| {
            let kind = format!("{:?}", input.kind);
            let word = kind.split(|c: char| !c.is_alphanumeric()).next();
            (input.pointer.clone(), word.unwrap_or_default().to_owned())
        };
        inputs.iter().map(kind).collect()
    }

    #[test]
    fn every_kind_of_value_has_its_control() {
        let schema = json!({"type": "object", "required": ["b"], "properties": {
            "a/~": {"type": "string"},
            "b": {"type": "string", "format": "date"},
            "c": {"type": "integer"},
            "d": {"type": "number"},
            "e": {"type": "boolean"},
            "f": {"enum": ["x", 2]},
            "g": {"enum": ["x", null]},
            "h": {"type": "array", "items": {"type": "integer"}},
            "i": {"type": "array", "items": {"type": "object"}},
            "j": {"type": "object", "properties": {"k": {"type": "string"}}},
            "l": {"type": "object"},
            "m": {"$ref": "#/$defs/m"},
            "n": {"type": ["string", "null"]},
        }});
        let expected = [
            ("/b", "Date"),
            ("/a~1~0", "Text"),
            ("/c", "Whole"),
            ("/d", "Number"),
            ("/e", "Flag"),
            ("/f", "Word"),
            ("/g", "Json"),
            ("/h", "Lines"),
            ("/i", "Json"),
            ("/j", "Group"),
            ("/l", "Json"),
            ("/m", "Json"),
            ("/n", "Json"),
        ];
        let expected = expected.map(|(pointer, kind)| (pointer.to_owned(), kind.to_owned()));
        assert_eq!(kinds(&schema), expected);
    }

    #[test]
    fn what_no_control_can_say_is_said_in_words() {
        let of = |schema: Value| bounds(&schema);
        assert_eq!(of(json!({"minimum": 1, "maximum": 12})), "From 1 to 12");
        assert_eq!(
            of(json!({"pattern": "^[A-Z]{3}$", "maxLength": 3})),
            "Matches ^[A-Z]{3}$. At most 3 characters"
        );
        assert_eq!(
            of(json!({"minItems": 1, "items": {"minLength": 1}})),
            "At least 1 entries. Each: At least 1 characters"
        );
        assert_eq!(
            of(json!({"minimum": 1, "maximum": 999_999_999_999_999_i64})),
            "At least 1"
        );
        assert_eq!(of(json!({})), "");
    }
}
