//! Where a server keeps what is provisioned.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

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
    #[error("--store: the folder {} is not made, because {} is not there", folder.display(), missing.display())]
    NoFolder { folder: PathBuf, missing: PathBuf },
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
        text => {
            let url = text.parse()?;
            if let StoreUrl::Sqlite(path) = &url {
                check_folder(path)?;
            }
            Ok(Some(url))
        }
    }
}

/// Of the folders of a file at most the last is made: where more are missing, the path is a mistake.
fn check_folder(file: &Path) -> Result<(), StoreChoiceError> {
    let of = |path: &Path| {
        let folder = path.parent();
        folder
            .filter(|folder| *folder != Path::new(""))
            .map(Path::to_owned)
    };
    let Some(folder) = of(file) else {
        return Ok(());
    };
    match of(&folder) {
        Some(missing) if is_missing(&missing) => {
            Err(StoreChoiceError::NoFolder { folder, missing })
        }
        _ => Ok(()),
    }
}

/// Whether there is certainly no such folder. What else is wrong is told when the store is opened.
fn is_missing(folder: &Path) -> bool {
    match fs::metadata(folder) {
        Ok(found) => !found.is_dir(),
        Err(error) => matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory),
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
