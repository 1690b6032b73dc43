//! Schemas to types.

use heck::ToUpperCamelCase;
use openapiv3::{
    AnySchema, IntegerType, ObjectType, ReferenceOr, Schema, SchemaKind, StringFormat, StringType,
};
use openapiv3::{Type as SchemaType, VariantOrUnknownOrEmpty};

use super::extension;
use super::shapes::{Claim, ClaimRank, Direction};
use super::{Lowering, name};
use crate::diagnostic::Pointer;
use crate::ir::{EnumValue, Field, Limits, Scalar, Type, WireValue};

/// Where a schema stands.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) pointer: Pointer,
    /// Name for an anonymous type found here.
    pub(super) name: String,
    pub(super) direction: Direction,
    pub(super) resource: String,
}

impl Place {
    fn inside(&self, tokens: &[&str], name: &str) -> Self {
        Self {
            pointer: self.pointer.join(tokens),
            name: format!("{}{}", self.name, name.to_upper_camel_case()),
            ..self.clone()
        }
    }
}

/// `openapiv3` boxes some schemas and not others; here they are all alike.
#[derive(Debug, Clone, Copy)]
pub(super) enum SchemaRef<'a> {
    Reference(&'a str),
    Item(&'a Schema),
}

impl<'a> From<&'a ReferenceOr<Schema>> for SchemaRef<'a> {
    fn from(schema: &'a ReferenceOr<Schema>) -> Self {
        match schema {
            ReferenceOr::Reference { reference } => Self::Reference(reference),
            ReferenceOr::Item(schema) => Self::Item(schema),
        }
    }
}

impl<'a> From<&'a ReferenceOr<Box<Schema>>> for SchemaRef<'a> {
    fn from(schema: &'a ReferenceOr<Box<Schema>>) -> Self {
        match schema {
            ReferenceOr::Reference { reference } => Self::Reference(reference),
            ReferenceOr::Item(schema) => Self::Item(schema),
        }
    }
}

/// A schema whose references have been followed.
#[derive(Debug, Clone)]
pub(super) struct Resolved<'a> {
    pub(super) schema: &'a Schema,
    pub(super) place: Place,
    /// Whether it is a component, which has a name of its own.
    is_component: bool,
}

impl<'a> Lowering<'a> {
    pub(super) fn schema(&mut self, schema: impl Into<SchemaRef<'a>>, place: &Place) -> Type {
        match self.resolve_schema(schema, place) {
            Some(resolved) => self.resolved(&resolved),
            None => Type::Json,
        }
    }

