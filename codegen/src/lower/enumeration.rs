//! Values with names.

use std::collections::BTreeSet;

use heck::ToSnakeCase;
use openapiv3::{
    IntegerType, SchemaKind, StringFormat, StringType, Type as SchemaType, VariantOrUnknownOrEmpty,
};

use super::schema::{Resolved, claim};
use super::{Lowering, extension, name};
use crate::ir::{EnumValue, Scalar, Type, WireValue};

impl<'a> Lowering<'a> {
    pub(super) fn text(&mut self, text: &StringType, resolved: &Resolved<'a>) -> Type {
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
        let names = self.names(values.len(), resolved);
        let names = names.unwrap_or_else(|| values.clone());
        let wires = values.iter().cloned().map(WireValue::Text);
        let pairs = names.into_iter().zip(wires).collect();
        self.enumeration(Scalar::Text, pairs, closed.is_empty(), resolved)
    }

    pub(super) fn integer(&mut self, integer: &IntegerType, resolved: &Resolved<'a>) -> Type {
        let numbers: Vec<i64> = integer.enumeration.iter().flatten().copied().collect();
        if numbers.is_empty() {
            return Type::Integer;
        }
        let Some(names) = self.names(numbers.len(), resolved) else {
            return Type::Integer;
        };
        let wires = numbers.into_iter().map(WireValue::Integer);
        let pairs = names.into_iter().zip(wires).collect();
        self.enumeration(Scalar::Integer, pairs, false, resolved)
    }

    /// `x-enum-varnames`, if there is one for each value.
    fn names(&mut self, count: usize, resolved: &Resolved<'a>) -> Option<Vec<String>> {
        let pointer = &resolved.place.pointer;
        let schema = resolved.schema;
        let is_number = !matches!(schema.schema_kind, SchemaKind::Type(SchemaType::String(_)));
        let extensions = &schema.schema_data.extensions;
        let names = extension::texts(extensions, "x-enum-varnames", pointer, self.diagnostics);
        let help = "name each value in `x-enum-varnames`, in the same order";
        if names.is_empty() {
            // A text is its own name; a number without one means nothing to a reader.
            if is_number {
                let message = "the numbers have no names, so any number is accepted";
                self.diagnostics
                    .warning("enum-names", pointer, message, help);
            }
        } else if names.len() != count {
            let message = format!("{count} values have {} names", names.len());
            self.diagnostics.error("enum-names", pointer, message, help);
        }
        (names.len() == count).then_some(names)
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
        let mut taken: BTreeSet<String> = BTreeSet::new();
        for (index, (name, wire)) in named.into_iter().enumerate() {
            let Some(variant) = name::type_name(&name).filter(|variant| variant != "Unknown")
            else {
                let message = format!("the value `{name}` cannot be the name of a variant");
                self.diagnostics
                    .error("name", pointer, message, "name it in `x-enum-varnames`");
                continue;
            };
            let word = match &wire {
                WireValue::Text(text) => text.clone(),
                WireValue::Integer(_) => variant.to_snake_case(),
            };
            let marks = [
                format!("name {variant}"),
                format!("word {word}"),
                format!("value {wire:?}"),
            ];
            if marks.iter().any(|mark| taken.contains(mark)) {
                let message = format!("the value `{name}` cannot be told from an earlier one");
                let help = "list each value once, and name them apart in `x-enum-varnames`";
                self.diagnostics
                    .error("enum-values", pointer, message, help);
                continue;
            }
            taken.extend(marks);
            values.push(EnumValue {
                word,
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
}
