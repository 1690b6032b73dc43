//! Operations grouped by what they work on.

use std::collections::BTreeMap;

use heck::ToUpperCamelCase;
use openapiv3::OpenAPI;
use serde_json::{Map, Value};

use super::{extension, name};
use crate::diagnostic::{Diagnostics, Pointer};
use crate::ir::{Operation, Resource};

const RENAME: &str = "set `operationId` to another resource.method";

/// Resources and their operations, both sorted by name.
pub(super) fn group(
    document: &OpenAPI,
    operations: Vec<Operation>,
    key_types: &[String],
    diagnostics: &mut Diagnostics,
) -> Vec<Resource> {
    let root = Pointer::root();
    let member = "x-billsby-resources";
    let docs = extension::object(&document.extensions, member, &root, diagnostics);
    let mut grouped: BTreeMap<String, Vec<Operation>> = BTreeMap::new();
    for operation in operations {
        grouped
            .entry(operation.resource.clone())
            .or_default()
            .push(operation);
    }
    for (name, doc) in docs.into_iter().flatten() {
        let pointer = root.join([member, name]);
        if !grouped.contains_key(name) {
            let message = format!("no operation belongs to `{name}`");
            let help = "delete the entry, or correct its name";
            diagnostics.error("resource", &pointer, message, help);
        }
        if !doc.is_string() {
            let message = format!("the description of `{name}` is not text");
            let help = "write one line about what the resource is";
            diagnostics.error("resource", &pointer, message, help);
        }
    }
    grouped
        .into_iter()
        .map(|(name, operations)| resource(name, operations, docs, key_types, diagnostics))
        .collect()
}

fn resource(
    name: String,
    mut operations: Vec<Operation>,
    docs: Option<&Map<String, Value>>,
    key_types: &[String],
    diagnostics: &mut Diagnostics,
) -> Resource {
    operations.sort_by(|a, b| a.method.cmp(&b.method));
    let doc = docs.and_then(|docs| docs.get(&name)?.as_str()).map_or_else(
        || format!("Operations on {}.", name.replace('_', " ")),
        str::to_owned,
    );
    let type_name = name.to_upper_camel_case();
    if let Some(first) = operations.first()
        && (!name::is_free_group(&name) || key_types.contains(&type_name))
    {
        let message = format!("`{name}` is used for something else in generated code");
        diagnostics.error("reserved-name", &first.pointer, message, RENAME);
    }
    // The types of the resource and of its operations stand in one file, with the types that it imports.
    let mut taken: BTreeMap<&str, String> = BTreeMap::new();
    taken.insert(&type_name, format!("the resource `{name}`"));
    for operation in &operations {
        let (id, pointer) = (&operation.id, &operation.pointer);
        let marker = operation.type_name.as_str();
        if !name::is_free_method(&operation.method) || key_types.iter().any(|key| key == marker) {
            let message =
                format!("`{id}`: `{marker}` is used for something else in generated code");
            diagnostics.error("reserved-name", pointer, message, RENAME);
        }
        let description = format!("the operation at #{pointer}");
        if let Some(first) = taken.insert(marker, description) {
            let message = format!("`{id}` and {first} would both be called `{marker}`");
            diagnostics.error("name-collision", pointer, message, RENAME);
        }
    }
    Resource {
        name,
        type_name,
        doc,
        operations,
    }
}
