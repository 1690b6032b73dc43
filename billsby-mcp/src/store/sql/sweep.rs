//! Tidies.

use super::commit::begin;
use super::driver::{Connection, End};
use super::value::Value;
use crate::store::{StoreError, Sweep};

/// How many calls are forgotten in one transaction, so that no other one has to wait for long.
const AT_ONCE: u64 = 1_000;

/// Forgets claims that are over, and hashes that nothing needs. Records that lose one are written, so
/// that copies of them lose it too.
pub(super) async fn records(
    connection: &mut dyn Connection,
    sweep: Sweep,
) -> Result<End<()>, StoreError> {
    let claims = "DELETE FROM claims WHERE until <= $1";
    let forgotten = connection.execute(claims, &[sweep.now.into()]).await?;

    let generation = Value::from(begin(connection).await?);
    let replaced =
        "UPDATE servers SET old_token_hash = NULL, old_token_until = NULL, generation = $2
         WHERE old_token_until <= $1";
    let values = [sweep.now.into(), generation.clone()];
    let mut changed = connection.execute(replaced, &values).await?;

    let servers = "UPDATE servers SET token_hash = NULL, token_hint = NULL,
             old_token_hash = NULL, old_token_until = NULL, generation = $2
         WHERE (token_hash IS NOT NULL OR old_token_hash IS NOT NULL)
           AND (revoked_at < $1 OR expires_at < $1)";
    let api_tokens = "UPDATE api_tokens SET hash = NULL, generation = $2
         WHERE hash IS NOT NULL AND (revoked_at < $1 OR expires_at < $1)";
    for sql in [servers, api_tokens] {
        let values = [sweep.ended.into(), generation.clone()];
        changed += connection.execute(sql, &values).await?;
    }
    if changed > 0 {
        connection.announce().await?;
        return Ok(End::Keep(()));
    }
    if forgotten == 0 {
        return Ok(End::Undo(()));
    }
    // A generation in which nothing has changed would wake everybody for nothing.
    let back = "UPDATE store SET generation = generation - 1";
    connection.execute(back, &[]).await?;
    Ok(End::Keep(()))
}

/// Forgets some calls from before a time. Says whether there may be more.
pub(super) async fn activity(
    connection: &mut dyn Connection,
    sweep: Sweep,
) -> Result<End<bool>, StoreError> {
    let sql = "DELETE FROM activity WHERE id IN
         (SELECT id FROM activity WHERE at < $1 ORDER BY at LIMIT $2)";
    let values = [sweep.activity.into(), AT_ONCE.into()];
    let forgotten = connection.execute(sql, &values).await?;
    Ok(End::Keep(forgotten == AT_ONCE))
}
