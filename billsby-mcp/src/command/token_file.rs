//! The secret part of a URL, from a file.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use billsby_mcp::http::{InvalidToken, Token};

/// Why a file cannot be used. Names the file, never what is in it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TokenFileError {
    #[error("the token file {path} cannot be read: {source}")]
    Unreadable { path: PathBuf, source: io::Error },
    #[cfg_attr(not(unix), expect(dead_code, reason = "only Unix has modes"))]
    #[error("everybody on this machine can read or change the token file {path}: chmod 600 {path}")]
    Exposed { path: PathBuf },
    #[error("the token file {path} is blank")]
    Blank { path: PathBuf },
    #[error("the token file {path} cannot be used: {source}")]
    Invalid { path: PathBuf, source: InvalidToken },
}

/// Reads a token, without the spaces and line ends round it.
pub(crate) fn read(path: &Path) -> Result<Token, TokenFileError> {
    let named = || path.to_owned();
    let unreadable = |source| TokenFileError::Unreadable {
        path: named(),
        source,
    };
    if is_exposed(path).map_err(unreadable)? {
        return Err(TokenFileError::Exposed { path: named() });
    }
    let text = fs::read_to_string(path).map_err(unreadable)?;
    match text.trim() {
        "" => Err(TokenFileError::Blank { path: named() }),
        token => token.parse().map_err(|source| TokenFileError::Invalid {
            path: named(),
            source,
        }),
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
