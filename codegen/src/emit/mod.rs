//! From the IR to files: path and text, nothing else.

mod answer_key;
mod constructor;
mod input_schema;
mod key;
mod key_table;
mod model;
mod output_schema;
mod reference;
mod resource;
mod rust;
mod tool;

use std::collections::BTreeMap;

use crate::ir::Api;

/// Folders and files that belong to the generator alone.
pub const ROOTS: &[&str] = &[
    "billsby-mcp/TOOLS.md",
    "billsby-mcp/src/generated",
    "billsby-sdk/src/generated",
    "openapi/billsby.yaml",
];

/// Writes everything but the document itself.
pub(crate) fn emit(api: &Api) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    let sdk = "billsby-sdk/src/generated";
    files.insert(format!("{sdk}/mod.rs"), resource::root(api));
    files.insert(format!("{sdk}/key.rs"), key::file(api));
    for (name, text) in model::files(api) {
        files.insert(format!("{sdk}/model/{name}.rs"), text);
    }
    for (name, text) in resource::files(api) {
        files.insert(format!("{sdk}/resource/{name}.rs"), text);
    }
    let mcp = "billsby-mcp/src/generated";
    files.insert(format!("{mcp}/mod.rs"), tool::root(api));
    files.insert(format!("{mcp}/key.rs"), key_table::file(api));
    for (name, text) in tool::files(api) {
        files.insert(format!("{mcp}/tool/{name}.rs"), text);
    }
    for operation in api.operations() {
        let path = format!("{mcp}/schema/{}.json", operation.tool.short_name);
        files.insert(path, input_schema::file(api, operation));
        let path = format!("{mcp}/output/{}.json", operation.tool.short_name);
        files.insert(path, output_schema::file(api, operation));
    }
    files.insert("billsby-mcp/TOOLS.md".to_owned(), reference::file(api));
    files
}
