//! The subcommands, one module each.

pub(crate) mod stdio;

mod environment;

use billsby_mcp::protocol::ServeError;
use billsby_mcp::tool::CatalogueError;
use billsby_sdk::InvalidKey;

pub(crate) use environment::{Environment, EnvironmentError};

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
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    #[error("the program cannot start: {0}")]
    Runtime(std::io::Error),
    #[error(transparent)]
    Serve(#[from] ServeError),
}

impl CommandError {
    /// 2 for what the person who started the program has to change, as for a wrong argument; else 1.
    pub(crate) const fn exit_code(&self) -> u8 {
        match self {
            Self::Environment(_) | Self::CompanyDomain(_) | Self::Client(_) => 2,
            Self::Catalogue(_) | Self::Runtime(_) | Self::Serve(_) => 1,
        }
    }
}
