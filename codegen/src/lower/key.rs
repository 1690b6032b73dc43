//! Identity keys: declared once, marked wherever they occur.

use openapiv3::{Schema, SchemaKind, Type as SchemaType};
use serde_json::{Map, Value};

use super::{Lowering, extension, name};
use crate::diagnostic::{Diagnostics, Pointer};
use crate::ir::{Key, KeyId, KeySource, Scalar, Type};

/// Reads the root's `x-billsby-keys`.
pub(super) fn declared(
    extensions: &extension::Extensions,
    diagnostics: &mut Diagnostics,
) -> Vec<Key> {
    let root = Pointer::root();
    let Some(kinds) = extension::object(extensions, "x-billsby-keys", &root, diagnostics) else {
        return Vec::new();
    };
    let mut keys = Vec::new();
    for (kind, declaration) in kinds {
        let pointer = root.join(["x-billsby-keys", kind]);
        if let Some(key) = key(kind, declaration, &pointer, diagnostics) {
            keys.push(key);
        }
    }
    keys.sort_by(|a: &Key, b: &Key| a.type_name.cmp(&b.type_name));
    keys
}

fn key(
    kind: &str,
    declaration: &Value,
    pointer: &Pointer,
    diagnostics: &mut Diagnostics,
) -> Option<Key> {
    let help = "a key has type (string or integer), description, brief, example and from: [{operation, property}]";
    let empty = Map::new();
    let members = declaration.as_object().unwrap_or(&empty);
    let text = |member: &str| members.get(member).and_then(Value::as_str);
    let form = match text("type") {
        Some("string") => Scalar::Text,
        Some("integer") => Scalar::Integer,
        _ => {
            diagnostics.error(
                "key",
                pointer,
                format!("the type of `{kind}` is not string or integer"),
                help,
            );
            return None;
        }
    };
    let Some(type_name) = name::type_name(kind) else {
        diagnostics.error(
            "key",
            pointer,
            format!("`{kind}` cannot be the name of a Rust type"),
            help,
        );
        return None;
    };
    let Some(description) = text("description") else {
        diagnostics.error("key", pointer, format!("`{kind}` has no description"), help);
        return None;
    };
    let known = ["type", "description", "brief", "example", "from", "not"];
    for member in members
        .keys()
        .filter(|member| !known.contains(&member.as_str()))
    {
        let message = format!("`{member}` has no meaning here");
        diagnostics.error("key", &pointer.at(member), message, help);
    }
    let sources = sources(members).unwrap_or_else(|| {
        let message = "`from` is not a list of {operation, property}";
        diagnostics.error("key", pointer, message, help);
        Vec::new()
    });
    let example = members.get("example");
    Some(Key {
        kind: kind.to_owned(),
        type_name,
        form,
        description: description.to_owned(),
        brief: text("brief").map(str::to_owned),
        example: example.map_or_else(String::new, |value| {
            value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned)
        }),
        not: text("not").map(str::to_owned),
        sources,
    })
}

fn sources(members: &Map<String, Value>) -> Option<Vec<KeySource>> {
    match members.get("from") {
        Some(sources) => sources.as_array()?.iter().map(source).collect(),
        None => Some(Vec::new()),
    }
}

fn source(value: &Value) -> Option<KeySource> {
    Some(KeySource {
        operation: value.get("operation")?.as_str()?.to_owned(),
        property: value.get("property")?.as_str()?.to_owned(),
    })
}

impl Lowering<'_> {
    pub(super) fn key_type(&mut self, kind: &str, schema: &Schema, pointer: &Pointer) -> Type {
        let Some(index) = self.keys.iter().position(|key| key.kind == kind) else {
            let message = format!("`{kind}` is not declared in x-billsby-keys");
            let help = "declare it at the root of the document, or correct the spelling";
            self.diagnostics
                .error("key", &pointer.at("x-billsby-key"), message, help);
            return Type::Text;
        };
        let fits = matches!(
            (&schema.schema_kind, self.keys[index].form),
            (SchemaKind::Type(SchemaType::String(_)), Scalar::Text)
                | (SchemaKind::Type(SchemaType::Integer(_)), Scalar::Integer)
                | (SchemaKind::OneOf { .. }, _)
        );
        if !fits {
            let message = format!("`{kind}` is declared with another type than it has here");
            let help = "give the schema the type that x-billsby-keys states for this kind";
            self.diagnostics.error("key-type", pointer, message, help);
        }
        Type::Key(KeyId(index))
    }
}
