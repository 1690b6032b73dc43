//! The server as a process: how it starts, what it uses.

use std::fs;
use std::process::Stdio;
use std::time::Duration;

use tokio::process::{Child, Command};

use crate::program::program;
use crate::upstream::{COMPANY_DOMAIN, Upstream};

/// A running server, which ends with this value.
pub(crate) struct Server {
    pub(crate) child: Child,
}

impl Server {
    pub(crate) fn start(upstream: &Upstream, arguments: &[&str]) -> Self {
        let child = Command::new(program())
            .args(arguments)
            .env_clear()
            .env("BILLSBY_API_KEY", "key")
            .env("BILLSBY_COMPANY_DOMAIN", COMPANY_DOMAIN)
            .env("BILLSBY_MCP_STORE", "none")
            .env("BILLSBY_BASE_URL", upstream.url())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // What is logged is part of the cost; where it goes is not.
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("the program starts");
        Self { child }
    }

    /// User and system time of all threads so far.
    pub(crate) fn processor_time(&self) -> Duration {
        /// What Linux calls `USER_HZ`, the same on every machine.
        const TICKS_PER_SECOND: u64 = 100;
        let stat = self.proc("stat");
        // The second field is a name in parentheses; user and system time are fields 14 and 15.
        let (_, fields) = stat.rsplit_once(") ").expect("a name in parentheses");
        let ticks: u64 = fields
            .split(' ')
            .skip(11)
            .take(2)
            .map(|field| field.parse::<u64>().expect("a number of ticks"))
            .sum();
        Duration::from_millis(ticks * 1000 / TICKS_PER_SECOND)
    }

    pub(crate) fn resident_megabytes(&self) -> f64 {
        let status = self.proc("status");
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))
            .expect("the resident set");
        let kilobytes: f64 = line
            .trim()
            .trim_end_matches(" kB")
            .parse()
            .expect("a number");
        kilobytes / 1024.0
    }

    fn proc(&self, file: &str) -> String {
        let id = self.child.id().expect("a running server");
        fs::read_to_string(format!("/proc/{id}/{file}")).expect("Linux")
    }
}
