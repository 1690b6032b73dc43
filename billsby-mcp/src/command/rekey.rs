//! `billsby-mcp rekey`: another master key for a store.

use std::path::{Path, PathBuf};

use billsby_mcp::provision::{self, UnlockError};
use billsby_mcp::secret::Keyring;
use billsby_mcp::store::{self, Lock, StoreError, StoreUrl};

use super::master_key::{self, Kept, MasterKeyError};
use super::store_choice::{self, StoreChoiceError};
use super::{CommandError, SecretText, print};

/// What can be set on the command line.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// The store, as serve has it [default: the file in the data folder]
    #[arg(
        long,
        value_name = "STORE",
        env = "BILLSBY_MCP_STORE",
        hide_env_values = true
    )]
    store: Option<SecretText>,
    /// A file with the master key that the store has, if it is neither beside the store nor in the environment
    #[arg(long, value_name = "PATH", env = "BILLSBY_MCP_MASTER_KEY_FILE")]
    master_key_file: Option<PathBuf>,
    /// A file with the new master key; if it is not there it is made
    #[arg(long, value_name = "PATH")]
    new_master_key_file: PathBuf,
}

/// Why the master key is as it was.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RekeyError {
    #[error(transparent)]
    Choice(#[from] StoreChoiceError),
    #[error(transparent)]
    MasterKey(#[from] MasterKeyError),
    #[error("{0}; end every server that uses the store first")]
    Busy(StoreError),
    #[error(transparent)]
    Store(StoreError),
    #[error(transparent)]
    Unlock(#[from] UnlockError),
    #[error("{0}; keep the files of both master keys until a server has started with one of them")]
    Unknown(StoreError),
    #[error("--new-master-key-file is the file of the old key: name another one")]
    Same,
    #[error("the master key is changed, but that cannot be printed: {0}")]
    Output(std::io::Error),
}

/// Changes the master key, and the keys of the store with it.
pub(crate) async fn run(options: &Options) -> Result<(), CommandError> {
    Ok(rekey(options).await?)
}

async fn rekey(options: &Options) -> Result<(), RekeyError> {
    let url = match &options.store {
        Some(text) => store_choice::named(text)?.ok_or(StoreChoiceError::Nothing)?,
        None => store_choice::usual()?,
    };
    // To open it would make it.
    if matches!(&url, StoreUrl::Sqlite(path) if !path.exists()) {
        return Err(UnlockError::Empty.into());
    }
    let named = master_key::named(options.master_key_file.as_deref())?;
    let store = store::open(&url, Lock::Exclusive)
        .await
        .map_err(|error| match error {
            StoreError::Busy(_) => RekeyError::Busy(error),
            other => RekeyError::Store(other),
        })?;
    let wrapped = store.keyring().await.map_err(RekeyError::Store)?;
    let wrapped = wrapped.ok_or(UnlockError::Empty)?;
    let old = match named {
        Some(found) => found,
        None => master_key::of_store(&url, &*store).await?,
    };
    let new = &options.new_master_key_file;
    if matches!(&old.kept, Kept::File(old) if is_same(old, new)) {
        return Err(RekeyError::Same);
    }
    Keyring::unwrap(&wrapped, &old.key).map_err(UnlockError::from)?;
    // From here on it survives, so that whichever key the store has in the end, there is a file with it.
    let found = master_key::make(new)?;
    let accounts = provision::rekey(&*store, &old.key, &found.key)
        .await
        .map_err(|error| match error {
            UnlockError::Store(error @ StoreError::Unknown(_)) => RekeyError::Unknown(error),
            other => RekeyError::Unlock(other),
        })?;
    let text = format!(
        "The API keys of {accounts} accounts are sealed anew. Start servers with\n  \
         --master-key-file {}\nand delete the old key once that works. Copies of the store from before need the old one.",
        new.display()
    );
    print(&text).map_err(RekeyError::Output)
}

fn is_same(one: &Path, other: &Path) -> bool {
    match (one.canonicalize(), other.canonicalize()) {
        (Ok(one), Ok(other)) => one == other,
        _ => one == other,
    }
}
