//! The keys of a store: made at the first start, opened at every other.

use crate::secret::{Keyring, MasterKey, WrongMasterKey};
use crate::store::{Batch, Change, Commit, Page, Store, StoreError};

/// How many accounts are read at a time.
const PAGE: u32 = 1_000;

/// Why a store's keys cannot be had.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnlockError {
    /// The store does not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The store was made with another master key.
    #[error(transparent)]
    WrongMasterKey(#[from] WrongMasterKey),
    /// The system has no random numbers.
    #[error("the system has no random numbers: {0}")]
    Random(#[from] getrandom::Error),
    /// There is a record that its own keys do not open.
    #[error("the API key of {0} cannot be opened: its record has been changed by something else")]
    Unreadable(crate::record::AccountId),
    /// The store has no keys yet, so there is nothing to change.
    #[error("the store has no keys yet: it has never been used")]
    Empty,
    /// Something else changed the store meanwhile.
    #[error("something else is changing the store: end every server that uses it, then try again")]
    Overtaken,
}

/// The keyring of a store. The first one to ask makes it; of several at once, one does.
///
/// # Errors
///
/// The store does not answer, or was made with another master key.
pub async fn unlock(store: &dyn Store, master: &MasterKey) -> Result<Keyring, UnlockError> {
    if let Some(wrapped) = store.keyring().await? {
        return Ok(Keyring::unwrap(&wrapped, master)?);
    }
    let wrapped = Keyring::generate()?.wrap(master)?;
    let change = Change::Keyring {
        expected: None,
        wrapped: wrapped.clone(),
    };
    let batch = Batch {
        changes: vec![change],
        ..Batch::default()
    };
    if let Commit::Done(_) = store.commit(batch).await? {
        return Ok(Keyring::unwrap(&wrapped, master)?);
    }
    let wrapped = store.keyring().await?.ok_or(UnlockError::Overtaken)?;
    Ok(Keyring::unwrap(&wrapped, master)?)
}

/// Gives a store another master key and a new key for sealing, and seals every API key again, all in one
/// commit. No server may use the store meanwhile. Tokens stay as they are. Gives the number of accounts.
///
/// # Errors
///
/// The old master key is not the store's, or the store does not do it; then everything is as it was. Only after
/// [`StoreError::Unknown`] the store may have either key.
pub async fn rekey(
    store: &dyn Store,
    old: &MasterKey,
    new: &MasterKey,
) -> Result<usize, UnlockError> {
    let wrapped = store.keyring().await?.ok_or(UnlockError::Empty)?;
    let keyring = Keyring::unwrap(&wrapped, old)?;
    let renewed = keyring.with_new_sealing_key()?;
    let mut changes = vec![Change::Keyring {
        wrapped: renewed.wrap(new)?,
        expected: Some(wrapped),
    }];
    let mut after = None;
    loop {
        let accounts = store.accounts(Page { after, limit: PAGE }).await?;
        let Some(last) = accounts.last() else { break };
        after = Some(last.id);
        for mut account in accounts {
            if account.api_key.is_empty() {
                continue;
            }
            let context = account.id.to_string();
            let key = keyring.open(&account.api_key, &context);
            let key = key.map_err(|_| UnlockError::Unreadable(account.id))?;
            account.api_key = renewed.seal(&key, &context)?;
            changes.push(Change::Account(account));
        }
    }
    let count = changes.len() - 1;
    let batch = Batch {
        changes,
        ..Batch::default()
    };
    match store.commit(batch).await? {
        Commit::Done(_) => Ok(count),
        Commit::Claimed(_) | Commit::Overtaken | Commit::Rekeyed => Err(UnlockError::Overtaken),
    }
}
