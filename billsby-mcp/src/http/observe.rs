//! What every request gets: an id, a line in the log, and headers that keep its URL a secret.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// The longest id that is taken over from a client.
const LONGEST: usize = 64;

/// Wraps the handling of a request.
pub(super) async fn observe(mut request: Request, next: Next) -> Response {
    let start = Instant::now();
    let id = request_id(request.headers());
    // Whoever answers may want to name it.
    request.headers_mut().insert(REQUEST_ID, id.clone());
    let method = request.method().clone();
    // Never the path itself: it holds the token.
    let route = request.extensions().get::<MatchedPath>().cloned();
    let mut response = next.run(request).await;

    let route = route.as_ref().map_or("none", MatchedPath::as_str);
    let milliseconds = start.elapsed().as_millis();
    let status = response.status().as_u16();
    let is_page = route == "/" || route.starts_with("/ui");
    let request_id = id.to_str().unwrap_or_default();
    if matches!(route, "/healthz" | "/readyz") {
        tracing::debug!(%method, route, status, milliseconds, request_id, "request");
    } else {
        tracing::info!(%method, route, status, milliseconds, request_id, "request");
    }

    let headers = response.headers_mut();
    headers.insert(REQUEST_ID, id);
    for (name, value) in [
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ] {
        // The web page knows better; nobody else does.
        if !(is_page && headers.contains_key(&name)) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
    response
}

/// The client's own id for the request if it can go into a log as it is, else a new one.
fn request_id(headers: &HeaderMap) -> HeaderValue {
    let fits = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._".contains(byte);
    match headers.get(REQUEST_ID) {
        Some(id) if (1..=LONGEST).contains(&id.len()) && id.as_bytes().iter().all(fits) => {
            id.clone()
        }
        _ => new_id(),
    }
}

/// An id that is unique as long as this program runs, and very likely among its runs.
fn new_id() -> HeaderValue {
    static RUN: LazyLock<u32> = LazyLock::new(|| getrandom::u32().unwrap_or_default());
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let id = format!("{:08x}-{count:06x}", *RUN);
    HeaderValue::try_from(id).unwrap_or_else(|_| HeaderValue::from_static("unknown"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_harmless_id_is_taken_over() {
        let mut headers = HeaderMap::new();
        for (id, kept) in [
            ("a", true),
            ("0af7651916cd43dd8448eb211c80319c", true),
            ("job-7_b.2", true),
            ("", false),
            ("two words", false),
            ("a=b", false),
            (&"a".repeat(LONGEST + 1), false),
        ] {
            headers.insert(REQUEST_ID, HeaderValue::from_str(id).unwrap());
            assert_eq!(request_id(&headers) == *id, kept, "{id}");
        }
        assert_ne!(new_id(), new_id());
    }
}
