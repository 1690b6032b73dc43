//! Markers: `{list_plans}` in a text for models stands for the tool with that short name, because a
//! server may list its tools under either of two names.

use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostics, Pointer};
use crate::ir::Api;

/// Checks all markers and puts the SDK's calls in their place where people read the text.
pub(super) fn resolve(api: &mut Api, diagnostics: &mut Diagnostics) {
    let calls: BTreeMap<String, String> = api
        .operations()
        .map(|operation| {
            let call = format!("`{}().{}()`", operation.resource, operation.method);
            (operation.tool.short_name.clone(), call)
        })
        .collect();
    let mut check = |text: &str, pointer: &Pointer| {
        for name in names(text).filter(|name| !calls.contains_key(*name)) {
            let message = format!("`{{{name}}}` is not the short name of a tool");
            let help = "braces stand for another tool: write its short name between them";
            diagnostics.error("marker", pointer, message, help);
        }
    };
    for operation in api.operations() {
        check(&operation.tool.description, &operation.pointer);
        for parameter in &operation.parameters {
            check(
                parameter.field.brief.as_deref().unwrap_or_default(),
                &operation.pointer,
            );
        }
    }
    for structure in &api.structs {
        for field in &structure.fields {
            let pointer = structure.pointer.join(["properties", &field.wire]);
            check(field.brief.as_deref().unwrap_or_default(), &pointer);
        }
    }
    for operation in api.resources.iter_mut().flat_map(|r| &mut r.operations) {
        for (name, call) in &calls {
            let marker = format!("{{{name}}}");
            if operation.description.contains(&marker) {
                operation.description = operation.description.replace(&marker, call);
            }
        }
    }
}

/// What stands between braces and could be a short name.
fn names(text: &str) -> impl Iterator<Item = &str> {
    let legal = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    let parts = text.split('{').skip(1);
    let names = parts
        .filter_map(|part| part.split_once('}'))
        .map(|(name, _)| name);
    names.filter(move |name| !name.is_empty() && name.chars().all(legal))
}
