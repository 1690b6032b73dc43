//! The sandbox as programs: alone, and behind the two servers.

use std::process::{Output, Stdio};
use std::time::Duration;

use billsby_mcp::sandbox::{API_KEY, COMPANY_DOMAIN};
use serde_json::{Map, Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

use super::Reply;
use crate::support::{HttpClient, program};

/// How long the program may take for anything; far more than it does.
const PATIENCE: Duration = Duration::from_secs(60);

/// A tool that is no read, as it is listed.
const REFUND: &str = r#""name":"billsby_invoices_refund_invoice""#;

/// A running program and what it prints.
struct Program {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(program());
    command
        .args(arguments)
        .env_clear()
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    command
}

impl Program {
    fn start(mut command: Command) -> Self {
        let mut child = command.spawn().expect("the program starts");
        let stdout = child.stdout.take().expect("a pipe");
        Self {
            child,
            lines: BufReader::new(stdout).lines(),
        }
    }

    async fn line(&mut self) -> String {
        let line = tokio::time::timeout(PATIENCE, self.lines.next_line()).await;
        let line = line.expect("a line in time").expect("UTF-8");
        line.expect("a line before the end")
    }

    /// The line that answers another one.
    async fn line_for(&mut self, input: &mut ChildStdin, message: &Value) -> String {
        let written = input.write_all(format!("{message}\n").as_bytes()).await;
        written.expect("a reader");
        self.line().await
    }

    /// Everything up to the line that contains this, which is the last one.
    async fn until(&mut self, last: &str) -> String {
        let mut text = String::new();
        loop {
            let line = self.line().await;
            text.push_str(&line);
            text.push('\n');
            if line.contains(last) {
                return text;
            }
        }
    }

    /// Asks the program to end, which must go well; gives what it wrote to standard error.
    async fn stop(mut self) -> String {
        let id = self.child.id().expect("a running program").to_string();
        let killed = Command::new("kill").args(["-TERM", &id]).status().await;
        assert!(killed.expect("kill runs").success());
        let status = tokio::time::timeout(PATIENCE, self.child.wait()).await;
        let status = status.expect("an end in time").expect("a status");
        let mut errors = String::new();
        let stderr = self.child.stderr.as_mut().expect("a pipe");
        stderr.read_to_string(&mut errors).await.expect("UTF-8");
        assert!(status.success(), "{status}: {errors}");
        errors
    }
}

/// The output of a program that ends by itself.
async fn ended(arguments: &[&str]) -> Output {
    let output = tokio::time::timeout(PATIENCE, command(arguments).output()).await;
    output.expect("an end in time").expect("the program starts")
}

/// The parameters of a call that reads customers.
fn list_customers() -> Value {
    let arguments = json!({"companyDomain": COMPANY_DOMAIN, "page": 1, "pageSize": 10});
    json!({"name": "list_customers", "arguments": arguments})
}

async fn get(url: &str) -> Reply {
    let client = reqwest::Client::builder().no_proxy().build();
    let request = client.expect("a client").get(url).header("ApiKey", API_KEY);
    Reply::to(request).await
}

#[tokio::test]
async fn the_sandbox_alone_says_where_it_is_and_how_to_call_it() {
    let arguments = ["sandbox", "--listen=127.0.0.1:0", "--customers=3"];
    let mut program = Program::start(command(&arguments));
    let base_url = program.line().await;
    assert!(base_url.ends_with("/api/v1/rest"), "{base_url}");
    let text = program.until("/__sandbox/effects").await;
    assert!(text.contains(API_KEY), "{text}");
    assert!(text.contains("Company domain  sandbox"), "{text}");
    let curl = text.lines().find(|line| line.contains("/customers?"));
    let url = curl
        .and_then(|line| line.rsplit('\'').nth(1))
        .expect("a URL");
    assert!(url.starts_with(&base_url), "{url}");
    get(url).await.expect(200);
    program.stop().await;
}

#[tokio::test]
async fn a_seed_gives_a_bigger_company_and_a_number_another_one() {
    let count = async |arguments: &[&str]| {
        let all = [&["sandbox", "--listen=127.0.0.1:0"], arguments].concat();
        let mut program = Program::start(command(&all));
        let base_url = program.line().await;
        let path = "core/sandbox/customers?page=1&pageSize=1";
        let page = get(&format!("{base_url}/{path}")).await.expect(200).json();
        program.stop().await;
        page["pageCount"].as_u64().expect("a count of pages")
    };
    let named = count(&["--customers=0"]).await;
    assert_eq!(count(&[]).await, named + 120);
    assert_eq!(count(&["--seed=7"]).await, named + 1000);
    assert_eq!(count(&["--seed=7", "--customers=5"]).await, named + 5);
}

#[tokio::test]
async fn a_server_of_the_sandbox_says_what_to_paste_and_what_to_ask() {
    let mut program = Program::start(command(&["serve", "--sandbox", "--listen=127.0.0.1:0"]));
    let url = program.line().await;
    let text = program.until("/__sandbox/effects").await;
    for part in [
        format!("claude mcp add --transport http billsby {url}"),
        format!(r#"{{"mcpServers": {{"billsby": {{"url": "{url}"}}}}}}"#),
        format!(r#"{{"servers": {{"billsby": {{"type": "http", "url": "{url}"}}}}}}"#),
    ] {
        assert!(text.contains(&part), "{part}: {text}");
    }
    for part in [
        "ChatGPT",
        "stdio",
        "Dana Whitfield",
        "Omar Haddad",
        "unpaid",
        API_KEY,
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    // Everything in braces is JSON that can be pasted.
    let snippets = text
        .lines()
        .filter_map(|line| line.find('{').map(|at| &line[at..]));
    let snippets: Vec<Value> = snippets
        .map(|snippet| serde_json::from_str(snippet).expect(snippet))
        .collect();
    assert_eq!(snippets.len(), 3);
    let command = &snippets[2]["mcpServers"]["billsby"]["command"];
    let command = std::path::Path::new(command.as_str().expect("a path"));
    let command = command.canonicalize().expect("the program's path");
    assert_eq!(
        command,
        crate::support::program().canonicalize().expect("a program")
    );
    assert!(!text.contains("TOKEN"), "{text}");
    assert!(text.lines().all(|line| line.len() <= 200), "{text}");
    let curl = text.lines().find(|line| line.contains("/customers?"));
    let curl = curl
        .and_then(|line| line.rsplit('\'').nth(1))
        .expect("a URL");
    get(curl).await.expect(200);

    let client = HttpClient::new(&url).in_session().await;
    let tools = client.request("tools/list", &json!({})).await;
    assert!(tools.text.contains(REFUND), "not everything is served");
    let customers = client.request("tools/call", &list_customers()).await;
    assert!(
        customers.text.contains("customerUniqueId"),
        "{}",
        customers.text
    );
    program.stop().await;
}

#[tokio::test]
async fn a_server_over_pipes_needs_no_account_and_says_that_it_ignores_one() {
    let mut command = command(&["stdio", "--sandbox", "--methods=read"]);
    command
        .env("BILLSBY_API_KEY", "acme_0123")
        .env("BILLSBY_BASE_URL", "http://127.0.0.1:9")
        .stdin(Stdio::piped());
    let mut program = Program::start(command);
    let mut input = program.child.stdin.take().expect("a pipe");
    let initialize = json!({
        "jsonrpc": "2.0", "id": 1, "method": "initialize",
        "params": {
            "protocolVersion": "2025-06-18",
            "capabilities": {},
            "clientInfo": {"name": "test", "version": "0"},
        },
    });
    let initialized = json!({"jsonrpc": "2.0", "method": "notifications/initialized"});
    let list = json!({"jsonrpc": "2.0", "id": 2, "method": "tools/list", "params": {}});
    let call = list_customers();
    let call = json!({"jsonrpc": "2.0", "id": 3, "method": "tools/call", "params": call});
    program.line_for(&mut input, &initialize).await;
    input
        .write_all(format!("{initialized}\n").as_bytes())
        .await
        .expect("a reader");
    let tools = program.line_for(&mut input, &list).await;
    assert!(!tools.contains(REFUND), "more than reads are served");
    let customers = program.line_for(&mut input, &call).await;
    assert!(customers.contains("customerUniqueId"), "{customers}");

    drop(input);
    let status = tokio::time::timeout(PATIENCE, program.child.wait()).await;
    assert!(status.expect("an end in time").expect("a status").success());
    let mut errors = String::new();
    let mut stderr = program.child.stderr.take().expect("a pipe");
    stderr.read_to_string(&mut errors).await.expect("UTF-8");
    for name in ["BILLSBY_API_KEY", "BILLSBY_BASE_URL"] {
        let told = format!("{name} is not used: the sandbox needs no account");
        assert!(errors.contains(&told), "{errors}");
    }
    assert!(!errors.contains("BILLSBY_COMPANY_DOMAIN"), "{errors}");
    assert!(!errors.contains("acme_0123"), "{errors}");
}

#[tokio::test]
async fn what_cannot_be_done_is_refused_at_the_start() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let taken = format!("--listen={}", taken.local_addr().expect("an address"));
    let unreadable = format!("--snapshot={}", std::env::temp_dir().display());
    let unwritable = "--snapshot=/nowhere/company.json";
    for (arguments, told) in [
        (&["stdio", "--seed=7"][..], "--sandbox"),
        (&["serve", "--customers=7"], "--sandbox"),
        (&["serve", "--snapshot=a"], "--sandbox"),
        (&["sandbox", "--customers=100001"], "100000"),
        (&["sandbox", &taken], "cannot listen at 127.0.0.1"),
        (&["sandbox", "--listen=0.0.0.0:0"], "--allow-remote"),
        (
            &["sandbox", "--listen=127.0.0.1:0", &unreadable],
            "the snapshot",
        ),
        (&["stdio", "--sandbox", &unreadable], "the snapshot"),
        (&["stdio", "--sandbox", unwritable], "cannot be written"),
    ] {
        let output = ended(arguments).await;
        let errors = String::from_utf8(output.stderr).expect("UTF-8");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {errors}");
        assert!(errors.contains(told), "{arguments:?}: {errors}");
        assert_eq!(output.stdout, b"", "{arguments:?}");
    }
}

#[tokio::test]
async fn a_company_is_for_the_sandbox_whatever_says_that_there_is_none() {
    for sandbox in [None, Some("false")] {
        let mut command = command(&["stdio"]);
        command.env("BILLSBY_MCP_SEED", "7");
        if let Some(sandbox) = sandbox {
            command.env("BILLSBY_MCP_SANDBOX", sandbox);
        }
        let output = tokio::time::timeout(PATIENCE, command.output()).await;
        let output = output.expect("an end in time").expect("the program starts");
        let errors = String::from_utf8(output.stderr).expect("UTF-8");
        assert_eq!(output.status.code(), Some(2), "{sandbox:?}: {errors}");
        assert!(
            errors.contains("it needs --sandbox"),
            "{sandbox:?}: {errors}"
        );
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_url_without_its_secret_says_what_belongs_in_its_place() {
    use std::os::unix::fs::PermissionsExt as _;
    let path = std::env::temp_dir().join(format!("billsby-token-{}", std::process::id()));
    std::fs::write(&path, "0123456789abcdef0123456789abcdef").expect("a file");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).expect("a file");
    let token_file = format!("--token-file={}", path.display());
    let arguments = ["serve", "--sandbox", "--listen=127.0.0.1:0", &token_file];
    let mut program = Program::start(command(&arguments));
    let text = program.until("/__sandbox/effects").await;
    std::fs::remove_file(&path).expect("a file");
    assert!(text.contains("/mcp/TOKEN"), "{text}");
    assert!(
        text.contains("TOKEN stands for what is in the token file"),
        "{text}"
    );
    assert!(!text.contains("0123456789abcdef"), "{text}");
    program.stop().await;
}

#[tokio::test]
async fn a_server_keeps_its_company_in_the_snapshot() {
    let path = std::env::temp_dir().join(format!("billsby-serve-{}.json", std::process::id()));
    let snapshot = format!("--snapshot={}", path.display());
    let arguments = ["serve", "--sandbox", "--listen=127.0.0.1:0", &snapshot];
    let mut program = Program::start(command(&arguments));
    program.line().await;
    program.stop().await;
    let written = std::fs::read_to_string(&path).expect("a snapshot");
    std::fs::remove_file(&path).expect("a snapshot");
    let written: Map<String, Value> = serde_json::from_str(&written).expect("JSON");
    assert_eq!(written["format"], "billsby-sandbox");
}
