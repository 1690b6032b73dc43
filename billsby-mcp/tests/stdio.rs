//! The program as an MCP client sees it: started, spoken to over its pipes, and closed.

use std::io::{BufRead as _, BufReader, ErrorKind, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread::{JoinHandle, spawn};
use std::time::Duration;

use serde_json::{Value, json};

const KEY: &str = "acme_0123456789abcdef0123456789abcdef";
const PATIENCE: Duration = Duration::from_secs(30);

fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_billsby-mcp"));
    command
        .env_clear()
        .env("BILLSBY_API_KEY", KEY)
        .env("BILLSBY_COMPANY_DOMAIN", "acme")
        .env("RUST_LOG", "trace")
        .args(["stdio", "--methods=read,write,custom"]);
    command
}

/// A running program with an initialised session.
struct Session {
    child: Child,
    input: Option<ChildStdin>,
    output: Receiver<Value>,
    errors: JoinHandle<String>,
    last_id: u64,
}

impl Session {
    fn start(billsby: SocketAddr) -> (Self, Value) {
        let mut child = program()
            .env("BILLSBY_BASE_URL", format!("http://{billsby}/rest"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        let (sender, output) = channel();
        spawn(move || {
            for line in stdout.lines() {
                let line = line.unwrap();
                let message: Value = serde_json::from_str(&line)
                    .unwrap_or_else(|_| panic!("not JSON on standard output: {line}"));
                assert_eq!(
                    message["jsonrpc"], "2.0",
                    "not JSON-RPC on standard output: {line}"
                );
                let _ = sender.send(message);
            }
        });
        let mut stderr = child.stderr.take().unwrap();
        let errors = spawn(move || {
            let mut text = String::new();
            stderr.read_to_string(&mut text).unwrap();
            text
        });
        let mut session = Self {
            input: child.stdin.take(),
            child,
            output,
            errors,
            last_id: 0,
        };
        let greeting = session.request(
            "initialize",
            &json!({
                "protocolVersion": "2025-06-18",
                "capabilities": {},
                "clientInfo": {"name": "test", "version": "0"},
            }),
        );
        session.send(&json!({"jsonrpc": "2.0", "method": "notifications/initialized"}));
        (session, greeting["result"].clone())
    }

    fn send(&mut self, message: &Value) {
        let input = self.input.as_mut().unwrap();
        writeln!(input, "{message}").unwrap();
        input.flush().unwrap();
    }

    fn request(&mut self, method: &str, params: &Value) -> Value {
        self.last_id += 1;
        let id = self.last_id;
        self.send(&json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}));
        let answer = self.output.recv_timeout(PATIENCE).expect("no answer");
        assert_eq!(answer["id"], id, "{answer}");
        answer
    }

    fn call(&mut self, tool: &str, arguments: &Value) -> Value {
        let answer = self.request("tools/call", &json!({"name": tool, "arguments": arguments}));
        let result = answer["result"].clone();
        assert!(result.is_object(), "{answer}");
        let text: Value =
            serde_json::from_str(result["content"][0]["text"].as_str().unwrap()).unwrap();
        assert_eq!(
            text, result["structuredContent"],
            "text and structure differ"
        );
        result
    }

    /// Closes the session; gives what the program wrote to standard error.
    fn close(mut self) -> (ExitStatus, String) {
        drop(self.input.take());
        let status = self.child.wait().unwrap();
        let errors = self.errors.join().unwrap();
        assert!(
            !errors.contains(KEY),
            "the key is in standard error: {errors}"
        );
        (status, errors)
    }
}

/// An address where nobody listens.
fn closed_port() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
}

