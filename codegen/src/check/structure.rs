//! Reading the document into `openapiv3`'s types without losing anything on the way.

use openapiv3::{
    MediaType, OpenAPI, Operation, Parameter, ReferenceOr, RequestBody, Response, Schema,
};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::operations;
use crate::diagnostic::{Diagnostics, Pointer};

pub(super) fn check(document: &Value, diagnostics: &mut Diagnostics) -> Option<OpenAPI> {
    let mut reader = Reader {
        diagnostics,
        all_readable: true,
    };
    reader.components(document);
    for (pointer, _, _, operation) in operations(document) {
        reader.operation(operation, &pointer);
    }
    let all_readable = reader.all_readable;
    match serde_json::from_value::<OpenAPI>(document.clone()) {
        Ok(typed) => {
            let kept = serde_json::to_value(&typed).unwrap_or_default();
            lost_keys(document, &kept, &Pointer::root(), diagnostics);
            Some(typed)
        }
        Err(error) => {
            // The pieces have been read one by one; only what lies outside of them is left to report here.
            if all_readable {
                let help = "compare the document's outline with the OpenAPI 3.0 specification";
                diagnostics.error("structure", &Pointer::root(), error.to_string(), help);
            }
            None
        }
    }
}

/// Reads pieces from the inside out, so that a mistake is reported where it is and not for everything around it.
struct Reader<'a> {
    diagnostics: &'a mut Diagnostics,
    all_readable: bool,
}

impl Reader<'_> {
    fn components(&mut self, document: &Value) {
        let Some(components) = document.get("components") else {
            return;
        };
        let at = Pointer::root().at("components");
        self.each(components, &at, "schemas", Self::schema);
        self.each(components, &at, "parameters", Self::parameter);
        self.each(
            components,
            &at,
            "requestBodies",
            Self::content_of::<RequestBody>,
        );
        self.each(components, &at, "responses", Self::content_of::<Response>);
    }

    /// Applies `read` to every member of an object or item of a list; true if all of them are readable.
    fn each(
        &mut self,
        parent: &Value,
        pointer: &Pointer,
        member: &str,
        read: fn(&mut Self, &Value, &Pointer) -> bool,
    ) -> bool {
        let pointer = pointer.at(member);
        let mut readable = true;
        match parent.get(member) {
            Some(Value::Object(map)) => {
                for (name, value) in map {
                    readable &= read(self, value, &pointer.at(name));
                }
            }
            Some(Value::Array(items)) => {
                for (index, value) in items.iter().enumerate() {
                    readable &= read(self, value, &pointer.at(index));
                }
            }
            _ => {}
        }
        readable
    }

    fn schema(&mut self, schema: &Value, pointer: &Pointer) -> bool {
        let mut readable = self.each(schema, pointer, "properties", Self::schema);
        for list in ["allOf", "oneOf", "anyOf"] {
            readable &= self.each(schema, pointer, list, Self::schema);
        }
        for single in ["items", "not", "additionalProperties"] {
            if let Some(value) = schema.get(single).filter(|value| value.is_object()) {
                readable &= self.schema(value, &pointer.at(single));
            }
        }
        self.known_type(schema, pointer);
        readable && self.read::<ReferenceOr<Schema>>(schema, pointer)
    }

    fn known_type(&mut self, schema: &Value, pointer: &Pointer) {
        let known = ["string", "integer", "number", "boolean", "array", "object"];
        let Some(name) = schema.get("type").and_then(Value::as_str) else {
            return;
        };
        if !known.contains(&name) {
            let message = format!("`{name}` is not a type");
            let help = format!("use one of {}", known.join(", "));
            self.diagnostics
                .error("schema-type", &pointer.at("type"), message, help);
        }
    }

    fn parameter(&mut self, parameter: &Value, pointer: &Pointer) -> bool {
        let readable = match parameter.get("schema") {
            Some(schema) => self.schema(schema, &pointer.at("schema")),
            None => true,
        };
        readable && self.read::<ReferenceOr<Parameter>>(parameter, pointer)
    }

    fn content_of<T: DeserializeOwned>(&mut self, holder: &Value, pointer: &Pointer) -> bool {
        let readable = self.each(holder, pointer, "content", Self::media_type);
        readable && self.read::<ReferenceOr<T>>(holder, pointer)
    }

    fn media_type(&mut self, media_type: &Value, pointer: &Pointer) -> bool {
        let readable = match media_type.get("schema") {
            Some(schema) => self.schema(schema, &pointer.at("schema")),
            None => true,
        };
        readable && self.read::<MediaType>(media_type, pointer)
    }

    fn operation(&mut self, operation: &Value, pointer: &Pointer) {
        let mut readable = self.each(operation, pointer, "parameters", Self::parameter);
        if let Some(body) = operation.get("requestBody") {
            readable &= self.content_of::<RequestBody>(body, &pointer.at("requestBody"));
        }
        readable &= self.each(
            operation,
            pointer,
            "responses",
            Self::content_of::<Response>,
        );
        if readable {
            self.read::<Operation>(operation, pointer);
        }
    }

    fn read<T: DeserializeOwned>(&mut self, value: &Value, pointer: &Pointer) -> bool {
        match serde_json::from_value::<T>(value.clone()) {
            Ok(_) => true,
            Err(error) => {
                let help = "compare this object with the OpenAPI 3.0 specification: a keyword is missing or has the wrong type";
                self.diagnostics
                    .error("structure", pointer, error.to_string(), help);
                self.all_readable = false;
                false
            }
        }
    }
}

/// `openapiv3` drops what it does not know; a misspelt keyword would vanish without a word.
fn lost_keys(original: &Value, kept: &Value, pointer: &Pointer, diagnostics: &mut Diagnostics) {
    match (original, kept) {
        (Value::Object(original), Value::Object(kept)) => {
            for (key, value) in original {
                match kept.get(key) {
                    Some(kept) => lost_keys(value, kept, &pointer.at(key), diagnostics),
                    None if says_nothing(value) => {}
                    None => {
                        let message =
                            format!("the keyword `{key}` is not known here and would be ignored");
                        let help =
                            "correct its spelling, move it to where it belongs, or delete it";
                        diagnostics.error("unknown-keyword", &pointer.at(key), message, help);
                    }
                }
            }
        }
        (Value::Array(original), Value::Array(kept)) => {
            for (index, (original, kept)) in original.iter().zip(kept).enumerate() {
                lost_keys(original, kept, &pointer.at(index), diagnostics);
            }
        }
        _ => {}
    }
}

/// Whether leaving the value out means the same.
fn says_nothing(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(map) => map.is_empty(),
        Value::String(text) => matches!(text.as_str(), "form" | "simple"),
        _ => false,
    }
}
