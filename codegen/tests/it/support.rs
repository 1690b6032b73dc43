//! What several tests need.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use billsby_codegen::{Generation, Source, generate};
use serde_json::Value;

/// The repository's root.
pub(crate) fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

pub(crate) fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A file of the repository.
pub(crate) fn repository_file(path: &str) -> String {
    read(&repository().join(path))
}

/// Generates from a document called `api.yaml` and overlays called `first.yaml` and `second.yaml`.
pub(crate) fn run(document: &str, overlays: &[&str]) -> Generation {
    let names = ["first.yaml", "second.yaml"];
    let sources = names.iter().zip(overlays);
    let overlays: Vec<Source<'_>> = sources.map(|(name, text)| Source { name, text }).collect();
    generate(
        Source {
            name: "api.yaml",
            text: document,
        },
        &overlays,
    )
}

/// All diagnostics as a person sees them.
pub(crate) fn printed(generation: &Generation) -> String {
    let texts: Vec<String> = generation
        .diagnostics
        .iter()
        .map(ToString::to_string)
        .collect();
    texts.join("\n")
}

/// The files, which must be there.
pub(crate) fn files(generation: &Generation) -> &BTreeMap<String, String> {
    let files = generation.files.as_ref();
    files.unwrap_or_else(|| panic!("nothing is generated:\n{}", printed(generation)))
}

/// What is wrong with a generated text as Rust, JSON or YAML.
pub(crate) fn unreadable(path: &str, text: &str) -> Option<String> {
    let ending = Path::new(path)
        .extension()
        .and_then(|ending| ending.to_str());
    match ending {
        Some("rs") => syn::parse_file(text).err().map(|error| error.to_string()),
        Some("json") => serde_json::from_str::<Value>(text)
            .err()
            .map(|error| error.to_string()),
        Some("yaml") => yaml_serde::from_str::<Value>(text)
            .err()
            .map(|error| error.to_string()),
        _ => None,
    }
}

/// Fails unless each generated file can be read as what its name says.
pub(crate) fn assert_readable(files: &BTreeMap<String, String>) {
    for (path, text) in files {
        if let Some(error) = unreadable(path, text) {
            panic!("{path}: {error}\n{text}");
        }
    }
}

/// Reads YAML or JSON into a value.
pub(crate) fn value(text: &str) -> Value {
    yaml_serde::from_str(text).expect("the text is YAML")
}