/// A Billsby that gives one answer to its only request, which it returns.
fn billsby(status: &'static str, body: &'static str) -> (SocketAddr, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let request = spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = Vec::new();
        let mut buffer = [0; 4096];
        while !request.windows(4).any(|end| end == b"\r\n\r\n") {
            let read = stream.read(&mut buffer).unwrap();
            request.extend_from_slice(&buffer[..read]);
        }
        write!(
            stream,
            "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\
             connection: close\r\n\r\n{body}",
            body.len()
        )
        .unwrap();
        String::from_utf8(request).unwrap()
    });
    (address, request)
}

fn tool(operation: &str) -> &'static billsby_mcp::tool::Tool {
    billsby_mcp::tools()
        .find(|tool| tool.operation == operation)
        .unwrap()
}

#[test]
fn introduces_itself() {
    let (session, greeting) = Session::start(closed_port());
    assert_eq!(greeting["protocolVersion"], "2025-06-18");
    assert_eq!(greeting["serverInfo"]["name"], "billsby-mcp");
    assert_eq!(greeting["serverInfo"]["version"], env!("CARGO_PKG_VERSION"));
    assert!(greeting["capabilities"]["tools"].is_object());
    assert!(
        greeting["instructions"]
            .as_str()
            .is_some_and(|text| text.contains("companyDomain is always \"acme\""))
    );
    let (status, _) = session.close();
    assert!(status.success());
}

#[test]
fn lists_every_reviewed_tool_in_order() {
    let (mut session, _) = Session::start(closed_port());
    let answer = session.request("tools/list", &json!({}));
    let listed = answer["result"]["tools"].as_array().unwrap();
    let expected: Vec<&billsby_mcp::tool::Tool> =
        billsby_mcp::tools().filter(|tool| tool.reviewed).collect();
    assert_eq!(listed.len(), expected.len());
    for (listed, tool) in listed.iter().zip(expected) {
        assert_eq!(listed["name"], tool.name);
        let description = listed["description"].as_str().unwrap();
        assert!(
            !description.is_empty() && !description.contains('{'),
            "{description}"
        );
        let hints = &listed["annotations"];
        assert_eq!(hints["title"], tool.title);
        assert_eq!(hints["readOnlyHint"], tool.effect.is_read());
        for hint in ["destructiveHint", "idempotentHint", "openWorldHint"] {
            assert!(hints[hint].is_boolean(), "{hint} of {}", tool.name);
        }
        let schema = &listed["inputSchema"];
        assert_eq!(schema["type"], "object");
        assert_eq!(schema["additionalProperties"], false);
        if let Some(domain) = schema["properties"].get("companyDomain") {
            assert_eq!(domain["enum"], json!(["acme"]));
        }
    }
    session.close();
}

#[test]
fn arguments_that_cannot_be_used_are_explained_and_not_sent() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let (mut session, _) = Session::start(listener.local_addr().unwrap());
    let tool = tool("customers.list");

    let result = session.call(
        tool.name,
        &json!({"companyDomain": "other", "page_size": 5}),
    );
    assert_eq!(result["isError"], true);
    let report = &result["structuredContent"];
    assert_eq!(report["outcome"], "not_sent");
    assert_eq!(report["retryable"], false);
    let problems: Vec<String> = report["problems"]
        .as_array()
        .unwrap()
        .iter()
        .map(|problem| format!("{}: {}", problem["field"], problem["problem"]))
        .collect();
    assert!(
        problems
            .iter()
            .any(|problem| problem.contains("companyDomain")),
        "{problems:?}"
    );
    assert!(
        problems
            .iter()
            .any(|problem| problem.contains("did you mean pageSize?")),
        "{problems:?}"
    );

    let without_arguments = session.request("tools/call", &json!({"name": tool.short_name}));
    assert_eq!(without_arguments["result"]["isError"], true);

    session.close();
    assert_eq!(
        listener.accept().unwrap_err().kind(),
        ErrorKind::WouldBlock,
        "something was sent"
    );
}

