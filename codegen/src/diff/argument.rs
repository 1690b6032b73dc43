//! What tools take, as their callers see it: one object of plain JSON values.

use super::pairs::{Pairs, pair, path_shape};
use super::{Audience, Changes};
use crate::ir::{
    Api, Enum, EnumValue, Field, Limits, Location, Operation, Role, Scalar, Struct, Type, WireValue,
};

pub(super) fn compare(pairs: &Pairs<'_>, old: &Operation, new: &Operation, changes: &mut Changes) {
    let mut comparison = Comparison {
        old: pairs.old,
        new: pairs.new,
        same_path: path_shape(&old.path) == path_shape(&new.path),
        tool: &old.tool.name,
        changes,
    };
    comparison.inputs(&inputs(pairs.old, old), &inputs(pairs.new, new), "");
    comparison.least_members(old, new);
}

/// One argument, or one property of an object within an argument.
#[derive(Debug, Clone, Copy)]
pub(super) struct Input<'a> {
    pub(super) name: &'a str,
    /// Where it goes, and its name there.
    wire: (Option<Location>, &'a str),
    /// Position among the values in the path.
    path_slot: Option<usize>,
    ty: &'a Type,
    limits: Option<&'a Limits>,
    pub(super) required: bool,
}

impl<'a> Input<'a> {
    fn new(field: &'a Field, location: Option<Location>, required: bool) -> Self {
        Self {
            name: &field.argument,
            wire: (location, &field.wire),
            path_slot: None,
            ty: &field.ty,
            limits: Some(&field.limits),
            required,
        }
    }
}

pub(super) fn inputs<'a>(api: &'a Api, operation: &'a Operation) -> Vec<Input<'a>> {
    // Path parameters come first, in the order of the template.
    let parameters = operation.parameters.iter().enumerate();
    let parameters = parameters.map(|(slot, parameter)| {
        let required = match parameter.role {
            Role::Company => true,
            Role::Page | Role::PageSize => false,
            Role::Caller => parameter.field.required,
        };
        Input {
            path_slot: (parameter.location == Location::Path).then_some(slot),
            ..Input::new(&parameter.field, Some(parameter.location), required)
        }
    });
    let mut inputs: Vec<Input<'_>> = parameters.collect();
    if let Some(body) = &operation.body {
        match &body.ty {
            Type::Struct(id) => inputs.extend(properties(api.structure(*id), body.required)),
            ty => inputs.push(Input {
                name: "body",
                wire: (None, "body"),
                path_slot: None,
                ty,
                limits: None,
                required: body.required,
            }),
        }
    }
    inputs
}

fn properties(structure: &Struct, needed: bool) -> impl Iterator<Item = Input<'_>> {
    let fields = structure.fields.iter();
    fields.map(move |field| Input::new(field, None, needed && field.required))
}

/// A type as JSON.
#[derive(Debug, Clone, Copy)]
enum Form<'a> {
    Any,
    Text,
    Time,
    Integer,
    Number,
    Boolean,
    Words(&'a Enum),
    Object(&'a Struct),
    List(&'a Type),
}

fn form<'a>(api: &'a Api, ty: &'a Type) -> Form<'a> {
    match ty {
        Type::Json => Form::Any,
        Type::Text | Type::AmountOrText => Form::Text,
        Type::Timestamp => Form::Time,
        Type::Integer | Type::Amount => Form::Integer,
        Type::Number => Form::Number,
        Type::Boolean => Form::Boolean,
        Type::Key(id) => match api.key(*id).form {
            Scalar::Text => Form::Text,
            Scalar::Integer => Form::Integer,
        },
        Type::Enum(id) => match api.enumeration(*id) {
            open if open.open => Form::Text,
            closed => Form::Words(closed),
        },
        Type::Struct(id) => Form::Object(api.structure(*id)),
        Type::List(item) | Type::Page(item) => Form::List(item),
    }
}

impl Form<'_> {
    fn name(self) -> &'static str {
        match self {
            Self::Any => "any JSON",
            Self::Text => "text",
            Self::Time => "a date and time",
            Self::Integer => "an integer",
            Self::Number => "a number",
            Self::Boolean => "true or false",
            Self::Words(_) => "one of a list of words",
            Self::Object(_) => "an object",
            Self::List(_) => "a list",
        }
    }
}

/// What a caller writes for a value of an enumeration.
fn word(value: &EnumValue) -> &str {
    match &value.wire {
        WireValue::Text(text) => text,
        WireValue::Integer(_) => &value.word,
    }
}

/// Which values a limit cuts off.
#[derive(Debug, Clone, Copy)]
enum End {
    Lower,
    Upper,
}

fn bounds(limits: &Limits) -> [(&'static str, End, Option<i64>); 6] {
    let count = |count: Option<usize>| count.map(|n| i64::try_from(n).unwrap_or(i64::MAX));
    [
        ("minimum", End::Lower, limits.minimum),
        ("minimum length", End::Lower, count(limits.min_length)),
        ("minimum of items", End::Lower, count(limits.min_items)),
        ("maximum", End::Upper, limits.maximum),
        ("maximum length", End::Upper, count(limits.max_length)),
        ("maximum of items", End::Upper, count(limits.max_items)),
    ]
}

#[derive(Debug)]
struct Comparison<'a> {
    old: &'a Api,
    new: &'a Api,
    same_path: bool,
    tool: &'a str,
    changes: &'a mut Changes,
}

impl<'a> Comparison<'a> {
    fn add(&mut self, breaking: bool, text: String) {
        self.changes
            .add(breaking, Audience::ToolCallers, self.tool, text);
    }

