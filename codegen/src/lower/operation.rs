//! Operations: which there are, what they are called and where they are sent.

use heck::ToUpperCamelCase;
use openapiv3::{PathItem, ReferenceOr};

use super::{Lowering, extension, name, tool};
use crate::check::component_name;
use crate::diagnostic::Pointer;
use crate::ir::{Body, Effect, HttpMethod, Operation, Parameter, Type};

/// Why an operation is left out.
pub(super) enum Skip {
    Because(String),
    /// An error has been reported that says it.
    Reported,
}

/// One operation of the document and where it stands.
pub(super) struct Found<'a> {
    pub(super) path: &'a str,
    pub(super) item: &'a PathItem,
    http: HttpMethod,
    pub(super) operation: &'a openapiv3::Operation,
    pub(super) pointer: Pointer,
    pub(super) resource: String,
    pub(super) method: String,
}

impl<'a> Lowering<'a> {
    pub(super) fn operations(&mut self) -> Vec<Operation> {
        let mut operations = Vec::new();
        for found in self.found() {
            match self.operation(&found) {
                Ok(operation) => operations.push(operation),
                Err(Skip::Reported) => {}
                Err(Skip::Because(reason)) => {
                    let help = "describe it in a way that can be generated, or remove it by an overlay action";
                    let message = format!("this operation is left out: {reason}");
                    self.diagnostics
                        .warning("skipped", &found.pointer, message, help);
                    self.skipped
                        .push((format!("{} {}", found.http, found.path), reason));
                }
            }
        }
        operations
    }

