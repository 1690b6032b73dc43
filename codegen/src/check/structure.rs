//! Reading the document into `openapiv3`'s types without losing anything on the way.

use openapiv3::{
    Callback, Components, ExternalDocumentation, Header, Info, MediaType, OpenAPI, Operation,
    Parameter, PathItem, Paths, ReferenceOr, RequestBody, Response, Schema, SecurityRequirement,
    Server, Tag,
};
use serde::de::{Deserialize, DeserializeOwned};
use serde_json::Value;

use super::keyword;
use crate::diagnostic::{Diagnostics, Pointer};

pub(super) fn check(document: &Value, diagnostics: &mut Diagnostics) -> Option<OpenAPI> {
    let mut reader = Reader {
        diagnostics,
        all_readable: true,
    };
    reader.components(document);
    reader.each(document, &Pointer::root(), "paths", Reader::path_item);
    // `openapiv3` tries each layer around a mistake twice, which takes forever in a deep document.
    if !reader.all_readable {
        return None;
    }
    match OpenAPI::deserialize(document) {
        Ok(typed) => {
            let kept = serde_json::to_value(&typed).unwrap_or_default();
            keyword::lost(document, &kept, &Pointer::root(), diagnostics);
            Some(typed)
        }
        Err(error) => {
            reader.outline(document);
            if reader.all_readable {
                let help = "compare the document's outline with the OpenAPI 3.0 specification";
                diagnostics.error("structure", &Pointer::root(), error.to_string(), help);
            }
            None
        }
    }
}

/// Members of a path item that are operations.
const OPERATIONS: &[&str] = &[
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

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
        self.each(components, &at, "headers", Self::header);
        self.each(components, &at, "parameters", Self::parameter);
        self.each(components, &at, "requestBodies", Self::body);
        self.each(components, &at, "responses", Self::response);
        self.each(components, &at, "callbacks", Self::callback);
    }

    /// The members of the root, all of whose larger pieces are readable.
    fn outline(&mut self, document: &Value) {
        self.member::<Info>(document, "info");
        self.member::<Vec<Server>>(document, "servers");
        self.member::<Vec<Tag>>(document, "tags");
        self.member::<Vec<SecurityRequirement>>(document, "security");
        self.member::<ExternalDocumentation>(document, "externalDocs");
        self.member::<Components>(document, "components");
        self.member::<Paths>(document, "paths");
    }

    fn member<T: DeserializeOwned>(&mut self, document: &Value, name: &str) {
        if let Some(value) = document.get(name) {
            self.read::<T>(value, &Pointer::root().at(name));
        }
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
                // Where names are fixed by the specification, others that start with `x-` are extensions.
                let is_extension =
                    |name: &str| ["paths", "responses"].contains(&member) && name.starts_with("x-");
                for (name, value) in map.iter().filter(|(name, _)| !is_extension(name)) {
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

    /// A schema that need not be there.
    fn schema_of(&mut self, holder: &Value, pointer: &Pointer) -> bool {
        match holder.get("schema") {
            Some(schema) => self.schema(schema, &pointer.at("schema")),
            None => true,
        }
    }

    /// `openapiv3` says this in words that nobody understands.
    fn is_described(&mut self, parameter: &Value, pointer: &Pointer) -> bool {
        let members = ["schema", "content", "$ref"];
        let is_described = members.iter().any(|member| parameter.get(member).is_some());
        if !is_described {
            let message = "neither `schema` nor `content` says what the value is";
            let help = "add `schema` with the type of the value";
            self.diagnostics.error("structure", pointer, message, help);
            self.all_readable = false;
        }
        is_described
    }

    fn parameter(&mut self, parameter: &Value, pointer: &Pointer) -> bool {
        let mut readable = self.is_described(parameter, pointer);
        readable &= self.schema_of(parameter, pointer);
        readable &= self.each(parameter, pointer, "content", Self::media_type);
        readable && self.read::<ReferenceOr<Parameter>>(parameter, pointer)
    }

    fn header(&mut self, header: &Value, pointer: &Pointer) -> bool {
        let mut readable = self.is_described(header, pointer);
        readable &= self.schema_of(header, pointer);
        readable &= self.each(header, pointer, "content", Self::media_type);
        readable && self.read::<ReferenceOr<Header>>(header, pointer)
    }

    fn media_type(&mut self, media_type: &Value, pointer: &Pointer) -> bool {
        let mut readable = self.schema_of(media_type, pointer);
        readable &= self.each(
            media_type,
            pointer,
            "encoding",
            |reader, encoding, pointer| reader.each(encoding, pointer, "headers", Self::header),
        );
        readable && self.read::<MediaType>(media_type, pointer)
    }

    fn body(&mut self, body: &Value, pointer: &Pointer) -> bool {
        let readable = self.each(body, pointer, "content", Self::media_type);
        readable && self.read::<ReferenceOr<RequestBody>>(body, pointer)
    }

    fn response(&mut self, response: &Value, pointer: &Pointer) -> bool {
        let mut readable = self.each(response, pointer, "content", Self::media_type);
        readable &= self.each(response, pointer, "headers", Self::header);
        readable && self.read::<ReferenceOr<Response>>(response, pointer)
    }

    fn operation(&mut self, operation: &Value, pointer: &Pointer) -> bool {
        let mut readable = self.each(operation, pointer, "parameters", Self::parameter);
        if let Some(body) = operation.get("requestBody") {
            readable &= self.body(body, &pointer.at("requestBody"));
        }
        readable &= self.each(operation, pointer, "responses", Self::response);
        readable &= self.each(operation, pointer, "callbacks", Self::callback);
        readable && self.read::<Operation>(operation, pointer)
    }

    fn callback(&mut self, callback: &Value, pointer: &Pointer) -> bool {
        let mut readable = true;
        for (name, item) in callback.as_object().into_iter().flatten() {
            readable &= self.path_item(item, &pointer.at(name));
        }
        readable && self.read::<ReferenceOr<Callback>>(callback, pointer)
    }

    fn path_item(&mut self, item: &Value, pointer: &Pointer) -> bool {
        let mut readable = self.each(item, pointer, "parameters", Self::parameter);
        for (member, value) in item.as_object().into_iter().flatten() {
            if OPERATIONS.contains(&member.as_str()) {
                readable &= self.operation(value, &pointer.at(member));
            }
        }
        readable && self.read::<ReferenceOr<PathItem>>(item, pointer)
    }

    fn read<T: DeserializeOwned>(&mut self, value: &Value, pointer: &Pointer) -> bool {
        let Err(error) = T::deserialize(value) else {
            return true;
        };
        let place =
            culprit::<T>(value).map_or_else(|| pointer.clone(), |member| pointer.at(member));
        let help = "compare this with the OpenAPI 3.0 specification: a keyword is missing or has the wrong type";
        self.diagnostics
            .error("structure", &place, error.to_string(), help);
        self.all_readable = false;
        false
    }
}

/// The member without which an unreadable object could be read. It is one with few members: the others map names to
/// things that have been read on their own.
fn culprit<T: DeserializeOwned>(value: &Value) -> Option<&str> {
    let members = value.as_object().filter(|members| members.len() <= 50)?;
    members.keys().map(String::as_str).find(|member| {
        let mut rest = members.clone();
        rest.shift_remove(*member);
        T::deserialize(&Value::Object(rest)).is_ok()
    })
}
