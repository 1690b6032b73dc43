//! Where a server keeps what is provisioned.

use billsby_mcp::store::{InvalidStoreUrl, StoreUrl};
use etcetera::BaseStrategy as _;

use super::SecretText;

/// The folder of this program among the data of its user.
const FOLDER: &str = "billsby-mcp";
/// The file in it.
const FILE: &str = "billsby-mcp.sqlite3";

/// Why there is no store. Shows no password.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StoreChoiceError {
    #[error("--store: {0}, or none")]
    Invalid(#[from] InvalidStoreUrl),
    #[error(
        "there is no home folder to keep data in: say where with --store sqlite:PATH, or --store none"
    )]
    NoHome,
    #[error("--store none: there is no store whose master key could be changed")]
    Nothing,
}

/// The store that was asked for; nothing for the word `none`.
pub(crate) fn named(text: &SecretText) -> Result<Option<StoreUrl>, StoreChoiceError> {
    match text.0.trim() {
        "none" => Ok(None),
        text => Ok(Some(text.parse()?)),
    }
}

/// A file in the data folder of the user.
pub(crate) fn usual() -> Result<StoreUrl, StoreChoiceError> {
    let strategy = etcetera::base_strategy::choose_native_strategy();
    let strategy = strategy.map_err(|_| StoreChoiceError::NoHome)?;
    let data = strategy.data_dir();
    // Without a home folder it would be relative to wherever the program was started.
    if !data.is_absolute() {
        return Err(StoreChoiceError::NoHome);
    }
    Ok(StoreUrl::Sqlite(data.join(FOLDER).join(FILE)))
}
