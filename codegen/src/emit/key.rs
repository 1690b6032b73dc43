//! `key.rs`: one newtype per kind of identity key.

use std::fmt::Write;

use super::rust::{self, Item};
use crate::ir::{Api, Key, Scalar};

pub(super) fn file(api: &Api) -> String {
    let items: Vec<Item> = api.keys.iter().map(|key| newtype(api, key)).collect();
    let doc = "Identity keys: one type for each kind, so that one cannot be passed for another.";
    rust::file(doc, &items)
}

fn newtype(api: &Api, key: &Key) -> Item {
    let inner = match key.form {
        Scalar::Text => "String",
        Scalar::Integer => "i64",
    };
    let doc = rust::doc_text("    ", &describe(api, key));
    let name = &key.type_name;
    Item::Macro(format!(
        "key! {{\n{doc}    pub struct {name}({inner});\n}}\n"
    ))
}

fn describe(api: &Api, key: &Key) -> String {
    let mut origin = Vec::new();
    for source in &key.sources {
        let operation = api
            .operations()
            .find(|operation| operation.id == source.operation);
        let Some(operation) = operation else { continue };
        let group = rust::ident(&operation.resource);
        origin.push(format!(
            "`{group}().{}()` as `{}`",
            operation.method, source.property
        ));
    }
    let mut text = format!(
        "{} Example: `{}`.",
        rust::sentence(&key.description),
        key.example
    );
    if !origin.is_empty() {
        // Writing to a `String` cannot fail.
        let _ = write!(text, "\n\nReturned by {}.", origin.join(", "));
    }
    if let Some(not) = &key.not {
        let _ = write!(text, "\n\nNot to be confused with {}", rust::sentence(not));
    }
    text
}
