//! The protocol over standard input and output, byte for byte.

mod calls;
mod ending;
mod messages;
mod prompts;
mod resources;
mod versions;

use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

use crate::mock::{API_KEY, COMPANY_DOMAIN, Mock};
use crate::support::program;

/// How long the program may take; far more than it does.
const PATIENCE: Duration = Duration::from_secs(60);

/// The option for every tool there is.
const ALL_TOOLS: &str = "--methods=read,write,custom";

/// A tool that only reads, with its operation in the mock.
const READ: (&str, &str) = ("list_customers", "Customer_listCustomers");

/// A running program with its pipes.
struct Wire {
    child: Child,
    input: Option<ChildStdin>,
    output: Lines<BufReader<ChildStdout>>,
}

impl Wire {
    /// Starts the program, and says nothing yet.
    fn start(mock: &Mock, options: &[&str]) -> Self {
        let mut child = Command::new(program())
            .arg("stdio")
            .args(options)
            .env_clear()
            .env("BILLSBY_API_KEY", API_KEY)
            .env("BILLSBY_COMPANY_DOMAIN", COMPANY_DOMAIN)
            .env("BILLSBY_BASE_URL", mock.url())
            .env("RUST_LOG", "off")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("the program starts");
        let stdout = child.stdout.take().expect("a pipe");
        Self {
            input: child.stdin.take(),
            child,
            output: BufReader::new(stdout).lines(),
        }
    }

    /// The same with a session of an older protocol; gives the answer to `initialize` as well.
    async fn session(mock: &Mock, options: &[&str]) -> (Self, Value) {
        let mut wire = Self::start(mock, options);
        let greeting = wire.ask("initialize", &hello("2025-11-25")).await["result"].take();
        wire.send(&json!({"jsonrpc": "2.0", "method": "notifications/initialized"}))
            .await;
        (wire, greeting)
    }

    async fn send(&mut self, message: &Value) {
        self.send_text(&format!("{message}\n")).await;
    }

    async fn send_text(&mut self, text: &str) {
        let input = self.input.as_mut().expect("an open pipe");
        let sent = input.write_all(text.as_bytes()).await;
        sent.expect("the program reads");
    }

    /// The next message; none if the program has closed its end.
    async fn next(&mut self) -> Option<Value> {
        let line = tokio::time::timeout(PATIENCE, self.output.next_line()).await;
        let line = line.expect("a line in time").expect("UTF-8")?;
        let message: Value = serde_json::from_str(&line).expect("JSON");
        assert_eq!(message["jsonrpc"], "2.0", "{line}");
        Some(message)
    }

    async fn receive(&mut self) -> Value {
        self.next().await.expect("a message before the end")
    }

    /// Sends a request whose answer is the next message.
    async fn ask(&mut self, method: &str, params: &Value) -> Value {
        self.send(&request(method, method, params)).await;
        let answer = self.receive().await;
        assert_eq!(answer["id"], method, "{answer}");
        answer
    }

    /// The result of a request that must have one.
    async fn result(&mut self, method: &str, params: &Value) -> Value {
        let mut answer = self.ask(method, params).await;
        assert!(answer.get("error").is_none(), "{answer}");
        answer["result"].take()
    }

    /// The code of the error that a request must have.
    async fn error(&mut self, method: &str, params: &Value) -> i64 {
        let answer = self.ask(method, params).await;
        answer["error"]["code"]
            .as_i64()
            .unwrap_or_else(|| panic!("no error: {answer}"))
    }

    /// Closes this end.
    fn close(&mut self) {
        self.input = None;
    }

    /// Closes this end and waits for the program's, which must say nothing more.
    async fn end(mut self) {
        self.close();
        assert_eq!(self.next().await, None);
        assert!(self.status().await.success());
    }

    async fn status(&mut self) -> ExitStatus {
        let status = tokio::time::timeout(PATIENCE, self.child.wait()).await;
        status.expect("an end in time").expect("a status")
    }

    /// Everything that is still to come.
    async fn rest(&mut self) -> String {
        let mut rest = String::new();
        let read = self.output.get_mut().read_to_string(&mut rest);
        let read = tokio::time::timeout(PATIENCE, read).await;
        read.expect("an end in time").expect("UTF-8");
        rest
    }
}

fn request(id: &str, method: &str, params: &Value) -> Value {
    json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params})
}

/// The parameters of `initialize`.
fn hello(version: &str) -> Value {
    json!({
        "protocolVersion": version,
        "capabilities": {},
        "clientInfo": {"name": "test", "version": "0"},
    })
}

/// The parameters of a call that only reads.
fn read() -> Value {
    json!({"name": READ.0, "arguments": {"companyDomain": COMPANY_DOMAIN}})
}

/// Waits until the mock has received so many requests.
async fn until_sent(mock: &Mock, number: usize) {
    while mock.recorded().len() < number {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// The names in a list of objects.
fn names(list: &Value) -> Vec<&str> {
    let list = list.as_array().expect("a list");
    list.iter()
        .map(|item| item["name"].as_str().expect("a name"))
        .collect()
}
