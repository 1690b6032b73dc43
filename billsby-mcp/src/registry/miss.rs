//! Secrets that this process does not know: another one may have made them a moment ago.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};

use super::image::Row;
use super::{Registry, read, write};
use crate::record::{AccountRecord, ServerRecord};
use crate::secret::TokenHash;

/// How often in a second somebody may have an unknown secret looked up, so that strangers cannot keep the store
/// busy. Beyond that, what another process has made is known as soon as its changes arrive.
const PER_SECOND: NonZeroU32 = NonZeroU32::new(20).unwrap();
/// How long such a look-up may take.
const PATIENCE: Duration = Duration::from_secs(2);

/// Bounds the look-ups.
#[derive(Debug)]
pub(super) struct Misses(DefaultDirectRateLimiter);

impl Default for Misses {
    fn default() -> Self {
        Self(RateLimiter::direct(Quota::per_second(PER_SECOND)))
    }
}

impl Registry {
    /// Looks for a secret where the image comes from.
    pub(super) async fn missed(&self, hash: &TokenHash) -> Option<(Arc<Row>, Arc<AccountRecord>)> {
        self.misses.0.check().ok()?;
        let found = tokio::time::timeout(PATIENCE, self.look_up(hash)).await;
        let record = found.ok().flatten()?;
        if record.revoked_at.is_some() {
            return None;
        }
        if self.catch_up().await.is_err() {
            // What stands in front of the store knew it. Of what is no news the image knows better: if it is not in
            // there, it has ended.
            let mut image = write(&self.image);
            if record.generation > image.generation {
                image.put(record);
            }
        }
        read(&self.image).by_hash(hash)
    }

    async fn look_up(&self, hash: &TokenHash) -> Option<ServerRecord> {
        if let Some(tokens) = &self.options.token_store
            && let Ok(Some(record)) = tokens.find(hash).await
        {
            return Some(record);
        }
        self.store.server_by_token(*hash).await.ok().flatten()
    }
}
