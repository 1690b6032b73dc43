//! `billsby-mcp config`: what it prints for each client is what that client reads.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::{Ended, Home, ended};
use crate::mock::Mock;
use crate::support::{HttpServer, can_run, program};

const URL: &str = "https://mcp.example.com/mcp/bmcp_secret";

async fn config(arguments: &[&str]) -> Ended {
    let home = Home::new();
    let mut command = home.command(&["config", "--client"]);
    command.args(arguments).env("BILLSBY_MCP_URL", URL);
    let ended = ended(command, "").await;
    assert!(!ended.stderr.contains("bmcp_secret"), "{}", ended.stderr);
    ended
}

async fn printed(arguments: &[&str]) -> String {
    config(arguments).await.good().trim_end().to_owned()
}

async fn json_of(arguments: &[&str]) -> Value {
    config(arguments).await.json()
}

#[tokio::test]
async fn every_client_gets_its_own_form() {
    for (client, expected) in [
        (
            "claude-code",
            json!({"mcpServers": {"billsby": {"type": "http", "url": URL}}}),
        ),
        ("cursor", json!({"mcpServers": {"billsby": {"url": URL}}})),
        (
            "vscode",
            json!({"servers": {"billsby": {"type": "http", "url": URL}}}),
        ),
        (
            "gemini",
            json!({"mcpServers": {"billsby": {"httpUrl": URL}}}),
        ),
    ] {
        assert_eq!(json_of(&[client]).await, expected, "{client}");
    }
    let desktop = json_of(&["claude-desktop"]).await;
    let entry = &desktop["mcpServers"]["billsby"];
    assert_eq!(entry["args"], json!(["bridge"]));
    assert_eq!(entry["env"], json!({"BILLSBY_MCP_URL": URL}));
    let command = std::path::Path::new(entry["command"].as_str().expect("a path"));
    let same = command.canonicalize().expect("a program");
    assert_eq!(same, program().canonicalize().expect("a program"));
    let bridge = json_of(&["bridge"]).await;
    let mut expected = entry.clone();
    expected["type"] = json!("stdio");
    assert_eq!(bridge["mcpServers"]["billsby"], expected);
    let codex = printed(&["codex"]).await;
    assert_eq!(codex, format!("[mcp_servers.\"billsby\"]\nurl = \"{URL}\""));
    let steps = printed(&["chatgpt"]).await;
    assert!(
        steps.contains(URL) && steps.contains("Developer mode"),
        "{steps}"
    );
    let steps = printed(&["claude-web"]).await;
    assert!(
        steps.contains(URL) && steps.contains("Add custom connector"),
        "{steps}"
    );
}

#[tokio::test]
async fn the_place_and_what_is_shorter_are_on_standard_error() {
    for (client, place, shorter) in [
        ("claude-code", ".mcp.json", "prints the command instead"),
        ("cursor", "~/.cursor/mcp.json", "prints a link instead"),
        ("vscode", ".vscode/mcp.json", "prints a link instead"),
        ("codex", "config.toml", "prints the command instead"),
        ("gemini", "settings.json", "prints the command instead"),
        ("claude-desktop", "claude_desktop_config.json", ""),
        ("bridge", "lists the programs", ""),
    ] {
        let told = config(&[client]).await.stderr;
        assert!(told.contains(place), "{told}");
        let is_shorter = told.contains("(--install prints");
        assert_eq!(is_shorter, !shorter.is_empty(), "{told}");
        assert!(told.contains(shorter), "{told}");
    }
    for client in ["chatgpt", "claude-web", "curl"] {
        assert_eq!(config(&[client]).await.stderr, "", "{client}");
    }
}

