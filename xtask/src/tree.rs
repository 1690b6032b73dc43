//! Files on disk: reading inputs, and bringing the generated files in line with what they should be.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The repository that this program was built from.
pub(crate) fn repository() -> PathBuf {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask).to_owned()
}

/// A file's text.
pub(crate) fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}

/// How a generated file differs from what it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Difference {
    /// It is not there.
    Missing,
    /// It has another text, this one.
    Stale(String),
    /// It is there, but nothing generates it.
    Orphan,
}

/// Compares the files below `directory` with the wanted ones, path by path.
///
/// `roots` are the files and folders in which every file is generated.
pub(crate) fn compare(
    directory: &Path,
    roots: &[&str],
    wanted: &BTreeMap<String, String>,
) -> Result<BTreeMap<String, Difference>> {
    let mut found = BTreeSet::new();
    for root in roots {
        collect(directory, root, &mut found)?;
    }
    let mut differences = BTreeMap::new();
    for (path, text) in wanted {
        if !found.contains(path) {
            differences.insert(path.clone(), Difference::Missing);
            continue;
        }
        let present = read(&directory.join(path))?;
        // A checkout may have translated the line ends.
        if present.replace("\r\n", "\n") != *text {
            differences.insert(path.clone(), Difference::Stale(present));
        }
    }
    for path in found {
        if !wanted.contains_key(&path) {
            differences.insert(path, Difference::Orphan);
        }
    }
    Ok(differences)
}

/// Writes what is missing or stale and deletes orphans; files that are right keep their time stamps.
pub(crate) fn apply(
    directory: &Path,
    wanted: &BTreeMap<String, String>,
    differences: &BTreeMap<String, Difference>,
) -> Result<()> {
    for (path, difference) in differences {
        let file = directory.join(path);
        if *difference == Difference::Orphan {
            fs::remove_file(&file).with_context(|| format!("cannot delete {}", file.display()))?;
            continue;
        }
        if let Some(parent) = file.parent() {
            fs::create_dir_all(parent)
                .with_context(|| format!("cannot create {}", parent.display()))?;
        }
        fs::write(&file, &wanted[path])
            .with_context(|| format!("cannot write {}", file.display()))?;
    }
    Ok(())
}

/// Adds the paths of all files at or below `relative`, with `/` between their parts.
fn collect(directory: &Path, relative: &str, found: &mut BTreeSet<String>) -> Result<()> {
    let path = directory.join(relative);
    let metadata = match fs::metadata(&path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error).with_context(|| format!("cannot read {}", path.display())),
    };
    if metadata.is_file() {
        found.insert(relative.to_owned());
        return Ok(());
    }
    let entries = fs::read_dir(&path).with_context(|| format!("cannot list {}", path.display()))?;
    for entry in entries {
        let name = entry?.file_name();
        collect(
            directory,
            &format!("{relative}/{}", name.to_string_lossy()),
            found,
        )?;
    }
    Ok(())
}
