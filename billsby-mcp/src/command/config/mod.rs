//! `billsby-mcp config`: what to tell a client so that it finds a server.

mod text;

use std::io::{self, IsTerminal as _, Read as _};
use std::str::FromStr;

use billsby_mcp::connect::{Access, Client, Connection, Install};
use billsby_mcp::protocol::bridge::{InvalidTarget, Target};

pub(super) use text::one_line;

use super::{CommandError, SecretText, print, this_program};

/// The longest name a client is told.
const LONGEST_NAME: usize = 64;

/// What can be set on the command line.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// The client that is to find the server
    #[arg(long, value_enum, value_name = "CLIENT")]
    client: Client,
    /// The server's URL; without it or the variable it is read from standard input
    #[arg(
        long,
        value_name = "URL",
        env = "BILLSBY_MCP_URL",
        hide_env_values = true
    )]
    url: Option<SecretText>,
    /// What the client calls the server
    #[arg(long, value_name = "NAME", default_value = "billsby")]
    name: Name,
    /// The environment variable of the client that holds an API token, for servers that require one
    #[arg(long, value_name = "VARIABLE")]
    bearer_env: Option<Variable>,
    /// Print a link to click (Cursor, VS Code) or a command (Claude Code, Codex, Gemini) instead
    #[arg(long)]
    install: bool,
}

/// A name that fits into every kind of configuration.
#[derive(Debug, Clone)]
struct Name(String);

/// The name of an environment variable.
#[derive(Debug, Clone)]
struct Variable(String);

/// Why there is nothing to print.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConfigError {
    #[error("no URL: give --url, set BILLSBY_MCP_URL, or write it to standard input")]
    NoUrl,
    #[error("standard input cannot be read: {0}")]
    Input(io::Error),
    #[error(transparent)]
    Target(#[from] InvalidTarget),
    #[error("--install: {0} has neither a link nor a command for it")]
    NoInstall(&'static str),
    #[error("it cannot be printed: {0}")]
    Output(io::Error),
}

/// Prints what belongs into the client's configuration, and on standard error where that is.
pub(crate) fn run(options: &Options) -> Result<(), CommandError> {
    Ok(configure(options)?)
}

fn configure(options: &Options) -> Result<(), ConfigError> {
    let url = options.url()?;
    // Whoever configures a client decides on the way to the server.
    Target::new(&url, true)?;
    let access = match &options.bearer_env {
        Some(Variable(variable)) => Access::ApiToken { variable },
        None => Access::Url,
    };
    let connection = Connection {
        name: &options.name.0,
        url: &url,
        access,
    };
    let install = options.client.install(&connection);
    if options.install {
        let install = install.ok_or(ConfigError::NoInstall(options.client.title()))?;
        return print(install.as_str()).map_err(ConfigError::Output);
    }
    if let Some(place) = options.client.place() {
        let shorter = match install {
            Some(Install::Command(_)) => " (--install prints the command instead)",
            Some(Install::Link(_)) => " (--install prints a link instead)",
            None => "",
        };
        eprintln!("{place}{shorter}");
    }
    let text = options.client.configuration(&connection, &this_program());
    print(&text).map_err(ConfigError::Output)
}

impl Options {
    fn url(&self) -> Result<String, ConfigError> {
        let text = match &self.url {
            Some(url) => url.0.clone(),
            None if io::stdin().is_terminal() => return Err(ConfigError::NoUrl),
            None => {
                let mut text = String::new();
                let read = io::stdin().lock().read_to_string(&mut text);
                read.map_err(ConfigError::Input)?;
                text
            }
        };
        match text.trim() {
            "" => Err(ConfigError::NoUrl),
            text if text.contains(|c: char| c.is_whitespace() || c.is_control()) => {
                Err(InvalidTarget::NoAddress.into())
            }
            text => Ok(text.to_owned()),
        }
    }
}

impl FromStr for Name {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // A command would take it for an option.
        if text.is_empty() || text.starts_with('-') || text.chars().count() > LONGEST_NAME {
            Err("expected 1 to 64 characters, and no hyphen in front")
        } else if text.chars().any(char::is_control) {
            Err("it must not hold control characters")
        } else {
            Ok(Self(text.to_owned()))
        }
    }
}

impl FromStr for Variable {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let fits = |c: char| c.is_ascii_alphanumeric() || c == '_';
        if text.chars().all(fits)
            && !text.starts_with(|c: char| c.is_ascii_digit())
            && !text.is_empty()
        {
            Ok(Self(text.to_owned()))
        } else {
            Err("expected the name of an environment variable, such as BILLSBY_TOKEN")
        }
    }
}
