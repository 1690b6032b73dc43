//! From the typed document to the IR: the only place that sees both.

mod enumeration;
mod extension;
mod field;
mod key;
mod marker;
mod name;
mod operation;
mod parameter;
mod payload;
mod resource;
mod schema;
mod shapes;
mod tool;

use openapiv3::OpenAPI;
use serde_json::Value;

use crate::diagnostic::{Diagnostics, Pointer};
use crate::ir::{Answer, Api, Key, Struct, StructId, Type};
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
    let base_url = lowering.base_url();
    let operations = lowering.operations();
    let Lowering {
        diagnostics,
        keys,
        shapes,
        skipped,
        ..
    } = lowering;
    let (structs, enums) = shapes.finish(&keys, diagnostics);
    let key_types: Vec<String> = keys.iter().map(|key| key.type_name.clone()).collect();
    let mut api = Api {
        version: document.info.version.clone(),
        base_url,
        keys,
        enums,
        structs,
        resources: resource::group(document, operations, &key_types, diagnostics),
        skipped,
    };
    marker::resolve(&mut api, diagnostics);
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
        for field in operation
            .parameters
            .iter()
            .map(|parameter| &parameter.field)
        {
            if field.doc.is_empty() && !matches!(field.ty, Type::Key(_)) {
                let message = format!(
                    "the parameter `{}` of `{}` has no description",
                    field.wire, operation.id
                );
                diagnostics.warning("undocumented", &operation.pointer, message, help);
            }
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
