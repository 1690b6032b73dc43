//! Every kind of diagnostic: one document for each, and what a person reads.

mod keys;
mod names;
mod outline;
mod overlays;
mod schemas;
mod together;

use std::collections::BTreeSet;
use std::path::Path;

use billsby_codegen::Severity;
use serde_json::Value;

use crate::purity;
use crate::support::{read, run, value};

/// What is printed for a document that shows exactly one problem, of the kind `code`.
pub(crate) fn one(code: &str, document: &str) -> String {
    one_with(code, document, &[])
}

/// The same for a document with overlays.
pub(crate) fn one_with(code: &str, document: &str, overlays: &[&str]) -> String {
    let generation = run(document, overlays);
    let [found] = generation.diagnostics.as_slice() else {
        panic!(
            "{} diagnostics:\n{}",
            generation.diagnostics.len(),
            crate::support::printed(&generation)
        );
    };
    assert_eq!(found.code, code, "{found}");
    let is_error = found.severity == Severity::Error;
    assert_eq!(
        is_error,
        generation.files.is_none(),
        "files come with warnings and never with errors"
    );
    assert!(
        !found.help.is_empty() && !found.message.is_empty(),
        "{found}"
    );
    if code != "syntax" {
        let texts = [("api.yaml", document)].into_iter();
        let texts = texts.chain(
            ["first.yaml", "second.yaml"]
                .into_iter()
                .zip(overlays.iter().copied()),
        );
        let text = texts
            .filter(|(name, _)| found.file.starts_with(name))
            .map(|(_, text)| text)
            .next();
        let text = text.unwrap_or_else(|| panic!("{} is none of the files", found.file));
        assert!(
            points_into(&value(text), &found.pointer),
            "{found}\npoints nowhere"
        );
    }
    found.to_string()
}

/// Whether the pointer leads to a value, or to a member that is missing from one.
fn points_into(document: &Value, pointer: &str) -> bool {
    let holder = pointer.rsplit_once('/').map_or("", |(holder, _)| holder);
    document.pointer(pointer).is_some() || document.pointer(holder).is_some_and(Value::is_object)
}

/// A document with these further members of the root.
pub(crate) fn document(members: &str) -> String {
    format!("openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\n{members}")
}

/// A document with one operation, `GET /things`, with these further members; it answers with a word.
pub(crate) fn operation(members: &str) -> String {
    let members = members.trim().replace('\n', "\n      ");
    document(&format!(
        "paths:\n  /things:\n    get:\n      operationId: things.list\n      summary: List things\n      responses: {{'200': {{description: OK}}}}\n      {members}\n"
    ))
}

/// A document with one operation that answers with JSON of this schema.
pub(crate) fn answer(schema: &str) -> String {
    answer_to("{}", schema)
}

/// The same with further members of the operation, which are written as `{…}`.
pub(crate) fn answer_to(members: &str, schema: &str) -> String {
    let mut operation = value(members);
    operation["operationId"] = "things.get".into();
    operation["summary"] = "Get a thing".into();
    operation["responses"]["200"]["description"] = "OK".into();
    operation["responses"]["200"]["content"]["application/json"]["schema"] = value(schema);
    document(&format!("paths: {{/things: {{get: {operation}}}}}\n"))
}

/// A document with one operation that takes JSON of this schema.
pub(crate) fn body(schema: &str) -> String {
    let schema = value(schema);
    document(&format!(
        "paths:\n  /things:\n    post:\n      operationId: things.create\n      summary: Create a thing\n      requestBody: {{required: true, content: {{application/json: {{schema: {schema}}}}}}}\n      responses: {{'200': {{description: OK}}}}\n"
    ))
}

/// The codes in the generator's source: first arguments of the calls that report something.
pub(crate) fn codes() -> BTreeSet<String> {
    let reports = [".error(", ".warning(", "fail("];
    let sources = purity::sources();
    let calls = sources
        .iter()
        .flat_map(|(_, text)| reports.map(|call| first_texts(text, call)));
    calls.flatten().collect()
}

/// First arguments of calls, as far as they are texts.
fn first_texts(source: &str, call: &str) -> Vec<String> {
    let calls = source.match_indices(call);
    let arguments = calls.map(|(start, _)| source[start + call.len()..].trim_start());
    let texts = arguments.filter_map(|argument| argument.strip_prefix('"')?.split('"').next());
    texts.map(str::to_owned).collect()
}

#[test]
fn every_code_has_a_case() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/diagnostics");
    let mut cases = BTreeSet::new();
    for entry in std::fs::read_dir(folder).expect("the folder can be listed") {
        let path = entry.expect("the entry can be read").path();
        if path.ends_with("mod.rs") {
            continue;
        }
        let text = read(&path);
        cases.extend(
            ["one(", "one_with("]
                .into_iter()
                .flat_map(|call| first_texts(&text, call)),
        );
    }
    let codes = codes();
    assert!(codes.len() >= 40, "the search finds too few: {codes:?}");
    let untested: Vec<_> = codes.difference(&cases).collect();
    let unknown: Vec<_> = cases.difference(&codes).collect();
    assert!(untested.is_empty(), "no document shows {untested:?}");
    assert!(unknown.is_empty(), "there is no {unknown:?}");
}
