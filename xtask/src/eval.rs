//! `eval`: lets the scripted agents do their tasks on the sandbox.

use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::{Context as _, bail};

/// How the agents are tried.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Another number of runs than usual; the figures are printed and not compared.
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..))]
    runs: Option<u32>,
    /// Write the figures to tests/EVALUATION.md instead of comparing them with what is there.
    #[arg(long, conflicts_with = "runs")]
    write: bool,
}

/// Runs the tests of the evaluation, which are no part of this program so that it stays small.
pub(crate) fn run(repository: &Path, options: &Options) -> anyhow::Result<ExitCode> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command
        .current_dir(repository)
        .args([
            "test",
            "--package",
            "billsby-tests",
            "--test",
            "it",
            "evaluation",
            "--",
            "--nocapture",
        ])
        .env_remove("BILLSBY_EVALUATION_RUNS")
        .env_remove("BILLSBY_EVALUATION_WRITE");
    if let Some(runs) = options.runs {
        command.env("BILLSBY_EVALUATION_RUNS", runs.to_string());
    }
    if options.write {
        command.env("BILLSBY_EVALUATION_WRITE", "1");
    }
    let status = command.status().context("cargo cannot be started")?;
    match status.code() {
        Some(0) => Ok(ExitCode::SUCCESS),
        Some(_) => Ok(ExitCode::FAILURE),
        None => bail!("cargo was killed"),
    }
}
