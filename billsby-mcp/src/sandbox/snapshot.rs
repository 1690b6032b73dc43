//! The file that a sandbox begins with and leaves behind.

use std::ffi::OsString;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use tempfile::NamedTempFile;

use super::clock::Clock;
use super::company::Company;
use super::journal::Journal;
use super::random::Random;
use super::world::World;

/// Says what the file is.
const FORMAT: &str = "billsby-sandbox";
/// Goes up when a file of before can no longer be read.
const VERSION: u32 = 1;

/// What the names of unfinished files end with.
const UNFINISHED: &str = ".unfinished";

/// Why a snapshot cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    /// The system does not let the file be read.
    #[error("the snapshot {path} cannot be read: {source}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The file is something else, or a part of it is missing.
    #[error("the snapshot {path} is damaged, or no snapshot: {problem}")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// The file was written by another version of this program.
    #[error("the snapshot {path} has format {found}; this program reads format {VERSION}")]
    OtherVersion {
        /// The file.
        path: PathBuf,
        /// The format that the file names.
        found: u32,
    },
    /// The file cannot be written; an earlier one is as it was.
    #[error("the snapshot {path} cannot be written: {source}")]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

/// What every version of the format begins with.
#[derive(Debug, Serialize, Deserialize)]
struct Head {
    format: String,
    version: u32,
}

#[derive(Deserialize)]
struct Content {
    company: Company,
    journal: Journal,
    clock: Clock,
    random: Random,
}

#[derive(Serialize)]
struct Written<'a> {
    #[serde(flatten)]
    head: Head,
    company: &'a Company,
    journal: &'a Journal,
    clock: Clock,
    random: &'a Random,
}

/// Where the file really is, after symbolic links. Proves that it can be written there, and clears away
/// what a sandbox left behind that was killed while it wrote.
pub(super) fn prepare(path: &Path) -> Result<PathBuf, SnapshotError> {
    let prepared = || -> io::Result<PathBuf> {
        let real = if path.is_symlink() {
            fs::canonicalize(path)?
        } else {
            path.to_owned()
        };
        let prefix = prefix(&real)?;
        for entry in fs::read_dir(folder(&real))? {
            let entry = entry?;
            let name = entry.file_name();
            let name = name.as_encoded_bytes();
            let is_left = name.starts_with(prefix.as_encoded_bytes())
                && name.ends_with(UNFINISHED.as_bytes());
            if is_left {
                // One that cannot be removed does no harm, and another sandbox may have been faster.
                let _ = fs::remove_file(entry.path());
            }
        }
        unfinished(&real)?.close()?;
        Ok(real)
    };
    prepared().map_err(|source| SnapshotError::Unwritable {
        path: path.to_owned(),
        source,
    })
}

/// The text of a file; `None` if there is no such file.
pub(super) fn read(path: &Path) -> Result<Option<Vec<u8>>, SnapshotError> {
    match fs::read(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => {
            let path = path.to_owned();
            Err(SnapshotError::Unreadable { path, source })
        }
    }
}

/// The world of a file's text.
pub(super) fn parse(path: &Path, text: &[u8]) -> Result<World, SnapshotError> {
    let damaged = |problem: String| SnapshotError::Damaged {
        path: path.to_owned(),
        problem,
    };
    let head: Head = serde_json::from_slice(text).map_err(|error| damaged(error.to_string()))?;
    if head.format != FORMAT {
        return Err(damaged(format!("its format is not {FORMAT}")));
    }
    if head.version != VERSION {
        return Err(SnapshotError::OtherVersion {
            path: path.to_owned(),
            found: head.version,
        });
    }
    let content: Content =
        serde_json::from_slice(text).map_err(|error| damaged(error.to_string()))?;
    Ok(content.into_world())
}

/// A world as the text of a file.
pub(super) fn text(world: &World) -> Vec<u8> {
    let written = Written {
        head: Head {
            format: FORMAT.to_owned(),
            version: VERSION,
        },
        company: &world.company,
        journal: &world.journal,
        clock: world.clock,
        random: &world.random,
    };
    serde_json::to_vec(&written).expect("a world has text keys and finite numbers")
}

/// Puts a text in the place of the file at once, so that there is never half a file. Only its owner can
/// read it.
pub(super) fn write(path: &Path, text: &[u8]) -> Result<(), SnapshotError> {
    let written = || -> io::Result<()> {
        let mut file = unfinished(path)?;
        file.write_all(text)?;
        file.as_file().sync_all()?;
        file.persist(path)?;
        Ok(())
    };
    written().map_err(|source| SnapshotError::Unwritable {
        path: path.to_owned(),
        source,
    })
}

/// A new file beside a snapshot, to become it.
fn unfinished(path: &Path) -> io::Result<NamedTempFile> {
    let prefix = prefix(path)?;
    let mut builder = tempfile::Builder::new();
    builder.prefix(&prefix).suffix(UNFINISHED);
    builder.tempfile_in(folder(path))
}

/// What the names of unfinished files begin with.
fn prefix(path: &Path) -> io::Result<OsString> {
    let name = path.file_name();
    let name = name.ok_or_else(|| io::Error::other("it has no name"))?;
    let mut prefix = OsString::from(".");
    prefix.push(name);
    prefix.push(".");
    Ok(prefix)
}

fn folder(path: &Path) -> &Path {
    let folder = path.parent().filter(|folder| *folder != Path::new(""));
    folder.unwrap_or(Path::new("."))
}

impl Content {
    fn into_world(self) -> World {
        let mut company = self.company;
        company.rebuild_due();
        World {
            company,
            journal: self.journal,
            clock: self.clock,
            random: self.random,
            cause: "",
        }
    }
}
