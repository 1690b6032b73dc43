//! The project's own tasks. `cargo xtask help` lists them.

mod diff;
mod import;
mod regen;
mod tree;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Exit code for input that cannot be used, so that it differs from "stale" and "breaking".
const BAD_INPUT: u8 = 2;

#[derive(Parser)]
#[command(
    name = "cargo xtask",
    about = "Tasks of the Billsby SDK and MCP server"
)]
struct Arguments {
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
}

fn main() -> ExitCode {
    let result = match Arguments::parse().task {
        Task::Import { file } => import::run(&file),
        Task::Regen(options) => regen::run(&options),
        Task::Diff { old, new } => diff::run(&old, &new),
    };
    result.unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::from(BAD_INPUT)
    })
}
