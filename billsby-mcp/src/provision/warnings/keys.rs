//! Tools that nobody can call, because no tool that is served gives the key that they need.

use serde_json::Value;

use super::{Warning, some_of};
use crate::record::ServerConfig;
use crate::tool::{Catalogue, Entry, Key, Names, Tool, profile};

/// Says in a generated schema of which kind a key is.
const KEY: &str = "x-billsby-key";

/// The keys that tools need and no other tool gives, each with the tools that need it.
pub(super) fn missing(catalogue: &Catalogue, config: &ServerConfig) -> Vec<Warning> {
    let names = profile::names(&config.settings());
    let served: Vec<&Tool> = catalogue.entries().iter().map(Entry::tool).collect();
    let warning = |key: &&'static Key| {
        let stuck = served.iter().filter(|tool| is_stuck(tool, key, &served));
        let stuck: Vec<&str> = stuck.map(|tool| names.of(tool)).collect();
        let source = source(key, names)?;
        (!stuck.is_empty()).then(|| {
            let verb = if stuck.len() == 1 { "needs" } else { "need" };
            Warning::for_all(format!(
                "{} {verb} {}, and no tool here gives it: add {source}, or be ready to name it yourself",
                some_of(&stuck),
                key.name
            ))
        })
    };
    crate::KEYS.iter().filter_map(|key| warning(&key)).collect()
}

/// Whether a tool needs a key that no other one gives.
fn is_stuck(tool: &Tool, key: &Key, served: &[&Tool]) -> bool {
    let gives = |other: &&Tool| {
        let mut sources = key.sources.iter();
        other.name != tool.name && sources.any(|source| source.operation == other.operation)
    };
    needs(tool, key) && !served.iter().any(gives)
}

/// Whether a tool cannot be called without a key.
fn needs(tool: &Tool, key: &Key) -> bool {
    let Ok(schema) = serde_json::from_str::<Value>(tool.input_schema) else {
        return false;
    };
    let required = schema["required"].as_array();
    let mut required = required.into_iter().flatten().filter_map(Value::as_str);
    required.any(|name| schema["properties"][name][KEY] == key.name)
}

/// The tool that gives a key best, among all there are.
fn source(key: &Key, names: Names) -> Option<&'static str> {
    key.sources.iter().find_map(|source| {
        let mut tools = crate::tools();
        let tool = tools.find(|tool| tool.operation == source.operation)?;
        Some(names.of(tool))
    })
}
