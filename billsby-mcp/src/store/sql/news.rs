//! Which generation there is.

use tokio::sync::watch;

/// The generation that is known to exist.
#[derive(Debug)]
pub(in crate::store) struct News(watch::Sender<u64>);

impl News {
    pub(in crate::store) fn new() -> Self {
        Self(watch::Sender::new(0))
    }

    /// A generation was made.
    pub(super) fn heard(&self, generation: u64) {
        self.set(|known| known.max(generation));
    }

    /// The store is at a generation, which may be an earlier one if it has been put back.
    pub(in crate::store) fn is_at(&self, generation: u64) {
        self.set(|_| generation);
    }

    /// Waits until there is more than a generation.
    pub(super) async fn wait(&self, generation: u64) {
        let mut known = self.0.subscribe();
        // The sender lives as long as this does.
        let _ = known.wait_for(|known| *known > generation).await;
    }

    fn set(&self, next: impl FnOnce(u64) -> u64) {
        self.0.send_if_modified(|known| {
            let next = next(*known);
            let is_other = next != *known;
            *known = next;
            is_other
        });
    }
}
