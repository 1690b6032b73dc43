//! What an endpoint is told: settings, what a request may do, why it ends.

use std::num::NonZeroU32;
use std::time::Duration;

use axum::http::{HeaderValue, request::Parts};
use rmcp::service::{RequestContext, RoleServer};

use super::allowed::{self, AllowedHost, AllowedOrigin};

/// What can be set for the endpoints of a server.
#[derive(Debug, Clone)]
pub struct HttpOptions {
    /// Hosts that clients may address the server by, besides this machine's own names (`localhost`,
    /// `127.0.0.1`, `::1`).
    pub allowed_hosts: Vec<AllowedHost>,
    /// Web origins that may use the server from a browser, besides pages of this machine.
    pub allowed_origins: Vec<AllowedOrigin>,
    /// How many sessions one URL may have at a time.
    pub max_sessions: usize,
    /// How long a session may be idle. The MCP library also takes a session for idle that waits for a
    /// call, so this must be longer than a call may take.
    pub session_idle: Duration,
    /// How many requests in a second one URL takes; as many may come at once. None: any number.
    pub requests_per_second: Option<NonZeroU32>,
}

impl Default for HttpOptions {
    fn default() -> Self {
        Self {
            allowed_hosts: Vec::new(),
            allowed_origins: Vec::new(),
            max_sessions: 100,
            session_idle: Duration::from_secs(300),
            requests_per_second: NonZeroU32::new(100),
        }
    }
}

/// What a request may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Calls of tools that change nothing.
    Reads,
    /// Calls of every tool that is served.
    All,
}

impl HttpOptions {
    /// Whether a browser may show replies to pages of this origin.
    #[must_use]
    pub fn allows_origin(&self, origin: &HeaderValue) -> bool {
        allowed::allows(origin, &self.allowed_origins)
    }
}

impl Access {
    /// What the request that is being handled may do. What comes over standard input is nobody else's.
    pub(in crate::protocol) fn of(context: &RequestContext<RoleServer>) -> Self {
        let parts = context.extensions.get::<Parts>();
        let access = parts.and_then(|parts| parts.extensions.get::<Self>());
        access.copied().unwrap_or(Self::All)
    }
}

/// Why an endpoint takes nothing new although the server goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Closed {
    /// There is nothing behind its URL any more.
    Gone,
    /// Another endpoint is behind its URL now.
    Replaced,
}