#[test]
fn what_is_not_a_tool_call_is_a_protocol_error() {
    let (mut session, _) = Session::start(closed_port());
    let answer = session.request(
        "tools/call",
        &json!({"name": "list_custmers", "arguments": {}}),
    );
    assert_eq!(answer["error"]["code"], -32602);
    assert!(answer.get("result").is_none());
    let answer = session.request("tools/call", &json!({"name": 5, "arguments": {}}));
    assert_eq!(answer["error"]["code"], -32602);
    let answer = session.request("tools/cal", &json!({}));
    assert_eq!(answer["error"]["code"], -32601);
    session.close();
}

#[test]
fn a_billsby_that_cannot_be_reached_is_a_tool_error() {
    let (mut session, _) = Session::start(closed_port());
    let result = session.call(
        tool("customers.list").name,
        &json!({"companyDomain": "acme"}),
    );
    assert_eq!(result["isError"], true);
    assert_eq!(result["structuredContent"]["outcome"], "not_sent");
    assert_eq!(result["structuredContent"]["retryable"], true);
    let (_, errors) = session.close();
    assert!(
        errors.contains("not_sent"),
        "the outcome is not in the log: {errors}"
    );
}

#[test]
fn passes_on_what_billsby_answers() {
    let body = r#"{"results":[{"email":"ada@example.com","somethingNew":1}],"currentPage":1}"#;
    let (address, request) = billsby("200 OK", body);
    let (mut session, _) = Session::start(address);
    let result = session.call(
        tool("customers.list").short_name,
        &json!({"companyDomain": "acme"}),
    );
    assert_eq!(result["isError"], false);
    assert_eq!(
        result["structuredContent"],
        serde_json::from_str::<Value>(body).unwrap()
    );
    let request = request.join().unwrap().to_ascii_lowercase();
    assert!(
        request.starts_with("get /rest/core/acme/customers?"),
        "{request}"
    );
    assert!(request.contains(&format!("apikey: {KEY}")), "{request}");
    let (_, errors) = session.close();
    assert!(
        !errors.contains("ada@example.com"),
        "a result is in the log: {errors}"
    );
}

#[test]
fn passes_on_a_success_that_cannot_be_understood() {
    let (address, _request) = billsby("200 OK", r#"{"results":"none"}"#);
    let (mut session, _) = Session::start(address);
    let result = session.call(
        tool("customers.list").name,
        &json!({"companyDomain": "acme"}),
    );
    assert_eq!(result["isError"], false);
    assert_eq!(result["structuredContent"], json!({"results": "none"}));
    assert!(
        result["content"][1]["text"]
            .as_str()
            .unwrap()
            .contains("succeeded")
    );
    session.close();
}

#[test]
fn passes_on_a_refusal() {
    let (address, _request) = billsby("404 Not Found", r#"{"message":"No such company"}"#);
    let (mut session, _) = Session::start(address);
    let result = session.call(
        tool("customers.list").name,
        &json!({"companyDomain": "acme"}),
    );
    assert_eq!(result["isError"], true);
    let report = &result["structuredContent"];
    assert_eq!(report["status"], 404);
    assert_eq!(report["outcome"], "rejected");
    assert!(
        report["message"]
            .as_str()
            .unwrap()
            .contains("No such company"),
        "{report}"
    );
    session.close();
}

#[test]
fn settings_that_cannot_be_used_are_named() {
    for (name, value) in [
        ("BILLSBY_API_KEY", None),
        ("BILLSBY_API_KEY", Some(" ")),
        ("BILLSBY_COMPANY_DOMAIN", None),
        ("BILLSBY_COMPANY_DOMAIN", Some("")),
        ("BILLSBY_BASE_URL", Some("")),
        ("BILLSBY_BASE_URL", Some("not an address")),
    ] {
        let mut command = program();
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
        let output = command.output().unwrap();
        let errors = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{name}={value:?}: {errors}");
        assert_eq!(output.stdout, b"");
        assert!(!errors.contains(KEY), "{errors}");
        assert!(errors.contains(name), "{errors}");
    }
}
