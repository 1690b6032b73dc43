//! The MCP server as a client meets it over HTTP: a program that listens.

use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::task::JoinHandle;

use super::program;
use crate::mock::{API_KEY, COMPANY_DOMAIN, Mock};

/// How long the program may take to begin or to end; far more than it does.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running `billsby-mcp serve`; it is killed when it is dropped.
pub(crate) struct HttpServer {
    child: Child,
    errors: JoinHandle<String>,
    /// The line that the program prints.
    pub(crate) url: String,
}

impl HttpServer {
    /// Starts the server of the mock's company with all tools on a free port, unless an argument
    /// names one, with everything in its log that it can log.
    pub(crate) async fn start(mock: &Mock, arguments: &[&str]) -> Self {
        let mut child = Self::command()
            .args(["serve", "--methods=read,write,custom"])
            .args(arguments)
            .env("BILLSBY_MCP_LISTEN", "127.0.0.1:0")
            .env("BILLSBY_BASE_URL", mock.url())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let stdout = child.stdout.take().expect("a pipe");
        let mut stderr = child.stderr.take().expect("a pipe");
        let errors = tokio::spawn(async move {
            let mut text = String::new();
            stderr.read_to_string(&mut text).await.expect("UTF-8");
            text
        });
        let mut lines = BufReader::new(stdout).lines();
        let url = tokio::time::timeout(PATIENCE, lines.next_line()).await;
        let url = url.expect("a line in time").expect("UTF-8");
        Self {
            child,
            errors,
            url: url.expect("the address"),
        }
    }

    /// The program with the account of the mock in its environment and nothing else: it keeps nothing.
    pub(crate) fn command() -> Command {
        let mut command = Command::new(program());
        command
            .env_clear()
            .env("BILLSBY_API_KEY", API_KEY)
            .env("BILLSBY_COMPANY_DOMAIN", COMPANY_DOMAIN)
            .env("BILLSBY_MCP_STORE", "none")
            .env("RUST_LOG", "trace")
            .stdin(Stdio::null())
            .kill_on_drop(true);
        command
    }

    /// The secret in the URL.
    pub(crate) fn token(&self) -> &str {
        self.url.rsplit('/').next().expect("a last part")
    }

    /// The address of another page of the server.
    pub(crate) fn page(&self, path: &str) -> String {
        let (base, _) = self.url.split_once("/mcp/").expect("a URL of MCP");
        format!("{base}{path}")
    }

    /// Asks the program to end.
    pub(crate) async fn terminate(&self) {
        let id = self.child.id().expect("a running program");
        let killed = Command::new("kill")
            .args(["-TERM", &id.to_string()])
            .status()
            .await;
        assert!(killed.expect("kill runs").success());
    }

    /// Waits for the end; gives the status and what was written to standard error.
    pub(crate) async fn ended(mut self) -> (ExitStatus, String) {
        let status = tokio::time::timeout(PATIENCE, self.child.wait()).await;
        let status = status.expect("an end in time").expect("a status");
        (status, self.errors.await.expect("standard error"))
    }

    /// Ends the program, which must go well; gives its log.
    pub(crate) async fn stop(self) -> String {
        self.terminate().await;
        let (status, log) = self.ended().await;
        assert!(status.success(), "{status}: {log}");
        log
    }
}
