//! What is still done when a server is asked to end.

use reqwest::Client;
use serde_json::{Value, json};

use super::{Home, Serving, ended};
use crate::support::HttpClient;

/// A tool of the sandbox that finds something.
const TOOL: &str = "list_customers";

impl Serving {
    /// What the admin API answers.
    async fn read(&self, path: &str, token: &str) -> Value {
        let http = Client::builder().no_proxy().build().expect("a client");
        let request = http.get(format!("{}{path}", self.api()));
        let reply = request.bearer_auth(token).send().await.expect("a reply");
        let text = reply.text().await.expect("a text");
        serde_json::from_str(&text).expect(&text)
    }
}

#[tokio::test]
async fn the_last_calls_are_kept_and_the_sandbox_ends() {
    let home = Home::new();
    let server = home.serve(&[]).await;
    let token = server.admin_token().expect("a new token").to_owned();
    let manage = async |arguments: &[&str]| {
        let mut command = home.command(arguments);
        command.args(["--json", "--api", server.api()]);
        command.env("BILLSBY_MCP_ADMIN_TOKEN", &token);
        ended(command, "").await.json()
    };
    let account = manage(&["account", "create", "--environment=sandbox"]).await;
    let id = account["id"].as_str().expect("an id");
    let made = manage(&["server", "create", "--account", id, "--name=Last"]).await;
    let client = HttpClient::new(made["url"].as_str().expect("a URL"));
    let call = json!({"name": TOOL, "arguments": {"companyDomain": "sandbox"}});
    for _ in 0..3 {
        let reply = client.modern("tools/call", &call).await;
        assert_eq!(
            reply.message()["result"]["isError"],
            false,
            "{}",
            reply.text
        );
    }
    // At once, while what was done waits to be written.
    let log = server.stop().await;
    assert!(log.contains("the sandbox begins"), "{log}");

    let again = home.serve(&[]).await;
    let activity = again.read("/activity", &token).await;
    let calls = activity["result"].as_array().expect("calls");
    assert_eq!(calls.len(), 3, "{activity}");
    again.stop().await;
}
