//! Replicas as operators start them: one `PostgreSQL`, one key file, and Redis in front of the store.

use serde_json::{Value, json};
use tokio::process::Command;

use super::first_start::status_with;
use super::{Home, Serving, ended};
use crate::support::HttpClient;
use crate::support::services::{self, Database, POSTGRES_PASSWORD, REDIS_PASSWORD, Redis};

const TEST: &str = "commands::shared::replicas_share_a_store_and_a_key";

/// A program with the store and a key file that is there already.
fn replica(home: &Home, database: &Database) -> Command {
    let mut command = home.command(&["serve", "--listen=127.0.0.1:0"]);
    command
        .arg("--master-key-file=shared.key")
        .env("BILLSBY_MCP_STORE", database.url());
    command
}

/// What a command answers that manages a server.
async fn manage(home: &Home, server: &Serving, token: &str, arguments: &[&str]) -> Value {
    let mut command = home.command(arguments);
    command.args(["--json", "--api", server.api()]);
    command.env("BILLSBY_MCP_ADMIN_TOKEN", token);
    ended(command, "").await.json()
}

#[tokio::test]
async fn replicas_share_a_store_and_a_key() {
    let (Some(database), Some(redis)) = (services::database(TEST), Redis::start(TEST)) else {
        return;
    };
    let home = Home::new();
    let key = super::keys::new_key();
    super::keys::key_file(&home, "shared.key", &key, 0o600);
    let first = Serving::start(replica(&home, &database)).await;
    let token = first.admin_token().expect("a new token").to_owned();
    assert_eq!(first.value("Master key"), Some("shared.key"));
    let shown = first.value("Data").expect("a store");
    assert!(shown.starts_with("postgres"), "{shown}");

    let mut command = replica(&home, &database);
    command.env("BILLSBY_MCP_TOKEN_STORE", redis.url());
    let second = Serving::start(command).await;
    assert_eq!(second.admin_token(), None, "{}", second.announcement);
    assert_eq!(status_with(&second, &token).await, 200);

    let account = &["account", "create", "--environment=sandbox"];
    let account = manage(&home, &second, &token, account).await;
    let id = account["id"].as_str().expect("an id");
    let arguments = &["server", "create", "--account", id, "--name=Shared"];
    let made = manage(&home, &second, &token, arguments).await;
    let secret = made["token"].as_str().expect("a token").to_owned();
    for server in [&first, &second] {
        let client = HttpClient::new(&format!("{}/mcp/{secret}", server.api()));
        let reply = client.modern("tools/list", &json!({})).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
    }
    for server in [first, second] {
        let printed = server.announcement.clone();
        let log = server.stop().await;
        for hidden in [&key, &secret, POSTGRES_PASSWORD, REDIS_PASSWORD] {
            assert!(!printed.contains(hidden) && !log.contains(hidden), "{log}");
        }
        assert!(!log.contains(&token), "{log}");
    }
    assert!(!home.data().exists(), "nothing is kept here");
}
