//! Secrets in files, which others must not be able to read.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

/// Why a file cannot be used. Names the file and what it is for, never what is in it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PrivateFileError {
    #[error("the {what} {} cannot be read: {source}", path.display())]
    Unreadable {
        what: &'static str,
        path: PathBuf,
        source: io::Error,
    },
    #[cfg_attr(not(unix), expect(dead_code, reason = "only Unix has modes"))]
    #[error("everybody on this machine can read or change the {what} {0}: chmod 600 {0}", path.display())]
    Exposed { what: &'static str, path: PathBuf },
    #[error("the {what} {} is blank", path.display())]
    Blank { what: &'static str, path: PathBuf },
}

impl PrivateFileError {
    /// Whether there is no such file.
    pub(crate) fn is_missing(&self) -> bool {
        matches!(self, Self::Unreadable { source, .. } if source.kind() == io::ErrorKind::NotFound)
    }
}

/// Reads a secret, without the spaces and line ends round it.
pub(crate) fn read(path: &Path, what: &'static str) -> Result<Zeroizing<String>, PrivateFileError> {
    let path = || path.to_owned();
    let unreadable = |source| PrivateFileError::Unreadable {
        what,
        path: path(),
        source,
    };
    if is_exposed(&path()).map_err(unreadable)? {
        return Err(PrivateFileError::Exposed { what, path: path() });
    }
    let text = Zeroizing::new(fs::read_to_string(path()).map_err(unreadable)?);
    match text.trim() {
        "" => Err(PrivateFileError::Blank { what, path: path() }),
        secret => Ok(Zeroizing::new(secret.to_owned())),
    }
}

/// Whether anybody who is neither the owner nor in the file's group may do anything with it.
#[cfg(unix)]
fn is_exposed(path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::PermissionsExt as _;
    Ok(fs::metadata(path)?.permissions().mode() & 0o007 != 0)
}

#[cfg(not(unix))]
fn is_exposed(_: &Path) -> io::Result<bool> {
    Ok(false)
}