    /// All operations, ordered by resource and method so that equal types always find their names in the same order.
    fn found(&mut self) -> Vec<Found<'a>> {
        let mut all = Vec::new();
        for (path, item) in &self.document.paths.paths {
            let ReferenceOr::Item(item) = item else {
                let pointer = Pointer::root().join(["paths", path]);
                let help = "write the path item out in place";
                self.diagnostics.error(
                    "path-item",
                    &pointer,
                    "a path item cannot be a reference here",
                    help,
                );
                continue;
            };
            let by_method = [
                ("get", HttpMethod::Get, &item.get),
                ("post", HttpMethod::Post, &item.post),
                ("put", HttpMethod::Put, &item.put),
                ("patch", HttpMethod::Patch, &item.patch),
                ("delete", HttpMethod::Delete, &item.delete),
            ];
            for (word, http, operation) in by_method {
                let Some(operation) = operation else { continue };
                let tag = operation.tags.first().map(String::as_str);
                let (resource, method) =
                    name::resource_and_method(operation.operation_id.as_deref(), tag, word, path);
                let pointer = Pointer::root().join(["paths", path, word]);
                all.push(Found {
                    path,
                    item,
                    http,
                    operation,
                    pointer,
                    resource,
                    method,
                });
            }
            for (word, operation) in [
                ("head", &item.head),
                ("options", &item.options),
                ("trace", &item.trace),
            ] {
                if operation.is_some() {
                    let reason = format!("{word} operations carry no data");
                    self.skipped
                        .push((format!("{} {path}", word.to_uppercase()), reason));
                }
            }
        }
        all.sort_by(|a, b| {
            (&a.resource, &a.method, a.path, a.http).cmp(&(&b.resource, &b.method, b.path, b.http))
        });
        all
    }

    fn operation(&mut self, found: &Found<'a>) -> Result<Operation, Skip> {
        let (Some(resource), Some(method)) =
            (name::ident(&found.resource), name::ident(&found.method))
        else {
            let message = format!(
                "`{}.{}` cannot be the name of a method",
                found.resource, found.method
            );
            let help = "set `operationId` to resource.method in snake_case";
            self.diagnostics
                .error("name", &found.pointer, message, help);
            return Err(Skip::Reported);
        };
        let pages = self.is_paged(found);
        let parameters = self.parameters(found, pages)?;
        let body = self.body(found)?;
        let answer = self.answer(found, pages)?;
        let mut operation = Operation {
            id: format!("{resource}.{method}"),
            type_name: method.to_upper_camel_case(),
            tool: tool::lower(
                found.operation,
                &resource,
                &method,
                found.http,
                &found.pointer,
                self.diagnostics,
            ),
            resource,
            method,
            http: found.http,
            service: self.service(found),
            path: found.path.to_owned(),
            parameters,
            body,
            answer,
            summary: found.operation.summary.clone().unwrap_or_default(),
            description: found.operation.description.clone().unwrap_or_default(),
            pointer: found.pointer.clone(),
        };
        self.argument_names(&mut operation);
        self.one_of(&operation);
        Ok(operation)
    }

    /// What a call needs at least one of has to be there, and to be optional.
    fn one_of(&mut self, operation: &Operation) {
        for name in &operation.tool.one_of {
            let is_optional = |p: &Parameter| p.field.argument == *name && !p.field.required;
            if !operation.parameters.iter().any(is_optional) {
                let message = format!("`{name}` is not an optional parameter of the operation");
                let help = "`one_of` lists optional parameters, of which a call needs at least one";
                let place = operation.pointer.at("x-billsby-tool").at("one_of");
                self.diagnostics.error("tool", &place, message, help);
            }
        }
    }

    /// Path, query, body and the server itself share one list of arguments; a name can stand for one of them only.
    fn argument_names(&mut self, operation: &mut Operation) {
        let mut names: Vec<String> = operation
            .parameters
            .iter()
            .map(|p| p.field.argument.clone())
            .collect();
        match &operation.body {
            Some(Body {
                ty: Type::Struct(id),
                ..
            }) => {
                names.extend(
                    self.shapes
                        .structure(*id)
                        .fields
                        .iter()
                        .map(|field| field.argument.clone()),
                );
            }
            Some(_) => names.push("body".to_owned()),
            None => {}
        }
        if operation.tool.effect == Effect::Read {
            // The server's own: they say what to show of the answer.
            names.extend(["fields", "detail"].map(str::to_owned));
        }
        for (index, name) in names.iter().enumerate() {
            if names[..index].contains(name) {
                let message = format!("two inputs of this operation are called `{name}`");
                let help = "set `x-billsby-name` on one of them";
                self.diagnostics
                    .error("argument-clash", &operation.pointer, message, help);
            }
        }
    }

    fn is_paged(&mut self, found: &Found<'a>) -> bool {
        let extensions = &found.operation.extensions;
        match extension::text(
            extensions,
            "x-billsby-pagination",
            &found.pointer,
            self.diagnostics,
        )
        .as_deref()
        {
            None => false,
            Some("page") => true,
            Some(other) => {
                let message = format!("`{other}` is not a kind of pagination");
                self.diagnostics.error(
                    "extension",
                    &found.pointer,
                    message,
                    "use `x-billsby-pagination: page`",
                );
                false
            }
        }
    }

    /// The common part of all servers: what the document says it is, else the whole of the first one.
    pub(super) fn base_url(&mut self) -> String {
        let root = Pointer::root();
        let stated = extension::text(
            &self.document.extensions,
            "x-billsby-base-url",
            &root,
            self.diagnostics,
        );
        let first = || {
            self.document
                .servers
                .first()
                .map(|server| server.url.clone())
        };
        let url = stated.or_else(first).unwrap_or_default();
        if !url.is_empty() && !url.starts_with("https://") && !url.starts_with("http://") {
            let message = format!("`{url}` is not the address of an HTTP server");
            let help = "begin it with https://";
            self.diagnostics
                .error("server", &root.at("servers"), message, help);
        }
        url
    }

    /// The part of the server's URL that follows the base URL.
    fn service(&mut self, found: &Found<'a>) -> String {
        let servers = [
            &found.operation.servers,
            &found.item.servers,
            &self.document.servers,
        ];
        let Some(server) = servers.into_iter().flatten().next() else {
            return String::new();
        };
        let base = self.base_url();
        let url = &server.url;
        let service = url
            .strip_prefix(base.as_str())
            .filter(|rest| rest.is_empty() || rest.starts_with('/'));
        if let Some(service) = service {
            return service.trim_matches('/').to_owned();
        }
        let message = format!("the server {url} is not below the base URL {base}");
        let help = "correct the server, or x-billsby-base-url at the root of the document";
        self.diagnostics
            .error("server", &found.pointer, message, help);
        String::new()
    }

    /// A component of a kind, and its place, also if it is a reference to another one.
    pub(super) fn component<T>(
        &mut self,
        reference: &'a str,
        kind: &str,
        pointer: &Pointer,
        get: impl Fn(&'a openapiv3::Components, &str) -> Option<&'a ReferenceOr<T>>,
    ) -> Result<(&'a T, Pointer), Skip> {
        let components = self.document.components.as_ref();
        let prefix = format!("#/components/{kind}/");
        let mut reference = reference;
        loop {
            let name = component_name(reference, &prefix).unwrap_or_default();
            match components.and_then(|components| get(components, &name)) {
                Some(ReferenceOr::Item(item)) => {
                    let place = Pointer::root().join(["components", kind, &name]);
                    return Ok((item, place));
                }
                // The check has made sure that no component refers to itself.
                Some(ReferenceOr::Reference { reference: next }) => reference = next,
                None => {
                    let message = format!("`{reference}` is not what is needed here");
                    let help = format!("refer to something below {prefix}");
                    let pointer = pointer.at("$ref");
                    self.diagnostics.error("reference", &pointer, message, help);
                    return Err(Skip::Reported);
                }
            }
        }
    }
}
