//! What is made, printed and kept when a server begins for the first time, and what when it begins again.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use serde_json::json;

use super::Home;
use crate::mock::{API_KEY, COMPANY_DOMAIN, Mock};
use crate::support::HttpClient;

#[track_caller]
fn assert_mode(path: &Path, expected: u32) {
    let mode = fs::metadata(path)
        .expect("it is there")
        .permissions()
        .mode()
        & 0o777;
    assert_eq!(mode, expected, "{}: {mode:o}", path.display());
}

#[tokio::test]
async fn the_admin_token_is_printed_once() {
    let home = Home::new();
    let first = home.serve(&[]).await;
    let token = first.admin_token().expect("a new token").to_owned();
    assert!(first.first_line().starts_with("http://127.0.0.1:"));
    assert_eq!(first.first_line(), first.api());
    assert!(first.announcement.contains("shown once"));
    let log = first.stop().await;
    assert!(!log.contains(&token), "{log}");

    let second = home.serve(&[]).await;
    assert_eq!(second.admin_token(), None, "{}", second.announcement);
    assert!(!second.announcement.contains("bmcp_"));
    let status = status_with(&second, &token).await;
    assert_eq!(status, 200, "the token still opens the admin API");
    second.stop().await;
}

/// Otherwise nobody would ever see it.
#[tokio::test]
async fn a_start_that_fails_makes_no_token() {
    let home = Home::new();
    let account = [
        ("BILLSBY_API_KEY", API_KEY),
        ("BILLSBY_COMPANY_DOMAIN", COMPANY_DOMAIN),
    ];
    for (arguments, environment, expected) in [
        (&["--tools=nonsense"][..], None, "--tools: "),
        (
            &[],
            Some(("BILLSBY_BASE_URL", "nonsense")),
            "BILLSBY_BASE_URL",
        ),
        (
            &[],
            Some(("BILLSBY_COMPANY_DOMAIN", "a.b")),
            "BILLSBY_COMPANY_DOMAIN",
        ),
    ] {
        let environment: Vec<_> = account.into_iter().chain(environment).collect();
        let said = home.refused(arguments, &environment).await;
        assert!(said.contains(expected), "{said}");
    }
    let server = home.serve(&[]).await;
    let token = server.admin_token().expect("a new token").to_owned();
    assert_eq!(status_with(&server, &token).await, 200);
    server.stop().await;
}

pub(super) async fn status_with(server: &super::Serving, token: &str) -> u16 {
    let http = reqwest::Client::builder().no_proxy().build();
    let request = http
        .expect("a client")
        .get(format!("{}/status", server.api()));
    let answer = request.bearer_auth(token).send().await;
    answer.expect("an answer").status().as_u16()
}

#[tokio::test]
async fn data_is_for_its_owner_alone() {
    let home = Home::new();
    let server = home.serve(&[]).await;
    let file = home.data().join("billsby-mcp.sqlite3");
    let key = home.data().join("master.key");
    assert_eq!(
        server.value("Data"),
        Some(&*format!("sqlite:{}", file.display()))
    );
    assert_eq!(
        server.value("Master key"),
        Some(&*key.display().to_string())
    );
    assert_mode(&home.data(), 0o700);
    for entry in fs::read_dir(home.data()).expect("a folder") {
        assert_mode(&entry.expect("an entry").path(), 0o600);
    }
    assert!(file.is_file() && key.is_file());
    let text = fs::read_to_string(&key).expect("a key");
    let log = server.stop().await;
    assert!(!log.contains(text.trim()), "{log}");
}

#[tokio::test]
async fn the_data_folder_is_the_platforms() {
    let home = Home::new();
    let elsewhere = home.path().join("elsewhere");
    let mut command = home.command(&["serve", "--listen=127.0.0.1:0"]);
    command.env("XDG_DATA_HOME", &elsewhere);
    let server = super::Serving::start(command).await;
    assert!(elsewhere.join("billsby-mcp/billsby-mcp.sqlite3").is_file());
    assert!(!home.data().exists());
    server.stop().await;
}

#[tokio::test]
async fn another_token_can_come_from_the_environment() {
    let home = Home::new();
    let token = "an-operators-own-token-of-enough-characters";
    let mut command = home.command(&["serve", "--listen=127.0.0.1:0"]);
    command.env("BILLSBY_MCP_ADMIN_TOKEN", token);
    let server = super::Serving::start(command).await;
    assert!(!server.announcement.contains(token));
    assert_eq!(
        server.value("Admin token"),
        Some("the one in BILLSBY_MCP_ADMIN_TOKEN")
    );
    assert_eq!(status_with(&server, token).await, 200);
    let log = server.stop().await;
    assert!(!log.contains(token), "{log}");
    let short = [("BILLSBY_MCP_ADMIN_TOKEN", "short")];
    let said = home.refused(&[], &short).await;
    assert!(
        said.contains("BILLSBY_MCP_ADMIN_TOKEN: the admin token is too short"),
        "{said}"
    );
}

#[tokio::test]
async fn an_account_of_the_environment_keeps_its_own_url() {
    let mock = Mock::start().await;
    let home = Home::new();
    let mut command = home.command(&["serve", "--listen=127.0.0.1:0"]);
    command
        .env("BILLSBY_API_KEY", API_KEY)
        .env("BILLSBY_COMPANY_DOMAIN", COMPANY_DOMAIN)
        .env("BILLSBY_BASE_URL", mock.url());
    let server = super::Serving::start(command).await;
    let url = server.first_line().to_owned();
    assert!(url.contains("/mcp/bmcp_"), "{url}");
    let client = HttpClient::new(&url);
    assert_eq!(client.modern("tools/list", &json!({})).await.status, 200);
    let token = server.admin_token().expect("a new token").to_owned();
    assert_eq!(status_with(&server, &token).await, 200);
    let log = server.stop().await;
    for secret in [API_KEY, &token, url.rsplit('/').next().expect("a token")] {
        assert!(!log.contains(secret), "{log}");
    }
}

#[tokio::test]
async fn the_sandbox_keeps_nothing_and_serves_accounts_that_are_for_it() {
    let home = Home::new();
    let server = home.serve(&["--sandbox", "--customers=2"]).await;
    assert!(server.first_line().contains("/mcp/bmcp_"));
    assert_eq!(
        server.value("Data"),
        Some("in memory, gone when the server ends")
    );
    assert_eq!(server.value("Master key"), None);
    let token = server.admin_token().expect("a new token").to_owned();
    let manage = async |arguments: &[&str]| {
        let mut command = home.command(arguments);
        command.args(["--json", "--api", server.api()]);
        command.env("BILLSBY_MCP_ADMIN_TOKEN", &token);
        super::ended(command, "").await
    };
    let account = manage(&["account", "create", "--environment=sandbox"])
        .await
        .json();
    let verified = manage(&["account", "verify", account["id"].as_str().expect("an id")]).await;
    assert_eq!(verified.json()["ok"], true);
    server.stop().await;
    assert!(!home.data().exists());
}
