//! Secrets in files, which others must not be able to read.

use std::fs::File;
use std::io::{self, Read as _};
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
    #[error("others on this machine can read or change the {what} {0}: chmod 600 {0}", path.display())]
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

/// Who may use a file beside its owner.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Others {
    /// Nobody: what is in the file opens everything.
    Nobody,
    /// Its group. A service often has a user of its own, and its files are root's with the group of the
    /// service; what is in the file opens one thing only.
    Group,
}

/// Reads a secret, without the spaces and line ends round it.
pub(crate) fn read(
    path: &Path,
    what: &'static str,
    others: Others,
) -> Result<Zeroizing<String>, PrivateFileError> {
    let path = || path.to_owned();
    let unreadable = |source| PrivateFileError::Unreadable {
        what,
        path: path(),
        source,
    };
    // What is looked at is what is then read, whatever happens to the path meanwhile.
    let mut file = File::open(path()).map_err(unreadable)?;
    if is_exposed(&file, others).map_err(unreadable)? {
        return Err(PrivateFileError::Exposed { what, path: path() });
    }
    let mut text = Zeroizing::new(String::new());
    file.read_to_string(&mut text).map_err(unreadable)?;
    match text.trim() {
        "" => Err(PrivateFileError::Blank { what, path: path() }),
        secret => Ok(Zeroizing::new(secret.to_owned())),
    }
}

/// Whether anybody may do anything with the file who is not to.
#[cfg(unix)]
fn is_exposed(file: &File, others: Others) -> io::Result<bool> {
    use std::os::unix::fs::PermissionsExt as _;
    let forbidden = match others {
        Others::Nobody => 0o077,
        Others::Group => 0o007,
    };
    Ok(file.metadata()?.permissions().mode() & forbidden != 0)
}

#[cfg(not(unix))]
fn is_exposed(_: &File, _: Others) -> io::Result<bool> {
    Ok(false)
}
