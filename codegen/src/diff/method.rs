//! Calls of the client: methods, their arguments and setters, their answers.

use super::pairs::{Pairs, pair, path_shape};
use super::rust_type::name;
use super::{Audience, Changes, is_reordered};
use crate::ir::{Answer, Api, Effect, HttpMethod, Location, Operation, Role, Type};

pub(super) fn compare(pairs: &Pairs<'_>, changes: &mut Changes) {
    for operation in &pairs.operations.removed {
        changes.breaking(
            Audience::SdkUsers,
            &call(operation),
            removed(pairs.new, operation),
        );
    }
    for operation in &pairs.operations.added {
        changes.harmless(Audience::SdkUsers, &call(operation), "new");
    }
    for (old, new) in &pairs.operations.kept {
        let subject = call(old);
        if old.id != new.id {
            let text = format!("renamed to `{}`", call(new));
            changes.breaking(Audience::SdkUsers, &subject, text);
        }
        wire(old, new, changes);
        repeats(old, new, changes);
        answer(pairs, old, new, changes);
        arguments(pairs, old, new, changes);
    }
}

/// As callers write it.
fn call(operation: &Operation) -> String {
    format!("{}().{}()", operation.resource, operation.method)
}

/// Says why an operation is gone, if the new document still has it.
pub(super) fn removed(new: &Api, operation: &Operation) -> String {
    let place = format!("{} {}", operation.http, operation.path);
    let reason = new.skipped.iter().find(|(skipped, _)| *skipped == place);
    match reason {
        Some((_, reason)) => format!("removed: the operation is left out now, because {reason}"),
        None => "removed".to_owned(),
    }
}

fn wire(old: &Operation, new: &Operation, changes: &mut Changes) {
    let is_same = old.http == new.http
        && old.service == new.service
        && path_shape(&old.path) == path_shape(&new.path);
    if !is_same {
        let text = format!("sent as {}, was {}", route(new), route(old));
        changes.harmless(Audience::Everyone, &old.id, text);
    }
    let query = |operation: &'_ Operation| -> Vec<(String, String)> {
        let parameters = operation.query_parameters();
        parameters
            .map(|p| (p.field.ident.clone(), p.field.wire.clone()))
            .collect()
    };
    let new_names = query(new);
    for (ident, old_name) in query(old) {
        if let Some((_, new_name)) = new_names.iter().find(|(other, _)| *other == ident)
            && *new_name != old_name
        {
            let text = format!("`{old_name}` is called `{new_name}` on the wire");
            changes.harmless(Audience::Everyone, &old.id, text);
        }
    }
}

fn route(operation: &Operation) -> String {
    match operation.service.as_str() {
        "" => format!("{} {}", operation.http, operation.path),
        service => format!("{} {} to `{service}`", operation.http, operation.path),
    }
}

/// The client repeats plain reads on its own.
fn repeats(old: &Operation, new: &Operation, changes: &mut Changes) {
    let is_read = |operation: &Operation| {
        operation.tool.effect == Effect::Read && operation.http == HttpMethod::Get
    };
    let text = match (is_read(old), is_read(new)) {
        (true, false) => "no longer repeated by the client after a failure",
        (false, true) => "may be repeated by the client after a failure",
        _ => return,
    };
    changes.harmless(Audience::SdkUsers, &call(old), text);
}

fn answer(pairs: &Pairs<'_>, old: &Operation, new: &Operation, changes: &mut Changes) {
    let is_same = match (&old.answer, &new.answer) {
        (Answer::Accepted, Answer::Accepted) => true,
        (Answer::Json(a), Answer::Json(b)) => pairs.is_same(a, b),
        _ => false,
    };
    if !is_same {
        let text = |api: &Api, answer: &Answer| match answer {
            Answer::Accepted => "()".to_owned(),
            Answer::Json(ty) => name(api, ty),
        };
        let (was, is) = (text(pairs.old, &old.answer), text(pairs.new, &new.answer));
        let text = format!("answers `{is}`, was `{was}`");
        changes.breaking(Audience::SdkUsers, &call(old), text);
    }
}

/// What a caller of the method passes, to the method itself or to a setter.
#[derive(Debug, Clone, Copy)]
pub(super) struct Input<'a> {
    ident: &'a str,
    wire: Option<&'a str>,
    /// Position among the values in the path.
    path_slot: Option<usize>,
    kind: Kind<'a>,
    /// Whether the method itself takes it.
    is_argument: bool,
}

