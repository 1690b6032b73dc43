//! Where the master key comes from: a file, the environment, or a new one beside the data.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use billsby_mcp::secret::{InvalidMasterKey, MasterKey};
use billsby_mcp::store::{Store, StoreError, StoreUrl};

use super::environment::{EnvironmentError, variable};
use super::private_file::{self, Others, PrivateFileError};

/// The variable that can hold the key itself.
const VARIABLE: &str = "BILLSBY_MCP_MASTER_KEY";
/// What the file is called that is made beside an SQLite store.
const BESIDE: &str = "master.key";
/// What the file is, in messages.
const WHAT: &str = "master key file";

/// A master key, and where it is kept.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) key: MasterKey,
    pub(crate) kept: Kept,
}

/// Where a master key is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kept {
    /// In a file.
    File(PathBuf),
    /// In the environment of this program.
    Environment,
    /// Nowhere: what it protects is gone with the program as well.
    Nowhere,
}

/// Why there is no master key. Never shows one.
#[derive(Debug, thiserror::Error)]
pub(crate) enum MasterKeyError {
    #[error(transparent)]
    File(PrivateFileError),
    #[error("{source}; to make a new one: (umask 077; openssl rand -base64 32 > {})", path.display())]
    Missing {
        path: PathBuf,
        source: PrivateFileError,
    },
    #[error("the {WHAT} {} cannot be used: {source}", path.display())]
    Invalid {
        path: PathBuf,
        source: InvalidMasterKey,
    },
    #[error("the environment variable {VARIABLE} cannot be used: {0}")]
    InvalidVariable(InvalidMasterKey),
    #[error(transparent)]
    Environment(#[from] EnvironmentError),
    #[error("there are two master keys: give --master-key-file or {VARIABLE}, not both")]
    Both,
    #[error(
        "a store that several programs can share needs a master key that they share too: make one with (umask 077; openssl rand -base64 32 > {BESIDE}) and give --master-key-file {BESIDE}, or {VARIABLE}"
    )]
    Needed,
    #[error(
        "the master key of this store is gone: {} is not there. Put it back, or say where it is with --master-key-file or {VARIABLE}; without it the API keys in the store cannot be read", .0.display()
    )]
    Lost(PathBuf),
    #[error("the {WHAT} {} cannot be written: {source}", path.display())]
    Unwritable { path: PathBuf, source: io::Error },
    #[error("the system has no random numbers: {0}")]
    Random(#[from] getrandom::Error),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The key that was named, if one was.
pub(crate) fn named(file: Option<&Path>) -> Result<Option<Found>, MasterKeyError> {
    match (file, variable(VARIABLE)?) {
        (None, None) => Ok(None),
        (Some(_), Some(_)) => Err(MasterKeyError::Both),
        (Some(path), None) => read(path).map(Some),
        (None, Some(text)) => {
            let key = text.parse().map_err(MasterKeyError::InvalidVariable)?;
            let kept = Kept::Environment;
            Ok(Some(Found { key, kept }))
        }
    }
}

/// The key of a store that none was named for. At the first start of an SQLite store it is made, and survives
/// before anything is written that needs it.
pub(crate) async fn of_store(url: &StoreUrl, store: &dyn Store) -> Result<Found, MasterKeyError> {
    match url {
        StoreUrl::Memory => Ok(Found {
            key: MasterKey::generate()?,
            kept: Kept::Nowhere,
        }),
        StoreUrl::Postgres(_) => Err(MasterKeyError::Needed),
        StoreUrl::Sqlite(path) => {
            let path = path.with_file_name(BESIDE);
            match read(&path) {
                Err(MasterKeyError::Missing { .. }) if store.keyring().await?.is_some() => {
                    Err(MasterKeyError::Lost(path))
                }
                Err(MasterKeyError::Missing { .. }) => make(&path),
                found => found,
            }
        }
    }
}

/// The key in a file.
pub(crate) fn read(path: &Path) -> Result<Found, MasterKeyError> {
    let text = private_file::read(path, WHAT, Others::Nobody).map_err(|error| {
        if error.is_missing() {
            MasterKeyError::Missing {
                path: path.to_owned(),
                source: error,
            }
        } else {
            MasterKeyError::File(error)
        }
    })?;
    let key = text.parse().map_err(|source| MasterKeyError::Invalid {
        path: path.to_owned(),
        source,
    })?;
    let kept = Kept::File(path.to_owned());
    Ok(Found { key, kept })
}

/// A new key in a file that was not there, or the one that somebody else has just put there.
pub(crate) fn make(path: &Path) -> Result<Found, MasterKeyError> {
    let key = MasterKey::generate()?;
    match write(path, &key) {
        Ok(()) => Ok(Found {
            key,
            kept: Kept::File(path.to_owned()),
        }),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => read(path),
        Err(source) => Err(MasterKeyError::Unwritable {
            path: path.to_owned(),
            source,
        }),
    }
}

/// The file appears with all that is in it, or not at all, and never in the place of another one.
fn write(path: &Path, key: &MasterKey) -> io::Result<()> {
    let folder = match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    // Only its owner can read it.
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    writeln!(file, "{}", *key.reveal())?;
    file.as_file().sync_all()?;
    file.persist_noclobber(path).map_err(|error| error.error)?;
    if cfg!(unix) {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_two_that_make_it_at_once_both_have_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(BESIDE);
        let first = make(&path).unwrap();
        let second = make(&path).unwrap();
        assert_eq!(*first.key.reveal(), *second.key.reveal());
        let files = std::fs::read_dir(folder.path()).unwrap();
        assert_eq!(files.count(), 1);
    }

    #[test]
    fn a_folder_that_is_not_there_is_named() {
        let error = make(Path::new("/no/such/folder/master.key")).unwrap_err();
        assert!(error.to_string().contains("/no/such/folder"), "{error}");
    }
}
