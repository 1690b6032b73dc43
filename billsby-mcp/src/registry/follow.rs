//! Following the store, and the clock.

use std::sync::Arc;
use std::sync::PoisonError;
use std::time::{Duration, Instant};

use super::{Registry, read, write};
use crate::record::AccountId;
use crate::store::{Changes, StoreError};

/// How long to go without asking the store, if nobody says that something has changed.
const PERIOD: Duration = Duration::from_millis(500);
/// How long to go without asking it at least.
const LEAST: Duration = Duration::from_millis(20);
/// How long the store may take to say what has changed.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long it may take to say everything.
const LONG_PATIENCE: Duration = Duration::from_secs(60);
/// How long to wait when it has failed. What was written just before, and not acknowledged, is unknown for so long.
const PAUSE: Duration = Duration::from_millis(250);
/// How often to look whether something in use has ended. The clock may be moved at any time, so nothing
/// waits for a time to come.
const LOOK: Duration = Duration::from_millis(250);
/// How long a server stays ready that nobody uses.
const IDLE: Duration = Duration::from_secs(300);
/// How many servers may stay ready for so long; if there are more, they go as soon as they are not used.
const MANY: usize = 2_000;

impl Registry {
    /// Takes over what has changed in the store until now.
    ///
    /// # Errors
    ///
    /// The store cannot be read. What is known stays as it is.
    pub async fn catch_up(&self) -> Result<(), StoreError> {
        let _catching_up = self.catching_up.lock().await;
        let losses = self.store.losses();
        let (generation, is_connected) = {
            let image = read(&self.image);
            (image.generation, image.losses == losses)
        };
        // Behind a connection that was lost and made again there may be a copy of the store that was behind it.
        let mut is_whole = !is_connected;
        let mut changes = self
            .changes_since(if is_whole { 0 } else { generation })
            .await?;
        let mut heard = Instant::now();
        if changes.generation < generation && !is_whole {
            // The store has been put back to an earlier state: what is known of the later ones never was.
            is_whole = true;
            changes = self.changes_since(0).await?;
            heard = Instant::now();
        }
        if is_whole || changes.generation != generation {
            let mut image = write(&self.image);
            if is_whole {
                *image = super::Image::default();
                image.losses = losses;
            }
            image.apply(changes);
            drop(image);
            self.settle();
        }
        // Whoever sees this may rely on the image.
        *self.heard.lock().unwrap_or_else(PoisonError::into_inner) = heard;
        Ok(())
    }

    /// Takes over what this process has just written, if it cannot [catch up](Self::catch_up). Whatever else has
    /// changed is read later. The servers of one account may have been revoked with it.
    pub(crate) fn take_over(&self, written: Changes, revoked: Option<AccountId>) {
        write(&self.image).take_over(written, revoked);
        self.settle();
    }

    /// Keeps the image true, and ends what has ended, until the server shuts down.
    pub async fn follow(self: Arc<Self>) {
        let shutdown = self.options.shutdown.clone();
        let work = async { tokio::join!(self.follow_store(), self.follow_clock()) };
        tokio::select! {
            () = shutdown.cancelled() => {}
            _ = work => {}
        }
    }

    async fn changes_since(&self, generation: u64) -> Result<Changes, StoreError> {
        let changes = self.store.changes_since(generation);
        let patience = if generation == 0 {
            LONG_PATIENCE
        } else {
            PATIENCE
        };
        match tokio::time::timeout(patience, changes).await {
            Ok(changes) => changes,
            Err(_) => Err(StoreError::Unreachable("it does not answer".to_owned())),
        }
    }

    async fn follow_store(&self) {
        let mut is_lost = false;
        loop {
            match self.catch_up().await {
                Ok(()) => {
                    if is_lost {
                        tracing::info!("the store answers again");
                    }
                    is_lost = false;
                    self.until_changed().await;
                }
                Err(error) => {
                    if !is_lost {
                        let grace = self.options.grace.as_secs();
                        tracing::error!(%error, grace, "the store does not answer; servers go on from memory");
                    }
                    is_lost = true;
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
    }

    /// Waits until something may have changed. Whoever should say so may be out of order and say nothing, or say it
    /// all the time.
    async fn until_changed(&self) {
        let known = read(&self.image).generation;
        let told = async {
            match &self.options.token_store {
                None => self.store.changed(known, PERIOD).await,
                Some(tokens) => tokio::select! {
                    () = self.store.changed(known, PERIOD) => {}
                    () = tokens.changed(PERIOD) => {}
                },
            }
        };
        let least = tokio::time::sleep(LEAST);
        let told = tokio::time::timeout(PERIOD, told);
        let _ = tokio::join!(told, least);
    }

    async fn follow_clock(&self) {
        loop {
            tokio::time::sleep(LOOK).await;
            self.settle();
        }
    }

    fn settle(&self) {
        let is_crowded = self.live.len() > MANY;
        self.settle_after(if is_crowded { LOOK } else { IDLE });
    }

    /// Ends what has ended, and drops what nobody has used for so long.
    pub(super) fn settle_after(&self, idle: Duration) {
        let accounts = self
            .live
            .settle(&self.image, self.options.clock.now(), idle);
        self.clients.keep(&accounts);
    }
}
