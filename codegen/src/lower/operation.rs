//! Operations: names, parameters, body and answer.

use heck::ToUpperCamelCase;
use openapiv3::{
    MediaType, Parameter as OpenApiParameter, ParameterData, ParameterSchemaOrContent, PathItem,
    ReferenceOr,
};
use openapiv3::{RequestBody, Response, SchemaKind, Type as SchemaType};

use super::schema::Place;
use super::shapes::Direction;
use super::{Lowering, extension, name, tool};
use crate::check::template_names;
use crate::diagnostic::Pointer;
use crate::ir::{Answer, Body, HttpMethod, Location, Operation, Parameter, Role, Type};

/// Why an operation is left out.
struct Skip(String);

/// One operation of the document and where it stands.
struct Found<'a> {
    path: &'a str,
    item: &'a PathItem,
    http: HttpMethod,
    operation: &'a openapiv3::Operation,
    pointer: Pointer,
    resource: String,
    method: String,
}

impl<'a> Lowering<'a> {
    pub(super) fn operations(&mut self) -> Vec<Operation> {
        let mut operations = Vec::new();
        for found in self.found() {
            match self.operation(&found) {
                Ok(operation) => operations.push(operation),
                Err(Skip(reason)) => {
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
            return Err(Skip("it has no usable name".to_owned()));
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
        Ok(operation)
    }

    /// Path, query and body share one list of arguments; a name can stand for one of them only.
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

    /// The part of the server's URL that follows the base URL.
    fn service(&mut self, found: &Found<'a>) -> String {
        let root = Pointer::root();
        let base = extension::text(
            &self.document.extensions,
            "x-billsby-base-url",
            &root,
            self.diagnostics,
        );
        let servers = [
            &found.operation.servers,
            &found.item.servers,
            &self.document.servers,
        ];
        let url = servers
            .into_iter()
            .flatten()
            .next()
            .map(|server| server.url.as_str());
        let (Some(base), Some(url)) = (base, url) else {
            return String::new();
        };
        if let Some(service) = url.strip_prefix(base.as_str()) {
            return service.trim_matches('/').to_owned();
        }
        let message = format!("the server {url} is not below the base URL {base}");
        let help = "correct the server, or x-billsby-base-url at the root of the document";
        self.diagnostics
            .error("server", &found.pointer, message, help);
        String::new()
    }

    fn parameters(&mut self, found: &Found<'a>, pages: bool) -> Result<Vec<Parameter>, Skip> {
        let item_pointer = Pointer::root().join(["paths", found.path]);
        let lists = [
            (&found.item.parameters, item_pointer),
            (&found.operation.parameters, found.pointer.clone()),
        ];
        let mut parameters: Vec<Parameter> = Vec::new();
        for (list, pointer) in lists {
            for (index, parameter) in list.iter().enumerate() {
                let pointer = pointer.at("parameters").at(index);
                if let Some(parameter) = self.parameter(parameter, found, pages, &pointer)? {
                    // An operation's own parameter replaces its path item's.
                    parameters.retain(|other| {
                        other.location != parameter.location
                            || other.field.wire != parameter.field.wire
                    });
                    parameters.push(parameter);
                }
            }
        }
        let order = template_names(found.path).unwrap_or_default();
        let position =
            |parameter: &Parameter| order.iter().position(|name| *name == parameter.field.wire);
        parameters.sort_by_key(|parameter| match parameter.location {
            Location::Path => (0, position(parameter)),
            Location::Query => (1, None),
        });
        Ok(parameters)
    }

    fn parameter(
        &mut self,
        parameter: &'a ReferenceOr<OpenApiParameter>,
        found: &Found<'a>,
        pages: bool,
        pointer: &Pointer,
    ) -> Result<Option<Parameter>, Skip> {
        let parameter = match parameter {
            ReferenceOr::Item(parameter) => parameter,
            ReferenceOr::Reference { reference } => self
                .component(reference, "#/components/parameters/", |components, name| {
                    components.parameters.get(name)
                })
                .ok_or_else(|| Skip(format!("the parameter {reference} cannot be resolved")))?,
        };
        let (location, data) = match parameter {
            OpenApiParameter::Path { parameter_data, .. } => (Location::Path, parameter_data),
            OpenApiParameter::Query { parameter_data, .. } => (Location::Query, parameter_data),
            OpenApiParameter::Header { parameter_data, .. }
            | OpenApiParameter::Cookie { parameter_data, .. } => {
                if parameter_data.required {
                    return Err(Skip(format!(
                        "it needs the header or cookie `{}`",
                        parameter_data.name
                    )));
                }
                let message = format!(
                    "the optional header or cookie `{}` is not offered",
                    parameter_data.name
                );
                let help = "remove the parameter by an overlay action if nobody needs it";
                self.diagnostics
                    .warning("skipped-parameter", pointer, message, help);
                return Ok(None);
            }
        };
        let ParameterSchemaOrContent::Schema(schema) = &data.format else {
            return Err(Skip(format!(
                "the parameter `{}` is not described by a schema",
                data.name
            )));
        };
        let place = Place {
            pointer: pointer.at("schema"),
            name: format!("{} {}", found.method, data.name).to_upper_camel_case(),
            direction: Direction::Sent,
            resource: found.resource.clone(),
        };
        let required = data.required || location == Location::Path;
        let mut field = self.field(&data.name, schema, required, &place);
        self.overrides(data, &mut field, pointer);
        if matches!(
            field.ty,
            Type::Json | Type::List(_) | Type::Struct(_) | Type::AmountOrText
        ) {
            return Err(Skip(format!(
                "the parameter `{}` is not a single value",
                data.name
            )));
        }
        let role = self.role(location, &field, pages);
        Ok(Some(Parameter {
            location,
            field,
            role,
        }))
    }

    /// What a parameter says of itself goes before what its schema says.
    fn overrides(&mut self, data: &ParameterData, field: &mut crate::ir::Field, pointer: &Pointer) {
        if let Some(description) = &data.description {
            field.doc.clone_from(description);
        }
        let Some(argument) = extension::text(
            &data.extensions,
            "x-billsby-name",
            pointer,
            self.diagnostics,
        ) else {
            return;
        };
        if let Some(ident) = name::ident(&argument) {
            field.ident = ident;
            field.argument = argument;
        } else {
            let message = format!("`{argument}` cannot be turned into a name");
            let help = "set `x-billsby-name` to a name that starts with a letter";
            self.diagnostics.error("name", pointer, message, help);
        }
    }

    fn role(&self, location: Location, field: &crate::ir::Field, pages: bool) -> Role {
        match (location, &field.ty) {
            (Location::Path, Type::Key(key)) if self.keys[key.0].kind == "companyDomain" => {
                Role::Company
            }
            (Location::Query, Type::Integer) if pages && field.wire == "page" => Role::Page,
            (Location::Query, Type::Integer) if pages && field.wire == "pageSize" => Role::PageSize,
            _ => Role::Caller,
        }
    }

    fn body(&mut self, found: &Found<'a>) -> Result<Option<Body>, Skip> {
        let body: &RequestBody = match &found.operation.request_body {
            None => return Ok(None),
            Some(ReferenceOr::Item(body)) => body,
            Some(ReferenceOr::Reference { reference }) => self
                .component(
                    reference,
                    "#/components/requestBodies/",
                    |components, name| components.request_bodies.get(name),
                )
                .ok_or_else(|| Skip(format!("the body {reference} cannot be resolved")))?,
        };
        let json = body
            .content
            .iter()
            .find(|(media_type, _)| is_json(media_type));
        let Some((media_type, content)) = json else {
            return Err(Skip("its body is not JSON".to_owned()));
        };
        let Some(schema) = &content.schema else {
            return Err(Skip("its body is not described by a schema".to_owned()));
        };
        let place = Place {
            pointer: found
                .pointer
                .join(["requestBody", "content", media_type, "schema"]),
            name: format!("{} {} request", found.method, found.resource).to_upper_camel_case(),
            direction: Direction::Sent,
            resource: found.resource.clone(),
        };
        let resolved = self.resolve_schema(schema, &place);
        let min_properties = resolved.and_then(|resolved| match &resolved.schema.schema_kind {
            SchemaKind::Type(SchemaType::Object(object)) => object.min_properties,
            _ => None,
        });
        Ok(Some(Body {
            ty: self.schema(schema, &place),
            required: body.required,
            min_properties: min_properties.unwrap_or(0),
        }))
    }

    fn answer(&mut self, found: &Found<'a>, pages: bool) -> Result<Answer, Skip> {
        let Some((status, response)) = success(found.operation) else {
            return Err(Skip("it describes no successful answer".to_owned()));
        };
        let response = match response {
            ReferenceOr::Item(response) => response,
            ReferenceOr::Reference { reference } => self
                .component(reference, "#/components/responses/", |components, name| {
                    components.responses.get(name)
                })
                .ok_or_else(|| Skip(format!("the answer {reference} cannot be resolved")))?,
        };
        let contents = response.content.iter();
        let Some((
            media_type,
            MediaType {
                schema: Some(schema),
                ..
            },
        )) = contents
            .clone()
            .find(|(media_type, _)| is_json(media_type))
            .or_else(|| contents.clone().next())
        else {
            return Ok(Answer::Accepted);
        };
        let place = Place {
            pointer: found.pointer.join([
                "responses",
                status.as_str(),
                "content",
                media_type,
                "schema",
            ]),
            name: format!("{} {} response", found.method, found.resource).to_upper_camel_case(),
            direction: Direction::Received,
            resource: found.resource.clone(),
        };
        if pages {
            return self
                .page(schema, &place)
                .map(Answer::Json)
                .ok_or_else(|| Skip("its pages cannot be read".to_owned()));
        }
        let Some(resolved) = self.resolve_schema(schema, &place) else {
            return Ok(Answer::Accepted);
        };
        let is_text = matches!(
            &resolved.schema.schema_kind,
            SchemaKind::Type(SchemaType::String(_))
        );
        if is_text && !is_json(media_type) {
            return Ok(Answer::Accepted);
        }
        Ok(Answer::Json(self.schema(schema, &place)))
    }

    /// The item type of a page: an object with the paging counters and a list of results.
    fn page(&mut self, schema: &'a ReferenceOr<openapiv3::Schema>, place: &Place) -> Option<Type> {
        let resolved = self.resolve_schema(schema, place)?;
        let SchemaKind::Type(SchemaType::Object(object)) = &resolved.schema.schema_kind else {
            self.not_a_page(&resolved.place.pointer);
            return None;
        };
        let counters = ["currentPage", "pageCount", "pageSize", "rowCount"];
        let has_counters = counters
            .iter()
            .all(|name| object.properties.contains_key(*name));
        let results = object
            .properties
            .get("results")
            .filter(|_| has_counters && object.properties.len() == 5);
        let list = results.and_then(|results| match results {
            ReferenceOr::Item(schema) => match &schema.schema_kind {
                SchemaKind::Type(SchemaType::Array(array)) => array.items.as_ref(),
                _ => None,
            },
            ReferenceOr::Reference { .. } => None,
        });
        let Some(items) = list else {
            self.not_a_page(&resolved.place.pointer);
            return None;
        };
        let place = Place {
            pointer: resolved
                .place
                .pointer
                .join(["properties", "results", "items"]),
            name: format!("{} item", resolved.place.name).to_upper_camel_case(),
            ..resolved.place.clone()
        };
        Some(Type::Page(Box::new(self.schema(items, &place))))
    }

    fn not_a_page(&mut self, pointer: &Pointer) {
        let message = "the answer is marked as a page, but does not look like one";
        let help = "a page has currentPage, pageCount, pageSize, rowCount and a list called results, and nothing else";
        self.diagnostics.error("page", pointer, message, help);
    }

    /// A component of any kind, also if it is a reference to another one.
    fn component<T>(
        &self,
        reference: &str,
        prefix: &str,
        get: impl Fn(&'a openapiv3::Components, &str) -> Option<&'a ReferenceOr<T>>,
    ) -> Option<&'a T> {
        let components = self.document.components.as_ref()?;
        let mut reference = reference;
        loop {
            match get(components, reference.strip_prefix(prefix)?)? {
                ReferenceOr::Item(item) => return Some(item),
                // The check has made sure that no component refers to itself.
                ReferenceOr::Reference { reference: next } => reference = next,
            }
        }
    }
}

fn is_json(media_type: &str) -> bool {
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    essence == "application/json" || essence.ends_with("+json")
}

/// 200 if it is described, else the lowest 2xx.
fn success(operation: &openapiv3::Operation) -> Option<(String, &ReferenceOr<Response>)> {
    let mut successes: Vec<_> = operation
        .responses
        .responses
        .iter()
        .map(|(status, response)| (status.to_string(), response))
        .filter(|(status, _)| status.starts_with('2'))
        .collect();
    successes.sort_by(|a, b| a.0.cmp(&b.0));
    successes.into_iter().next()
}
