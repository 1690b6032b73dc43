//! What an error of SQLite means.

use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use rusqlite::{Error, ErrorCode};

use crate::store::StoreError;

/// Says what an error of a database means, without what is in it.
#[derive(Debug, Clone, Default)]
pub(super) struct Explain(Option<PathBuf>);

impl Explain {
    pub(super) fn of(path: &Path) -> Self {
        Self(Some(path.to_owned()))
    }

    pub(super) fn error(&self, error: &Error) -> StoreError {
        let Error::SqliteFailure(error, _) = error else {
            return StoreError::Unusable(self.at("what is in it is not what it should be"));
        };
        match error.code {
            ErrorCode::DiskFull => StoreError::Full,
            ErrorCode::ReadOnly | ErrorCode::PermissionDenied => StoreError::ReadOnly,
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => {
                StoreError::Busy(self.at("another program has been writing for seconds"))
            }
            ErrorCode::CannotOpen => StoreError::Unreachable(
                self.at("it cannot be opened; check the permissions of it and of its folder"),
            ),
            ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt => {
                StoreError::Unusable(self.at("it is damaged, or not a SQLite database"))
            }
            ErrorCode::SystemIoFailure => self.disk_error(),
            _ => StoreError::Unusable(self.at(&error.to_string())),
        }
    }

    /// What keeps the disk from writing, found out by writing. SQLite does not tell what the system said.
    fn disk_error(&self) -> StoreError {
        let folder = self.0.as_deref().and_then(Path::parent);
        let tried = folder.map_or(Ok(()), |folder| {
            let folder = if folder.as_os_str().is_empty() {
                Path::new(".")
            } else {
                folder
            };
            tempfile::tempfile_in(folder)?.write_all(&[0; 4096])
        });
        match tried {
            Err(error) => io_error(&error, &self.at("")),
            Ok(()) => StoreError::Unreachable(
                self.at("its disk does not do what it should, or the file may not grow further"),
            ),
        }
    }

    fn at(&self, problem: &str) -> String {
        match &self.0 {
            Some(path) if problem.is_empty() => path.display().to_string(),
            Some(path) => format!("{}: {problem}", path.display()),
            None => problem.to_owned(),
        }
    }
}

/// What an error of the file system means.
pub(super) fn io_error(error: &io::Error, what: &str) -> StoreError {
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => StoreError::Full,
        ErrorKind::ReadOnlyFilesystem => StoreError::ReadOnly,
        _ => StoreError::Unreachable(format!("{what}: {error}")),
    }
}