    pub(super) fn resolve_schema(
        &mut self,
        schema: impl Into<SchemaRef<'a>>,
        place: &Place,
    ) -> Option<Resolved<'a>> {
        let reference = match schema.into() {
            SchemaRef::Item(schema) => {
                return Some(Resolved {
                    schema,
                    place: place.clone(),
                    is_component: false,
                });
            }
            SchemaRef::Reference(reference) => reference,
        };
        let name = reference
            .strip_prefix("#/components/schemas/")
            .unwrap_or_default();
        let components = self.document.components.as_ref();
        let Some(target) = components.and_then(|components| components.schemas.get(name)) else {
            let message = format!("`{reference}` is not a schema of this document");
            let help = "refer to a schema below #/components/schemas";
            self.diagnostics
                .error("reference", &place.pointer, message, help);
            return None;
        };
        let place = Place {
            pointer: Pointer::root().join(["components", "schemas", name]),
            name: name.to_owned(),
            ..place.clone()
        };
        let resolved = self.resolve_schema(target, &place)?;
        Some(Resolved {
            is_component: true,
            ..resolved
        })
    }

    fn resolved(&mut self, resolved: &Resolved<'a>) -> Type {
        let extensions = &resolved.schema.schema_data.extensions;
        let pointer = &resolved.place.pointer;
        if let Some(kind) = extension::text(extensions, "x-billsby-key", pointer, self.diagnostics)
        {
            return self.key_type(&kind, resolved.schema, pointer);
        }
        match extension::text(extensions, "x-billsby-type", pointer, self.diagnostics).as_deref() {
            Some("amount") => return self.amount(resolved.schema, pointer),
            Some("timestamp") => return Type::Timestamp,
            Some(other) => {
                let message = format!("`{other}` is not a value of x-billsby-type");
                self.diagnostics
                    .error("extension", pointer, message, "use amount or timestamp");
            }
            None => {}
        }
        match &resolved.schema.schema_kind {
            SchemaKind::Type(SchemaType::String(text)) => self.text(text, resolved),
            SchemaKind::Type(SchemaType::Integer(integer)) => self.integer(integer, resolved),
            SchemaKind::Type(SchemaType::Number(_)) => Type::Number,
            SchemaKind::Type(SchemaType::Boolean(_)) => Type::Boolean,
            SchemaKind::Type(SchemaType::Object(object)) => self.object(object, resolved),
            SchemaKind::Type(SchemaType::Array(array)) => self.list(array.items.as_ref(), resolved),
            SchemaKind::AllOf { all_of } if all_of.len() == 1 => {
                self.schema(&all_of[0], &resolved.place)
            }
            SchemaKind::OneOf { one_of: choices } | SchemaKind::AnyOf { any_of: choices } => {
                match value_or_text(choices) {
                    Some(value) => self.schema(value, &resolved.place),
                    None => self.free_form("a choice between schemas", pointer),
                }
            }
            SchemaKind::AllOf { .. } => self.free_form("a combination of schemas", pointer),
            SchemaKind::Not { .. } => self.free_form("`not`", pointer),
            SchemaKind::Any(any) => self.any(any, pointer),
        }
    }

    fn list(
        &mut self,
        items: Option<&'a ReferenceOr<Box<Schema>>>,
        resolved: &Resolved<'a>,
    ) -> Type {
        let place = resolved.place.inside(&["items"], "");
        let item = items.map_or(Type::Json, |items| self.schema(items, &place));
        Type::List(Box::new(item))
    }

    /// A schema without a type: free-form unless it says things that only make sense with one.
    fn any(&mut self, any: &AnySchema, pointer: &Pointer) -> Type {
        if *any == AnySchema::default() {
            Type::Json
        } else {
            self.free_form("keywords that do not fit one type", pointer)
        }
    }

    fn free_form(&mut self, what: &str, pointer: &Pointer) -> Type {
        let message = format!("{what} is not modelled: the value is passed on as free-form JSON");
        let help =
            "describe the value by a single type in a correction if callers should get more help";
        self.diagnostics
            .warning("free-form", pointer, message, help);
        Type::Json
    }

    fn amount(&mut self, schema: &Schema, pointer: &Pointer) -> Type {
        match &schema.schema_kind {
            SchemaKind::Type(SchemaType::Integer(_)) => Type::Amount,
            SchemaKind::OneOf { one_of } if value_or_text(one_of).is_some() => Type::AmountOrText,
            _ => {
                let message =
                    "an amount must be an integer, or a choice between an integer and text";
                let help = "use `type: integer, format: int64`, in minor units";
                self.diagnostics.error("amount", pointer, message, help);
                Type::Amount
            }
        }
    }

    fn text(&mut self, text: &StringType, resolved: &Resolved<'a>) -> Type {
        let closed: Vec<String> = text.enumeration.iter().flatten().cloned().collect();
        let open = extension::texts(
            &resolved.schema.schema_data.extensions,
            "x-extensible-enum",
            &resolved.place.pointer,
            self.diagnostics,
        );
        let values = if closed.is_empty() { &open } else { &closed };
        if values.is_empty() {
            let is_time = text.format == VariantOrUnknownOrEmpty::Item(StringFormat::DateTime);
            return if is_time { Type::Timestamp } else { Type::Text };
        }
        let named = values
            .iter()
            .map(|value| (value.clone(), WireValue::Text(value.clone())))
            .collect();
        self.enumeration(Scalar::Text, named, closed.is_empty(), resolved)
    }

    fn integer(&mut self, integer: &IntegerType, resolved: &Resolved<'a>) -> Type {
        let numbers: Vec<i64> = integer.enumeration.iter().flatten().copied().collect();
        if numbers.is_empty() {
            return Type::Integer;
        }
        let pointer = &resolved.place.pointer;
        let extensions = &resolved.schema.schema_data.extensions;
        let names = extension::texts(extensions, "x-enum-varnames", pointer, self.diagnostics);
        if names.len() != numbers.len() {
            let message = format!("{} numbers have {} names", numbers.len(), names.len());
            let help = "name each number in `x-enum-varnames`, in the same order";
            self.diagnostics
                .warning("enum-names", pointer, message, help);
            return Type::Integer;
        }
        let values = names
            .into_iter()
            .zip(numbers)
            .map(|(name, number)| (name, WireValue::Integer(number)))
            .collect();
        self.enumeration(Scalar::Integer, values, false, resolved)
    }

    fn enumeration(
        &mut self,
        form: Scalar,
        named: Vec<(String, WireValue)>,
        open: bool,
        resolved: &Resolved<'a>,
    ) -> Type {
        let data = &resolved.schema.schema_data;
        let pointer = &resolved.place.pointer;
        let docs = extension::texts(
            &data.extensions,
            "x-enum-descriptions",
            pointer,
            self.diagnostics,
        );
        let mut values: Vec<EnumValue> = Vec::new();
        for (index, (name, wire)) in named.into_iter().enumerate() {
            let Some(variant) = name::type_name(&name).filter(|variant| variant != "Unknown")
            else {
                let message = format!("the value `{name}` cannot be the name of a variant");
                self.diagnostics
                    .error("name", pointer, message, "name it in `x-enum-varnames`");
                continue;
            };
            if values
                .iter()
                .any(|value| value.name == variant || value.wire == wire)
            {
                let message = format!("the value `{name}` occurs twice");
                self.diagnostics
                    .error("enum-values", pointer, message, "list each value once");
                continue;
            }
            values.push(EnumValue {
                word: match &wire {
                    WireValue::Text(text) => text.clone(),
                    WireValue::Integer(_) => heck::ToSnakeCase::to_snake_case(variant.as_str()),
                },
                doc: docs.get(index).cloned().unwrap_or_default(),
                name: variant,
                wire,
            });
        }
        let doc = data.description.clone().unwrap_or_default();
        let claim = claim(resolved);
        Type::Enum(
            self.shapes
                .add_enum(form, values, open, doc, claim, &resolved.place.resource),
        )
    }

    fn object(&mut self, object: &'a ObjectType, resolved: &Resolved<'a>) -> Type {
        if object.properties.is_empty() {
            return Type::Json;
        }
        let fields = self.fields(object, resolved);
        let doc = resolved
            .schema
            .schema_data
            .description
            .clone()
            .unwrap_or_default();
        let place = &resolved.place;
        let id = self.shapes.add_struct(
            fields,
            doc,
            place.direction,
            claim(resolved),
            &place.resource,
        );
        Type::Struct(id)
    }

    /// Required properties in the order of `required`, then the others by name.
    fn fields(&mut self, object: &'a ObjectType, resolved: &Resolved<'a>) -> Vec<Field> {
        let position = |name: &str| {
            object
                .required
                .iter()
                .position(|r| r == name)
                .unwrap_or(usize::MAX)
        };
        let mut names: Vec<&String> = object.properties.keys().collect();
        names.sort_by_key(|name| (position(name), *name));
        for (index, name) in object.required.iter().enumerate() {
            let problem = if !object.properties.contains_key(name) {
                "is required but not described"
            } else if object.required[..index].contains(name) {
                "is listed twice as required"
            } else {
                continue;
            };
            let pointer = resolved.place.pointer.at("required");
            let help = "make `required` a list of different names from `properties`";
            self.diagnostics
                .error("required", &pointer, format!("`{name}` {problem}"), help);
        }
        let mut fields: Vec<Field> = Vec::new();
        for name in names {
            let place = resolved.place.inside(&["properties", name], name);
            let field = self.field(
                name,
                &object.properties[name],
                object.required.contains(name),
                &place,
            );
            if let Some(other) = fields
                .iter()
                .find(|other| other.ident == field.ident || other.argument == field.argument)
            {
                let message = format!(
                    "`{name}` and `{}` become the same name `{}`",
                    other.wire, field.ident
                );
                let help = "set `x-billsby-name` on one of them";
                self.diagnostics
                    .error("name-collision", &place.pointer, message, help);
            } else {
                fields.push(field);
            }
        }
        fields
    }

    /// A property or parameter.
    pub(super) fn field(
        &mut self,
        wire: &str,
        schema: impl Into<SchemaRef<'a>>,
        required: bool,
        place: &Place,
    ) -> Field {
        let schema = schema.into();
        let own = match schema {
            SchemaRef::Item(schema) => Some(&schema.schema_data),
            SchemaRef::Reference(_) => None,
        };
        let mut argument = None;
        let mut aliases = Vec::new();
        let mut doc = String::new();
        if let Some(data) = own {
            argument = extension::text(
                &data.extensions,
                "x-billsby-name",
                &place.pointer,
                self.diagnostics,
            );
            aliases = extension::texts(
                &data.extensions,
                "x-billsby-aliases",
                &place.pointer,
                self.diagnostics,
            );
            doc = data.description.clone().unwrap_or_default();
        }
        let argument = argument.unwrap_or_else(|| wire.to_owned());
        let ident = name::ident(&argument).unwrap_or_else(|| {
            let message = format!("`{argument}` cannot be turned into a name");
            let help = "set `x-billsby-name` to a name that starts with a letter";
            self.diagnostics
                .error("name", &place.pointer, message, help);
            "unnamed".to_owned()
        });
        let limits = match self.resolve_schema(schema, place) {
            Some(resolved) => limits(resolved.schema),
            None => Limits::default(),
        };
        let ty = self.schema(schema, place);
        if !required && !name::is_free_setter(&ident) {
            let message =
                format!("the optional input `{argument}` would hide a method of the call");
            let help = "set `x-billsby-name` to another name";
            self.diagnostics
                .error("reserved-name", &place.pointer, message, help);
        }
        Field {
            wire: wire.to_owned(),
            argument,
            ident,
            doc,
            ty,
            required,
            limits,
            aliases,
        }
    }
}

