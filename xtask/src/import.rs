//! `import`: a published document becomes `openapi/upstream.yaml`.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;
use billsby_codegen::Source;

use crate::{BAD_INPUT, regen, tree};

/// Where the structure of the published document is kept.
pub(crate) const UPSTREAM: &str = "openapi/upstream.yaml";

pub(crate) fn run(file: &Path) -> Result<ExitCode> {
    let text = tree::read(file)?;
    let name = file.display().to_string();
    let source = Source {
        name: &name,
        text: &text,
    };
    let imported = match billsby_codegen::import(source) {
        Ok(imported) => imported,
        Err(diagnostics) => {
            regen::print(&diagnostics);
            return Ok(ExitCode::from(BAD_INPUT));
        }
    };
    let repository = tree::repository();
    let wanted = BTreeMap::from([(UPSTREAM.to_owned(), imported)]);
    let differences = tree::compare(&repository, &[UPSTREAM], &wanted)?;
    tree::apply(&repository, &wanted, &differences)?;
    if differences.is_empty() {
        println!("{UPSTREAM} is unchanged");
    } else {
        println!("{UPSTREAM} is written; run `cargo xtask regen`");
    }
    Ok(ExitCode::SUCCESS)
}
