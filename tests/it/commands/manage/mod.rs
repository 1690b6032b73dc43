//! `billsby-mcp account`, `server` and `token` against a running server with the mock behind it.

mod problems;
mod shown;

use serde_json::Value;

use super::{Ended, Home, Serving, ended};
use crate::mock::{API_KEY, COMPANY_DOMAIN, Mock};

/// A running server and its operator.
struct Operator {
    home: Home,
    server: Serving,
    token: String,
    mock: Mock,
}

impl Operator {
    async fn start() -> Self {
        let mock = Mock::start().await;
        let home = Home::new();
        let server = home.serve(&["--allow-base-url", &mock.url()]).await;
        let token = server.admin_token().expect("a new token").to_owned();
        Self {
            home,
            server,
            token,
            mock,
        }
    }

    /// Runs a command as the operator, with something to read and an API key in the environment.
    async fn run(&self, arguments: &[&str], input: &str) -> Ended {
        let mut command = self.home.command(arguments);
        command
            .env("BILLSBY_MCP_API", self.server.api())
            .env("BILLSBY_MCP_ADMIN_TOKEN", &self.token)
            .env("BILLSBY_API_KEY", API_KEY);
        ended(command, input).await
    }

    /// What a command prints.
    async fn told(&self, arguments: &[&str]) -> String {
        self.run(arguments, "").await.good()
    }

    /// What the API answers.
    async fn json(&self, arguments: &[&str]) -> Value {
        let arguments = [arguments, &["--json"]].concat();
        self.run(&arguments, "").await.json()
    }

    /// Adds the account of the mock.
    async fn account(&self) -> Value {
        let domain = format!("--company-domain={COMPANY_DOMAIN}");
        let url = format!("--base-url={}", self.mock.url());
        self.json(&["account", "create", "--label=Widgets Ltd", &domain, &url])
            .await
    }
}

/// The id of an answer.
#[track_caller]
fn id(of: &Value) -> &str {
    of["id"].as_str().expect("an id")
}
