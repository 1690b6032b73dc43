//! Who knows which generation.

use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::watch;

/// The generation that is known to exist, and the one that was last asked for. Whoever waits for changes
/// misses none between two questions.
#[derive(Debug)]
pub(in crate::store) struct News {
    known: watch::Sender<u64>,
    given: AtomicU64,
}

impl News {
    pub(in crate::store) fn new() -> Self {
        Self {
            known: watch::Sender::new(0),
            given: AtomicU64::new(0),
        }
    }

    /// A generation exists.
    pub(in crate::store) fn heard(&self, generation: u64) {
        self.known.send_if_modified(|known| {
            let is_newer = generation > *known;
            *known = generation.max(*known);
            is_newer
        });
    }

    /// Somebody has been given everything up to a generation.
    pub(super) fn gave(&self, generation: u64) {
        self.given.fetch_max(generation, Ordering::SeqCst);
    }

    /// Waits until there is more than was given.
    pub(super) async fn wait(&self) {
        let mut known = self.known.subscribe();
        let is_new = |known: &u64| *known > self.given.load(Ordering::SeqCst);
        // The sender lives as long as this does.
        let _ = known.wait_for(is_new).await;
    }
}
