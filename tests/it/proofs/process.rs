//! `billsby-mcp serve` with a store, as a process that can be killed and started again.

use std::fs::File;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use billsby_mcp::secret::{MasterKey, SecretToken, TokenKind};
use tokio::process::{Child, Command};
use tokio::time::{Instant, sleep};

use super::admin::Admin;
use crate::support::program;

/// How long the program may take to begin; far more than it does.
const PATIENCE: Duration = Duration::from_secs(60);

/// How a program is started, every time.
pub(super) struct Setup {
    store: String,
    arguments: Vec<String>,
    requests_per_second: u32,
    admin: SecretToken,
    master: String,
    port: u16,
    folder: tempfile::TempDir,
}

/// A running program; killed when it is dropped.
pub(super) struct Process {
    child: Child,
    log: PathBuf,
}

impl Setup {
    /// A program with a store, on a port of its own.
    pub(super) fn new(store: &str) -> Self {
        let master = MasterKey::generate().expect("random numbers");
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        Self {
            store: store.to_owned(),
            arguments: Vec::new(),
            requests_per_second: 0,
            admin: SecretToken::generate(TokenKind::Admin).expect("random numbers"),
            master: master.reveal().to_string(),
            port: listener.local_addr().expect("an address").port(),
            folder: tempfile::tempdir().expect("a temporary folder"),
        }
    }

    /// A program with an `SQLite` file in a folder.
    pub(super) fn sqlite(folder: &Path) -> Self {
        Self::new(&format!("sqlite:{}", folder.join("store.db").display()))
    }

    /// The same with another argument.
    pub(super) fn with(mut self, argument: impl Into<String>) -> Self {
        self.arguments.push(argument.into());
        self
    }

    /// The same with a limit of requests for each URL.
    pub(super) fn limited(self, requests_per_second: u32) -> Self {
        Self {
            requests_per_second,
            ..self
        }
    }

    /// Another replica: the same store and keys on another port.
    pub(super) fn replica(&self) -> Self {
        let other = Self::new(&self.store);
        Self {
            arguments: self.arguments.clone(),
            requests_per_second: self.requests_per_second,
            admin: self.admin.clone(),
            master: self.master.clone(),
            ..other
        }
    }

    /// Starts the program and waits until it answers.
    pub(super) async fn start(&self) -> Process {
        let mut process = self.launch();
        let began = Instant::now();
        while !self.admin().is_alive().await {
            let ended = process.child.try_wait().expect("a child");
            let is_hopeless = ended.is_some() || began.elapsed() > PATIENCE;
            assert!(!is_hopeless, "it does not start: {}", process.log());
            sleep(Duration::from_millis(5)).await;
        }
        process
    }

    /// A client of the admin API and of the servers.
    pub(super) fn admin(&self) -> Admin {
        Admin::new(
            &format!("http://127.0.0.1:{}", self.port),
            self.admin.reveal(),
        )
    }

    fn launch(&self) -> Process {
        let log = self.folder.path().join("log");
        let file = File::options().create(true).append(true).open(&log);
        let file = file.expect("a writable folder");
        let path = std::env::var_os("PATH").unwrap_or_default();
        let child = Command::new(program())
            .arg("serve")
            .arg(format!(
                "--requests-per-second={}",
                self.requests_per_second
            ))
            .arg(format!("--store={}", self.store))
            .arg(format!("--listen=127.0.0.1:{}", self.port))
            .args(&self.arguments)
            .env_clear()
            .env("PATH", path)
            .env("HOME", self.folder.path())
            .env("BILLSBY_MCP_ADMIN_TOKEN", self.admin.reveal())
            .env("BILLSBY_MCP_MASTER_KEY", &self.master)
            .env("RUST_LOG", "warn")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(file)
            .kill_on_drop(true)
            .spawn()
            .expect("the program starts");
        Process { child, log }
    }
}

impl Process {
    /// Kills the program as if the power had gone.
    pub(super) async fn kill(mut self) {
        self.child.kill().await.expect("a running program");
    }

    /// What it has written to standard error, in all its lives.
    pub(super) fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }
}