    fn inputs(&mut self, old: &[Input<'a>], new: &[Input<'a>], prefix: &str) {
        let same_path = self.same_path;
        let sides = pair(
            old,
            new,
            &[
                &|a: &Input<'_>, b: &Input<'_>| a.name == b.name,
                &|a, b| a.wire == b.wire,
                &|a, b| same_path && a.path_slot.is_some() && a.path_slot == b.path_slot,
            ],
        );
        for input in &sides.removed {
            self.add(true, format!("argument `{prefix}{}` removed", input.name));
        }
        for input in &sides.added {
            let necessity = if input.required {
                "required"
            } else {
                "optional"
            };
            let form = form(self.new, input.ty).name();
            let text = format!("new {necessity} argument `{prefix}{}`: {form}", input.name);
            self.add(input.required, text);
        }
        for (a, b) in sides.kept {
            let path = &format!("{prefix}{}", a.name);
            if a.name != b.name {
                let text = format!("argument `{path}` renamed to `{prefix}{}`", b.name);
                self.add(true, text);
            }
            match (a.required, b.required) {
                (false, true) => self.add(true, format!("argument `{path}` became required")),
                (true, false) => self.add(false, format!("argument `{path}` became optional")),
                _ => {}
            }
            if self.types(a.ty, b.ty, path) {
                self.limits(a.limits, b.limits, path);
            }
        }
    }

    /// Whether limits of the two can be compared.
    fn types(&mut self, old: &'a Type, new: &'a Type, path: &str) -> bool {
        let (was, is) = (form(self.old, old), form(self.new, new));
        match (was, is) {
            (Form::Words(a), Form::Words(b)) => self.words(a, b, path),
            (Form::Object(a), Form::Object(b)) => {
                let (a, b): (Vec<_>, Vec<_>) =
                    (properties(a, true).collect(), properties(b, true).collect());
                self.inputs(&a, &b, &format!("{path}."));
            }
            (Form::List(a), Form::List(b)) => {
                self.types(a, b, &format!("{path}[]"));
            }
            (Form::Any, Form::Any)
            | (Form::Text, Form::Text)
            | (Form::Time, Form::Time)
            | (Form::Integer, Form::Integer)
            | (Form::Number, Form::Number)
            | (Form::Boolean, Form::Boolean) => {}
            _ => {
                let takes_more = matches!(
                    (was, is),
                    (_, Form::Any)
                        | (Form::Time | Form::Words(_), Form::Text)
                        | (Form::Integer, Form::Number)
                );
                let text = format!("argument `{path}` is {}, was {}", is.name(), was.name());
                self.add(!takes_more, text);
                return takes_more;
            }
        }
        true
    }

    fn words(&mut self, old: &Enum, new: &Enum, path: &str) {
        let sides = pair(
            &old.values,
            &new.values,
            &[
                &|a: &EnumValue, b: &EnumValue| word(a) == word(b),
                &|a, b| a.wire == b.wire,
            ],
        );
        for value in sides.removed {
            let text = format!("argument `{path}` no longer takes `{}`", word(value));
            self.add(true, text);
        }
        for value in sides.added {
            let text = format!("argument `{path}` also takes `{}`", word(value));
            self.add(false, text);
        }
        for (a, b) in sides.kept {
            if word(a) != word(b) {
                let text = format!("argument `{path}` takes `{}` for `{}`", word(b), word(a));
                self.add(true, text);
            }
        }
    }

    fn limits(&mut self, old: Option<&Limits>, new: Option<&Limits>, path: &str) {
        let default = Limits::default();
        let (old, new) = (old.unwrap_or(&default), new.unwrap_or(&default));
        for ((name, end, was), (_, _, is)) in bounds(old).into_iter().zip(bounds(new)) {
            if was == is {
                continue;
            }
            let tightened = match (was, is, end) {
                (None, ..) => true,
                (_, None, _) => false,
                (_, _, End::Lower) => is > was,
                (_, _, End::Upper) => is < was,
            };
            let show = |limit: Option<i64>| limit.map_or("none".to_owned(), |n| n.to_string());
            let text = format!(
                "argument `{path}`: {name} is {}, was {}",
                show(is),
                show(was)
            );
            self.add(tightened, text);
        }
        if old.pattern != new.pattern {
            let show = |pattern: &Option<String>| {
                let quoted = pattern.as_ref().map(|pattern| format!("`{pattern}`"));
                quoted.unwrap_or("none".to_owned())
            };
            let (was, is) = (show(&old.pattern), show(&new.pattern));
            let text = format!("argument `{path}`: pattern is {is}, was {was}");
            self.add(new.pattern.is_some(), text);
        }
    }

    /// How many members of the body a call needs, beyond those that are required anyway.
    fn least_members(&mut self, old: &Operation, new: &Operation) {
        let least = |api: &Api, operation: &Operation| {
            let body = operation.body.as_ref()?;
            let Type::Struct(id) = body.ty else {
                return None;
            };
            let required = api
                .structure(id)
                .fields
                .iter()
                .filter(|field| field.required);
            Some((
                body.min_properties,
                body.min_properties.max(required.count()),
            ))
        };
        let (Some((was, was_needed)), Some((is, is_needed))) =
            (least(self.old, old), least(self.new, new))
        else {
            return;
        };
        if was != is && was_needed != is_needed {
            let text = format!("minimum of arguments in the body is {is_needed}, was {was_needed}");
            self.add(is_needed > was_needed, text);
        }
    }
}
