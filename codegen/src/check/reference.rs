//! `$ref`: every target exists, and no schema contains itself.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::diagnostic::{Diagnostics, Pointer};

pub(super) fn check(document: &Value, diagnostics: &mut Diagnostics) {
    let mut found = Vec::new();
    collect(document, &Pointer::root(), &mut found);
    for (pointer, reference) in &found {
        dangling(document, pointer, reference, diagnostics);
    }
    cycles(document, diagnostics);
}

/// All references below a value, with the place of the object that holds each.
fn collect<'a>(value: &'a Value, pointer: &Pointer, found: &mut Vec<(Pointer, &'a Value)>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                // A property may well be called `$ref`; its schema is an object then.
                if key == "$ref" && !value.is_object() {
                    found.push((pointer.at(key), value));
                } else {
                    collect(value, &pointer.at(key), found);
                }
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                collect(item, &pointer.at(index), found);
            }
        }
        _ => {}
    }
}

fn dangling(document: &Value, pointer: &Pointer, reference: &Value, diagnostics: &mut Diagnostics) {
    let help = "only targets of this document, such as #/components/schemas/Name, can be used";
    match reference.as_str() {
        None => {
            diagnostics.error(
                "reference",
                pointer,
                format!("a reference must be text, found {reference}"),
                help,
            );
        }
        Some(text) => {
            let target = text
                .strip_prefix('#')
                .and_then(|target| document.pointer(target));
            if target.is_none() {
                diagnostics.error(
                    "reference",
                    pointer,
                    format!("nothing is found at `{text}`"),
                    help,
                );
            }
        }
    }
}

/// Reports each component that can be reached from itself.
fn cycles(document: &Value, diagnostics: &mut Diagnostics) {
    let components = document.get("components").and_then(Value::as_object);
    let mut edges: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (kind, members) in components.into_iter().flatten() {
        for (name, component) in members.as_object().into_iter().flatten() {
            let mut found = Vec::new();
            collect(component, &Pointer::root(), &mut found);
            let targets = found
                .iter()
                .filter_map(|(_, target)| component_of(target.as_str()?));
            edges.insert(format!("{kind}/{name}"), targets.collect());
        }
    }
    for start in edges.keys() {
        if let Some(path) = path_back(start, &edges) {
            let (kind, name) = start.split_once('/').unwrap_or((start, ""));
            let pointer = Pointer::root().join(["components", kind, name]);
            let message = format!("{name} contains itself: {}", path.join(" → "));
            let help =
                "break the cycle: a value that contains itself cannot be typed or shown to a model";
            diagnostics.error("reference-cycle", &pointer, message, help);
        }
    }
}

/// `kind/name` of the component that a reference points to or into.
fn component_of(reference: &str) -> Option<String> {
    let mut tokens = reference.strip_prefix("#/components/")?.split('/');
    let (kind, name) = (tokens.next()?, tokens.next()?);
    let name = name.replace("~1", "/").replace("~0", "~");
    Some(format!("{kind}/{name}"))
}

fn path_back(start: &str, edges: &BTreeMap<String, Vec<String>>) -> Option<Vec<String>> {
    let mut came_from: BTreeMap<&str, &str> = BTreeMap::new();
    let mut waiting = vec![start];
    while let Some(node) = waiting.pop() {
        for next in edges.get(node).into_iter().flatten() {
            if next == start {
                let mut path = vec![start.to_owned()];
                let mut step = node;
                while step != start {
                    path.push(step.to_owned());
                    step = came_from.get(step).copied().unwrap_or(start);
                }
                path.push(start.to_owned());
                path.reverse();
                return Some(path);
            }
            if !came_from.contains_key(next.as_str()) {
                came_from.insert(next, node);
                waiting.push(next);
            }
        }
    }
    None
}
