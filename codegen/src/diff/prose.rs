//! Texts for people and models: counted, not listed.

use super::pairs::{Pairs, pair};
use super::{Audience, Changes};
use crate::ir::{Field, Key, Operation, Parameter, Resource};

pub(super) fn compare(pairs: &Pairs<'_>, changes: &mut Changes) {
    let mut count = 0;
    let mut texts = |old: &str, new: &str| count += usize::from(old != new);
    let resources = pair(
        &pairs.old.resources,
        &pairs.new.resources,
        &[&|a: &Resource, b: &Resource| a.name == b.name],
    );
    for (old, new) in resources.kept {
        texts(&old.doc, &new.doc);
    }
    for (old, new) in &pairs.operations.kept {
        operation(old, new, &mut texts);
    }
    for (old, new) in &pairs.structs.kept {
        texts(&old.doc, &new.doc);
        for a in &old.fields {
            if let Some(b) = new.fields.iter().find(|other| other.wire == a.wire) {
                texts(&field(a), &field(b));
            }
        }
    }
    for (old, new) in &pairs.enums.kept {
        texts(&old.doc, &new.doc);
        for value in &old.values {
            if let Some(other) = new.values.iter().find(|other| other.wire == value.wire) {
                texts(&value.doc, &other.doc);
            }
        }
    }
    for (old, new) in &pairs.keys.kept {
        texts(&key(old), &key(new));
    }
    if count > 0 {
        let text = format!("descriptions changed: {count}");
        changes.harmless(Audience::Everyone, "document", text);
    }
}

fn operation(old: &Operation, new: &Operation, texts: &mut impl FnMut(&str, &str)) {
    texts(&old.summary, &new.summary);
    texts(&old.tool.description, &new.tool.description);
    let same = |a: &Parameter, b: &Parameter| {
        (a.location, a.field.wire.as_str()) == (b.location, b.field.wire.as_str())
    };
    for (a, b) in pair(&old.parameters, &new.parameters, &[&same]).kept {
        texts(&field(&a.field), &field(&b.field));
    }
}

/// What is said of a field, to people and to models.
fn field(field: &Field) -> String {
    let brief = field.brief.as_deref().unwrap_or_default();
    let new = if field.is_new { "new" } else { "" };
    [&field.doc, brief, new].join("\n")
}

/// A key has one line, made of all that is said about it.
fn key(key: &Key) -> String {
    let not = key.not.as_deref().unwrap_or_default();
    let sources = key.sources.iter();
    let sources: Vec<String> = sources
        .map(|source| format!("{} {}", source.operation, source.property))
        .collect();
    let brief = key.brief.as_deref().unwrap_or_default();
    let sources = sources.join(" ");
    [&key.description, brief, &key.example, not, &sources].join("\n")
}
