//! The file of a database: its folder, its permissions, its lock, and how it is opened.

use std::fs::{self, DirBuilder, OpenOptions, TryLockError};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::time::Duration;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use rusqlite::{Connection, OpenFlags};

use super::error::io_error;
use crate::store::{Lock, StoreError};

/// How long one waits for another program that writes.
const BUSY: Duration = Duration::from_secs(5);

/// What has to be written differently in a file name within an address.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'.')
    .remove(b'-')
    .remove(b'_');

/// A prepared file, locked for as long as this is there.
pub(super) struct File {
    path: PathBuf,
    is_writable: bool,
    /// The file beside it that is locked; none where none can be made.
    _lock: Option<fs::File>,
}

/// How a file is opened.
#[derive(Debug, Clone, Copy)]
pub(super) enum Access {
    /// To read and write.
    Write,
    /// To read what others may be writing.
    Read,
    /// To read what nobody writes. A folder in which nothing can be made does not let SQLite see what
    /// others do.
    Unchanging,
}

impl File {
    /// Makes the file if it is missing, readable for nobody else, and locks it.
    pub(super) fn prepare(path: &Path, lock: Lock) -> Result<Self, StoreError> {
        make_folder(path)?;
        let lock = lock_beside(path, lock)?;
        let is_writable = match private().read(true).write(true).open(path) {
            Ok(file) => {
                // Whoever owns the file may still not be us; then it stays as it is.
                let _ = forbid_others(&file);
                true
            }
            Err(error) if is_forbidden(&error) && path.exists() => false,
            Err(error) => return Err(io_error(&error, &path.display().to_string())),
        };
        Ok(Self {
            path: path.to_owned(),
            is_writable,
            _lock: lock,
        })
    }

    /// Opens it in the best way there is.
    pub(super) fn connect(&self) -> rusqlite::Result<(Connection, Access)> {
        if self.is_writable {
            match self.open(Access::Write) {
                Err(error) if !is_denied(&error) => return Err(error),
                Err(_) => {}
                Ok(connection) => return Ok((connection, Access::Write)),
            }
        }
        match self.open(Access::Read) {
            Err(error) if is_denied(&error) => {
                Ok((self.open(Access::Unchanging)?, Access::Unchanging))
            }
            opened => Ok((opened?, Access::Read)),
        }
    }

    /// Opens it once more, to read.
    pub(super) fn reader(&self, access: Access) -> rusqlite::Result<Connection> {
        match access {
            // With the right to write, or it could not read while nobody writes.
            Access::Write => self.open(Access::Write),
            other => self.open(other),
        }
    }

    fn open(&self, access: Access) -> rusqlite::Result<Connection> {
        let threads = OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let read = OpenFlags::SQLITE_OPEN_READ_ONLY | threads;
        let connection = match access {
            Access::Write => {
                let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | threads;
                Connection::open_with_flags(&self.path, flags)?
            }
            Access::Read => Connection::open_with_flags(&self.path, read)?,
            Access::Unchanging => {
                let path = self.path.to_string_lossy();
                let uri = format!("file:{}?immutable=1", utf8_percent_encode(&path, ESCAPED));
                Connection::open_with_flags(uri, read | OpenFlags::SQLITE_OPEN_URI)?
            }
        };
        connection.busy_timeout(BUSY)?;
        connection.pragma_update(None, "foreign_keys", true)?;
        if matches!(access, Access::Write) {
            connection.pragma_update(None, "journal_mode", "wal")?;
            connection.pragma_update(None, "synchronous", "full")?;
            connection.pragma_update(None, "secure_delete", true)?;
        }
        // Files are first looked into here.
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
        Ok(connection)
    }
}

/// Makes the folder, for nobody else, if it is missing.
fn make_folder(path: &Path) -> Result<(), StoreError> {
    let Some(folder) = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
    else {
        return Ok(());
    };
    if folder.is_dir() {
        return Ok(());
    }
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    let made = builder.create(folder);
    made.map_err(|error| io_error(&error, &folder.display().to_string()))
}

/// Locks a file beside the data, for SQLite locks parts of the data itself.
fn lock_beside(path: &Path, lock: Lock) -> Result<Option<fs::File>, StoreError> {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    let name = PathBuf::from(name);
    let opened = private().read(true).write(true).open(&name);
    let opened = opened.or_else(|error| {
        if is_forbidden(&error) {
            fs::File::open(&name)
        } else {
            Err(error)
        }
    });
    let file = match opened {
        Ok(file) => file,
        // Nobody can write where not even the lock can be made, and for reading none is needed.
        Err(_) if lock == Lock::Shared && path.exists() => return Ok(None),
        Err(error) => return Err(io_error(&error, &name.display().to_string())),
    };
    let locked = match lock {
        Lock::Shared => file.try_lock_shared(),
        Lock::Exclusive => file.try_lock(),
    };
    match locked {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Err(StoreError::Busy(lock.conflict().to_owned())),
        Err(TryLockError::Error(error)) => Err(io_error(&error, &name.display().to_string())),
    }
}

/// Makes a file, if it is missing, that nobody else can read.
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

#[cfg(unix)]
fn forbid_others(file: &fs::File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    let mut permissions = file.metadata()?.permissions();
    if permissions.mode() & 0o777 == 0o600 {
        return Ok(());
    }
    permissions.set_mode(0o600);
    file.set_permissions(permissions)
}

#[cfg(not(unix))]
fn forbid_others(_file: &fs::File) -> io::Result<()> {
    Ok(())
}

fn is_forbidden(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem
    )
}

/// Whether SQLite was not let in, or not let in to write.
fn is_denied(error: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode::{CannotOpen, PermissionDenied, ReadOnly};
    let code = error.sqlite_error_code();
    matches!(code, Some(CannotOpen | ReadOnly | PermissionDenied))
}