#[tokio::test]
async fn the_request_without_a_client_lists_the_tools() {
    let found = std::process::Command::new("curl").arg("--version").output();
    let missing = found.is_err().then_some("there is no curl");
    if !can_run("the request without a client", missing) {
        return;
    }
    let mock = Mock::start().await;
    let server = HttpServer::start(&mock, &[]).await;
    for arguments in [&[][..], &["--bearer-env=BILLSBY_TOKEN"]] {
        let mut all = vec!["curl", "--url", &*server.url];
        all.extend(arguments);
        let command = printed(&all).await;
        let named = command.contains(r#"-H "Authorization: Bearer $BILLSBY_TOKEN""#);
        assert_eq!(named, !arguments.is_empty(), "{command}");
        let mut shell = tokio::process::Command::new("sh");
        shell.args(["-c", &command]).env("NO_PROXY", "*");
        let answer = shell.output().await.expect("a shell").stdout;
        let answer: Value = serde_json::from_slice(&answer).expect("JSON");
        let tools = answer["result"]["tools"].as_array();
        assert!(tools.is_some_and(|tools| !tools.is_empty()), "{answer}");
    }
    server.stop().await;
}

#[tokio::test]
async fn a_token_is_named_and_never_written_down() {
    let bearer = "--bearer-env=BILLSBY_TOKEN";
    let header = async |client: &str, key: &str| {
        let config = json_of(&[client, bearer]).await;
        config[key]["billsby"]["headers"]["Authorization"].clone()
    };
    let servers = "mcpServers";
    assert_eq!(
        header("claude-code", servers).await,
        "Bearer ${BILLSBY_TOKEN}"
    );
    assert_eq!(
        header("cursor", servers).await,
        "Bearer ${env:BILLSBY_TOKEN}"
    );
    assert_eq!(header("gemini", servers).await, "Bearer ${BILLSBY_TOKEN}");
    assert_eq!(
        header("vscode", "servers").await,
        "Bearer ${input:BILLSBY_TOKEN}"
    );
    let vscode = json_of(&["vscode", bearer]).await;
    assert_eq!(vscode["inputs"][0]["id"], "BILLSBY_TOKEN");
    assert_eq!(vscode["inputs"][0]["password"], true);
    let codex = printed(&["codex", bearer]).await;
    assert!(
        codex.ends_with("\nbearer_token_env_var = \"BILLSBY_TOKEN\""),
        "{codex}"
    );
    let desktop = json_of(&["claude-desktop", bearer]).await;
    let environment = &desktop["mcpServers"]["billsby"]["env"];
    assert_eq!(
        environment["BILLSBY_MCP_BEARER"],
        "(the value of BILLSBY_TOKEN)"
    );
    for (client, told) in [
        ("chatgpt", "ChatGPT cannot send an API token"),
        ("claude-web", "Claude cannot send an API token"),
    ] {
        let steps = printed(&[client, bearer]).await;
        assert!(steps.contains(told), "{steps}");
    }
}

#[tokio::test]
async fn a_link_or_command_says_the_same() {
    let bearer = "--bearer-env=TOKEN";
    let install = async |client: &str| printed(&[client, "--install", bearer]).await;
    assert_eq!(
        install("claude-code").await,
        format!(
            "claude mcp add --transport http billsby {URL} --header 'Authorization: Bearer ${{TOKEN}}'"
        )
    );
    assert_eq!(
        install("codex").await,
        format!("codex mcp add billsby --url {URL} --bearer-token-env-var TOKEN")
    );
    assert_eq!(
        install("gemini").await,
        format!(
            "gemini mcp add --scope user --transport http --header 'Authorization: Bearer ${{TOKEN}}' billsby {URL}"
        )
    );
    let link = reqwest::Url::parse(&install("cursor").await).expect("a link");
    assert_eq!(link.scheme(), "cursor");
    assert_eq!(link.path(), "/mcp/install");
    let query = |name: &str| {
        let mut pairs = link.query_pairs();
        let (_, value) = pairs.find(|(key, _)| key == name).expect("a parameter");
        value.into_owned()
    };
    assert_eq!(query("name"), "billsby");
    let entry = STANDARD.decode(query("config")).expect("base64");
    let entry: Value = serde_json::from_slice(&entry).expect("JSON");
    assert_eq!(
        entry,
        json_of(&["cursor", bearer]).await["mcpServers"]["billsby"]
    );

    let link = install("vscode").await;
    let config = link.strip_prefix("vscode:mcp/install?").expect("a link");
    let link = reqwest::Url::parse(&format!("http://a/?config={config}")).expect("a link");
    let (_, config) = link.query_pairs().next().expect("a parameter");
    let config: Value = serde_json::from_str(&config).expect("JSON");
    let file = json_of(&["vscode", bearer]).await;
    assert_eq!(config["name"], "billsby");
    assert_eq!(config["url"], file["servers"]["billsby"]["url"]);
    assert_eq!(config["headers"], file["servers"]["billsby"]["headers"]);
    assert_eq!(config["inputs"], file["inputs"]);

    for client in ["chatgpt", "claude-desktop", "claude-web", "bridge", "curl"] {
        let ended = config_refused(&[client, "--install"]).await;
        assert!(ended.contains("neither a link nor a command"), "{ended}");
    }
}

async fn config_refused(arguments: &[&str]) -> String {
    let ended = config(arguments).await;
    assert_eq!(ended.status, Some(2), "{}", ended.stdout);
    assert_eq!(ended.stdout, "");
    ended.stderr
}

#[tokio::test]
async fn names_are_escaped() {
    let name = r#"it's "my" \server; $HOME"#;
    let option = format!("--name={name}");
    for (client, key) in [
        ("claude-code", "mcpServers"),
        ("claude-desktop", "mcpServers"),
        ("cursor", "mcpServers"),
        ("gemini", "mcpServers"),
        ("vscode", "servers"),
    ] {
        let config = json_of(&[client, &option]).await;
        assert!(config[key][name].is_object(), "{client}: {config}");
    }
    let codex = printed(&["codex", &option]).await;
    let table = r#"[mcp_servers."it's \"my\" \\server; $HOME"]"#;
    assert!(codex.starts_with(table), "{codex}");
    for client in ["claude-code", "codex", "gemini"] {
        let command = printed(&[client, "--install", &option]).await;
        // A shell prints each word in a line of its own.
        let words = format!("printf '%s\\n' {command}");
        let shell = tokio::process::Command::new("sh")
            .args(["-c", &words])
            .output();
        let words = String::from_utf8(shell.await.expect("a shell").stdout).expect("UTF-8");
        assert!(words.lines().any(|word| word == name), "{client}: {words}");
    }
    for wrong in [
        "--name=",
        "--name=-x",
        "--name=a\nb",
        "--bearer-env=a b",
        "--bearer-env=1",
    ] {
        config_refused(&["cursor", wrong]).await;
    }
}

#[tokio::test]
async fn the_url_comes_from_where_it_is_given() {
    let home = Home::new();
    let command = home.command(&["config", "--client=cursor"]);
    let config = ended(command, &format!("{URL}\n")).await.json();
    assert_eq!(config["mcpServers"]["billsby"]["url"], URL);
    let other = "http://127.0.0.1:8080/mcp/bmcp_other";
    let mut command = home.command(&["config", "--client=cursor", "--url", other]);
    command.env("BILLSBY_MCP_URL", URL);
    let config = ended(command, "").await.json();
    assert_eq!(config["mcpServers"]["billsby"]["url"], other);
    for (input, expected) in [
        ("", "no URL"),
        ("mcp/bmcp_secret", "not an address"),
        ("https://a b/bmcp_secret", "not an address"),
        ("https://me:bmcp_secret@a/", "must not hold a user name"),
    ] {
        let command = home.command(&["config", "--client=cursor"]);
        let ended = ended(command, input).await;
        assert_eq!(ended.status, Some(2), "{input}");
        assert!(ended.stderr.contains(expected), "{}", ended.stderr);
        assert!(!ended.stderr.contains("bmcp_secret"), "{}", ended.stderr);
    }
}
