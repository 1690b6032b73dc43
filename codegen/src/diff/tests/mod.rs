//! The rules, one by one: an edit of a small document, and everything that is said about it.
//!
//! The tables in `rules/` read like this:
//!
//! ```text
//! @ name of an edit that several rules use
//! -text that is there once
//! +text that takes its place
//!
//! == name of a rule
//! < edit of the old document
//! > edit of the new document
//! -edit of the new document,
//! -spelled out
//! +here
//! ! sdk what breaks: how
//!   mcp what changes: how
//! ```

mod emitted;

use std::collections::BTreeMap;

use super::{Audience, Change, diff};
use crate::document::Source;

/// A document in which every kind of thing that can change occurs.
const BASE: &str = include_str!("base.yaml");

#[test]
fn calls() {
    check(include_str!("rules/calls.txt"));
}

#[test]
fn types() {
    check(include_str!("rules/types.txt"));
}

#[test]
fn tools() {
    check(include_str!("rules/tools.txt"));
}

#[test]
fn a_document_does_not_differ_from_itself() {
    assert_eq!(changes(BASE, BASE), []);
}

#[test]
fn what_breaks_comes_first() {
    let new = BASE
        .replace("version: '1'", "version: '2'")
        .replace("name: since", "name: after");
    let found = changes(BASE, &new);
    assert!(found.first().is_some_and(|change| change.breaking));
    assert!(found.is_sorted_by_key(|change| !change.breaking));
    assert!(found.last().is_some_and(|change| !change.breaking));
}

#[test]
fn mistakes_in_both_documents_are_reported() {
    let found = diff(
        Source {
            name: "old.yaml",
            text: "swagger: '2.0'",
        },
        Source {
            name: "new.yaml",
            text: "a: [",
        },
    );
    let found = found.unwrap_err();
    let files: Vec<&str> = found.iter().map(|d| d.file.as_str()).collect();
    assert_eq!(files, ["old.yaml", "new.yaml"]);
}

fn changes(old: &str, new: &str) -> Vec<Change> {
    let source = |text| Source {
        name: "a.yaml",
        text,
    };
    diff(source(old), source(new)).unwrap_or_else(|found| panic!("{found:#?}"))
}

fn show(change: &Change) -> String {
    let audience = match change.audience {
        Audience::SdkUsers => "sdk",
        Audience::ToolCallers => "mcp",
        Audience::Everyone => "all",
    };
    let mark = if change.breaking { "!" } else { " " };
    format!("{mark} {audience} {}: {}", change.subject, change.text)
}

/// Texts and what takes their place.
type Edits = Vec<(String, String)>;

fn edit(document: &mut String, edits: &Edits) {
    for (from, to) in edits {
        assert_eq!(document.matches(from).count(), 1, "once: `{from}`");
        *document = document.replace(from, to);
    }
}

/// Runs every rule of a table and reports all that fail.
fn check(table: &str) {
    let mut named: BTreeMap<&str, Edits> = BTreeMap::new();
    let mut failures = String::new();
    for block in table.split("\n\n") {
        let (title, lines) = block.split_once('\n').expect("a title and lines");
        let edits = edits(lines);
        if let Some(name) = title.strip_prefix("@ ") {
            named.insert(name, edits);
            continue;
        }
        let (mut old, mut new) = (BASE.to_owned(), BASE.to_owned());
        let mut expected = Vec::new();
        for line in lines.lines() {
            match line.split_once(' ') {
                Some(("<", name)) => edit(&mut old, &named[name]),
                Some((">", name)) => edit(&mut new, &named[name]),
                Some(("!" | "", _)) => expected.push(line.to_owned()),
                _ => {}
            }
        }
        edit(&mut new, &edits);
        let found: Vec<String> = changes(&old, &new).iter().map(show).collect();
        if found != expected {
            failures = format!("{failures}{title}\n{}\n\n", found.join("\n"));
        }
    }
    assert!(failures.is_empty(), "found instead:\n{failures}");
}

fn edits(lines: &str) -> Edits {
    let mut edits: Vec<(Vec<&str>, Vec<&str>)> = Vec::new();
    for line in lines.lines() {
        if let Some(text) = line.strip_prefix('-') {
            match edits.last_mut() {
                Some((from, to)) if to.is_empty() => from.push(text),
                _ => edits.push((vec![text], Vec::new())),
            }
        } else if let Some(text) = line.strip_prefix('+') {
            edits.last_mut().expect("`-` before `+`").1.push(text);
        }
    }
    let joined = edits
        .into_iter()
        .map(|(from, to)| (from.join("\n"), to.join("\n")));
    joined.collect()
}
