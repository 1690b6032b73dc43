//! The MCP server as a client meets it: a program, spoken to over its pipes.

use std::process::Stdio;
use std::time::Duration;

use billsby_mcp::tool::{Filter, Settings};
use serde_json::{Map, Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::task::JoinHandle;

use super::program;
use crate::mock::{API_KEY, COMPANY_DOMAIN, Mock};

/// How long an answer may take; far more than any does.
const PATIENCE: Duration = Duration::from_secs(30);

/// A running server with an open session.
pub(crate) struct Server {
    child: Child,
    input: ChildStdin,
    output: Lines<BufReader<ChildStdout>>,
    errors: JoinHandle<String>,
    /// What the server said about itself.
    pub(crate) greeting: Value,
    last_id: u64,
}

/// The result of `tools/call`.
#[derive(Debug, Clone)]
pub(crate) struct ToolResult {
    pub(crate) is_error: bool,
    pub(crate) structured: Value,
    /// The texts behind the first one, which repeats the structured content.
    pub(crate) notes: Vec<String>,
}

/// The option for every tool there is.
const ALL_TOOLS: &str = "--methods=read,write,custom";

/// The same for an account inside this process.
pub(crate) fn all_tools() -> Settings {
    Settings {
        filter: Filter {
            methods: ["read", "write", "custom"].map(str::to_owned).to_vec(),
            ..Filter::default()
        },
        ..Settings::default()
    }
}

/// The program as it is started for the mock's company.
fn command(mock: &Mock, options: &[&str]) -> Command {
    let mut command = Command::new(program());
    command
        .arg("stdio")
        .args(options)
        .env_clear()
        .env("BILLSBY_API_KEY", API_KEY)
        .env("BILLSBY_COMPANY_DOMAIN", COMPANY_DOMAIN)
        .env("BILLSBY_BASE_URL", mock.url())
        .env("RUST_LOG", "trace");
    command
}

impl Server {
    /// Starts the server of the mock's company with all tools, and with everything in its log that it
    /// can log.
    pub(crate) async fn start(mock: &Mock) -> Self {
        Self::start_with(mock, &[ALL_TOOLS]).await
    }

    /// The same with these options and no others.
    pub(crate) async fn start_with(mock: &Mock, options: &[&str]) -> Self {
        Self::of(command(mock, options)).await
    }

    /// The same with more in its environment.
    pub(crate) async fn start_in(mock: &Mock, environment: &[(&str, &str)]) -> Self {
        let mut command = command(mock, &[]);
        command.envs(environment.iter().copied());
        Self::of(command).await
    }

    /// Starts a server that must refuse to start because of its options; gives what it says.
    pub(crate) async fn refused(mock: &Mock, options: &[&str]) -> String {
        let output = command(mock, options)
            .stdin(Stdio::null())
            .output()
            .await
            .expect("the program starts");
        let errors = String::from_utf8(output.stderr).expect("UTF-8");
        assert_eq!(output.status.code(), Some(2), "{options:?}: {errors}");
        assert_eq!(output.stdout, b"", "{options:?}");
        errors
    }

    async fn of(mut command: Command) -> Self {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("the program starts");
        let stdout = child.stdout.take().expect("a pipe");
        let mut stderr = child.stderr.take().expect("a pipe");
        let errors = tokio::spawn(async move {
            let mut text = String::new();
            stderr.read_to_string(&mut text).await.expect("UTF-8");
            text
        });
        let mut server = Self {
            input: child.stdin.take().expect("a pipe"),
            child,
            output: BufReader::new(stdout).lines(),
            errors,
            greeting: Value::Null,
            last_id: 0,
        };
        server.greeting = server
            .request(
                "initialize",
                &json!({
                    "protocolVersion": "2025-06-18",
                    "capabilities": {},
                    "clientInfo": {"name": "test", "version": "0"},
                }),
            )
            .await["result"]
            .take();
        server
            .send(&json!({"jsonrpc": "2.0", "method": "notifications/initialized"}))
            .await;
        server
    }

    async fn send(&mut self, message: &Value) {
        let line = format!("{message}\n");
        let sent = self.input.write_all(line.as_bytes()).await;
        sent.expect("the server reads");
        self.input.flush().await.expect("the server reads");
    }

    /// Sends a request and waits for its answer: a whole JSON-RPC message.
    pub(crate) async fn request(&mut self, method: &str, params: &Value) -> Value {
        self.last_id += 1;
        let id = self.last_id;
        self.send(&json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}))
            .await;
        let line = tokio::time::timeout(PATIENCE, self.output.next_line())
            .await
            .expect("an answer in time")
            .expect("UTF-8 lines")
            .expect("an answer before the end");
        let answer: Value = serde_json::from_str(&line).expect("JSON");
        assert_eq!(answer["jsonrpc"], "2.0", "{line}");
        assert_eq!(answer["id"], id, "{line}");
        answer
    }

    /// The tools that the server lists.
    pub(crate) async fn tools(&mut self) -> Vec<Value> {
        let mut answer = self.request("tools/list", &json!({})).await;
        match answer["result"]["tools"].take() {
            Value::Array(tools) => tools,
            _ => panic!("no list of tools: {answer}"),
        }
    }

    /// Calls a tool, which must give a result, good or bad.
    pub(crate) async fn call(&mut self, tool: &str, arguments: &Map<String, Value>) -> ToolResult {
        let params = json!({"name": tool, "arguments": arguments});
        let answer = self.request("tools/call", &params).await;
        ToolResult::read(&answer)
    }

    /// Ends the session; gives what the server has written to standard error.
    pub(crate) async fn close(self) -> String {
        let Self {
            mut child,
            input,
            errors,
            ..
        } = self;
        drop(input);
        let status = tokio::time::timeout(PATIENCE, child.wait())
            .await
            .expect("an end in time")
            .expect("a status");
        assert!(status.success(), "{status}");
        errors.await.expect("standard error")
    }
}

impl ToolResult {
    fn read(answer: &Value) -> Self {
        let result = &answer["result"];
        let texts: Vec<&str> = result["content"]
            .as_array()
            .unwrap_or_else(|| panic!("no content: {answer}"))
            .iter()
            .map(|block| {
                assert_eq!(block["type"], "text", "{answer}");
                block["text"].as_str().expect("text")
            })
            .collect();
        let structured = result["structuredContent"].clone();
        assert!(structured.is_object(), "not an object: {answer}");
        // Clients that know text only must not see less.
        let text: Value = serde_json::from_str(texts[0]).expect("JSON as text");
        assert_eq!(text, structured, "text and structure differ");
        Self {
            is_error: result["isError"].as_bool().expect("true or false"),
            structured,
            notes: texts[1..].iter().map(|&text| text.to_owned()).collect(),
        }
    }

    /// A field of a report on a failure, as text.
    pub(crate) fn text(&self, field: &str) -> &str {
        self.structured[field].as_str().unwrap_or_default()
    }

    /// The fields that a report calls wrong.
    pub(crate) fn wrong_fields(&self) -> Vec<&str> {
        let problems = self.structured["problems"].as_array();
        let fields = problems.into_iter().flatten();
        fields
            .filter_map(|problem| problem["field"].as_str())
            .collect()
    }
}
