//! The client's structs, enumerations and keys.

use super::pairs::{Pairs, pair};
use super::{Audience, Changes, is_reordered};
use crate::ir::{Api, Constructor, Enum, EnumValue, Field, Scalar, Struct, Type, WireValue};

pub(super) fn compare(pairs: &Pairs<'_>, changes: &mut Changes) {
    for key in &pairs.keys.removed {
        changes.breaking(Audience::SdkUsers, &key.type_name, "key removed");
    }
    for key in &pairs.keys.added {
        changes.harmless(Audience::SdkUsers, &key.type_name, "new key");
    }
    for (old, new) in &pairs.keys.kept {
        form(&old.type_name, old.form, new.form, changes);
    }
    for structure in &pairs.structs.removed {
        changes.breaking(Audience::SdkUsers, &structure.name, "struct removed");
    }
    for structure in &pairs.structs.added {
        changes.harmless(Audience::SdkUsers, &structure.name, "new struct");
    }
    for (old, new) in &pairs.structs.kept {
        renamed(&old.name, &new.name, changes);
        structs(pairs, old, new, changes);
    }
    for enumeration in &pairs.enums.removed {
        changes.breaking(Audience::SdkUsers, &enumeration.name, "enumeration removed");
    }
    for enumeration in &pairs.enums.added {
        changes.harmless(Audience::SdkUsers, &enumeration.name, "new enumeration");
    }
    for (old, new) in &pairs.enums.kept {
        renamed(&old.name, &new.name, changes);
        form(&old.name, old.form, new.form, changes);
        variants(old, new, changes);
    }
}

/// A type as the client's code names it.
pub(super) fn name(api: &Api, ty: &Type) -> String {
    match ty {
        Type::Text => "String".to_owned(),
        Type::Integer => "i64".to_owned(),
        Type::Number => "f64".to_owned(),
        Type::Boolean => "bool".to_owned(),
        Type::Json => "Value".to_owned(),
        Type::Amount => "Amount".to_owned(),
        Type::AmountOrText => "AmountOrText".to_owned(),
        Type::Timestamp => "Timestamp".to_owned(),
        Type::Key(id) => api.key(*id).type_name.clone(),
        Type::Enum(id) => api.enumeration(*id).name.clone(),
        Type::Struct(id) => api.structure(*id).name.clone(),
        Type::List(item) => format!("Vec<{}>", name(api, item)),
        Type::Page(item) => format!("Page<{}>", name(api, item)),
    }
}

/// The type of a field; what an answer may leave out is an `Option`.
pub(super) fn field_type(api: &Api, structure: &Struct, field: &Field) -> String {
    let ty = name(api, &field.ty);
    let is_list_of_answer = matches!(field.ty, Type::List(_)) && !structure.sent;
    if (structure.received || !field.required) && !is_list_of_answer {
        format!("Option<{ty}>")
    } else {
        ty
    }
}

fn renamed(old: &str, new: &str, changes: &mut Changes) {
    if old != new {
        changes.breaking(Audience::SdkUsers, old, format!("renamed to `{new}`"));
    }
}

fn form(subject: &str, old: Scalar, new: Scalar, changes: &mut Changes) {
    let word = |form| match form {
        Scalar::Text => "text",
        Scalar::Integer => "integer",
    };
    if old != new {
        let text = format!("holds {}, was {}", word(new), word(old));
        changes.breaking(Audience::SdkUsers, subject, text);
    }
}

fn variants(old: &Enum, new: &Enum, changes: &mut Changes) {
    let sides = pair(
        &old.values,
        &new.values,
        &[&|a: &EnumValue, b: &EnumValue| a.wire == b.wire, &|a, b| {
            a.name == b.name
        }],
    );
    for value in &sides.removed {
        let text = format!("value `{}` removed", value.name);
        changes.breaking(Audience::SdkUsers, &old.name, text);
    }
    for value in &sides.added {
        let text = format!("new value `{}`", value.name);
        changes.harmless(Audience::SdkUsers, &old.name, text);
    }
    for (a, b) in &sides.kept {
        if a.name != b.name {
            let text = format!("value `{}` renamed to `{}`", a.name, b.name);
            changes.breaking(Audience::SdkUsers, &old.name, text);
        } else if old.form == new.form && a.wire != b.wire {
            let (was, is) = (wire(&a.wire), wire(&b.wire));
            let text = format!("value `{}` is {is} on the wire, was {was}", a.name);
            changes.harmless(Audience::SdkUsers, &old.name, text);
        }
    }
}

