//! `billsby-mcp sandbox`: the sandbox alone, over plain HTTP.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

use billsby_mcp::sandbox::{self, API_KEY, BASE_PATH, COMPANY_DOMAIN, Sandbox, SandboxError};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::{CommandError, Environment, print};
use crate::shutdown;

/// The largest company there is.
const MOST_CUSTOMERS: i64 = 100_000;
/// How many random customers a company of a given seed has, unless a number is given as well.
const BIGGER: u32 = 1_000;

/// What can be set on the command line.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Where to listen; port 0 takes any free one
    #[arg(
        long,
        value_name = "HOST:PORT",
        default_value = "127.0.0.1:8090",
        env = "BILLSBY_MCP_SANDBOX_LISTEN"
    )]
    listen: String,
    /// Let other machines in: whoever reaches the sandbox can change everything in it
    #[arg(
        long,
        value_parser = clap::builder::BoolishValueParser::new(),
        env = "BILLSBY_MCP_ALLOW_REMOTE"
    )]
    allow_remote: bool,
    #[command(flatten)]
    company: CompanyOptions,
}

/// Which company the sandbox is.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Sandbox")]
pub(crate) struct CompanyOptions {
    /// What all random choices follow from [default: 1]
    ///
    /// The same seed gives the same company; the named customers are in every one of them. If it is given,
    /// there are 1,000 random customers unless --customers says otherwise.
    #[arg(long, value_name = "N", env = "BILLSBY_MCP_SEED")]
    seed: Option<u64>,
    /// How many random customers there are besides the named ones, at most 100,000 [default: 120]
    #[arg(
        long,
        value_name = "N",
        value_parser = clap::value_parser!(u32).range(0..=MOST_CUSTOMERS),
        env = "BILLSBY_MCP_CUSTOMERS"
    )]
    customers: Option<u32>,
    /// A file that the company is read from, if it is there, and written to at the end
    ///
    /// What is in it counts, whatever --seed and --customers say.
    #[arg(long, value_name = "PATH", env = "BILLSBY_MCP_SNAPSHOT")]
    snapshot: Option<PathBuf>,
}

/// The options of a server that can serve the sandbox in the place of an account.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Sandbox")]
pub(crate) struct SandboxOptions {
    /// Serve an invented company inside this program: no account, no key, and nothing real can happen
    ///
    /// Without --methods all tools are served then.
    #[arg(
        long,
        value_parser = clap::builder::BoolishValueParser::new(),
        env = "BILLSBY_MCP_SANDBOX"
    )]
    sandbox: bool,
    #[command(flatten)]
    company: CompanyOptions,
}

/// A sandbox that runs inside this program.
pub(crate) struct Running {
    pub(crate) address: SocketAddr,
    stop: CancellationToken,
    served: JoinHandle<Result<(), SandboxError>>,
}

/// Why the sandbox cannot begin.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SetupError {
    #[error("cannot listen at {address}: {source}")]
    Listen { address: String, source: io::Error },
    #[error("{0} can be reached from other machines, which --allow-remote has to permit")]
    Exposed(SocketAddr),
    #[error(transparent)]
    Sandbox(#[from] SandboxError),
    #[error("the address cannot be printed: {0}")]
    Output(io::Error),
    #[error("--{0} is for the sandbox only: it needs --sandbox")]
    WithoutSandbox(&'static str),
}

/// The sandbox inside this program is gone, and nothing can be done without it.
#[derive(Debug, thiserror::Error)]
#[error("the sandbox has ended unexpectedly{}", if *.panicked { ": it panicked" } else { "" })]
pub(crate) struct Lost {
    panicked: bool,
}

/// Serves until the program is asked to end.
pub(crate) async fn run(options: &Options) -> Result<(), CommandError> {
    let (listener, address) = listen(&options.listen).await?;
    if !address.ip().is_loopback() && !options.allow_remote {
        return Err(SetupError::Exposed(address).into());
    }
    let sandbox = Sandbox::new(options.company.options()).map_err(SetupError::from)?;
    let stop = shutdown::requested().map_err(CommandError::Runtime)?;
    tracing::info!(%address, "the sandbox is serving");
    print(&introduction(address)).map_err(SetupError::Output)?;
    sandbox
        .serve(listener, stop)
        .await
        .map_err(SetupError::from)?;
    Ok(())
}

/// The address first, for whoever reads one line.
fn introduction(address: SocketAddr) -> String {
    format!(
        "http://{address}{BASE_PATH}

Company domain  {COMPANY_DOMAIN}
API key         {API_KEY}

Try it:
  curl -H 'ApiKey: {API_KEY}' 'http://{address}{BASE_PATH}/core/{COMPANY_DOMAIN}/customers?page=1&pageSize=10'
What has happened:
  curl 'http://{address}/__sandbox/effects'"
    )
}

async fn listen(address: &str) -> Result<(TcpListener, SocketAddr), SetupError> {
    let failed = |source| SetupError::Listen {
        address: address.to_owned(),
        source,
    };
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    Ok((listener, address))
}

impl CompanyOptions {
    /// The first option that was given.
    fn given(&self) -> Option<&'static str> {
        let all = [
            ("seed", self.seed.is_some()),
            ("customers", self.customers.is_some()),
            ("snapshot", self.snapshot.is_some()),
        ];
        let (name, _) = all.into_iter().find(|(_, is_given)| *is_given)?;
        Some(name)
    }

    fn options(&self) -> sandbox::Options {
        let usual = sandbox::Options::default();
        let customers = match self.seed {
            Some(_) => BIGGER,
            None => usual.customers,
        };
        sandbox::Options {
            customers: self.customers.unwrap_or(customers),
            seed: self.seed.unwrap_or(usual.seed),
            snapshot: self.snapshot.clone(),
            start: None,
        }
    }
}

