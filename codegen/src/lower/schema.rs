//! Schemas to types.

use heck::ToUpperCamelCase;
use openapiv3::Type as SchemaType;
use openapiv3::{AnySchema, ObjectType, ReferenceOr, Schema, SchemaKind};

use super::shapes::{Claim, ClaimRank, Direction};
use super::{Lowering, extension};
use crate::check::component_name;
use crate::diagnostic::Pointer;
use crate::ir::Type;

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
    pub(super) fn inside(&self, tokens: &[&str], name: &str) -> Self {
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
        let name = component_name(reference, "#/components/schemas/").unwrap_or_default();
        let components = self.document.components.as_ref();
        let Some(target) = components.and_then(|components| components.schemas.get(&name)) else {
            let message = format!("`{reference}` is not a schema of this document");
            let help = "refer to a schema below #/components/schemas";
            self.diagnostics
                .error("reference", &place.pointer, message, help);
            return None;
        };
        let place = Place {
            pointer: Pointer::root().join(["components", "schemas", &name]),
            name,
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
            self.free_form("a mixture of keywords that no single type has", pointer)
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
}

pub(super) fn claim(resolved: &Resolved<'_>) -> Claim {
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
