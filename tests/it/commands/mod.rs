//! The program as operators use it: what `serve` prints and keeps, and the commands that manage it.

mod config;
mod ending;
mod first_start;
mod keys;
mod manage;
mod options;
mod rekey;
mod secrecy;
mod shared;

use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, Command};
use tokio::task::JoinHandle;

use crate::support::program;

/// How long the program may take for anything; far more than it does.
const PATIENCE: Duration = Duration::from_secs(60);
/// What is printed last when a server with a store begins.
const LAST_LINE: &str = "Add an account:";

/// A home folder of its own, with everything that is kept in it.
struct Home(TempDir);

/// How a command ended.
#[derive(Debug)]
struct Ended {
    status: Option<i32>,
    stdout: String,
    stderr: String,
}

/// A running `billsby-mcp serve`; it is killed when it is dropped.
struct Serving {
    child: Child,
    log: JoinHandle<String>,
    rest: JoinHandle<()>,
    /// Everything it printed when it began.
    announcement: String,
}

impl Home {
    fn new() -> Self {
        Self(TempDir::new().expect("a folder"))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// The folder that the data is kept in unless something else is said.
    fn data(&self) -> PathBuf {
        self.path().join(".local/share/billsby-mcp")
    }

    /// The program with this home and nothing else.
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(program());
        command
            .args(arguments)
            .env_clear()
            .env("HOME", self.path())
            .env("RUST_LOG", "trace")
            .current_dir(self.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        command
    }

    /// Starts a server on a free port.
    async fn serve(&self, arguments: &[&str]) -> Serving {
        let mut command = self.command(&["serve", "--listen=127.0.0.1:0"]);
        command.args(arguments);
        Serving::start(command).await
    }

    /// What a server says that must not begin.
    async fn refused(&self, arguments: &[&str], environment: &[(&str, &str)]) -> String {
        let mut command = self.command(&["serve", "--listen=127.0.0.1:0"]);
        command.args(arguments).envs(environment.iter().copied());
        let ended = ended(command, "").await;
        assert_eq!(ended.status, Some(2), "{arguments:?}: {}", ended.stderr);
        assert_eq!(ended.stdout, "", "{arguments:?}");
        ended.stderr
    }
}

/// Runs a program to its end, with something to read.
async fn ended(mut command: Command, input: &str) -> Ended {
    let mut child = command.stdin(Stdio::piped()).spawn().expect("it starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    // A program that does not read it may have ended before.
    let _ = stdin.write_all(input.as_bytes()).await;
    drop(stdin);
    let output = tokio::time::timeout(PATIENCE, child.wait_with_output()).await;
    Ended::from(output.expect("an end in time").expect("an output"))
}

impl From<Output> for Ended {
    fn from(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
        Self {
            status: output.status.code(),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        }
    }
}

impl Ended {
    /// What it printed, which must be all it had to say.
    #[track_caller]
    fn good(self) -> String {
        assert_eq!(self.status, Some(0), "{}{}", self.stdout, self.stderr);
        self.stdout
    }

    #[track_caller]
    fn json(self) -> Value {
        let text = self.good();
        serde_json::from_str(&text).expect(&text)
    }
}

impl Serving {
    async fn start(mut command: Command) -> Self {
        let mut child = command.spawn().expect("the program starts");
        let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
        let mut stderr = child.stderr.take().expect("a pipe");
        let log = tokio::spawn(async move {
            let mut text = String::new();
            stderr.read_to_string(&mut text).await.expect("UTF-8");
            text
        });
        let mut announcement = String::new();
        while !announcement.contains(LAST_LINE) {
            let line = tokio::time::timeout(PATIENCE, lines.next_line()).await;
            let Some(line) = line.expect("a line in time").expect("UTF-8") else {
                panic!("it ended: {announcement}{}", log.await.expect("a log"));
            };
            announcement.push_str(&line);
            announcement.push('\n');
        }
        let rest = tokio::spawn(async move {
            let line = lines.next_line().await.expect("UTF-8");
            assert_eq!(line, None, "nothing more is printed");
        });
        Self {
            child,
            log,
            rest,
            announcement,
        }
    }

    fn first_line(&self) -> &str {
        self.announcement.lines().next().expect("a line")
    }

    /// What stands behind a name.
    fn value(&self, name: &str) -> Option<&str> {
        let mut lines = self.announcement.lines();
        let value = lines.find_map(|line| line.strip_prefix(name))?;
        Some(value.trim())
    }

    /// The address of the admin API.
    fn api(&self) -> &str {
        let value = self.value("Admin API").expect("an address");
        value.split(' ').next().expect("an address")
    }

    /// The admin token that was printed, if it was.
    fn admin_token(&self) -> Option<&str> {
        let value = self.value("Admin token").expect("a line");
        value.starts_with("bmcp_admin_").then_some(value)
    }

    /// Asks it to end, which must go well; gives its log.
    async fn stop(mut self) -> String {
        let id = self.child.id().expect("a running program").to_string();
        let killed = Command::new("kill").args(["-TERM", &id]).status().await;
        assert!(killed.expect("kill runs").success());
        let status = tokio::time::timeout(PATIENCE, self.child.wait()).await;
        let status = status.expect("an end in time").expect("a status");
        let log = self.log.await.expect("a log");
        self.rest.await.expect("the end of what it prints");
        assert!(status.success(), "{status}: {log}");
        log
    }
}
