//! Structs and enumerations, each structure kept once however often the document repeats it.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Diagnostics, Pointer};
use crate::ir::{
    Constructor, Enum, EnumId, EnumValue, Field, Key, Limits, Scalar, Struct, StructId, Type,
};

use super::name;

/// Which way a value travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    Sent,
    Received,
}

/// How strongly a name belongs to a shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum ClaimRank {
    /// `title`: the author's decision.
    Title,
    /// Name of a component.
    Component,
    /// Made of the names around an anonymous object.
    Derived,
}

/// A name that a place in the document proposes for its shape.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Claim {
    pub(super) rank: ClaimRank,
    pub(super) name: String,
    pub(super) pointer: Pointer,
}

#[derive(Debug)]
struct Shape<T> {
    item: T,
    claims: BTreeSet<Claim>,
    used_by: BTreeSet<String>,
}

/// Everything found so far.
#[derive(Debug, Default)]
pub(super) struct Shapes {
    structs: Vec<Shape<Struct>>,
    enums: Vec<Shape<Enum>>,
}

impl Shapes {
    pub(super) fn add_struct(
        &mut self,
        fields: Vec<Field>,
        doc: String,
        direction: Direction,
        claim: Claim,
        resource: &str,
    ) -> StructId {
        let sent = direction == Direction::Sent;
        let same = |shape: &Shape<Struct>| {
            same_fields(&shape.item.fields, &fields)
                && (!sent || !shape.item.sent || demands(&shape.item.fields) == demands(&fields))
        };
        let position = self.structs.iter().position(same).unwrap_or_else(|| {
            self.structs.push(Shape {
                item: Struct {
                    name: String::new(),
                    doc: String::new(),
                    fields: fields.clone(),
                    sent: false,
                    received: false,
                    home: None,
                    pointer: claim.pointer.clone(),
                },
                claims: BTreeSet::new(),
                used_by: BTreeSet::new(),
            });
            self.structs.len() - 1
        });
        let shape = &mut self.structs[position];
        // What the API needs when the value is sent is known only from the places where it is sent.
        if sent && !shape.item.sent {
            shape.item.fields = merge_docs(fields, &shape.item.fields);
        } else {
            shape.item.fields = merge_docs(std::mem::take(&mut shape.item.fields), &fields);
        }
        shape.item.sent |= sent;
        shape.item.received |= !sent;
        note(
            &mut shape.item.doc,
            doc,
            &mut shape.claims,
            claim,
            &mut shape.used_by,
            resource,
        );
        StructId(position)
    }

    pub(super) fn add_enum(
        &mut self,
        form: Scalar,
        values: Vec<EnumValue>,
        open: bool,
        doc: String,
        claim: Claim,
        resource: &str,
    ) -> EnumId {
        let same = |shape: &Shape<Enum>| {
            let wires = |values: &[EnumValue]| -> BTreeSet<_> {
                values
                    .iter()
                    .map(|v| (v.wire.clone(), v.name.clone()))
                    .collect()
            };
            shape.item.form == form && wires(&shape.item.values) == wires(&values)
        };
        let position = self.enums.iter().position(same).unwrap_or_else(|| {
            self.enums.push(Shape {
                item: Enum {
                    name: String::new(),
                    doc: String::new(),
                    form,
                    values,
                    open,
                    home: None,
                },
                claims: BTreeSet::new(),
                used_by: BTreeSet::new(),
            });
            self.enums.len() - 1
        });
        let shape = &mut self.enums[position];
        shape.item.open |= open;
        note(
            &mut shape.item.doc,
            doc,
            &mut shape.claims,
            claim,
            &mut shape.used_by,
            resource,
        );
        EnumId(position)
    }

    pub(super) fn structure(&self, id: StructId) -> &Struct {
        &self.structs[id.0].item
    }

