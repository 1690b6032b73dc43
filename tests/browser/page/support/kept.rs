//! Programs that end with the tests, also when those panic or are killed: a script keeps each one, and the
//! end of its input, which nobody can forget to send, is its order to end.

use std::fs;
use std::net::TcpListener;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// A running program with a folder of its own, which is its home.
#[derive(Debug)]
pub(super) struct Kept {
    script: Child,
    folder: PathBuf,
}

impl Kept {
    /// Starts a program; it need not be ready yet. It gets no environment but this and where programs are.
    pub(super) fn start(
        program: &Path,
        arguments: &[String],
        environment: &[(&str, &str)],
    ) -> Self {
        let folder = tempfile::Builder::new()
            .prefix("billsby-browser-")
            .tempdir();
        // From here on the script removes it.
        let folder = folder.expect("a temporary folder").keep();
        let script = Command::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("keep"))
            .arg(&folder)
            .arg(program)
            .args(arguments)
            .current_dir(&folder)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", &folder)
            .env("TMPDIR", &folder)
            .envs(environment.iter().copied())
            // Whatever ends these tests, such as Ctrl-C, must not end the script before its work is done.
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the script starts");
        Self { script, folder }
    }

    /// What the program has written so far.
    pub(super) fn log(&self) -> String {
        fs::read_to_string(self.folder.join("log")).unwrap_or_default()
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        drop(self.script.stdin.take());
        // Nothing can be done about a script that cannot be waited for.
        let _ = self.script.wait();
    }
}

/// A port that was free a moment ago.
pub(super) fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("an address").port()
}
