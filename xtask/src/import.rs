//! `import`: a published document becomes `openapi/upstream.yaml`.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;

use crate::regen;
use crate::tree::{self, Text, UPSTREAM};

pub(crate) fn run(repository: &Path, file: &Path) -> Result<ExitCode> {
    let published = Text::read(file)?;
    let imported = match billsby_codegen::import(published.source()) {
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
