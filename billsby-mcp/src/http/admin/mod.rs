//! The API for whoever runs the server: provisioning over HTTP, as JSON, for the holder of the admin token.
//!
//! A request passes the guard first: host, token, and how often wrong ones came from its address.
//! Then its body or query is read, [`Provisioning`] does the work, and whatever is wrong becomes a problem
//! of RFC 9457.

mod accounts;
mod api_tokens;
mod document;
mod guard;
mod other;
mod problem;
mod read;
mod reply;
mod servers;

use std::sync::Arc;

use axum::Router;
use axum::http::HeaderMap;
use axum::middleware;
use axum::response::Response;
use axum::routing::any;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::attempts::Attempts;
use crate::provision::{AdminToken, Provisioning};
use problem::{ProblemDetails, request_id};

/// What the handlers share.
#[derive(Clone)]
struct Admin {
    provisioning: Arc<Provisioning>,
    token: AdminToken,
    attempts: Arc<Attempts>,
}

/// Every other path below those of the API.
const OTHERS: [&str; 14] = [
    "/integrated-account/",
    "/integrated-account/{id}/{other}",
    "/integrated-account/{id}/{other}/{*rest}",
    "/integrated-account/{id}/mcp/{server_id}/{other}",
    "/integrated-account/{id}/mcp/{server_id}/{other}/{*rest}",
    "/api-token/",
    "/api-token/{id}/{*rest}",
    "/token",
    "/token/",
    "/token/{*rest}",
    "/activity/{*rest}",
    "/status/{*rest}",
    "/api/",
    "/api/{*rest}",
];

/// The routes of the API. They have no fallback, so that they can be merged with others.
pub fn router(provisioning: Arc<Provisioning>, token: AdminToken) -> Router {
    let admin = Admin {
        provisioning,
        token,
        attempts: Arc::default(),
    };
    let (routes, document) = OpenApiRouter::with_openapi(document::base())
        .routes(routes!(accounts::create, accounts::list))
        .routes(routes!(accounts::get, accounts::change, accounts::delete))
        .routes(routes!(accounts::verify))
        .routes(routes!(servers::create, servers::list))
        .routes(routes!(servers::preview))
        .routes(routes!(servers::get, servers::change, servers::revoke))
        .routes(routes!(servers::rotate))
        .routes(routes!(servers::tools))
        .routes(routes!(api_tokens::create, api_tokens::list))
        .routes(routes!(api_tokens::get, api_tokens::revoke))
        .routes(routes!(api_tokens::inspect))
        .routes(routes!(other::activity))
        .routes(routes!(other::status))
        .split_for_parts();
    let document = document::serve(document);
    let mut routes = routes.route("/api/openapi.json", document);
    for path in OTHERS {
        routes = routes.route(path, any(nothing));
    }
    routes
        .method_not_allowed_fallback(wrong_method)
        .layer(middleware::from_fn_with_state(admin.clone(), guard::guard))
        .with_state(admin)
}

async fn nothing(headers: HeaderMap) -> Response {
    ProblemDetails::not_found("there is nothing at this path").response(request_id(&headers))
}

/// The methods there are stand in the header `Allow`.
async fn wrong_method(headers: HeaderMap) -> Response {
    ProblemDetails::wrong_method().response(request_id(&headers))
}
