//! What browsers want to hear before pages of other origins may use a server.

use std::sync::Arc;
use std::time::Duration;

use axum::http::{HeaderName, Method, header};
use tower_http::cors::{AllowOrigin, CorsLayer};

use super::Site;

/// How long a browser may remember what it has heard.
const REMEMBERED: Duration = Duration::from_secs(600);

/// Answers the question that a browser asks beforehand, and says in every reply which origin may read
/// it: those that the endpoint behind the URL allows, and none where there is no endpoint.
pub(super) fn layer(site: &Arc<Site>) -> CorsLayer {
    let site = Arc::clone(site);
    let is_allowed = AllowOrigin::predicate(move |origin, request| {
        let token = request.uri.path().strip_prefix("/mcp/");
        let endpoint = token.and_then(|token| site.directory.find(token));
        endpoint.is_some_and(|endpoint| endpoint.allows_origin(origin))
    });
    let name = HeaderName::from_static;
    CorsLayer::new()
        .allow_origin(is_allowed)
        .allow_methods([Method::GET, Method::POST, Method::DELETE])
        .allow_headers([
            header::ACCEPT,
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            name("last-event-id"),
            name("mcp-method"),
            name("mcp-name"),
            name("mcp-protocol-version"),
            name("mcp-session-id"),
            name("x-request-id"),
        ])
        .expose_headers([
            header::RETRY_AFTER,
            name("mcp-session-id"),
            name("ratelimit"),
            name("ratelimit-policy"),
            name("x-request-id"),
        ])
        .max_age(REMEMBERED)
}