#[derive(Debug, Clone, Copy)]
enum Kind<'a> {
    /// Number or size of a page.
    Page,
    Value(&'a Type),
    Body(&'a Type),
    OptionalBody(&'a Type),
}

impl Kind<'_> {
    fn is_same(self, other: Kind<'_>, pairs: &Pairs<'_>) -> bool {
        match (self, other) {
            (Kind::Page, Kind::Page) => true,
            (Kind::Value(a), Kind::Value(b))
            | (Kind::Body(a), Kind::Body(b))
            | (Kind::OptionalBody(a), Kind::OptionalBody(b)) => pairs.is_same(a, b),
            _ => false,
        }
    }

    fn name(self, api: &Api) -> String {
        match self {
            Kind::Page => "u32".to_owned(),
            Kind::Value(ty) | Kind::Body(ty) => name(api, ty),
            Kind::OptionalBody(ty) => format!("Option<{}>", name(api, ty)),
        }
    }
}

/// In the order in which the method takes them.
pub(super) fn inputs(operation: &Operation) -> Vec<Input<'_>> {
    // Path parameters come first, in the order of the template.
    let parameters = operation.parameters.iter().enumerate();
    let mut inputs: Vec<Input<'_>> = parameters
        .filter(|(_, parameter)| parameter.role != Role::Company)
        .map(|(slot, parameter)| Input {
            ident: &parameter.field.ident,
            wire: Some(&parameter.field.wire),
            path_slot: (parameter.location == Location::Path).then_some(slot),
            kind: match parameter.role {
                Role::Page | Role::PageSize => Kind::Page,
                Role::Caller | Role::Company => Kind::Value(&parameter.field.ty),
            },
            is_argument: parameter.field.required && parameter.role == Role::Caller,
        })
        .collect();
    inputs.extend(operation.body.as_ref().map(|body| Input {
        ident: "body",
        wire: None,
        path_slot: None,
        kind: if body.required {
            Kind::Body(&body.ty)
        } else {
            Kind::OptionalBody(&body.ty)
        },
        is_argument: true,
    }));
    inputs
}

fn arguments(pairs: &Pairs<'_>, old: &Operation, new: &Operation, changes: &mut Changes) {
    let subject = &call(old);
    let same_path = path_shape(&old.path) == path_shape(&new.path);
    let (old_inputs, new_inputs) = (inputs(old), inputs(new));
    let sides = pair(
        &old_inputs,
        &new_inputs,
        &[
            &|a: &Input<'_>, b: &Input<'_>| a.ident == b.ident,
            &|a, b| a.wire.is_some() && a.wire == b.wire,
            &|a, b| same_path && a.path_slot.is_some() && a.path_slot == b.path_slot,
        ],
    );
    for input in &sides.removed {
        let text = format!("{} removed", described(input));
        changes.breaking(Audience::SdkUsers, subject, text);
    }
    for input in &sides.added {
        let ty = input.kind.name(pairs.new);
        let text = format!("new {}: `{ty}`", described(input));
        changes.add(input.is_argument, Audience::SdkUsers, subject, text);
    }
    for (a, b) in &sides.kept {
        let described = described(a);
        if a.ident != b.ident {
            // Arguments have a place, setters have a name.
            let text = format!("{described} renamed to `{}`", b.ident);
            changes.add(!a.is_argument, Audience::SdkUsers, subject, text);
        }
        if a.is_argument != b.is_argument {
            let text = if b.is_argument {
                format!("{described} became a required argument")
            } else {
                format!("{described} became an optional setter")
            };
            changes.breaking(Audience::SdkUsers, subject, text);
        }
        if !a.kind.is_same(b.kind, pairs) {
            let (was, is) = (a.kind.name(pairs.old), b.kind.name(pairs.new));
            let text = format!("{described} takes `{is}`, was `{was}`");
            changes.breaking(Audience::SdkUsers, subject, text);
        }
    }
    order(&old_inputs, &new_inputs, &sides.kept, subject, changes);
}

fn described(input: &Input<'_>) -> String {
    let what = if input.is_argument {
        "argument"
    } else {
        "setter"
    };
    format!("{what} `{}`", input.ident)
}

/// What the method itself takes, in order.
pub(super) fn names_in_order<'a>(inputs: &[Input<'a>]) -> Vec<&'a str> {
    let arguments = inputs.iter().filter(|input| input.is_argument);
    arguments.map(|input| input.ident).collect()
}

fn order(
    old: &[Input<'_>],
    new: &[Input<'_>],
    kept: &[(&Input<'_>, &Input<'_>)],
    subject: &str,
    changes: &mut Changes,
) {
    // A renamed argument keeps its old name here, so that only its place is compared.
    let old_names = names_in_order(old);
    let new_names: Vec<&str> = names_in_order(new)
        .into_iter()
        .map(|name| {
            let pair = kept.iter().find(|(_, b)| b.ident == name);
            pair.map_or(name, |(a, _)| a.ident)
        })
        .collect();
    if is_reordered(&old_names, &new_names) {
        let text = format!(
            "order of arguments is ({}), was ({})",
            names_in_order(new).join(", "),
            old_names.join(", ")
        );
        changes.breaking(Audience::SdkUsers, subject, text);
    }
}
