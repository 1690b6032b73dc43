//! Identity keys in answers: where they stand, and under which names.

use std::collections::BTreeSet;

use crate::ir::{Answer, Api, KeyId, Operation, StructId, Type};

/// A place where an answer has a key under a name that no argument has.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Renamed {
    /// Property names from the body inwards; `*` is every element of a list.
    pub(super) path: Vec<String>,
    /// What tools call the key.
    pub(super) argument: String,
}

/// Keys that the answer of an operation has under other names than tools take them.
pub(super) fn renamed(api: &Api, operation: &Operation) -> Vec<Renamed> {
    let mut found = BTreeSet::new();
    walk(api, operation, &mut |path, key, is_item| {
        let argument = &api.key(key).kind;
        // With something added, as in `planIdNext`, it is the name of another thing of that kind.
        let is_variation = path.last().is_some_and(|name| name.starts_with(argument));
        if !is_item && !is_variation {
            found.insert(Renamed {
                path: path.to_vec(),
                argument: argument.clone(),
            });
        }
    });
    found.into_iter().collect()
}

/// Whether a property of the answer is a list of bare keys.
pub(super) fn is_item(api: &Api, operation: &Operation, property: &str) -> bool {
    let mut found = false;
    walk(api, operation, &mut |path, _, is_item| {
        found |= is_item
            && path
                .iter()
                .rev()
                .nth(1)
                .is_some_and(|name| name == property);
    });
    found
}

/// Visits all keys of an answer: path, kind, and whether it is an item of a list.
fn walk(api: &Api, operation: &Operation, visit: &mut dyn FnMut(&[String], KeyId, bool)) {
    if let Answer::Json(ty) = &operation.answer {
        let mut walk = Walk {
            api,
            path: Vec::new(),
            inside: Vec::new(),
            visit,
        };
        walk.ty(ty, false);
    }
}

struct Walk<'a> {
    api: &'a Api,
    path: Vec<String>,
    /// Structs around the present place: a type may contain itself.
    inside: Vec<StructId>,
    visit: &'a mut dyn FnMut(&[String], KeyId, bool),
}

impl Walk<'_> {
    fn ty(&mut self, ty: &Type, is_item: bool) {
        match ty {
            Type::Key(id) => (self.visit)(&self.path, *id, is_item),
            Type::List(item) => self.step("*", item, true),
            Type::Page(item) => {
                self.path.push("results".to_owned());
                self.step("*", item, true);
                self.path.pop();
            }
            Type::Struct(id) if !self.inside.contains(id) => {
                self.inside.push(*id);
                for field in &self.api.structure(*id).fields {
                    self.step(&field.wire, &field.ty, false);
                    for alias in &field.aliases {
                        self.step(alias, &field.ty, false);
                    }
                }
                self.inside.pop();
            }
            _ => {}
        }
    }

    fn step(&mut self, name: &str, ty: &Type, is_item: bool) {
        self.path.push(name.to_owned());
        self.ty(ty, is_item);
        self.path.pop();
    }
}
