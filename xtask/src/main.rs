//! The project's own tasks. `cargo xtask help` lists them.

mod diff;
mod eval;
mod import;
mod regen;
mod tree;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Exit code if a task cannot begin, so that it differs from "mistakes found", "stale" and "breaking".
const UNUSABLE: u8 = 2;

const EXIT_CODES: &str = "\
Exit codes: 0 if all is well; 1 if a document has mistakes, a generated file is not up to date, a change breaks \
something, or the scripted agents do not pass; 2 if the task cannot be done as it was asked for, or diff cannot compare.";

#[derive(Parser)]
#[command(
    name = "cargo xtask",
    about = "Tasks of the Billsby SDK and MCP server",
    after_help = EXIT_CODES
)]
struct Arguments {
    /// Work on this copy of the repository instead of the one that the program was built from.
    #[arg(long, global = true, hide = true, value_name = "DIR")]
    repository: Option<PathBuf>,
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Reduce a published `OpenAPI` document to its structure and keep it as openapi/upstream.yaml.
    Import {
        /// The published document, YAML or JSON.
        file: PathBuf,
    },
    /// Generate the corrected document, the SDK's calls and types, the tools and their reference.
    Regen(regen::Options),
    /// Say what changes between two corrected documents for SDK users and tool callers; exit 1 if something breaks.
    Diff {
        /// The document in use.
        old: PathBuf,
        /// The document to change to.
        new: PathBuf,
    },
    /// Let scripted agents do their tasks on the sandbox; exit 1 if a promise is broken or the figures differ.
    Eval(eval::Options),
}

fn main() -> ExitCode {
    let Arguments { repository, task } = Arguments::parse();
    let repository = repository.unwrap_or_else(tree::repository);
    let result = match task {
        Task::Import { file } => import::run(&repository, &file),
        Task::Regen(options) => regen::run(&repository, &options),
        Task::Diff { old, new } => diff::run(&old, &new),
        Task::Eval(options) => eval::run(&repository, &options),
    };
    result.unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::from(UNUSABLE)
    })
}
