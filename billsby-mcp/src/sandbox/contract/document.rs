//! The document, as JSON.

use std::sync::LazyLock;

use serde_json::{Map, Value};

/// The text of the document that the SDK and the tools are generated from.
const TEXT: &str = include_str!("../../../../openapi/billsby.yaml");

static DOCUMENT: LazyLock<Value> =
    LazyLock::new(|| yaml_serde::from_str(TEXT).expect("the document is YAML"));

/// An operation as it is written in the document.
pub(super) struct Written {
    /// Its method, in capital letters.
    pub(super) method: String,
    /// The service it is part of: the last part of its server's address.
    pub(super) prefix: &'static str,
    /// The template of its path, such as `/{companyDomain}/customers`.
    pub(super) path: &'static str,
    pub(super) operation: &'static Map<String, Value>,
}

/// Every operation of the document.
pub(super) fn operations() -> impl Iterator<Item = Written> {
    let paths = object(&DOCUMENT["paths"]).iter();
    paths.flat_map(|(path, item)| {
        let methods = object(item).iter().filter(|(key, _)| *key != "servers");
        methods.map(move |(method, operation)| Written {
            method: method.to_ascii_uppercase(),
            prefix: prefix(item.get("servers").unwrap_or(&DOCUMENT["servers"])),
            path,
            operation: object(operation),
        })
    })
}

/// What a schema stands for: itself, or the one that it refers to.
pub(super) fn resolve(schema: &'static Value) -> &'static Value {
    match schema.get("$ref").and_then(Value::as_str) {
        None => schema,
        Some(reference) => reference
            .strip_prefix('#')
            .and_then(|pointer| DOCUMENT.pointer(pointer))
            .expect("a schema of the document"),
    }
}

/// A text of the document.
pub(super) fn text(value: &'static Value) -> &'static str {
    value.as_str().expect("a text")
}

fn prefix(servers: &'static Value) -> &'static str {
    let (_, prefix) = text(&servers[0]["url"]).rsplit_once('/').expect("a URL");
    prefix
}

fn object(value: &'static Value) -> &'static Map<String, Value> {
    value.as_object().expect("an object")
}

/// The version that the document gives itself.
pub(crate) fn document_version() -> &'static str {
    let mut lines = TEXT.lines();
    let line = lines.find_map(|line| line.strip_prefix("  version: "));
    line.unwrap_or_default()
}
