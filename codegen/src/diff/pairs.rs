//! Which thing of the old document is which thing of the new one.

use std::collections::BTreeSet;

use crate::ir::{Api, Enum, Key, Operation, Struct, Type, WireValue};

/// Both documents, and what belongs together in them.
#[derive(Debug)]
pub(super) struct Pairs<'a> {
    pub(super) old: &'a Api,
    pub(super) new: &'a Api,
    pub(super) operations: Sides<&'a Operation>,
    pub(super) structs: Sides<&'a Struct>,
    pub(super) enums: Sides<&'a Enum>,
    pub(super) keys: Sides<&'a Key>,
}

/// Things on both sides, and those on one side only.
#[derive(Debug)]
pub(super) struct Sides<T> {
    pub(super) kept: Vec<(T, T)>,
    pub(super) removed: Vec<T>,
    pub(super) added: Vec<T>,
}

/// Pairs what fits the first rule, then among the rest what fits the second, and so on.
pub(super) fn pair<T: Copy>(
    old: impl IntoIterator<Item = T>,
    new: impl IntoIterator<Item = T>,
    rules: &[&dyn Fn(T, T) -> bool],
) -> Sides<T> {
    let mut sides = Sides {
        kept: Vec::new(),
        removed: old.into_iter().collect(),
        added: new.into_iter().collect(),
    };
    for fits in rules {
        for item in std::mem::take(&mut sides.removed) {
            match sides.added.iter().position(|other| fits(item, *other)) {
                Some(position) => sides.kept.push((item, sides.added.remove(position))),
                None => sides.removed.push(item),
            }
        }
    }
    sides
}

impl<'a> Pairs<'a> {
    /// Operations belong together by id, else by HTTP method and path. Named types belong together by name, else by
    /// content: if most of it is the same, the type was renamed.
    pub(super) fn find(old: &'a Api, new: &'a Api) -> Self {
        Self {
            old,
            new,
            operations: pair(
                old.operations(),
                new.operations(),
                &[&|a: &Operation, b: &Operation| a.id == b.id, &|a, b| {
                    route(a) == route(b)
                }],
            ),
            structs: pair(
                &old.structs,
                &new.structs,
                &[
                    &|a: &Struct, b: &Struct| a.name == b.name,
                    &|a, b| fields(a) == fields(b),
                    &|a, b| is_mostly(&fields(a), &fields(b)),
                ],
            ),
            enums: pair(
                &old.enums,
                &new.enums,
                &[
                    &|a: &Enum, b: &Enum| a.name == b.name,
                    &|a, b| values(a) == values(b),
                    &|a, b| is_mostly(&values(a), &values(b)),
                ],
            ),
            keys: pair(
                &old.keys,
                &new.keys,
                &[&|a: &Key, b: &Key| a.kind == b.kind],
            ),
        }
    }

    /// Whether a type is still the same. What has changed inside of a named type is told once, with that type.
    pub(super) fn is_same(&self, old: &Type, new: &Type) -> bool {
        match (old, new) {
            (Type::Key(a), Type::Key(b)) => {
                let (a, b) = (self.old.key(*a), self.new.key(*b));
                a.kind == b.kind
            }
            (Type::Enum(a), Type::Enum(b)) => {
                let (a, b) = (self.old.enumeration(*a), self.new.enumeration(*b));
                let mut kept = self.enums.kept.iter();
                kept.any(|(old, new)| old.name == a.name && new.name == b.name)
            }
            (Type::Struct(a), Type::Struct(b)) => {
                let (a, b) = (self.old.structure(*a), self.new.structure(*b));
                let mut kept = self.structs.kept.iter();
                kept.any(|(old, new)| old.name == a.name && new.name == b.name)
            }
            (Type::List(a), Type::List(b)) | (Type::Page(a), Type::Page(b)) => self.is_same(a, b),
            (a, b) => a == b && !is_named(a),
        }
    }
}

/// Named types are known by a position, which means nothing in another document.
fn is_named(ty: &Type) -> bool {
    matches!(ty, Type::Key(_) | Type::Enum(_) | Type::Struct(_))
}

/// HTTP method, service and path without the names of its parameters.
fn route(operation: &Operation) -> (String, &str, String) {
    (
        operation.http.to_string(),
        &operation.service,
        path_shape(&operation.path),
    )
}

/// A path template without the names of its parameters: they never travel.
pub(super) fn path_shape(path: &str) -> String {
    let segments = path.split('{').map(|part| match part.split_once('}') {
        Some((_, rest)) => format!("}}{rest}"),
        None => part.to_owned(),
    });
    segments.collect::<Vec<_>>().join("{")
}

fn fields(structure: &Struct) -> BTreeSet<&str> {
    let fields = structure.fields.iter();
    fields.map(|field| field.wire.as_str()).collect()
}

fn values(enumeration: &Enum) -> BTreeSet<&WireValue> {
    enumeration.values.iter().map(|value| &value.wire).collect()
}

fn is_mostly<T: Ord>(a: &BTreeSet<T>, b: &BTreeSet<T>) -> bool {
    a.intersection(b).count() * 2 > a.len().max(b.len())
}
