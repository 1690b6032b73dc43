//! The limit of requests of a URL, kept together with all other processes that share a token store.
//!
//! Every endpoint keeps a limit of its own as well, which is what remains without a token store, or while that
//! does not answer.

use std::sync::Arc;
use std::time::Duration;

use super::Registry;
use crate::record::ServerId;

/// What the limit is for.
const SPAN: Duration = Duration::from_secs(1);
/// How long a request waits for the count of all processes.
const PATIENCE: Duration = Duration::from_millis(50);

impl Registry {
    /// Counts a request to a server.
    ///
    /// # Errors
    ///
    /// It is one too many; says how long to wait.
    pub(crate) async fn count(&self, server: ServerId) -> Result<(), Duration> {
        let (Some(tokens), Some(most)) = (
            &self.options.token_store,
            self.options.http.requests_per_second,
        ) else {
            return Ok(());
        };
        let tokens = Arc::clone(tokens);
        // On its own, so that the token store finds out that it does not answer although nobody waits for it.
        let counting = tokio::spawn(async move {
            let key = format!("requests:{server}");
            tokens.count(&key, SPAN).await
        });
        match tokio::time::timeout(PATIENCE, counting).await {
            Ok(Ok(Ok(count))) if count > u64::from(most.get()) => Err(SPAN),
            _ => Ok(()),
        }
    }
}
