//! Writes a batch: all of it, or nothing.

use jiff::Timestamp;

use super::driver::{Connection, End, first};
use super::query;
use super::record::put;
use super::value::{Row, Value, unexpected};
use crate::record::AccountId;
use crate::secret::TokenHash;
use crate::store::{Batch, Change, Claim, Commit, StoreError};

/// Writes a batch. The next batch waits until the transaction is over, so generations become visible in
/// their order.
pub(super) async fn commit(
    connection: &mut dyn Connection,
    batch: Batch,
) -> Result<End<Commit>, StoreError> {
    let generation = begin(connection).await?;
    if batch.keyring.is_some() && query::keyring(connection).await? != batch.keyring {
        return Ok(End::Undo(Commit::Rekeyed));
    }
    if let Some(claim) = &batch.claim
        && let Some(earlier) = claim_once(connection, claim, batch.now).await?
    {
        return Ok(End::Undo(Commit::Claimed(earlier)));
    }
    for (account, read_in) in &batch.unchanged {
        if !is_unchanged(connection, *account, *read_in).await? {
            return Ok(End::Undo(Commit::Overtaken));
        }
    }
    for change in &batch.changes {
        if !apply(connection, change, generation).await? {
            return Ok(End::Undo(Commit::Overtaken));
        }
    }
    if let Some((account, at)) = batch.revoke_servers {
        let sql = "UPDATE servers SET revoked_at = $2, updated_at = $2, generation = $3
             WHERE account = $1 AND revoked_at IS NULL";
        let values = [Value::text(account), at.into(), generation.into()];
        connection.execute(sql, &values).await?;
    }
    connection.announce().await?;
    Ok(End::Keep(Commit::Done(generation)))
}

/// Begins a new generation, behind all others.
pub(super) async fn begin(connection: &mut dyn Connection) -> Result<u64, StoreError> {
    let sql = "UPDATE store SET generation = generation + 1 RETURNING generation";
    let generation = first(connection, sql, &[], Row::count).await?;
    generation.ok_or_else(unexpected)
}

/// Makes a claim, or gives the earlier one that is not over.
async fn claim_once(
    connection: &mut dyn Connection,
    claim: &Claim,
    now: Option<Timestamp>,
) -> Result<Option<Claim>, StoreError> {
    let sql = "INSERT INTO claims (key, request, answer, until) VALUES ($1, $2, $3, $4)
         ON CONFLICT (key) DO UPDATE SET
             request = excluded.request, answer = excluded.answer, until = excluded.until
         WHERE claims.until <= $5";
    let values = [
        Value::Bytes(claim.key.to_vec()),
        Value::Bytes(claim.request.to_vec()),
        Value::Bytes(claim.answer.clone()),
        claim.until.into(),
        now.unwrap_or(Timestamp::MIN).into(),
    ];
    if connection.execute(sql, &values).await? == 1 {
        return Ok(None);
    }
    query::claim(connection, &claim.key).await
}

async fn is_unchanged(
    connection: &mut dyn Connection,
    account: AccountId,
    read_in: u64,
) -> Result<bool, StoreError> {
    let sql = "SELECT count(*) FROM accounts
         WHERE id = $1 AND generation = $2 AND deleted_at IS NULL";
    let values = [Value::text(account), read_in.into()];
    let found = first(connection, sql, &values, Row::number).await?;
    Ok(found == Some(1))
}

/// Makes a change. Says whether everything was as it was read.
async fn apply(
    connection: &mut dyn Connection,
    change: &Change,
    generation: u64,
) -> Result<bool, StoreError> {
    match change {
        Change::Keyring { expected, wrapped } => {
            set_keyring(connection, expected.as_deref(), wrapped).await
        }
        Change::AdminToken(hash) => set_admin_token(connection, hash).await,
        Change::Account(account) => put(connection, account, generation).await,
        Change::Server(server) => put(connection, &**server, generation).await,
        Change::ApiToken(token) => put(connection, token, generation).await,
    }
}

async fn set_keyring(
    connection: &mut dyn Connection,
    expected: Option<&[u8]>,
    wrapped: &[u8],
) -> Result<bool, StoreError> {
    if query::keyring(connection).await?.as_deref() != expected {
        return Ok(false);
    }
    let sql = "UPDATE store SET keyring = $1";
    let changed = connection
        .execute(sql, &[Value::Bytes(wrapped.to_vec())])
        .await?;
    Ok(changed == 1)
}

async fn set_admin_token(
    connection: &mut dyn Connection,
    hash: &TokenHash,
) -> Result<bool, StoreError> {
    let sql = "UPDATE store SET admin_token = $1 WHERE admin_token IS NULL";
    let changed = connection.execute(sql, &[Value::hash(hash)]).await?;
    Ok(changed == 1)
}
