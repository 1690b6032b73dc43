//! `billsby-mcp bridge`: a remote server for clients that can only start a program.

use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use billsby_mcp::protocol::bridge::{self, Target};

use super::CommandError;
use crate::shutdown;

/// What can be set on the command line.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// The remote server's URL with its secret, such as <https://mcp.example.com/mcp/TOKEN>
    #[arg(value_name = "URL", env = "BILLSBY_MCP_URL", hide_env_values = true)]
    url: Secret,
    /// A header to send with every request, such as 'X-Team: billing'
    #[arg(long = "header", value_name = "NAME: VALUE")]
    headers: Vec<Secret>,
    /// A token to send as "Authorization: Bearer ..."
    #[arg(
        long,
        value_name = "TOKEN",
        env = "BILLSBY_MCP_BEARER",
        hide_env_values = true
    )]
    bearer: Option<Secret>,
    /// Reach a server on another machine without TLS, so that everybody on the way can read the secret
    #[arg(long)]
    allow_http: bool,
}

/// A text that is not shown, not even in a message about a wrong argument.
#[derive(Clone)]
struct Secret(String);

impl FromStr for Secret {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

/// Relays until the client closes its end or the program is asked to end.
pub(crate) async fn run(options: &Options) -> Result<(), CommandError> {
    let shutdown = shutdown::requested().map_err(CommandError::Runtime)?;
    let target =
        Target::new(&options.url.0, options.allow_http).map_err(bridge::BridgeError::from)?;
    bridge::bridge(target, &options.headers(), shutdown).await?;
    Ok(())
}

impl Options {
    fn headers(&self) -> Vec<(String, String)> {
        let given = self.headers.iter().map(|Secret(header)| {
            let (name, value) = header.split_once(':').unwrap_or((header, ""));
            (name.trim().to_owned(), value.trim().to_owned())
        });
        let bearer = self.bearer.iter().map(|Secret(token)| {
            (
                "authorization".to_owned(),
                format!("Bearer {}", token.trim()),
            )
        });
        given.chain(bearer).collect()
    }
}
