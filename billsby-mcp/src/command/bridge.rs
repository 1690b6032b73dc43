//! `billsby-mcp bridge`: a remote server for clients that can only start a program.

use billsby_mcp::protocol::bridge::{self, Target};

use super::{CommandError, SecretText};
use crate::shutdown;

/// What can be set on the command line.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// The remote server's URL with its secret, such as <https://mcp.example.com/mcp/TOKEN>
    #[arg(value_name = "URL", env = "BILLSBY_MCP_URL", hide_env_values = true)]
    url: SecretText,
    /// A header to send with every request, such as 'X-Team: billing'
    #[arg(long = "header", value_name = "NAME: VALUE")]
    headers: Vec<SecretText>,
    /// A token to send as "Authorization: Bearer ..."
    #[arg(
        long,
        value_name = "TOKEN",
        env = "BILLSBY_MCP_BEARER",
        hide_env_values = true
    )]
    bearer: Option<SecretText>,
    /// Reach a server on another machine without TLS, so that everybody on the way can read the secret
    #[arg(long)]
    allow_http: bool,
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
        let given = self.headers.iter().map(|SecretText(header)| {
            let (name, value) = header.split_once(':').unwrap_or((header, ""));
            (name.trim().to_owned(), value.trim().to_owned())
        });
        let bearer = self.bearer.iter().map(|SecretText(token)| {
            (
                "authorization".to_owned(),
                format!("Bearer {}", token.trim()),
            )
        });
        given.chain(bearer).collect()
    }
}
