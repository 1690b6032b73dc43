//! What operations take as a body and what they answer.

use heck::ToUpperCamelCase;
use openapiv3::{MediaType, ReferenceOr, RequestBody, Response, SchemaKind, Type as SchemaType};

use super::Lowering;
use super::operation::{Found, Skip};
use super::schema::Place;
use super::shapes::Direction;
use crate::diagnostic::Pointer;
use crate::ir::{Answer, Body, Type};

impl<'a> Lowering<'a> {
    pub(super) fn body(&mut self, found: &Found<'a>) -> Result<Option<Body>, Skip> {
        let pointer = found.pointer.at("requestBody");
        let kind = "requestBodies";
        let (body, pointer): (&RequestBody, _) = match &found.operation.request_body {
            None => return Ok(None),
            Some(ReferenceOr::Item(body)) => (body, pointer),
            Some(ReferenceOr::Reference { reference }) => {
                self.component(reference, kind, &pointer, |components, name| {
                    components.request_bodies.get(name)
                })?
            }
        };
        let json = body
            .content
            .iter()
            .find(|(media_type, _)| is_json(media_type));
        let Some((media_type, content)) = json else {
            return Err(Skip::Because("its body is not JSON".to_owned()));
        };
        let Some(schema) = &content.schema else {
            return Err(Skip::Because(
                "its body is not described by a schema".to_owned(),
            ));
        };
        let place = Place {
            pointer: pointer.join(["content", media_type, "schema"]),
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

    pub(super) fn answer(&mut self, found: &Found<'a>, pages: bool) -> Result<Answer, Skip> {
        let Some((status, response)) = success(found.operation) else {
            return Err(Skip::Because(
                "it describes no successful answer".to_owned(),
            ));
        };
        let pointer = found.pointer.join(["responses", status.as_str()]);
        let kind = "responses";
        let (response, pointer) = match response {
            ReferenceOr::Item(response) => (response, pointer),
            ReferenceOr::Reference { reference } => {
                self.component(reference, kind, &pointer, |components, name| {
                    components.responses.get(name)
                })?
            }
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
            pointer: pointer.join(["content", media_type, "schema"]),
            name: format!("{} {} response", found.method, found.resource).to_upper_camel_case(),
            direction: Direction::Received,
            resource: found.resource.clone(),
        };
        if pages {
            return self
                .page(schema, &place)
                .map(Answer::Json)
                .ok_or(Skip::Reported);
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
