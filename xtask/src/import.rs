//! `import`: a published document becomes `openapi/upstream.yaml`.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;
use billsby_codegen::{Diagnostic, Source};

use crate::regen;
use crate::tree::{self, Text};

/// Where the structure of the published document is kept.
pub(crate) const UPSTREAM: &str = "openapi/upstream.yaml";

pub(crate) fn run(repository: &Path, file: &Path) -> Result<ExitCode> {
    let published = Text::read(file)?;
    let imported = billsby_codegen::import(published.source())
        .and_then(|imported| supported(&published.name, imported));
    let imported = match imported {
        Ok(imported) => imported,
        Err(diagnostics) => {
            regen::print(&diagnostics);
            println!("nothing is written");
            return Ok(ExitCode::FAILURE);
        }
    };
    let wanted = BTreeMap::from([(UPSTREAM.to_owned(), imported)]);
    let differences = tree::compare(repository, &[UPSTREAM], &wanted, |_, _| true)?;
    tree::apply(repository, &wanted, &differences)?;
    if differences.is_empty() {
        println!("{UPSTREAM} is unchanged");
    } else {
        println!("{UPSTREAM} is written; run `cargo xtask regen`");
    }
    Ok(ExitCode::SUCCESS)
}

/// Mistakes within a document are for corrections to repair; one in another format is not worth keeping.
fn supported(name: &str, imported: String) -> Result<String, Vec<Diagnostic>> {
    let source = Source {
        name,
        text: &imported,
    };
    let mut found = billsby_codegen::generate(source, &[]).diagnostics;
    found.retain(|diagnostic| diagnostic.code == "version");
    if found.is_empty() {
        Ok(imported)
    } else {
        Err(found)
    }
}
