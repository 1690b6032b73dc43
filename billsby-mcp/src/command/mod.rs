//! The subcommands, one module each.

pub(crate) mod bridge;
pub(crate) mod config;
pub(crate) mod manage;
pub(crate) mod rekey;
pub(crate) mod sandbox;
pub(crate) mod serve;
pub(crate) mod stdio;

mod environment;
mod master_key;
mod options;
mod private_file;
mod public_url;
mod refusal;
mod secret_text;
mod store_choice;
mod token_file;
mod welcome;

use std::io::{self, Write as _};

use billsby_mcp::protocol::ServeError;
use billsby_mcp::protocol::bridge::BridgeError;
use billsby_mcp::tool::{CatalogueError, FilterError};
use billsby_sdk::InvalidKey;

pub(crate) use environment::{Environment, EnvironmentError, without_blank_variables};
pub(crate) use options::{ToolOptions, account};
pub(crate) use refusal::refuse_arguments;
pub(crate) use sandbox::SandboxOptions;
pub(crate) use secret_text::SecretText;

/// What every server reads from the environment alone, for its help.
const ENVIRONMENT: &str = "\
Environment, without --sandbox:
  BILLSBY_API_KEY         An API key of the account
  BILLSBY_COMPANY_DOMAIN  The account's company domain
  BILLSBY_BASE_URL        Another address than Billsby's own

Environment:
  RUST_LOG                What is logged to standard error [default: info,rmcp=warn]";

/// Why a subcommand ended early. The messages are for the person who started the program; none of
/// them shows the API key.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CommandError {
    #[error(transparent)]
    Environment(#[from] EnvironmentError),
    #[error("the environment variable BILLSBY_COMPANY_DOMAIN cannot be used: {0}")]
    CompanyDomain(#[from] InvalidKey),
    #[error("{0} (the settings are BILLSBY_API_KEY and BILLSBY_BASE_URL)")]
    Client(#[from] billsby_sdk::Error),
    #[error("{}", wrong_options(.0))]
    Filter(FilterError),
    #[error(transparent)]
    Catalogue(CatalogueError),
    #[error("the program cannot start: {0}")]
    Runtime(io::Error),
    #[error(transparent)]
    Serve(#[from] ServeError),
    #[error(transparent)]
    Setup(#[from] serve::SetupError),
    #[error(transparent)]
    Stored(#[from] serve::StoredError),
    #[error(transparent)]
    Rekey(#[from] rekey::RekeyError),
    #[error(transparent)]
    Sandbox(#[from] sandbox::SetupError),
    #[error(transparent)]
    Lost(#[from] sandbox::Lost),
    #[error(transparent)]
    Bridge(#[from] BridgeError),
    #[error(transparent)]
    Config(#[from] config::ConfigError),
    #[error(transparent)]
    Api(#[from] manage::ApiError),
}

impl CommandError {
    /// 2 for what the person who started the program has to change, as for a wrong argument; else 1.
    pub(crate) const fn exit_code(&self) -> u8 {
        match self {
            Self::Environment(_)
            | Self::CompanyDomain(_)
            | Self::Client(_)
            | Self::Filter(_)
            | Self::Setup(_)
            | Self::Stored(_)
            | Self::Rekey(_)
            | Self::Sandbox(_)
            | Self::Bridge(_)
            | Self::Config(_) => 2,
            Self::Api(error) if error.is_wrong_usage() => 2,
            Self::Catalogue(_)
            | Self::Runtime(_)
            | Self::Serve(_)
            | Self::Lost(_)
            | Self::Api(_) => 1,
        }
    }
}

impl From<CatalogueError> for CommandError {
    fn from(error: CatalogueError) -> Self {
        match error {
            CatalogueError::Filter(error) => Self::Filter(error),
            other => Self::Catalogue(other),
        }
    }
}

/// Everything that is wrong with the filters, a line each, under the names of the options.
fn wrong_options(error: &FilterError) -> String {
    let lines = error.problems().iter().map(|problem| match problem.part {
        Some(part) => format!("--{}: {}", part.as_str().replace('_', "-"), problem.problem),
        None => problem.problem.clone(),
    });
    lines.collect::<Vec<_>>().join("\nbillsby-mcp: ")
}

/// Prints what whoever started the program waits for.
fn print(text: &str) -> io::Result<()> {
    let mut output = io::stdout().lock();
    writeln!(output, "{text}")?;
    output.flush()
}

/// How this program is started, wherever it is: it need not be where commands are looked for.
fn this_program() -> String {
    match std::env::current_exe() {
        Ok(path) => path.display().to_string(),
        Err(_) => "billsby-mcp".to_owned(),
    }
}