impl SandboxOptions {
    /// Whether the sandbox is to be served.
    pub(crate) const fn is_asked_for(&self) -> bool {
        self.sandbox
    }

    /// Whether anything says which account to serve. If so, [`account`](Self::account) says what is missing.
    pub(crate) fn names_an_account(&self) -> bool {
        let is_of_account = |name: &str| name != "BILLSBY_BASE_URL";
        self.sandbox
            || self.company.given().is_some()
            || Environment::variables_set().any(is_of_account)
    }

    /// The account to serve: that of the sandbox, which then begins, or that of the environment.
    ///
    /// If the sandbox ends before it is to, `shutdown` is cancelled: without it every call would fail.
    pub(crate) async fn account(
        &self,
        shutdown: &CancellationToken,
    ) -> Result<(Environment, Option<Running>), CommandError> {
        if !self.sandbox {
            // The environment may say that there is to be no sandbox, which is not for clap to see.
            return match self.company.given() {
                Some(option) => Err(SetupError::WithoutSandbox(option).into()),
                None => Ok((Environment::of_process()?, None)),
            };
        }
        for name in Environment::variables_set() {
            eprintln!("billsby-mcp: {name} is not used: the sandbox needs no account");
        }
        let running = Running::start(&self.company, shutdown.clone()).await?;
        let environment = Environment {
            api_key: API_KEY.to_owned(),
            company_domain: COMPANY_DOMAIN.to_owned(),
            base_url: format!("http://{}{BASE_PATH}", running.address),
        };
        Ok((environment, Some(running)))
    }
}

impl Running {
    async fn start(
        company: &CompanyOptions,
        shutdown: CancellationToken,
    ) -> Result<Self, SetupError> {
        let sandbox = Sandbox::new(company.options())?;
        let (listener, address) = listen("127.0.0.1:0").await?;
        let stop = CancellationToken::new();
        let token = stop.clone();
        let serve = async move { sandbox.serve(listener, token).await };
        Ok(Self {
            address,
            stop,
            served: watched(serve, shutdown),
        })
    }

    /// Ends the sandbox once no call can come any more, and writes its snapshot.
    pub(crate) async fn end(self) -> Result<(), CommandError> {
        let is_early = self.served.is_finished();
        self.stop.cancel();
        let Ok(ended) = self.served.await else {
            return Err(Lost { panicked: true }.into());
        };
        ended.map_err(SetupError::from)?;
        if is_early {
            return Err(Lost { panicked: false }.into());
        }
        Ok(())
    }
}

/// Runs the sandbox beside the server; however it ends, the program is then asked to end as well.
fn watched<T: Send + 'static>(
    serve: impl Future<Output = T> + Send + 'static,
    shutdown: CancellationToken,
) -> JoinHandle<T> {
    tokio::spawn(async move {
        let _guard = shutdown.drop_guard();
        serve.await
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_server_does_not_outlive_its_sandbox() {
        for panics in [false, true] {
            let shutdown = CancellationToken::new();
            let serve = async move {
                assert!(!panics, "the sandbox comes to grief");
                Ok(())
            };
            let running = Running {
                address: ([127, 0, 0, 1], 0).into(),
                stop: CancellationToken::new(),
                served: watched(serve, shutdown.clone()),
            };
            shutdown.cancelled().await;
            while !running.served.is_finished() {
                tokio::task::yield_now().await;
            }
            let error = running.end().await.unwrap_err();
            let told = error.to_string();
            assert!(told.contains("ended unexpectedly"), "{told}");
            assert_eq!(told.contains("panicked"), panics);
            assert_eq!(error.exit_code(), 1);
        }
    }
}
