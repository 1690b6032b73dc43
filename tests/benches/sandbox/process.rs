//! `billsby-mcp sandbox` as a process.

use std::fs;
use std::net::SocketAddr;
use std::process::Stdio;
use std::time::{Duration, Instant};

use billsby_mcp::sandbox::{API_KEY, BASE_PATH, COMPANY_DOMAIN};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

use crate::program::program;

/// A running sandbox, which ends with this value.
pub(crate) struct Process {
    child: Child,
    /// The program ends if nobody takes what it prints.
    _stdout: Lines<BufReader<ChildStdout>>,
    pub(crate) address: SocketAddr,
    client: reqwest::Client,
}

impl Process {
    /// A sandbox that has answered once, and how long that took from its start.
    pub(crate) async fn start(customers: u32) -> (Self, Duration) {
        let program = program();
        let client = reqwest::Client::builder().no_proxy().build();
        let client = client.expect("a client");
        let began = Instant::now();
        let mut child = Command::new(program)
            .args(["sandbox", "--listen", "127.0.0.1:0", "--seed", "1"])
            .args(["--customers", &customers.to_string()])
            .env_clear()
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("the program starts");
        let stdout = child.stdout.take().expect("a pipe");
        let mut lines = BufReader::new(stdout).lines();
        let line = lines.next_line().await;
        let line = line.expect("UTF-8").expect("the address");
        let address = line
            .strip_prefix("http://")
            .and_then(|rest| rest.split('/').next());
        let address = address.expect("an address").parse().expect("an address");
        let process = Self {
            child,
            _stdout: lines,
            address,
            client,
        };
        let path = format!("/core/{COMPANY_DOMAIN}/customers?page=1&pageSize=1");
        process.read(&path).await;
        (process, began.elapsed())
    }

    /// The body of an answer; the path is behind the base path.
    pub(crate) async fn read(&self, path: &str) -> Vec<u8> {
        let url = format!("http://{}{BASE_PATH}{path}", self.address);
        let reply = self.client.get(url).header("ApiKey", API_KEY).send().await;
        let reply = reply.expect("a reply").error_for_status();
        reply
            .expect("a success")
            .bytes()
            .await
            .expect("a body")
            .to_vec()
    }

    /// The id of the first customer of a page.
    pub(crate) async fn first_customer(&self, page: &str) -> String {
        let page: Value = serde_json::from_slice(&self.read(page).await).expect("JSON");
        let id = page["results"][0]["customerUniqueId"].as_str();
        id.expect("an id").to_owned()
    }

    pub(crate) fn resident_megabytes(&self) -> f64 {
        let id = self.child.id().expect("a running server");
        let status = fs::read_to_string(format!("/proc/{id}/status")).expect("Linux");
        let mut lines = status.lines();
        let line = lines.find_map(|line| line.strip_prefix("VmRSS:"));
        let line = line
            .expect("the resident set")
            .trim()
            .trim_end_matches(" kB");
        line.parse::<f64>().expect("a number") / 1024.0
    }
}
