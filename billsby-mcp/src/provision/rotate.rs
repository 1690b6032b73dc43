//! Another secret for a server.

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::commit::{ATTEMPTS, Committed, overtaken};
use super::fields::{Fields, Problems};
use super::servers::revoked;
use super::{IdempotencyKey, Made, ProvisionError, Provisioning, Server};
use crate::record::{AccountId, OldToken, ServerId, ServerRecord, State};
use crate::secret::{SecretToken, TokenKind};
use crate::store::{Batch, Change};

/// How long the secret before works unless something else is asked for, and at most, in seconds.
const USUAL: u32 = 3_600;
const MOST: u32 = 604_800;

/// How a secret is replaced.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"overlap_seconds": 3600}))]
pub struct Rotation {
    /// For how many seconds the secret before works as well; 3600 unless given. 0 ends it at once.
    #[schema(maximum = 604_800)]
    pub overlap_seconds: Option<u32>,
}

impl Provisioning {
    /// Gives a server another secret, and its old one a while to live. A secret that was replaced earlier
    /// ends now.
    ///
    /// # Errors
    ///
    /// There is no such server, it has ended, the overlap is wrong, or the store does not answer.
    pub async fn rotate_server(
        &self,
        account: AccountId,
        id: ServerId,
        body: &Value,
        key: Option<&IdempotencyKey>,
    ) -> Result<Made<Server>, ProvisionError> {
        let once = self.once(&format!("rotation of {id} of {account}"), body, key);
        if let Some(made) = self.replay(once.as_ref()).await? {
            return Ok(made);
        }
        let overlap = SignedDuration::from_secs(overlap(body)?.into());
        for _ in 0..ATTEMPTS {
            let mut record = self.server_record(account, id).await?;
            self.must_be_active(&record)?;
            let (now, token) = (self.now(), SecretToken::generate(TokenKind::Server)?);
            let replaced = record.token.replace(self.url_token(&token));
            // What ends at once is not kept: no clock, wherever it stands, lets it in again.
            record.old_token = replaced.filter(|_| !overlap.is_zero()).map(|old| OldToken {
                hash: old.hash,
                valid_until: now.saturating_add(overlap).unwrap_or(jiff::Timestamp::MAX),
            });
            record.updated_at = now;
            let usage = self.store().usage(&[id]).await?.pop();
            let usage = usage.map(|(_, usage)| usage).unwrap_or_default();
            let answer = self.server_view(&record, usage.into(), Some(&token));
            let batch = Batch {
                claim: self.claim(once.as_ref(), &answer)?,
                changes: vec![Change::Server(Box::new(record))],
                ..Batch::default()
            };
            match self.commit(batch).await? {
                Committed::Done => return Ok(Made::new(answer)),
                Committed::Before(claim) => {
                    if let Some(once) = &once {
                        return self.answer_of(once, &claim);
                    }
                }
                Committed::Overtaken => {}
            }
        }
        Err(overtaken())
    }

    fn must_be_active(&self, record: &ServerRecord) -> Result<(), ProvisionError> {
        match (
            record.state(self.now()),
            record.revoked_at,
            record.expires_at,
        ) {
            (State::Active, ..) => Ok(()),
            (State::Revoked, Some(at), _) => Err(revoked(at)),
            (_, _, end) => {
                let at = end.map_or(String::new(), |end| format!(" at {end}"));
                let reason = format!("the server expired{at}; give it another expires_at first");
                Err(ProvisionError::Conflict(reason))
            }
        }
    }
}

/// The overlap in seconds. A body that is `null` asks for nothing special.
fn overlap(body: &Value) -> Result<u32, ProvisionError> {
    if body.is_null() {
        return Ok(USUAL);
    }
    let mut problems = Problems::default();
    let fields = Fields::of(body, "", &["overlap_seconds"], &mut problems);
    let number = |fields: Fields<'_>| fields.number("overlap_seconds", (0, MOST), &mut problems);
    let overlap = fields.and_then(number);
    problems.finish()?;
    Ok(overlap.unwrap_or(USUAL))
}
