//! What the operator does: accounts, servers and tokens, made, changed and ended.
//!
//! The admin API and the web page call the same methods. Each one looks at everything that it was given
//! before it changes anything, and says all that is wrong at once. A change is one commit. This process
//! knows of it before the caller does, so what was ended does not work any more once the answer is there.

mod account_draft;
mod accounts;
mod activity;
mod admin_token;
mod api_tokens;
mod change;
mod commit;
mod config;
mod error;
mod fields;
mod health;
mod inspect;
mod once;
mod overview;
mod query;
mod rotate;
#[cfg(test)]
mod scene;
mod servers;
mod shown;
mod status;
mod tidy;
mod timeline;
mod tools;
mod try_tool;
mod unlock;
mod warnings;

use std::sync::Arc;

use jiff::Timestamp;

pub use account_draft::normalise_base_url;
pub use accounts::{Account, AccountChange, NewAccount, Verification};
pub use activity::{Call, CallingClient};
pub use admin_token::{AdminToken, AdminTokenError};
pub use api_tokens::{ApiToken, NewApiToken};
pub use error::{Problem, ProvisionError};
pub use health::{AccountHealth, RateLimitView};
pub use inspect::{Inspected, TokenQuestion, TokenUse};
pub use once::{IDEMPOTENCY_KEY, IdempotencyKey, Made};
pub use query::{ActivityFilter, List, OutcomeWord, Paging, Query, ServerFilter};
pub use rotate::Rotation;
pub use servers::{NewServer, Server, ServerChange, ServerUsage};
pub use shown::Shown;
pub use status::{Counts, Status, StoreStatus};
pub use tidy::Steadiness;
pub use timeline::{Lately, Span, Timeline, TimelinePoint};
pub use tools::{ServedTool, ServedTools};
pub use try_tool::{TriableTool, Tried};
pub use unlock::{UnlockError, rekey, unlock};
pub use warnings::Warning;

use crate::protocol::http::AllowedHost;
use crate::registry::Registry;
use crate::store::Store;

/// What can be set.
#[derive(Debug, Clone, Default)]
pub struct ProvisionOptions {
    /// Addresses that accounts may have instead of Billsby's own.
    pub allowed_base_urls: Vec<String>,
    /// The address below which clients reach the servers, without a slash at its end:
    /// `https://mcp.example.com`.
    pub public_base: String,
    /// Whether there are OAuth issuers, without which no server can require their tokens.
    pub has_issuers: bool,
    /// Whether every server asks for an access token, whatever is set for it.
    pub require_oauth: bool,
    /// Hosts by which the admin API may be addressed, besides this machine's own names.
    pub allowed_hosts: Vec<AllowedHost>,
}

/// What the operator does. One for each process.
pub struct Provisioning {
    registry: Arc<Registry>,
    options: ProvisionOptions,
}

impl Provisioning {
    /// For the servers of a registry.
    #[must_use]
    pub fn new(registry: Arc<Registry>, mut options: ProvisionOptions) -> Self {
        for url in &mut options.allowed_base_urls {
            // What is no address stays as it is, and equals none.
            if let Ok(normal) = normalise_base_url(url) {
                *url = normal;
            }
        }
        let base = options.public_base.trim_end_matches('/').len();
        options.public_base.truncate(base);
        Self { registry, options }
    }

    /// What was set.
    #[must_use]
    pub fn options(&self) -> &ProvisionOptions {
        &self.options
    }

    /// The time by which everything is judged.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.registry.clock().now()
    }

    fn registry(&self) -> &Registry {
        &self.registry
    }

    fn store(&self) -> &dyn Store {
        &**self.registry.store()
    }
}

impl std::fmt::Debug for Provisioning {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Provisioning").finish_non_exhaustive()
    }
}
