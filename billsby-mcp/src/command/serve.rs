//! `billsby-mcp serve`: one account, of the environment or the sandbox, over HTTP.

use std::io;
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use billsby_mcp::http::{self, Directory, Token};
use billsby_mcp::protocol::http::{AllowedHost, AllowedOrigin, Endpoint, HttpOptions};
use tokio::net::TcpListener;

use super::public_url::PublicUrl;
use super::welcome::welcome;
use super::{CommandError, ENVIRONMENT, SandboxOptions, ToolOptions, account, print, token_file};
use crate::shutdown;

/// How much longer a session lives than a call in it may take.
const AFTER_CALL: Duration = Duration::from_secs(60);

/// What can be set on the command line.
#[derive(Debug, clap::Args)]
#[command(after_help = ENVIRONMENT)]
pub(crate) struct Options {
    /// Where to listen; port 0 takes any free one
    ///
    /// Beyond this machine, --allowed-host or --public-url has to say by which name clients address the
    /// server, and a proxy has to add TLS: the secret is in the URL.
    #[arg(
        long,
        value_name = "HOST:PORT",
        default_value = "127.0.0.1:8080",
        env = "BILLSBY_MCP_LISTEN"
    )]
    listen: String,
    /// A file with the secret part of the URL, which others cannot read
    ///
    /// Without it a new secret is made and printed with the URL, once.
    #[arg(long, value_name = "PATH", env = "BILLSBY_MCP_TOKEN_FILE")]
    token_file: Option<PathBuf>,
    /// The address under which clients reach the server, if it is not the one it listens at
    #[arg(long, value_name = "URL", env = "BILLSBY_MCP_PUBLIC_URL")]
    public_url: Option<PublicUrl>,
    /// Hosts that clients may address the server by, besides this machine's own names
    #[arg(
        long = "allowed-host",
        value_name = "HOST[:PORT]",
        value_delimiter = ',',
        env = "BILLSBY_MCP_ALLOWED_HOSTS"
    )]
    allowed_hosts: Vec<AllowedHost>,
    /// Web origins whose pages may use the server, besides pages of this machine
    #[arg(
        long = "allowed-origin",
        value_name = "ORIGIN",
        value_delimiter = ',',
        env = "BILLSBY_MCP_ALLOWED_ORIGINS"
    )]
    allowed_origins: Vec<AllowedOrigin>,
    /// How many sessions may be open at a time
    #[arg(
        long,
        value_name = "N",
        default_value_t = HttpOptions::default().max_sessions,
        env = "BILLSBY_MCP_MAX_SESSIONS"
    )]
    max_sessions: usize,
    /// How many requests are taken in a second, 0 for any number
    #[arg(
        long,
        value_name = "N",
        default_value_t = HttpOptions::default().requests_per_second.map_or(0, NonZeroU32::get),
        env = "BILLSBY_MCP_REQUESTS_PER_SECOND"
    )]
    requests_per_second: u32,
    /// How many seconds running calls may take to finish once the server is asked to end
    #[arg(
        long,
        value_name = "SECONDS",
        default_value_t = 30,
        env = "BILLSBY_MCP_SHUTDOWN_TIMEOUT"
    )]
    shutdown_timeout: u64,
    #[command(flatten)]
    sandbox: SandboxOptions,
    #[command(flatten)]
    tools: ToolOptions,
}

/// Why the server cannot begin. None of the messages shows the token.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SetupError {
    #[error("cannot listen at {address}: {source}")]
    Listen { address: String, source: io::Error },
    #[error(
        "{0} can be reached from other machines: say by which name with --allowed-host or --public-url"
    )]
    Exposed(SocketAddr),
    #[error(transparent)]
    TokenFile(#[from] token_file::TokenFileError),
    #[error("there are no random numbers for a token: {0}")]
    Random(String),
    #[error("the address cannot be printed: {0}")]
    Output(io::Error),
}

/// Serves until the program is asked to end.
pub(crate) async fn run(options: &Options) -> Result<(), CommandError> {
    let shutdown = shutdown::requested().map_err(CommandError::Runtime)?;
    let (environment, sandbox) = options.sandbox.account(&shutdown).await?;
    let account = Arc::new(account(&environment, &options.tools, sandbox.is_some())?);
    let (token, is_new) = options.token()?;
    let (listener, address) = options.listen().await?;
    let endpoint = Endpoint::new(account, &options.http(), shutdown.clone());
    tracing::info!(%address, "serving over HTTP");
    // Whoever made the file knows what is in it, and what is printed often ends up in a log.
    let shown = if is_new { token.reveal() } else { "TOKEN" };
    let base = options.public_url.as_ref();
    let base = base.map_or_else(|| format!("http://{address}"), ToString::to_string);
    let url = format!("{base}/mcp/{shown}");
    print(&url).map_err(SetupError::Output)?;
    if let Some(sandbox) = &sandbox {
        print(&welcome(&url, is_new, sandbox.address)).map_err(SetupError::Output)?;
    }
    let limit = Duration::from_secs(options.shutdown_timeout);
    let directory = Directory::new([(token, Arc::new(endpoint))]);
    http::serve(listener, directory, shutdown, limit).await;
    match sandbox {
        Some(sandbox) => sandbox.end().await,
        None => Ok(()),
    }
}

impl Options {
    /// The token, and whether it is a new one.
    fn token(&self) -> Result<(Token, bool), SetupError> {
        match &self.token_file {
            Some(path) => Ok((token_file::read(path)?, false)),
            None => match Token::generate() {
                Ok(token) => Ok((token, true)),
                Err(error) => Err(SetupError::Random(error.to_string())),
            },
        }
    }

    async fn listen(&self) -> Result<(TcpListener, SocketAddr), SetupError> {
        let failed = |source| SetupError::Listen {
            address: self.listen.clone(),
            source,
        };
        let listener = TcpListener::bind(&self.listen).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        if !address.ip().is_loopback() && self.allowed_hosts.is_empty() && self.public_url.is_none()
        {
            return Err(SetupError::Exposed(address));
        }
        Ok((listener, address))
    }

    fn http(&self) -> HttpOptions {
        let public = self.public_url.as_ref().map(PublicUrl::host);
        let session_idle = HttpOptions::default().session_idle;
        HttpOptions {
            allowed_hosts: self.allowed_hosts.iter().cloned().chain(public).collect(),
            allowed_origins: self.allowed_origins.clone(),
            max_sessions: self.max_sessions,
            session_idle: session_idle.max(self.tools.timeout() + AFTER_CALL),
            requests_per_second: NonZeroU32::new(self.requests_per_second),
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;

    #[derive(clap::Parser)]
    struct Program {
        #[command(flatten)]
        options: Options,
    }

    #[test]
    fn no_call_outlives_its_session() {
        for (timeout, expected) in [("1", 300), ("240", 300), ("300", 360), ("600", 660)] {
            let program = Program::try_parse_from(["program", "--timeout", timeout]);
            let session_idle = program.unwrap().options.http().session_idle;
            assert_eq!(session_idle, Duration::from_secs(expected), "{timeout}");
        }
    }
}
