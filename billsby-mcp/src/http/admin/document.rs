//! The API's own document.

use axum::Json;
use axum::routing::{MethodRouter, get};
use utoipa::OpenApi as _;
use utoipa::openapi::path::{Operation, Parameter, ParameterIn, PathItem};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{
    Content, Header, ObjectBuilder, OpenApi, Ref, RefOr, Response, ResponseBuilder, Type,
};

use super::problem::{MEDIA_TYPE, ProblemDetails};

/// Where it is.
pub(super) const PATH: &str = "/api/openapi.json";
const SCHEME: &str = "admin_token";

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Billsby MCP server: provisioning",
        description = "Accounts, the MCP servers that serve their tools, and tokens. A secret is shown once, in the answer to the request that made it. Times are RFC 3339. A list is read page by page: `next_cursor` of one is the `cursor` of the next.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0")
    ),
    tags(
        (name = "accounts", description = "Companies with their access to Billsby."),
        (name = "servers", description = "Some tools of an account, behind a URL, until a given time."),
        (name = "tokens", description = "Tokens for servers that want one beside their URL."),
        (name = "activity", description = "What servers were used for, and how this one stands.")
    ),
    components(schemas(ProblemDetails)),
    security(("admin_token" = []))
)]
struct Base;

/// Everything but the operations.
pub(super) fn base() -> OpenApi {
    let mut base = Base::openapi();
    let scheme = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("The admin token: printed once at the first start, or given by whoever runs the server."));
    let components = base.components.get_or_insert_default();
    components.add_security_scheme(SCHEME, SecurityScheme::Http(scheme.build()));
    base
}

/// Serves the document, completed.
pub(super) fn serve<S: Clone + Send + Sync + 'static>(mut document: OpenApi) -> MethodRouter<S> {
    for (path, item) in &mut document.paths.paths {
        complete(path, item);
    }
    let document = serde_json::to_value(document).unwrap_or_default();
    get(move || {
        let document = document.clone();
        async move { Json(document) }
    })
}

/// What every operation may answer, beside what it is for.
fn complete(path: &str, item: &mut PathItem) {
    let has_id = path.contains('{');
    let operations = [
        &mut item.get,
        &mut item.post,
        &mut item.patch,
        &mut item.delete,
    ];
    for operation in operations.into_iter().flatten() {
        let has_body = operation.request_body.is_some();
        let has_parameters = operation.parameters.as_ref().is_some_and(|parameters| {
            let is_of_path = |parameter: &Parameter| parameter.parameter_in == ParameterIn::Path;
            let mut parameters = parameters.iter();
            parameters.any(|parameter| !matches!(parameter, RefOr::T(it) if is_of_path(it)))
        });
        let statuses = [
            (
                "400",
                "The body or the query cannot be read.",
                has_body || has_parameters,
            ),
            ("401", "The admin token is missing or wrong.", true),
            (
                "403",
                "The server is not known by the host that the request names.",
                true,
            ),
            ("404", "There is no such thing.", has_id),
            (
                "409",
                "It cannot be done as things stand, or somebody else changed it meanwhile.",
                has_id || has_body,
            ),
            ("413", "The body is larger than 64 kB.", has_body),
            ("415", "The body is not JSON.", has_body),
            (
                "422",
                "What is asked for is not possible: `errors` says everything that is wrong.",
                has_body || has_parameters,
            ),
            (
                "429",
                "The admin token is wrong, as too many from this address were before. The right one is always accepted.",
                true,
            ),
            ("500", "A defect of this server.", true),
            (
                "503",
                "The store does not do it now; nothing was changed.",
                true,
            ),
        ];
        for (status, description, applies) in statuses {
            if applies {
                add(operation, status, description);
            }
        }
    }
}

fn add(operation: &mut Operation, status: &str, description: &str) {
    let content = Content::new(Some(Ref::from_schema_name("Problem")));
    let mut response = ResponseBuilder::new()
        .description(description)
        .content(MEDIA_TYPE, content);
    let header = match status {
        "401" => Some(("WWW-Authenticate", Type::String)),
        "429" | "503" => Some(("Retry-After", Type::Integer)),
        _ => None,
    };
    if let Some((name, kind)) = header {
        let schema = ObjectBuilder::new().schema_type(kind).build();
        response = response.header(name, Header::new(schema));
    }
    let responses = &mut operation.responses.responses;
    let response: Response = response.build();
    responses
        .entry(status.to_owned())
        .or_insert(RefOr::T(response));
}