fn claim(resolved: &Resolved<'_>) -> Claim {
    let (rank, name) = match &resolved.schema.schema_data.title {
        Some(title) => (ClaimRank::Title, title),
        None if resolved.is_component => (ClaimRank::Component, &resolved.place.name),
        None => (ClaimRank::Derived, &resolved.place.name),
    };
    Claim {
        rank,
        name: name.clone(),
        pointer: resolved.place.pointer.clone(),
    }
}

/// The other choice, if one of two is plain text: a value whose form on the wire is not certain.
fn value_or_text(choices: &[ReferenceOr<Schema>]) -> Option<&ReferenceOr<Schema>> {
    let is_text = |choice: &ReferenceOr<Schema>| {
        matches!(choice, ReferenceOr::Item(schema)
            if matches!(&schema.schema_kind, SchemaKind::Type(SchemaType::String(text)) if text.enumeration.is_empty()))
    };
    match choices {
        [value, text] if is_text(text) => Some(value),
        [text, value] if is_text(text) => Some(value),
        _ => None,
    }
}

fn limits(schema: &Schema) -> Limits {
    match &schema.schema_kind {
        SchemaKind::Type(SchemaType::Integer(integer)) => Limits {
            minimum: integer.minimum,
            maximum: integer.maximum,
            ..Limits::default()
        },
        SchemaKind::Type(SchemaType::String(text)) => Limits {
            min_length: text.min_length,
            max_length: text.max_length,
            pattern: text.pattern.clone(),
            ..Limits::default()
        },
        SchemaKind::Type(SchemaType::Array(array)) => Limits {
            min_items: array.min_items,
            max_items: array.max_items,
            ..Limits::default()
        },
        _ => Limits::default(),
    }
}
