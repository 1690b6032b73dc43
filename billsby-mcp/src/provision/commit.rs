//! How a change is made.

use super::{ProvisionError, Provisioning};
use crate::record::ServerRecord;
use crate::store::{Batch, Change, Changes, Claim, Commit};

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
    /// Writes, then sees to it that this process and the token store know. If nothing can be read now, this process
    /// knows what it wrote itself, and hears of the rest later.
    pub(super) async fn commit(&self, mut batch: Batch) -> Result<Committed, ProvisionError> {
        let keyring = self.registry().keyring();
        batch.keyring = keyring
            .wrapped()
            .filter(|_| has_secrets(&batch))
            .map(<[u8]>::to_vec);
        batch.now = Some(self.now());
        let revoked = batch.revoke_servers.map(|(account, _)| account);
        let mut written = written(&batch.changes);
        let generation = match self.store().commit(batch).await? {
            Commit::Done(generation) => generation,
            Commit::Claimed(claim) => return Ok(Committed::Before(claim)),
            Commit::Overtaken => return Ok(Committed::Overtaken),
            Commit::Rekeyed => return Err(rekeyed()),
        };
        stamp(&mut written, generation);
        let servers = written.servers.clone();
        if let Err(error) = self.registry().catch_up().await {
            tracing::warn!(%error, "a change was made, and this process cannot read what else there is");
            self.registry().take_over(written, revoked);
        }
        self.tell_token_store(generation, servers, revoked.is_some())
            .await;
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

    /// Puts what was written into the token store. Which servers were revoked with their account only the store knows.
    async fn tell_token_store(
        &self,
        generation: u64,
        mut servers: Vec<ServerRecord>,
        are_more: bool,
    ) {
        let Some(token_store) = self.registry().token_store() else {
            return;
        };
        let told = async {
            if are_more {
                let before = generation.saturating_sub(1);
                servers = self.store().changes_since(before).await?.servers;
            }
            token_store.put(&servers).await
        };
        if let Err(error) = told.await {
            tracing::warn!(%error, "a change was made, and the token store has not heard of it");
        }
    }
}

/// Whether something in a batch that is to work was sealed or hashed. What only ends something needs no key.
fn has_secrets(batch: &Batch) -> bool {
    batch.claim.is_some()
        || batch.changes.iter().any(|change| match change {
            Change::Account(account) => account.deleted_at.is_none(),
            Change::Server(server) => server.revoked_at.is_none(),
            Change::ApiToken(token) => token.revoked_at.is_none(),
            Change::AdminToken(_) => true,
            Change::Keyring { .. } => false,
        })
}

/// The records that changes write.
fn written(changes: &[Change]) -> Changes {
    let mut written = Changes::default();
    for change in changes {
        match change {
            Change::Account(account) => written.accounts.push(account.clone()),
            Change::Server(server) => written.servers.push(ServerRecord::clone(server)),
            Change::ApiToken(token) => written.api_tokens.push(token.clone()),
            Change::Keyring { .. } | Change::AdminToken(_) => {}
        }
    }
    written
}

/// Gives records the generation in which they were written.
fn stamp(written: &mut Changes, generation: u64) {
    written.generation = generation;
    let accounts = written.accounts.iter_mut();
    accounts.for_each(|account| account.generation = generation);
    let servers = written.servers.iter_mut();
    servers.for_each(|server| server.generation = generation);
    let tokens = written.api_tokens.iter_mut();
    tokens.for_each(|token| token.generation = generation);
}

/// What is said when the keys of this process are no longer those of the store.
fn rekeyed() -> ProvisionError {
    ProvisionError::Conflict(
        "the store got new keys, and nothing was changed; restart this server with the new master key"
            .to_owned(),
    )
}

/// What is said when somebody else was quicker every time.
pub(super) fn overtaken() -> ProvisionError {
    ProvisionError::Conflict(
        "somebody else is changing this at the same time; nothing was changed, try again"
            .to_owned(),
    )
}
