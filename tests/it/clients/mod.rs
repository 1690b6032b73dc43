//! Clients that other people wrote, against the server. `tests/clients/install` installs them.

mod conformance;
mod inspector;
mod python;

use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use std::time::Duration;

use tokio::process::Command;

use crate::support::can_run;

/// How long a client may take; far more than any does.
const PATIENCE: Duration = Duration::from_secs(300);

/// Where the clients are installed.
fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/ci/clients")
}

/// Whether a part of the installation is complete; if not, says so in the name of a test.
fn installed(test: &str, list: &str) -> bool {
    let pinned = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("clients")
        .join(list);
    let pinned = std::fs::read(pinned).expect("the list of clients");
    let installed = std::fs::read(folder().join(format!("{list}.installed"))).ok();
    let missing = (installed.as_deref() != Some(&pinned))
        .then_some("the clients are not installed; run tests/clients/install");
    can_run(test, missing)
}

/// A command of Node's with one of the installed scripts.
fn node(script: &str) -> Command {
    let modules = folder().join("node_modules");
    let mut command = Command::new(modules.join(".bin/node"));
    command.arg(modules.join(script));
    command
}

/// Runs a command to its end; it must not take forever.
async fn run(command: &mut Command) -> Output {
    let child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .expect("the client starts");
    let output = tokio::time::timeout(PATIENCE, child.wait_with_output()).await;
    output.expect("an end in time").expect("an output")
}

/// Everything that a command has written, for the message of a failed test.
fn written(output: &Output) -> String {
    let stdout = String::from_utf8_lossy(&output.stdout);
    let stderr = String::from_utf8_lossy(&output.stderr);
    format!("{}\n{stdout}\n{stderr}", output.status)
}
