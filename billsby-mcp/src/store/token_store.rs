//! What can stand in front of a store: quicker, shared by several replicas, and free to forget.

use std::time::Duration;

use async_trait::async_trait;

use super::StoreError;
use crate::record::ServerRecord;
use crate::secret::TokenHash;

/// Keeps copies of servers by their secrets, spreads the word of changes, and counts for all replicas.
///
/// The store alone decides what is true. Whatever is lost or late here is found there.
#[async_trait]
pub trait TokenStore: Send + Sync {
    /// The server that a secret belongs to, as it was put here last.
    async fn find(&self, hash: &TokenHash) -> Result<Option<ServerRecord>, StoreError>;
    /// Puts servers as they are now, also ended ones, unless what is here is of a later generation; and tells
    /// everybody who waits.
    async fn put(&self, servers: &[ServerRecord]) -> Result<(), StoreError>;
    /// Waits until somebody has put something, at most so long.
    async fn changed(&self, limit: Duration);
    /// Counts one more of something; gives how many there have been in the current span of time.
    async fn count(&self, key: &str, span: Duration) -> Result<u64, StoreError>;
    /// Says that it answers.
    async fn check(&self) -> Result<(), StoreError>;
}
