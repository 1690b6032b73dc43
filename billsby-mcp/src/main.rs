//! The `billsby-mcp` command.

mod command;
mod logging;
mod shutdown;

use std::io;
use std::num::NonZero;
use std::process::ExitCode;
use std::thread::available_parallelism;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use command::CommandError;
use tokio::runtime::{Builder, Runtime};

/// The most threads that work on requests. One is enough for thousands of calls in a second, and each
/// further one costs memory and some processor time.
const MOST_WORKERS: usize = 4;

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
    /// Serve over HTTP: one account behind a URL with a secret, and provisioned servers with their admin API.
    Serve(command::serve::Options),
    /// Serve an invented company as Billsby's API, over plain HTTP, to try things out.
    Sandbox(command::sandbox::Options),
    /// Connect an MCP client that can only start a program with a remote server.
    Bridge(command::bridge::Options),
    /// Manage the accounts of a running server.
    Account(command::manage::account::Options),
    /// Manage the provisioned servers of a running server: URLs that serve some tools of an account.
    Server(command::manage::server::Options),
    /// Manage the API tokens of a running server.
    Token(command::manage::token::Options),
    /// Print what to tell an MCP client so that it finds a server.
    Config(command::config::Options),
    /// Give a store another master key, while no server uses it.
    Rekey(command::rekey::Options),
}

fn main() -> ExitCode {
    let command = command::without_blank_variables(Arguments::command());
    let arguments = command
        .try_get_matches()
        .and_then(|matches| Arguments::from_arg_matches(&matches))
        .unwrap_or_else(|error| command::refuse_arguments(&error));
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
    let runtime = runtime().map_err(CommandError::Runtime)?;
    let result = match command {
        Command::Stdio(options) => runtime.block_on(command::stdio::run(options)),
        Command::Serve(options) => runtime.block_on(command::serve::run(options)),
        Command::Sandbox(options) => runtime.block_on(command::sandbox::run(options)),
        Command::Bridge(options) => runtime.block_on(command::bridge::run(options)),
        Command::Account(options) => runtime.block_on(command::manage::account::run(options)),
        Command::Server(options) => runtime.block_on(command::manage::server::run(options)),
        Command::Token(options) => runtime.block_on(command::manage::token::run(options)),
        Command::Config(options) => command::config::run(options),
        Command::Rekey(options) => runtime.block_on(command::rekey::run(options)),
    };
    // Everything that matters has been waited for; a read from a terminal would never end.
    runtime.shutdown_background();
    result
}

fn runtime() -> io::Result<Runtime> {
    let processors = available_parallelism().map_or(1, NonZero::get);
    Builder::new_multi_thread()
        .worker_threads((processors / 2).clamp(1, MOST_WORKERS))
        .enable_all()
        .build()
}
