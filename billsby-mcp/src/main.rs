//! The `billsby-mcp` command.

mod command;
mod logging;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use command::CommandError;
use tokio::runtime::Runtime;

/// MCP server for the Billsby subscription billing API.
#[derive(Debug, Parser)]
#[command(version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve one account over standard input and output, for an MCP client that starts this program.
    Stdio(command::stdio::Options),
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    logging::start();
    match run(&arguments.command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("billsby-mcp: {error}");
            ExitCode::from(error.exit_code())
        }
    }
}

fn run(command: &Command) -> Result<(), CommandError> {
    let runtime = Runtime::new().map_err(CommandError::Runtime)?;
    let result = match command {
        Command::Stdio(options) => runtime.block_on(command::stdio::run(options)),
    };
    // Everything that matters has been waited for; a read from a terminal would never end.
    runtime.shutdown_background();
    result
}
