//! What browsers want to hear before pages of other origins may use a server.

use std::sync::Arc;
use std::time::Duration;

use axum::http::{HeaderName, HeaderValue, Method, header};
use tower_http::cors::{AllowOrigin, CorsLayer};

use super::Shared;

/// How long a browser may remember what it has heard.
const REMEMBERED: Duration = Duration::from_secs(600);

/// Answers the question that a browser asks beforehand, and says in every reply which origin may read
/// it: those that the endpoint behind the URL allows, and none where there is no endpoint.
pub(super) fn layer(shared: &Arc<Shared>) -> CorsLayer {
    let shared = Arc::clone(shared);
    let is_allowed = AllowOrigin::predicate(move |origin, request| {
        let key = request.uri.path().strip_prefix("/mcp/");
        key.is_some_and(|key| shared.allows_origin(key, origin))
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
            header::WWW_AUTHENTICATE,
            name("mcp-session-id"),
            name("ratelimit"),
            name("ratelimit-policy"),
            name("x-request-id"),
        ])
        .max_age(REMEMBERED)
}

impl Shared {
    /// Whether there is something behind the URL that ends like this, and pages of the origin may read its
    /// replies.
    fn allows_origin(&self, key: &str, origin: &HeaderValue) -> bool {
        if let Some(endpoint) = self.directory.find(key) {
            return endpoint.allows_origin(origin);
        }
        let Some(registry) = &self.registry else {
            return false;
        };
        let is_known = match key.parse() {
            Ok(id) => {
                let server = registry.record(id);
                server.is_some_and(|server| self.gate.asks_for_oauth(&server))
            }
            Err(_) => registry.is_known(key),
        };
        is_known && registry.allows_origin(origin)
    }
}
