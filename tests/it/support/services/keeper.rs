//! Servers end with the tests, also when those panic or are killed: a script keeps each one, and the end
//! of its input, which nobody can forget to send, is its order to end.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Lines, Write};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

/// How a server is ended.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Stop {
    /// It is asked to end and may tidy up.
    Asked,
    /// It is killed and can do nothing more.
    Killed,
}

/// A server that can be started and stopped, in a folder of its own.
#[derive(Debug)]
pub(super) struct Keeper {
    script: Child,
    answers: Lines<BufReader<ChildStdout>>,
    folder: PathBuf,
}

impl Keeper {
    /// Prepares a server without starting it. The folder belongs to the server from now on.
    pub(super) fn new<A: AsRef<OsStr>>(
        folder: &Path,
        command: impl IntoIterator<Item = A>,
    ) -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("services/keep");
        let mut script = Command::new(script)
            .arg(folder)
            .args(command)
            .current_dir(folder)
            // Whatever ends these tests, such as Ctrl-C, must not end the script before its work is done.
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the script starts");
        let answers = BufReader::new(script.stdout.take().expect("a pipe")).lines();
        Self {
            script,
            answers,
            folder: folder.to_owned(),
        }
    }

    /// Starts the server; it need not be ready yet.
    pub(super) fn start(&mut self) {
        self.order("start");
    }

    /// Ends the server and waits for its end.
    pub(super) fn stop(&mut self, how: Stop) {
        self.order(match how {
            Stop::Asked => "stop INT",
            Stop::Killed => "stop KILL",
        });
    }

    /// What the server has written so far.
    pub(super) fn log(&self) -> String {
        std::fs::read_to_string(self.folder.join("log")).unwrap_or_default()
    }

    fn order(&mut self, order: &str) {
        let stdin = self.script.stdin.as_mut().expect("a pipe");
        writeln!(stdin, "{order}").expect("the script reads");
        let answer = self.answers.next().expect("the script answers");
        answer.expect("UTF-8");
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        drop(self.script.stdin.take());
        // Nothing can be done about a script that cannot be waited for.
        let _ = self.script.wait();
    }
}
