//! Files on disk: reading inputs, and bringing the generated files in line with what they should be.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use billsby_codegen::Source;

/// Where the structure of the published document is kept.
pub(crate) const UPSTREAM: &str = "openapi/upstream.yaml";

/// The repository that this program was built from.
pub(crate) fn repository() -> PathBuf {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask).to_owned()
}

/// An input and the name under which diagnostics speak of it.
#[derive(Debug)]
pub(crate) struct Text {
    pub(crate) name: String,
    pub(crate) text: String,
}

impl Text {
    /// Reads a file that the caller has named.
    pub(crate) fn read(path: &Path) -> Result<Self> {
        Ok(Self {
            name: path.display().to_string(),
            text: fs::read_to_string(path)
                .with_context(|| format!("cannot read {}", path.display()))?,
        })
    }

    /// Reads a file of the repository, which goes by its path in there.
    pub(crate) fn read_in(repository: &Path, path: &str) -> Result<Self> {
        Ok(Self {
            name: path.to_owned(),
            ..Self::read(&repository.join(path))?
        })
    }

    pub(crate) fn source(&self) -> Source<'_> {
        Source {
            name: &self.name,
            text: &self.text,
        }
    }
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
    /// It would have to be changed or deleted, but does not look generated.
    Foreign,
}

/// Compares the files below `directory` with the wanted ones, path by path.
///
/// `roots` are the files and folders in which every file is generated; `is_ours` takes the path and text of a file
/// and says whether it may be overwritten and deleted.
pub(crate) fn compare(
    directory: &Path,
    roots: &[&str],
    wanted: &BTreeMap<String, String>,
    is_ours: impl Fn(&str, &str) -> bool,
) -> Result<BTreeMap<String, Difference>> {
    let mut found = BTreeSet::new();
    for root in roots {
        collect(directory, root, &mut found)?;
    }
    let missing = wanted.keys().filter(|path| !found.contains(*path));
    let mut differences: BTreeMap<String, Difference> = missing
        .map(|path| (path.clone(), Difference::Missing))
        .collect();
    for path in found {
        let file = directory.join(&path);
        let bytes = fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
        // A checkout may have translated the line ends.
        let present = String::from_utf8_lossy(&bytes).replace("\r\n", "\n");
        let difference = match wanted.get(&path) {
            Some(text) if *text == present => continue,
            _ if !is_ours(&path, &present) => Difference::Foreign,
            Some(_) => Difference::Stale(present),
            None => Difference::Orphan,
        };
        differences.insert(path, difference);
    }
    Ok(differences)
}

/// Writes what is missing or stale and deletes orphans; files that are right keep their time stamps.
///
/// With a foreign file among the differences nothing is touched.
pub(crate) fn apply(
    directory: &Path,
    wanted: &BTreeMap<String, String>,
    differences: &BTreeMap<String, Difference>,
) -> Result<()> {
    let foreign: Vec<&str> = differences
        .iter()
        .filter(|(_, difference)| **difference == Difference::Foreign)
        .map(|(path, _)| path.as_str())
        .collect();
    if !foreign.is_empty() {
        bail!(
            "nothing is written, because these files lie among the generated ones without saying `@generated` in \
             their first line; move or delete them by hand:\n  {}",
            foreign.join("\n  ")
        );
    }
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
        let name = name.to_string_lossy();
        collect(directory, &format!("{relative}/{name}"), found)?;
    }
    Ok(())
}
