//! Properties of objects, and what parameters have in common with them.

use openapiv3::{ObjectType, Schema, SchemaKind, Type as SchemaType};

use super::schema::{Place, Resolved, SchemaRef};
use super::shapes::Direction;
use super::{Lowering, extension, name};
use crate::ir::{Field, Limits};

impl<'a> Lowering<'a> {
    /// Required properties in the order of `required`, then the others by name.
    pub(super) fn fields(&mut self, object: &'a ObjectType, resolved: &Resolved<'a>) -> Vec<Field> {
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
        let mut brief = None;
        let mut is_new = false;
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
            brief = extension::text(
                &data.extensions,
                "x-billsby-brief",
                &place.pointer,
                self.diagnostics,
            );
            is_new = extension::flag(
                &data.extensions,
                "x-billsby-new",
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
            Some(resolved) => self.limits(resolved.schema, place),
            None => Limits::default(),
        };
        let ty = self.schema(schema, place);
        // Answers have no setters.
        let is_set = !required && place.direction == Direction::Sent;
        if is_set && !name::is_free_setter(&ident) {
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
            brief,
            ty,
            required,
            is_new,
            limits,
            aliases,
        }
    }
}

impl<'a> Lowering<'a> {
    /// A type that is sent and received can be stricter about what is sent.
    fn limits(&mut self, schema: &'a Schema, place: &Place) -> Limits {
        let extensions = &schema.schema_data.extensions;
        let pattern = extension::text(
            extensions,
            "x-billsby-input-pattern",
            &place.pointer,
            self.diagnostics,
        );
        let mut limits = match &schema.schema_kind {
            SchemaKind::AllOf { all_of } if all_of.len() == 1 => {
                match self.resolve_schema(&all_of[0], place) {
                    Some(inner) => self.limits(inner.schema, &inner.place),
                    None => Limits::default(),
                }
            }
            SchemaKind::Type(SchemaType::Number(number)) => Limits {
                minimum: self.whole(number.minimum, f64::floor, place),
                maximum: self.whole(number.maximum, f64::ceil, place),
                ..Limits::default()
            },
            _ => limits(schema),
        };
        if place.direction == Direction::Sent && limits.pattern.is_none() {
            limits.pattern = pattern;
        }
        limits
    }

    /// A limit of a number. Between whole numbers the next one outside is taken: none is refused that the API takes.
    fn whole(
        &mut self,
        limit: Option<f64>,
        outwards: fn(f64) -> f64,
        place: &Place,
    ) -> Option<i64> {
        let limit = limit?;
        let whole = outwards(limit);
        if (whole - limit).abs() > 0.0 {
            let message = format!("the limit {limit} is widened to {whole}");
            let help = "use a whole number as limit";
            self.diagnostics
                .warning("limit", &place.pointer, message, help);
        }
        // Within these bounds a whole number has a text that is one of `i64`.
        format!("{whole:.0}").parse().ok()
    }
}

fn limits(schema: &Schema) -> Limits {
    match &schema.schema_kind {
        SchemaKind::Type(SchemaType::Integer(integer)) => Limits {
            minimum: integer
                .minimum
                .map(|least| least.saturating_add(i64::from(integer.exclusive_minimum))),
            maximum: integer
                .maximum
                .map(|most| most.saturating_sub(i64::from(integer.exclusive_maximum))),
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
