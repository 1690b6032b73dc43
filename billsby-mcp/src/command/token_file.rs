//! The secret part of a URL, from a file.

use std::path::{Path, PathBuf};

use billsby_mcp::http::{InvalidToken, Token};

use super::private_file::{self, Others, PrivateFileError};

/// Why a file cannot be used. Names the file, never what is in it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TokenFileError {
    #[error(transparent)]
    File(#[from] PrivateFileError),
    #[error("the token file {path} cannot be used: {source}")]
    Invalid { path: PathBuf, source: InvalidToken },
}

/// Reads a token, without the spaces and line ends round it.
pub(crate) fn read(path: &Path) -> Result<Token, TokenFileError> {
    let token = private_file::read(path, "token file", Others::Group)?;
    token.parse().map_err(|source| TokenFileError::Invalid {
        path: path.to_owned(),
        source,
    })
}
