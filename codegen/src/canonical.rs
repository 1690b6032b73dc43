//! The one order in which a document is written, and the import of a published document.
//!
//! Canonical order makes the bytes independent of the order in which a publisher happened to print its keys.

use serde_json::{Map, Value};

/// Keywords in reading order; every other key follows in alphabetical order.
const READING_ORDER: &[&str] = &[
    "openapi",
    "overlay",
    "info",
    "title",
    "version",
    "operationId",
    "tags",
    "summary",
    "name",
    "in",
    "url",
    "$ref",
    "description",
    "type",
    "format",
    "required",
    "servers",
    "parameters",
    "requestBody",
    "content",
    "schema",
    "items",
    "properties",
    "responses",
    "get",
    "put",
    "post",
    "delete",
    "options",
    "head",
    "patch",
    "trace",
    "security",
    "paths",
    "components",
];

/// Keywords whose value maps free names to things; the names of such a map are never keywords.
const NAME_MAPS: &[&str] = &[
    "paths",
    "properties",
    "schemas",
    "responses",
    "parameters",
    "examples",
    "requestBodies",
    "headers",
    "securitySchemes",
    "links",
    "callbacks",
    "content",
    "patternProperties",
    "x-billsby-keys",
    "x-billsby-resources",
];

/// Puts every object of the document into canonical order. Lists keep theirs: it can carry meaning.
pub(crate) fn order(value: Value) -> Value {
    order_object(value, false)
}

fn order_object(value: Value, names_are_free: bool) -> Value {
    match value {
        Value::Object(map) => {
            let required = required_names(&map);
            let mut entries: Vec<(String, Value)> = map.into_iter().collect();
            entries.sort_by(|(a, _), (b, _)| rank(a, names_are_free).cmp(&rank(b, names_are_free)));
            let ordered = entries.into_iter().map(|(key, value)| {
                let holds_names = !names_are_free && NAME_MAPS.contains(&key.as_str());
                let value = if key == "properties" && holds_names {
                    order_properties(value, &required)
                } else {
                    order_object(value, holds_names)
                };
                (key, value)
            });
            ordered.collect::<Map<_, _>>().into()
        }
        Value::Array(items) => items
            .into_iter()
            .map(|item| order_object(item, false))
            .collect(),
        scalar => scalar,
    }
}

fn rank(key: &str, names_are_free: bool) -> (usize, &str) {
    let position = if names_are_free {
        0
    } else {
        READING_ORDER
            .iter()
            .position(|known| *known == key)
            .unwrap_or(READING_ORDER.len())
    };
    (position, key)
}

/// The names in a schema's `required` list.
fn required_names(schema: &Map<String, Value>) -> Vec<String> {
    let names = schema.get("required").and_then(Value::as_array);
    names
        .into_iter()
        .flatten()
        .filter_map(|name| name.as_str().map(str::to_owned))
        .collect()
}

/// Required properties in the order of the `required` list, then the others by name.
fn order_properties(properties: Value, required: &[String]) -> Value {
    let Value::Object(map) = properties else {
        return properties;
    };
    let position = |name: &str| {
        required
            .iter()
            .position(|r| r == name)
            .unwrap_or(usize::MAX)
    };
    let mut entries: Vec<(String, Value)> = map.into_iter().collect();
    entries.sort_by(|(a, _), (b, _)| (position(a), a).cmp(&(position(b), b)));
    entries
        .into_iter()
        .map(|(name, schema)| (name, order_object(schema, false)))
        .collect::<Map<_, _>>()
        .into()
}

/// Reduces a published document to structure and facts: no prose, examples, defaults or vendor extensions.
///
/// Importing an imported document changes nothing.
pub(crate) fn import(document: Value) -> Value {
    order(strip(document, Place::Keywords))
}

/// What the keys of an object are.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    /// Keywords of the specification.
    Keywords,
    /// Free names of schemas, properties, paths …
    Names,
    /// Status codes, each with a response object.
    Responses,
    /// Keywords of a response, which is only valid with a description.
    Response,
    /// Plain data, such as the values of an `enum`.
    Data,
}

fn strip(value: Value, place: Place) -> Value {
    match value {
        Value::Object(map) => strip_object(map, place).into(),
        Value::Array(items) => {
            // `parameters` is a map of names below `components` and a list elsewhere.
            let inside = if place == Place::Names {
                Place::Keywords
            } else {
                place
            };
            items.into_iter().map(|item| strip(item, inside)).collect()
        }
        scalar => scalar,
    }
}

fn strip_object(map: Map<String, Value>, place: Place) -> Map<String, Value> {
    let mut kept: Map<String, Value> = map
        .into_iter()
        .filter(|(key, value)| {
            let is_keyword = matches!(place, Place::Keywords | Place::Response);
            !(is_keyword && is_noise(key, value))
        })
        .map(|(key, value)| {
            let inside = match place {
                Place::Data => Place::Data,
                Place::Names => Place::Keywords,
                Place::Responses => Place::Response,
                Place::Keywords | Place::Response => place_of_keyword(&key),
            };
            (key, strip(value, inside))
        })
        .collect();
    if place == Place::Response && !kept.contains_key("$ref") {
        kept.insert("description".to_owned(), Value::from(""));
    }
    kept
}

fn place_of_keyword(keyword: &str) -> Place {
    match keyword {
        "enum" | "required" | "security" => Place::Data,
        "responses" => Place::Responses,
        keyword if NAME_MAPS.contains(&keyword) => Place::Names,
        _ => Place::Keywords,
    }
}

fn is_noise(key: &str, value: &Value) -> bool {
    key.starts_with("x-")
        || matches!(
            key,
            "description" | "summary" | "example" | "examples" | "default" | "externalDocs" | "_id"
        )
        || (key == "deprecated" && value == &Value::Bool(false))
}
