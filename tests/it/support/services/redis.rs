//! Redis, and Valkey, which speaks the same.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::sync::{LazyLock, Mutex};
use std::time::{Duration, Instant};

use super::keeper::{Keeper, Stop};
use super::{PATIENCE, free_port};
use crate::support::can_run;

/// The password of the servers, which nothing may show.
pub(crate) const PASSWORD: &str = "redis-secret-71ab";
const MISSING: &str = "neither Redis nor Valkey is installed; tests/services/install installs one";

/// The programs of which there may be one or both.
static PROGRAMS: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let is_there =
        |name: &&str| std::env::split_paths(&path).any(|folder| folder.join(name).is_file());
    ["redis-server", "valkey-server"]
        .into_iter()
        .filter(is_there)
        .collect()
});

/// A server of this test run that keeps nothing on a disk, ended with this value or with the tests.
#[derive(Debug)]
pub(crate) struct Redis {
    keeper: Mutex<Keeper>,
    port: u16,
}

/// The programs that there are; nothing if there is none and the test is to be skipped.
fn programs(test: &str) -> Option<&'static [&'static str]> {
    let missing = PROGRAMS.is_empty().then_some(MISSING);
    can_run(test, missing).then_some(PROGRAMS.as_slice())
}

impl Redis {
    /// A server that only one test uses, or nothing if the test is to be skipped.
    pub(crate) fn start(test: &str) -> Option<Self> {
        Some(Self::launch(programs(test)?[0]))
    }

    /// A server of each program that there is, by its name; none if the test is to be skipped.
    pub(crate) fn start_each(test: &str) -> Vec<(&'static str, Self)> {
        let programs = programs(test).unwrap_or_default().iter();
        programs
            .map(|program| (*program, Self::launch(program)))
            .collect()
    }

    /// Its address, with the password.
    pub(crate) fn url(&self) -> String {
        format!("redis://:{PASSWORD}@127.0.0.1:{}/0", self.port)
    }

    /// Sends a command without spaces in its arguments; gives the first line of the answer.
    pub(crate) fn send(&self, command: &str) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).expect("a connection");
        write!(stream, "AUTH {PASSWORD}\r\n{command}\r\n").expect("a sent command");
        let answers = BufReader::new(stream).lines();
        let answers: Result<Vec<_>, _> = answers.take(2).collect();
        answers.expect("two answers").remove(1)
    }

    /// Ends the server and waits for its end. Everything in it is lost.
    pub(crate) fn stop(&self, how: Stop) {
        self.keeper.lock().expect("no test has failed").stop(how);
    }

    /// Starts it again, empty, on the same port, and waits until it answers.
    pub(crate) fn restart(&self) {
        self.keeper.lock().expect("no test has failed").start();
        self.wait();
    }

    /// Where it listens on this machine.
    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    fn launch(program: &str) -> Self {
        let folder = tempfile::Builder::new().prefix("billsby-redis-").tempdir();
        // From here on the keeper removes it.
        let folder = folder.expect("a temporary folder").keep();
        let port = free_port();
        let configuration = format!(
            "bind 127.0.0.1\nport {port}\nrequirepass {PASSWORD}\ndir {}\nsave \"\"\nappendonly no\n",
            folder.display()
        );
        let file = folder.join("configuration");
        fs::write(&file, configuration).expect("a writable folder");
        let mut keeper = Keeper::new(&folder, [program.as_ref(), file.as_os_str()]);
        keeper.start();
        let server = Self {
            keeper: Mutex::new(keeper),
            port,
        };
        server.wait();
        server
    }

    fn wait(&self) {
        let began = Instant::now();
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            if began.elapsed() > PATIENCE {
                let log = self.keeper.lock().expect("no test has failed").log();
                panic!("it does not start: {log}");
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}
