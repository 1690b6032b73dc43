//! What Billsby said about its limits, on the HTTP reply of the call that met them.

use std::fmt::Display;
use std::sync::{Arc, OnceLock};

use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header::RETRY_AFTER};
use billsby_sdk::RateLimit;
use rmcp::service::{RequestContext, RoleServer};

use crate::tool::whole_seconds;

const LIMIT: HeaderName = HeaderName::from_static("ratelimit-limit");
const REMAINING: HeaderName = HeaderName::from_static("ratelimit-remaining");
const RESET: HeaderName = HeaderName::from_static("ratelimit-reset");
const COMBINED: HeaderName = HeaderName::from_static("ratelimit");
const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// A place in a request where a handler leaves the limit for the reply's headers.
#[derive(Debug, Clone, Default)]
pub(in crate::protocol) struct RateLimitSlot(Arc<OnceLock<RateLimit>>);

impl RateLimitSlot {
    /// Leaves a limit for the reply to the request that is being handled. Over standard input and
    /// output there is no such place.
    pub(in crate::protocol) fn fill(context: &RequestContext<RoleServer>, limit: RateLimit) {
        let parts = context.extensions.get::<Parts>();
        if let Some(slot) = parts.and_then(|parts| parts.extensions.get::<Self>()) {
            // One request is one call: nobody else fills its slot.
            let _ = slot.0.set(limit);
        }
    }

    /// Puts the limit that was left here, if any, into the headers of a reply.
    pub(super) fn write(&self, headers: &mut HeaderMap) {
        if let Some(limit) = self.0.get() {
            write(limit, headers);
        }
    }
}

/// Says a limit in the form that gateways understand and in the newer one. The call was refused, so
/// nothing remains unless Billsby says otherwise.
fn write(limit: &RateLimit, headers: &mut HeaderMap) {
    let mut set = |name: HeaderName, value: &dyn Display| {
        if let Ok(value) = HeaderValue::try_from(value.to_string()) {
            headers.insert(name, value);
        }
    };
    let remaining = limit.remaining.unwrap_or(0);
    set(REMAINING, &remaining);
    if let Some(limit) = limit.limit {
        set(LIMIT, &limit);
        set(POLICY, &format_args!("\"billsby\";q={limit}"));
    }
    if let Some(reset) = limit.reset.map(whole_seconds) {
        set(RESET, &reset);
        set(RETRY_AFTER, &reset);
        set(
            COMBINED,
            &format_args!("\"billsby\";r={remaining};t={reset}"),
        );
    } else {
        set(COMBINED, &format_args!("\"billsby\";r={remaining}"));
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn written(limit: Option<u64>, remaining: Option<u64>, reset: Option<Duration>) -> String {
        let mut found = RateLimit::default();
        (found.limit, found.remaining, found.reset) = (limit, remaining, reset);
        let mut headers = HeaderMap::new();
        write(&found, &mut headers);
        let lines = headers
            .iter()
            .map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()));
        let mut lines: Vec<_> = lines.collect();
        lines.sort();
        lines.join("\n")
    }

    #[test]
    fn everything_known_is_said_twice() {
        assert_eq!(
            written(Some(100), Some(3), Some(Duration::from_millis(29_001))),
            "ratelimit-limit: 100\nratelimit-policy: \"billsby\";q=100\nratelimit-remaining: 3\n\
             ratelimit-reset: 30\nratelimit: \"billsby\";r=3;t=30\nretry-after: 30"
        );
    }

    #[test]
    fn nothing_is_made_up() {
        assert_eq!(
            written(None, None, None),
            "ratelimit-remaining: 0\nratelimit: \"billsby\";r=0"
        );
    }
}
