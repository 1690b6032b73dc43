//! How this process stands.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{ProvisionError, Provisioning};

/// How this process stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Status {
    /// The version of this program.
    pub version: String,
    /// The version of the document of Billsby's API that it was made from.
    pub document_version: String,
    /// Its time, by which ends are judged.
    pub time: Timestamp,
    /// Whether it serves provisioned servers; not once it has heard nothing of the store for too long.
    pub ready: bool,
    /// How many calls are missing in the activity, because the store could not take them in time.
    pub activity_lost: u64,
    /// Where records are kept.
    pub store: StoreStatus,
    /// What there is, as this process knows it.
    pub counts: Counts,
}

/// Where records are kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StoreStatus {
    /// What it is: `memory`, `sqlite`, `postgres`.
    pub kind: String,
    /// The number of its last change that this process knows.
    pub generation: u64,
    /// How many milliseconds ago this process heard of it last.
    pub heard_milliseconds_ago: u64,
}

/// What there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Counts {
    /// Accounts that were not deleted.
    pub accounts: u64,
    /// Servers that were not revoked.
    pub servers: u64,
    /// API tokens that were not revoked.
    pub api_tokens: u64,
    /// Servers that are ready because they are in use.
    pub servers_in_use: u64,
}

impl Provisioning {
    /// How this process stands.
    ///
    /// # Errors
    ///
    /// The store does not answer.
    pub async fn status(&self) -> Result<Status, ProvisionError> {
        let kind = self.store().check().await?;
        let known = self.registry().status();
        let milliseconds = u64::try_from(known.heard.as_millis()).unwrap_or(u64::MAX);
        Ok(Status {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            document_version: crate::sandbox::document_version().to_owned(),
            time: self.now(),
            ready: known.is_available,
            activity_lost: known.activity_lost,
            store: StoreStatus {
                kind: kind.to_owned(),
                generation: known.generation,
                heard_milliseconds_ago: milliseconds,
            },
            counts: Counts {
                accounts: known.accounts as u64,
                servers: known.servers as u64,
                api_tokens: known.api_tokens as u64,
                servers_in_use: known.in_use as u64,
            },
        })
    }
}
