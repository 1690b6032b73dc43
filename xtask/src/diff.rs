//! `diff`: what a change of the document means for people.

use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;

pub(crate) fn run(_old: &Path, _new: &Path) -> Result<ExitCode> {
    Ok(ExitCode::SUCCESS)
}