    /// Gives every shape its name and its home, and reports names that do not fit.
    pub(super) fn finish(
        self,
        keys: &[Key],
        diagnostics: &mut Diagnostics,
    ) -> (Vec<Struct>, Vec<Enum>) {
        let mut taken: BTreeMap<String, Pointer> = keys
            .iter()
            .map(|key| {
                let pointer = Pointer::root().join(["x-billsby-keys", &key.kind]);
                (key.type_name.clone(), pointer)
            })
            .collect();
        let mut structs = Vec::new();
        for shape in self.structs {
            let mut item = shape.item;
            item.home = home(&shape.used_by);
            item.name = resolve(&shape.claims, &mut taken, diagnostics);
            if item.constructor() == Some(Constructor::Named) {
                take(item.required_name(), &item.pointer, &mut taken, diagnostics);
            }
            structs.push(item);
        }
        let mut enums = Vec::new();
        for shape in self.enums {
            let mut item = shape.item;
            item.home = home(&shape.used_by);
            item.name = resolve(&shape.claims, &mut taken, diagnostics);
            enums.push(item);
        }
        (structs, enums)
    }
}

fn note(
    doc: &mut String,
    new_doc: String,
    claims: &mut BTreeSet<Claim>,
    claim: Claim,
    used_by: &mut BTreeSet<String>,
    resource: &str,
) {
    if doc.is_empty() {
        *doc = new_doc;
    }
    claims.insert(claim);
    used_by.insert(resource.to_owned());
}

fn home(used_by: &BTreeSet<String>) -> Option<String> {
    let mut resources = used_by.iter();
    match (resources.next(), resources.next()) {
        (Some(only), None) => Some(only.clone()),
        _ => None,
    }
}

fn same_fields(a: &[Field], b: &[Field]) -> bool {
    let shape = |fields: &[Field]| -> BTreeSet<(String, String, Type, Vec<String>)> {
        fields
            .iter()
            .map(|f| {
                (
                    f.wire.clone(),
                    f.argument.clone(),
                    f.ty.clone(),
                    f.aliases.clone(),
                )
            })
            .collect()
    };
    a.len() == b.len() && shape(a) == shape(b)
}

/// What a sender has to obey, by property.
fn demands(fields: &[Field]) -> BTreeMap<&str, (bool, &Limits)> {
    fields
        .iter()
        .map(|field| (field.wire.as_str(), (field.required, &field.limits)))
        .collect()
}

fn merge_docs(mut fields: Vec<Field>, others: &[Field]) -> Vec<Field> {
    for field in &mut fields {
        let Some(other) = others.iter().find(|other| other.wire == field.wire) else {
            continue;
        };
        if field.doc.is_empty() {
            field.doc.clone_from(&other.doc);
        }
        if field.brief.is_none() {
            field.brief.clone_from(&other.brief);
        }
    }
    fields
}

fn resolve(
    claims: &BTreeSet<Claim>,
    taken: &mut BTreeMap<String, Pointer>,
    diagnostics: &mut Diagnostics,
) -> String {
    let Some(best) = claims.iter().map(|claim| claim.rank).min() else {
        return String::new();
    };
    let mut candidates: Vec<&Claim> = claims.iter().filter(|claim| claim.rank == best).collect();
    candidates.sort_by_key(|claim| (claim.name.len(), &claim.name));
    let chosen = candidates[0];
    if best == ClaimRank::Title
        && let Some(other) = candidates.iter().find(|other| other.name != chosen.name)
    {
        let message = format!(
            "this shape is titled `{}` here and `{}` at #{}",
            chosen.name, other.name, other.pointer
        );
        let help = "equal shapes become one type: give them the same title";
        diagnostics.error("shape-titles", &chosen.pointer, message, help);
    }
    let Some(name) = name::type_name(&chosen.name) else {
        let message = format!("`{}` cannot be the name of a Rust type", chosen.name);
        let help = "set `title` to a name in UpperCamelCase that is not used by the language or the client";
        diagnostics.error("name", &chosen.pointer, message, help);
        return chosen.name.clone();
    };
    take(name.clone(), &chosen.pointer, taken, diagnostics);
    name
}

fn take(
    name: String,
    pointer: &Pointer,
    taken: &mut BTreeMap<String, Pointer>,
    diagnostics: &mut Diagnostics,
) {
    let message = format!("two different types are called `{name}`: this one and #");
    if let Some(first) = taken.insert(name, pointer.clone()) {
        let message = format!("{message}{first}");
        let help = "set `title` on one of them";
        diagnostics.error("name-collision", pointer, message, help);
    }
}
