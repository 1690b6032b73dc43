//! `billsby-mcp serve`: over HTTP, one account of the environment or the sandbox, and provisioned servers.

mod announce;
mod provisioned;
mod stored;

use std::io;
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use billsby_mcp::account::Account;
use billsby_mcp::http::{self, Directory, Site, Token};
use billsby_mcp::protocol::http::{AllowedHost, AllowedOrigin, Endpoint, HttpOptions};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::public_url::PublicUrl;
use super::sandbox::Running;
use super::welcome::welcome;
use super::{CommandError, SandboxOptions, ToolOptions, account, print, sandbox, token_file};
use crate::shutdown;
use provisioned::{Provisioned, Surroundings};
use stored::StoreOptions;
pub(crate) use stored::StoredError;

/// How much longer a session lives than a call in it may take.
const AFTER_CALL: Duration = Duration::from_secs(60);

/// What is read from the environment alone, for the help.
const ENVIRONMENT: &str = "\
Environment, for an account at a URL of its own beside the provisioned servers:
  BILLSBY_API_KEY          An API key of the account
  BILLSBY_COMPANY_DOMAIN   The account's company domain
  BILLSBY_BASE_URL         Another address than Billsby's own

Environment:
  BILLSBY_MCP_ADMIN_TOKEN  Opens the admin API [default: one that is made and printed at the first start]
  BILLSBY_MCP_MASTER_KEY   The master key itself, instead of --master-key-file
  RUST_LOG                 What is logged to standard error [default: info,rmcp=warn]";

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
    /// A file with the secret part of the account's own URL, which others cannot read
    ///
    /// Without it a new secret is made and printed with the URL, at every start.
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
    store: StoreOptions,
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
    #[error(
        "{0} is for the URL of an account: it needs BILLSBY_API_KEY and BILLSBY_COMPANY_DOMAIN, or --sandbox; every provisioned server has settings of its own"
    )]
    NoAccount(&'static str),
}

/// An account at a URL of its own.
struct Fixed {
    account: Account,
    sandbox: Option<Running>,
    token: Token,
    is_new: bool,
}

/// Serves until the program is asked to end.
pub(crate) async fn run(options: &Options) -> Result<(), CommandError> {
    let shutdown = shutdown::requested().map_err(CommandError::Runtime)?;
    let store = options.store.url(options.sandbox.is_asked_for())?;
    // All that can be wrong with it is told before a store or an admin token is made.
    let fixed = options.fixed(store.is_some(), &shutdown).await?;
    let (listener, address) = options.listen().await?;
    let base = options.public_url.as_ref();
    let base = base.map_or_else(|| format!("http://{address}"), ToString::to_string);
    let provisioned = match store {
        None => None,
        Some(url) => {
            let opened = options.store.open(url).await?;
            let around = Surroundings {
                http: options.http(),
                timeout: options.tools.timeout(),
                public_base: base.clone(),
                sandbox: fixed.as_ref().and_then(Fixed::sandbox_address),
                shutdown: shutdown.clone(),
            };
            Some(Provisioned::open(&options.store, opened, &around).await?)
        }
    };
    let text = announcement(&base, fixed.as_ref(), provisioned.as_ref());
    let (served, running) = match fixed {
        Some(fixed) => {
            let endpoint = options.endpoint(fixed.account, provisioned.as_ref(), &shutdown);
            (Some((fixed.token, Arc::new(endpoint))), fixed.sandbox)
        }
        None => (None, None),
    };
    let directory = Directory::new(served);
    let (site, ending) = match provisioned {
        Some(provisioned) => {
            let (site, ending) = provisioned.site(directory);
            (site, Some(ending))
        }
        None => (Site::from(directory), None),
    };
    tracing::info!(%address, "serving over HTTP");
    // In one piece: whoever reads only the first line may not be there for a second.
    print(&text).map_err(SetupError::Output)?;
    let limit = Duration::from_secs(options.shutdown_timeout);
    http::serve(listener, site, shutdown, limit).await;
    if let Some(ending) = ending {
        ending.finish().await.map_err(sandbox::SetupError::from)?;
    }
    match running {
        Some(sandbox) => sandbox.end().await,
        None => Ok(()),
    }
}

/// What is printed: first the URL of the account, or where provisioned servers will be.
fn announcement(base: &str, fixed: Option<&Fixed>, provisioned: Option<&Provisioned>) -> String {
    let mut text = match fixed {
        Some(fixed) => fixed.announcement(base),
        None => base.to_owned(),
    };
    if let Some(provisioned) = provisioned {
        text = format!("{text}\n{}", provisioned.announcement.text(base));
    }
    text
}

impl Fixed {
    fn sandbox_address(&self) -> Option<SocketAddr> {
        self.sandbox.as_ref().map(|sandbox| sandbox.address)
    }

    fn announcement(&self, base: &str) -> String {
        // Whoever made the file knows what is in it, and what is printed often ends up in a log.
        let shown = if self.is_new {
            self.token.reveal()
        } else {
            "TOKEN"
        };
        let url = format!("{base}/mcp/{shown}");
        match self.sandbox_address() {
            Some(sandbox) => format!("{url}\n{}", welcome(&url, self.is_new, sandbox)),
            None => url,
        }
    }
}

impl Options {
    /// The account at a URL of its own. Where servers are provisioned there need not be one.
    async fn fixed(
        &self,
        is_optional: bool,
        shutdown: &CancellationToken,
    ) -> Result<Option<Fixed>, CommandError> {
        if is_optional && !self.sandbox.names_an_account() {
            let token_file = self.token_file.as_ref().map(|_| "--token-file");
            return match token_file.or_else(|| self.tools.given()) {
                Some(option) => Err(SetupError::NoAccount(option).into()),
                None => Ok(None),
            };
        }
        let (environment, sandbox) = self.sandbox.account(shutdown).await?;
        let account = account(&environment, &self.tools, sandbox.is_some())?;
        let (token, is_new) = self.token()?;
        Ok(Some(Fixed {
            account,
            sandbox,
            token,
            is_new,
        }))
    }

    fn endpoint(
        &self,
        mut account: Account,
        provisioned: Option<&Provisioned>,
        shutdown: &CancellationToken,
    ) -> Endpoint {
        if let Some(provisioned) = provisioned {
            account = account.watched(provisioned.recorder.watch(None, None));
        }
        let shutdown = shutdown.clone();
        Endpoint::new(Arc::new(account), &self.http(), shutdown)
    }

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
