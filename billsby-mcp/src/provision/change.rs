//! Changes of a server.

use serde_json::Value;

use super::commit::{ATTEMPTS, Committed, overtaken};
use super::servers::revoked;
use super::{ProvisionError, Provisioning, Server};
use crate::record::{AccountId, ServerId, ServerRecord};
use crate::store::Change;

impl Provisioning {
    /// Changes a server by a JSON merge patch. The URL stays, and serves what is new from the next request on.
    ///
    /// # Errors
    ///
    /// There is none, it was revoked or ended too long ago, everything that is wrong with what it would be, or the
    /// store does not answer.
    pub async fn change_server(
        &self,
        account: AccountId,
        id: ServerId,
        body: &Value,
    ) -> Result<Server, ProvisionError> {
        let changed = self.change(account, id, body, None).await?;
        changed.ok_or_else(overtaken)
    }

    /// The same, if the server is still set as it was seen; none if it is not, and then nothing has changed.
    ///
    /// # Errors
    ///
    /// The same.
    pub async fn change_server_as_seen(
        &self,
        seen: &Server,
        body: &Value,
    ) -> Result<Option<Server>, ProvisionError> {
        self.change(seen.integrated_account_id, seen.id, body, Some(seen))
            .await
    }

    async fn change(
        &self,
        account: AccountId,
        id: ServerId,
        body: &Value,
        seen: Option<&Server>,
    ) -> Result<Option<Server>, ProvisionError> {
        for _ in 0..ATTEMPTS {
            let old = self.server_record(account, id).await?;
            if seen.is_some_and(|seen| !is_as_seen(&old, seen)) {
                return Ok(None);
            }
            if let Some(at) = old.revoked_at {
                return Err(revoked(at));
            }
            let draft = self.server_draft(body, Some(&old))?;
            let mut record = ServerRecord {
                name: draft.name,
                config: draft.config,
                expires_at: draft.expires_at,
                ..old.clone()
            };
            if record == old {
                return self.shown(&old).await.map(Some);
            }
            let is_forgotten = old.token.is_none() && old.old_token.is_none();
            if is_forgotten && record.expires_at != old.expires_at {
                return Err(forgotten());
            }
            record.updated_at = self.now();
            let change = Change::Server(Box::new(record.clone()));
            if let Committed::Done = self.write(change).await? {
                return self.shown(&record).await.map(Some);
            }
        }
        Err(overtaken())
    }
}

/// Whether nobody has set anything since; another URL is nothing that is set.
fn is_as_seen(record: &ServerRecord, seen: &Server) -> bool {
    record.name == seen.name
        && record.config == seen.config
        && record.expires_at == seen.expires_at
        && record.revoked_at == seen.revoked_at
}

fn forgotten() -> ProvisionError {
    ProvisionError::Conflict(
        "the server ended too long ago, and its URL is forgotten; make a new one".to_owned(),
    )
}
