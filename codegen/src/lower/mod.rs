//! From the typed document to the IR: the only place that sees both.

mod extension;
mod key;
mod name;
mod operation;
mod schema;
mod shapes;
mod tool;

use std::collections::BTreeMap;

use heck::ToUpperCamelCase;
use openapiv3::OpenAPI;
use serde_json::Value;

use crate::diagnostic::{Diagnostics, Pointer};
use crate::ir::{Answer, Api, Key, Operation, Resource, Struct, StructId, Type};
use shapes::Shapes;

/// Turns a checked document into the IR. What cannot be turned is reported; the IR is whole only without errors.
pub(crate) fn lower(raw: &Value, document: &OpenAPI, diagnostics: &mut Diagnostics) -> Api {
    extension::check_names(raw, &Pointer::root(), diagnostics);
    let keys = key::declared(&document.extensions, diagnostics);
    let mut lowering = Lowering {
        document,
        diagnostics,
        keys,
        shapes: Shapes::default(),
        skipped: Vec::new(),
    };
    let operations = lowering.operations();
    let Lowering {
        diagnostics,
        keys,
        shapes,
        skipped,
        ..
    } = lowering;
    let (structs, enums) = shapes.finish(&keys, diagnostics);
    let api = Api {
        version: document.info.version.clone(),
        keys,
        enums,
        structs,
        resources: resources(document, operations, diagnostics),
        skipped,
    };
    key_sources(&api, diagnostics);
    tool::check_names(&api, diagnostics);
    undocumented(&api, diagnostics);
    api
}

/// What is known while operations are lowered one after the other.
struct Lowering<'a> {
    document: &'a OpenAPI,
    diagnostics: &'a mut Diagnostics,
    keys: Vec<Key>,
    shapes: Shapes,
    skipped: Vec<(String, String)>,
}

/// Groups operations by resource; both are sorted by name.
fn resources(
    document: &OpenAPI,
    operations: Vec<Operation>,
    diagnostics: &mut Diagnostics,
) -> Vec<Resource> {
    let root = Pointer::root();
    let docs = extension::object(
        &document.extensions,
        "x-billsby-resources",
        &root,
        diagnostics,
    );
    let mut grouped: BTreeMap<String, Vec<Operation>> = BTreeMap::new();
    for operation in operations {
        grouped
            .entry(operation.resource.clone())
            .or_default()
            .push(operation);
    }
    for name in docs.into_iter().flat_map(serde_json::Map::keys) {
        if !grouped.contains_key(name) {
            let pointer = root.join(["x-billsby-resources", name]);
            let message = format!("no operation belongs to `{name}`");
            diagnostics.error(
                "resource",
                &pointer,
                message,
                "delete the entry, or correct its name",
            );
        }
    }
    let mut resources = Vec::new();
    for (name, mut operations) in grouped {
        operations.sort_by(|a, b| a.method.cmp(&b.method));
        for pair in operations.windows(2) {
            if pair[0].method == pair[1].method {
                let pointer = &pair[1].pointer;
                let message = format!(
                    "`{}` is already the name of the operation at #{}",
                    pair[0].id, pair[0].pointer
                );
                let help = "set `operationId` to another resource.method";
                diagnostics.error("name-collision", pointer, message, help);
            }
        }
        let doc = docs.and_then(|docs| docs.get(&name)?.as_str()).map_or_else(
            || format!("Operations on {}.", name.replace('_', " ")),
            str::to_owned,
        );
        let type_name = name.to_upper_camel_case();
        for operation in operations
            .iter()
            .filter(|operation| operation.type_name == type_name)
        {
            let message = format!(
                "the operation `{}` has the name of its resource",
                operation.id
            );
            let help = "set `operationId` to another resource.method";
            diagnostics.error("name-collision", &operation.pointer, message, help);
        }
        resources.push(Resource {
            name,
            type_name,
            doc,
            operations,
        });
    }
    resources
}

/// Checks that each key can be found where its declaration says.
fn key_sources(api: &Api, diagnostics: &mut Diagnostics) {
    for (index, key) in api.keys.iter().enumerate() {
        let pointer = Pointer::root().join(["x-billsby-keys", &key.kind, "from"]);
        for source in &key.sources {
            let operation = api
                .operations()
                .find(|operation| operation.id == source.operation);
            let Some(operation) = operation else {
                let message = format!("there is no operation `{}`", source.operation);
                diagnostics.error(
                    "key-source",
                    &pointer,
                    message,
                    "name an operation that returns the key",
                );
                continue;
            };
            let Answer::Json(answer) = &operation.answer else {
                let message = format!("`{}` returns no data", source.operation);
                diagnostics.error(
                    "key-source",
                    &pointer,
                    message,
                    "name an operation that returns the key",
                );
                continue;
            };
            if !has_key(api, answer, &source.property, index) {
                let message = format!(
                    "the answer of `{}` has no property `{}` that is marked as {}",
                    source.operation, source.property, key.kind
                );
                let help = "correct the property, or mark it with x-billsby-key";
                diagnostics.error("key-source", &pointer, message, help);
            }
        }
    }
}

fn has_key(api: &Api, ty: &Type, property: &str, key: usize) -> bool {
    match ty {
        Type::List(item) | Type::Page(item) => has_key(api, item, property, key),
        Type::Struct(StructId(index)) => {
            let structure: &Struct = &api.structs[*index];
            structure.fields.iter().any(|field| {
                (field.wire == property && is_key(&field.ty, key))
                    || has_key(api, &field.ty, property, key)
            })
        }
        _ => false,
    }
}

fn is_key(ty: &Type, key: usize) -> bool {
    match ty {
        Type::Key(id) => id.0 == key,
        Type::List(item) => is_key(item, key),
        _ => false,
    }
}

/// Callers read the descriptions; a missing one is worth a word, but no reason to stop.
fn undocumented(api: &Api, diagnostics: &mut Diagnostics) {
    let help = "describe it in the tools overlay";
    for operation in api.operations() {
        if operation.summary.is_empty() {
            let message = format!("`{}` has no summary", operation.id);
            diagnostics.warning("undocumented", &operation.pointer, message, help);
        }
    }
    for structure in &api.structs {
        for field in structure.fields.iter().filter(|field| field.doc.is_empty()) {
            if !matches!(field.ty, Type::Key(_)) {
                let pointer = structure.pointer.join(["properties", &field.wire]);
                let message = format!("`{}` of {} has no description", field.wire, structure.name);
                diagnostics.warning("undocumented", &pointer, message, help);
            }
        }
    }
}
