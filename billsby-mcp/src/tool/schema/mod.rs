//! The tools' schemas: plain JSON Schema without `$ref` or combinators at the root.
//!
//! Two schemas of the arguments are made from the one that is generated. The accepted one is complete, and
//! every call is checked against it. The listed one is what a model reads: the same without what costs
//! tokens and teaches nothing, in the form that the client understands.

mod answer;
mod expectation;
mod input;
mod marker;
mod normalise;

use serde_json::{Map, Value};

pub(crate) use answer::output;
pub(crate) use expectation::expectation;
pub(crate) use input::{COMPANY_DOMAIN, accepted_input, each_child, listed_input};
pub(crate) use marker::{SUPPLIER, description};
pub(crate) use normalise::normalise;

/// Reads a generated schema.
fn parse(text: &str) -> Result<Value, String> {
    let schema: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
    if schema.get("type").and_then(Value::as_str) != Some("object") {
        return Err("its type is not \"object\"".to_owned());
    }
    Ok(schema)
}

/// The properties that a schema declares.
pub(crate) fn properties(schema: &Value) -> Option<&Map<String, Value>> {
    schema.get("properties")?.as_object()
}

fn types(schema: &Value) -> Vec<&str> {
    match schema.get("type") {
        Some(Value::String(name)) => vec![name],
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

fn accepts(schema: &Value, wanted: &str) -> bool {
    types(schema).contains(&wanted)
}
