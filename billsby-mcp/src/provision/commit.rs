//! How a change is made.

use super::{ProvisionError, Provisioning};
use crate::store::{Batch, Change, Claim, Commit, Sweep};

/// How often something is read again when somebody else was quicker.
pub(super) const ATTEMPTS: usize = 5;

/// What came of a commit.
pub(super) enum Committed {
    /// It is written, and this process knows it.
    Done,
    /// An earlier request with the same key did it.
    Before(Claim),
    /// Somebody else was quicker.
    Overtaken,
}

impl Provisioning {
    /// Writes, then sees to it that this process and the token store know. What they cannot hear now they
    /// find out later; it is written all the same.
    pub(super) async fn commit(&self, batch: Batch) -> Result<Committed, ProvisionError> {
        let generation = match self.store().commit(batch).await? {
            Commit::Done(generation) => generation,
            Commit::Claimed(claim) => return self.before(claim).await,
            Commit::Overtaken => return Ok(Committed::Overtaken),
        };
        if let Err(error) = self.registry().catch_up().await {
            tracing::warn!(%error, "a change was made, and this process hears of it later");
        }
        self.tell_token_store(generation).await;
        Ok(Committed::Done)
    }

    /// One record, if nobody else has changed it meanwhile.
    pub(super) async fn write(&self, change: Change) -> Result<Committed, ProvisionError> {
        let batch = Batch {
            changes: vec![change],
            ..Batch::default()
        };
        self.commit(batch).await
    }

    /// A claim that is over is tidied away, and then no longer in the way.
    async fn before(&self, claim: Claim) -> Result<Committed, ProvisionError> {
        let now = self.now();
        if claim.until > now {
            return Ok(Committed::Before(claim));
        }
        let sweep = Sweep {
            now,
            ended: jiff::Timestamp::MIN,
            activity: jiff::Timestamp::MIN,
        };
        self.store().sweep(sweep).await?;
        Ok(Committed::Overtaken)
    }

    async fn tell_token_store(&self, generation: u64) {
        let Some(token_store) = self.registry().token_store() else {
            return;
        };
        let told = async {
            let changes = self
                .store()
                .changes_since(generation.saturating_sub(1))
                .await?;
            token_store.put(&changes.servers).await
        };
        if let Err(error) = told.await {
            tracing::warn!(%error, "a change was made, and the token store has not heard of it");
        }
    }
}

/// What is said when somebody else was quicker every time.
pub(super) fn overtaken() -> ProvisionError {
    ProvisionError::Conflict(
        "somebody else is changing this at the same time; nothing was changed, try again"
            .to_owned(),
    )
}
