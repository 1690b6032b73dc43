//! What the corrected document promises to whoever reads it.

use std::collections::BTreeSet;

use billsby_codegen::CORRECTED_DOCUMENT;
use serde_json::Value;

use crate::support::{repository_file, value};

/// An operation with where it is.
struct Operation<'a> {
    name: String,
    operation: &'a Value,
}

fn document() -> Value {
    value(&repository_file(CORRECTED_DOCUMENT))
}

fn operations(document: &Value) -> Vec<Operation<'_>> {
    let paths = document["paths"].as_object().expect("there are paths");
    let mut operations = Vec::new();
    for (path, item) in paths {
        let members = item.as_object().expect("a path item is an object");
        for (method, operation) in members
            .iter()
            .filter(|(_, member)| member.get("responses").is_some())
        {
            let name = format!("{method} {path}");
            operations.push(Operation { name, operation });
        }
    }
    assert_eq!(operations.len(), 58);
    operations
}

/// Calls `visit` for a value and everything that it holds or refers to, each reference once.
fn walk<'a>(document: &'a Value, start: &'a Value, visit: &mut impl FnMut(&str, &'a Value)) {
    let mut reached = BTreeSet::new();
    let mut waiting = vec![(String::new(), start)];
    while let Some((place, value)) = waiting.pop() {
        visit(&place, value);
        match value {
            Value::Object(map) => {
                if let Some(reference) = map.get("$ref").and_then(Value::as_str)
                    && reached.insert(reference)
                {
                    let target = document
                        .pointer(&reference[1..])
                        .expect("references lead somewhere");
                    waiting.push((reference.to_owned(), target));
                }
                waiting.extend(
                    map.iter()
                        .map(|(key, value)| (format!("{place}/{key}"), value)),
                );
            }
            Value::Array(items) => {
                waiting.extend(
                    items
                        .iter()
                        .enumerate()
                        .map(|(index, item)| (format!("{place}/{index}"), item)),
                );
            }
            _ => {}
        }
    }
}

fn is_described(value: &Value) -> bool {
    value["description"]
        .as_str()
        .is_some_and(|text| !text.trim().is_empty())
}

#[test]
fn paths_are_made_of_words_and_parameters() {
    let document = document();
    for path in document["paths"]
        .as_object()
        .expect("there are paths")
        .keys()
    {
        let segments = path.strip_prefix('/').unwrap_or("?").split('/');
        for segment in segments {
            let name = segment
                .strip_prefix('{')
                .and_then(|rest| rest.strip_suffix('}'));
            let is_fine = match name {
                Some(name) => !name.is_empty() && name.chars().all(|c| c.is_ascii_alphabetic()),
                None => !segment.is_empty() && segment.chars().all(|c| c.is_ascii_alphanumeric()),
            };
            assert!(is_fine, "`{segment}` of {path}");
        }
    }
}

#[test]
fn properties_have_usable_names() {
    let document = document();
    walk(&document, &document, &mut |place, value| {
        let properties = value.get("properties").and_then(Value::as_object);
        for name in properties.into_iter().flatten().map(|(name, _)| name) {
            let is_fine =
                !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
            assert!(is_fine, "the property `{name}` of {place}");
        }
    });
}

#[test]
fn answers_have_no_default_values() {
    let document = document();
    for Operation { name, operation } in operations(&document) {
        for (status, response) in operation["responses"]
            .as_object()
            .expect("there are answers")
        {
            walk(&document, response, &mut |place, value| {
                let is_schema = value.get("type").is_some() || value.get("$ref").is_some();
                assert!(
                    !is_schema || value.get("default").is_none(),
                    "{name} {status}{place}"
                );
            });
        }
    }
}

#[test]
fn bodies_are_required_json() {
    let document = document();
    for Operation { name, operation } in operations(&document) {
        if let Some(body) = operation.get("requestBody") {
            assert_eq!(body["required"], true, "{name}");
            let media_types: Vec<&String> = body["content"]
                .as_object()
                .expect("it has content")
                .keys()
                .collect();
            assert_eq!(media_types, ["application/json"], "{name}");
        }
    }
}

#[test]
fn everything_is_described() {
    let document = document();
    let mut found = Vec::new();
    for Operation { name, operation } in operations(&document) {
        for member in ["operationId", "summary", "description"] {
            if operation[member].as_str().is_none_or(str::is_empty) {
                found.push(format!("{name} has no {member}"));
            }
        }
        let item =
            document["paths"][name.split_once(' ').expect("method and path").1]["parameters"]
                .as_array();
        let own = operation["parameters"].as_array();
        for parameter in item.into_iter().chain(own).flatten() {
            let is_key = parameter["schema"].get("x-billsby-key").is_some();
            if !is_key && !is_described(parameter) && !is_described(&parameter["schema"]) {
                found.push(format!(
                    "{name}: the parameter {} has no description",
                    parameter["name"]
                ));
            }
        }
    }
    walk(&document, &document, &mut |place, value| {
        for (name, property) in value
            .get("properties")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
        {
            if property.get("x-billsby-key").is_none() && !is_described(property) {
                found.push(format!("{place}: `{name}` has no description"));
            }
        }
    });
    for (name, schema) in document["components"]["schemas"]
        .as_object()
        .expect("there are schemas")
    {
        if !is_described(schema) {
            found.push(format!("the schema {name} has no description"));
        }
    }
    for (kind, key) in document["x-billsby-keys"]
        .as_object()
        .expect("there are keys")
    {
        if !is_described(key) {
            found.push(format!("the key {kind} has no description"));
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}