fn wire(value: &WireValue) -> String {
    match value {
        WireValue::Text(text) => format!("`{text}`"),
        WireValue::Integer(number) => number.to_string(),
    }
}

fn structs(pairs: &Pairs<'_>, old: &Struct, new: &Struct, changes: &mut Changes) {
    if old.sent && !new.sent {
        let text = "no longer sent: its constructor and setters are gone";
        changes.breaking(Audience::SdkUsers, &old.name, text);
    }
    let sides = pair(
        &old.fields,
        &new.fields,
        &[&|a: &Field, b: &Field| a.ident == b.ident, &|a, b| {
            a.wire == b.wire
        }],
    );
    for field in &sides.removed {
        let subject = format!("{}.{}", old.name, field.ident);
        changes.breaking(Audience::SdkUsers, &subject, "field removed");
    }
    for field in &sides.added {
        let subject = format!("{}.{}", old.name, field.ident);
        let ty = field_type(pairs.new, new, field);
        let (breaking, text) = if !(old.sent && new.sent) {
            (false, format!("new field: `{ty}`"))
        } else if field.required {
            let ty = name(pairs.new, &field.ty);
            (true, format!("new required field: `{ty}`"))
        } else {
            (false, format!("new optional field: `{ty}`"))
        };
        changes.add(breaking, Audience::SdkUsers, &subject, text);
    }
    for (a, b) in &sides.kept {
        fields(pairs, (old, a), (new, b), changes);
    }
    constructors(old, new, changes);
}

fn fields(
    pairs: &Pairs<'_>,
    (old, a): (&Struct, &Field),
    (new, b): (&Struct, &Field),
    changes: &mut Changes,
) {
    let subject = &format!("{}.{}", old.name, a.ident);
    if a.ident != b.ident {
        let text = format!("field renamed to `{}`", b.ident);
        changes.breaking(Audience::SdkUsers, subject, text);
    }
    if a.wire != b.wire {
        let text = format!("called `{}` on the wire, was `{}`", b.wire, a.wire);
        changes.harmless(Audience::SdkUsers, subject, text);
    }
    if new.received && a.aliases != b.aliases {
        let text = format!("also read from: {}", none_or(&b.aliases));
        changes.harmless(Audience::SdkUsers, subject, text);
    }
    let (was, is) = (field_type(pairs.old, old, a), field_type(pairs.new, new, b));
    let always_sent = old.sent && new.sent;
    if pairs.is_same(&a.ty, &b.ty) && always_sent && a.required != b.required {
        let text = if b.required {
            "became required"
        } else {
            "became optional"
        };
        changes.breaking(Audience::SdkUsers, subject, text);
    } else if !pairs.is_same(&a.ty, &b.ty) || is_wrapped(&was) != is_wrapped(&is) {
        changes.breaking(
            Audience::SdkUsers,
            subject,
            format!("is `{is}`, was `{was}`"),
        );
    }
}

fn is_wrapped(ty: &str) -> bool {
    ty.starts_with("Option<")
}

fn none_or(names: &[String]) -> String {
    if names.is_empty() {
        return "nothing else".to_owned();
    }
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}

fn constructors(old: &Struct, new: &Struct, changes: &mut Changes) {
    let (Some(was), Some(is)) = (old.constructor(), new.constructor()) else {
        return;
    };
    if was != is {
        let text = match is {
            Constructor::Ordered => "`new` takes its arguments in order, no longer by name",
            Constructor::Named => "`new` takes its arguments by name, no longer in order",
        };
        changes.breaking(Audience::SdkUsers, &old.name, text);
    } else if is == Constructor::Ordered {
        order(old, new, changes);
    }
}

fn arguments(structure: &Struct) -> Vec<&str> {
    let required = structure.required();
    required.map(|field| field.ident.as_str()).collect()
}

fn order(old: &Struct, new: &Struct, changes: &mut Changes) {
    let (was, is) = (arguments(old), arguments(new));
    if is_reordered(&was, &is) {
        let text = format!(
            "order of arguments of `new` is ({}), was ({})",
            is.join(", "),
            was.join(", ")
        );
        changes.breaking(Audience::SdkUsers, &old.name, text);
    }
}
