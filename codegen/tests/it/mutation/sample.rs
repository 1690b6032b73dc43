//! A small document that is part of the real one.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::random::Random;

const PATHS: usize = 5;

/// Some paths of the document and everything that they need; it can be generated as it is.
pub(super) fn sample(document: &Value, random: &mut Random) -> Value {
    let all = document["paths"]
        .as_object()
        .expect("the document has paths");
    let mut paths: Vec<&String> = all.keys().collect();
    random.shuffle(&mut paths);
    paths.truncate(PATHS);
    let mut sample = document.clone();
    keep(&mut sample["paths"], |path| {
        paths.iter().any(|kept| *kept == path)
    });
    let reached = reached(document, &sample["paths"]);
    let components = sample["components"]
        .as_object_mut()
        .expect("the document has components");
    for (kind, members) in components {
        keep(members, |name| {
            kind == "securitySchemes" || reached.contains(&format!("#/components/{kind}/{name}"))
        });
    }
    name_no_tools(&mut sample["paths"]);
    let operations = operation_ids(&sample["paths"]);
    let groups: BTreeSet<&str> = operations
        .iter()
        .filter_map(|id| id.split('.').next())
        .collect();
    keep(&mut sample["x-billsby-resources"], |group| {
        groups.contains(group)
    });
    let keys = sample["x-billsby-keys"]
        .as_object_mut()
        .expect("the document declares keys");
    for key in keys.values_mut() {
        if let Some(sources) = key.get_mut("from").and_then(Value::as_array_mut) {
            sources.retain(|source| {
                source["operation"]
                    .as_str()
                    .is_some_and(|id| operations.contains(id))
            });
        }
    }
    sample
}

fn keep(object: &mut Value, is_kept: impl Fn(&str) -> bool) {
    let entries = object
        .as_object_mut()
        .map(std::mem::take)
        .unwrap_or_default();
    let entries = entries.into_iter().filter(|(name, _)| is_kept(name));
    *object = Value::Object(entries.collect::<Map<_, _>>());
}

/// Takes the markers out of descriptions: the tools they stand for may not be there.
fn name_no_tools(paths: &mut Value) {
    let items = paths.as_object_mut().into_iter().flatten();
    let items = items.filter_map(|(_, item)| item.as_object_mut());
    for (_, operation) in items.flatten() {
        if let Some(Value::String(text)) = operation.get_mut("description") {
            *text = text.replace(['{', '}'], "");
        }
    }
}

/// All references that can be reached from a value.
fn reached(document: &Value, start: &Value) -> BTreeSet<String> {
    let mut reached = BTreeSet::new();
    let mut waiting = vec![start];
    while let Some(value) = waiting.pop() {
        match value {
            Value::Object(map) => {
                if let Some(reference) = map.get("$ref").and_then(Value::as_str)
                    && reached.insert(reference.to_owned())
                {
                    waiting.extend(document.pointer(&reference[1..]));
                }
                waiting.extend(map.values());
            }
            Value::Array(items) => waiting.extend(items),
            _ => {}
        }
    }
    reached
}

fn operation_ids(paths: &Value) -> BTreeSet<String> {
    let items = paths.as_object().into_iter().flat_map(Map::values);
    let operations = items.filter_map(Value::as_object).flat_map(Map::values);
    operations
        .filter_map(|operation| operation.get("operationId")?.as_str().map(str::to_owned))
        .collect()
}
