//! Parameters of operations.

use heck::ToUpperCamelCase;
use openapiv3::{
    Parameter as OpenApiParameter, ParameterData, ParameterSchemaOrContent, ReferenceOr,
};

use super::operation::{Found, Skip};
use super::schema::Place;
use super::shapes::Direction;
use super::{Lowering, extension, name};
use crate::check::template_names;
use crate::diagnostic::Pointer;
use crate::ir::{Location, Parameter, Role, Type};

impl<'a> Lowering<'a> {
    pub(super) fn parameters(
        &mut self,
        found: &Found<'a>,
        pages: bool,
    ) -> Result<Vec<Parameter>, Skip> {
        let item_pointer = Pointer::root().join(["paths", found.path]);
        let lists = [
            (&found.item.parameters, item_pointer),
            (&found.operation.parameters, found.pointer.clone()),
        ];
        let mut parameters: Vec<Parameter> = Vec::new();
        for (list, pointer) in lists {
            let mut own: Vec<Parameter> = Vec::new();
            for (index, parameter) in list.iter().enumerate() {
                let pointer = pointer.at("parameters").at(index);
                let Some(parameter) = self.parameter(parameter, found, pages, &pointer)? else {
                    continue;
                };
                if own.iter().any(|other| is_same(other, &parameter)) {
                    let message =
                        format!("the parameter `{}` is listed twice", parameter.field.wire);
                    let help = "delete one of the two";
                    self.diagnostics
                        .error("parameter-twice", &pointer, message, help);
                } else {
                    own.push(parameter);
                }
            }
            // An operation's own parameter replaces its path item's.
            parameters.retain(|other| !own.iter().any(|own| is_same(own, other)));
            parameters.extend(own);
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
        let kind = "parameters";
        let (parameter, pointer) = match parameter {
            ReferenceOr::Item(parameter) => (parameter, pointer.clone()),
            ReferenceOr::Reference { reference } => {
                self.component(reference, kind, pointer, |components, name| {
                    components.parameters.get(name)
                })?
            }
        };
        let pointer = &pointer;
        let (location, data) = match parameter {
            OpenApiParameter::Path { parameter_data, .. } => (Location::Path, parameter_data),
            OpenApiParameter::Query { parameter_data, .. } => (Location::Query, parameter_data),
            OpenApiParameter::Header { parameter_data, .. }
            | OpenApiParameter::Cookie { parameter_data, .. } => {
                if parameter_data.required {
                    return Err(Skip::Because(format!(
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
            return Err(Skip::Because(format!(
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
            return Err(Skip::Because(format!(
                "the parameter `{}` is not a single value",
                data.name
            )));
        }
        if !name::is_free_variable(&field.ident) {
            let message = format!(
                "`{}` is used for something else in generated code",
                field.ident
            );
            let help = "set `x-billsby-name` to another name";
            self.diagnostics
                .error("reserved-name", pointer, message, help);
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
        let brief = extension::text(
            &data.extensions,
            "x-billsby-brief",
            pointer,
            self.diagnostics,
        );
        if brief.is_some() {
            field.brief = brief;
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
}

fn is_same(a: &Parameter, b: &Parameter) -> bool {
    a.location == b.location && a.field.wire == b.field.wire
}
