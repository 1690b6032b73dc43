//! A server as the configuration of each client names it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value, json};

use super::text::{shell_word, toml_string};
use super::{Client, Connection};

/// What a link may hold as it is.
const IN_LINKS: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

impl Connection<'_> {
    /// `.mcp.json` of Claude Code.
    pub(super) fn claude_code(&self) -> Value {
        let bearer = self
            .access
            .sent_by(Client::ClaudeCode)
            .map(|variable| format!("${{{variable}}}"));
        let entry = json!({"type": "http", "url": self.url});
        self.under("mcpServers", with_header(entry, bearer))
    }

    /// The command that tells Claude Code. It replaces the variable itself, whenever it starts.
    pub(super) fn claude_code_command(&self) -> String {
        let mut command = format!(
            "claude mcp add --transport http {} {}",
            shell_word(self.name),
            shell_word(self.url)
        );
        if let Some(variable) = self.access.sent_by(Client::ClaudeCode) {
            let header = format!("Authorization: Bearer ${{{variable}}}");
            command = format!("{command} --header {}", shell_word(&header));
        }
        command
    }

    /// `mcp.json` of Cursor.
    pub(super) fn cursor(&self) -> Value {
        self.under("mcpServers", self.cursor_entry())
    }

    fn cursor_entry(&self) -> Value {
        let bearer = self
            .access
            .sent_by(Client::Cursor)
            .map(|variable| format!("${{env:{variable}}}"));
        with_header(json!({"url": self.url}), bearer)
    }

    /// The link that tells Cursor.
    pub(super) fn cursor_link(&self) -> String {
        let config = STANDARD.encode(self.cursor_entry().to_string());
        format!(
            "cursor://anysphere.cursor-deeplink/mcp/install?name={}&config={}",
            utf8_percent_encode(self.name, IN_LINKS),
            utf8_percent_encode(&config, IN_LINKS),
        )
    }

    /// `mcp.json` of VS Code, which asks for the token and keeps it among its secrets.
    pub(super) fn vscode(&self) -> Value {
        let mut config = self.under("servers", self.vscode_entry());
        if let Some(inputs) = self.vscode_inputs() {
            config["inputs"] = inputs;
        }
        config
    }

    fn vscode_entry(&self) -> Value {
        let bearer = self
            .access
            .sent_by(Client::Vscode)
            .map(|variable| format!("${{input:{variable}}}"));
        with_header(json!({"type": "http", "url": self.url}), bearer)
    }

    fn vscode_inputs(&self) -> Option<Value> {
        let variable = self.access.sent_by(Client::Vscode)?;
        Some(json!([{
            "type": "promptString",
            "id": variable,
            "description": format!("The API token for {}", self.name),
            "password": true,
        }]))
    }

    /// The link that tells VS Code.
    pub(super) fn vscode_link(&self) -> String {
        let mut config = self.vscode_entry();
        config["name"] = self.name.into();
        if let Some(inputs) = self.vscode_inputs() {
            config["inputs"] = inputs;
        }
        let config = config.to_string();
        format!(
            "vscode:mcp/install?{}",
            utf8_percent_encode(&config, IN_LINKS)
        )
    }

    /// `claude_desktop_config.json`: Claude Desktop starts this program as a bridge, because files can only
    /// tell it of programs.
    pub(super) fn claude_desktop(&self, program: &str) -> Value {
        self.under(
            "mcpServers",
            self.bridge_entry(Client::ClaudeDesktop, program),
        )
    }

    /// The form that most clients have which can only start programs: this one, as a bridge.
    pub(super) fn bridge(&self, program: &str) -> Value {
        let mut entry = self.bridge_entry(Client::Bridge, program);
        entry["type"] = "stdio".into();
        self.under("mcpServers", entry)
    }

    /// The URL goes into the environment, which other users cannot list.
    fn bridge_entry(&self, client: Client, program: &str) -> Value {
        let mut environment = json!({"BILLSBY_MCP_URL": self.url});
        if let Some(variable) = self.access.sent_by(client) {
            environment["BILLSBY_MCP_BEARER"] = format!("(the value of {variable})").into();
        }
        json!({"command": program, "args": ["bridge"], "env": environment})
    }

    /// `config.toml` of Codex.
    pub(super) fn codex(&self) -> String {
        let mut text = format!(
            "[mcp_servers.{}]\nurl = {}",
            toml_string(self.name),
            toml_string(self.url)
        );
        if let Some(variable) = self.access.sent_by(Client::Codex) {
            text = format!("{text}\nbearer_token_env_var = {}", toml_string(variable));
        }
        text
    }

    /// The command that tells Codex.
    pub(super) fn codex_command(&self) -> String {
        let mut command = format!(
            "codex mcp add {} --url {}",
            shell_word(self.name),
            shell_word(self.url)
        );
        if let Some(variable) = self.access.sent_by(Client::Codex) {
            command = format!("{command} --bearer-token-env-var {variable}");
        }
        command
    }

    /// `settings.json` of Gemini CLI, which calls a server like this one `httpUrl`.
    pub(super) fn gemini(&self) -> Value {
        let bearer = self
            .access
            .sent_by(Client::Gemini)
            .map(|variable| format!("${{{variable}}}"));
        let entry = json!({"httpUrl": self.url});
        self.under("mcpServers", with_header(entry, bearer))
    }

    /// The command that tells Gemini CLI.
    pub(super) fn gemini_command(&self) -> String {
        let mut command = "gemini mcp add --scope user --transport http".to_owned();
        if let Some(variable) = self.access.sent_by(Client::Gemini) {
            let header = format!("Authorization: Bearer ${{{variable}}}");
            command = format!("{command} --header {}", shell_word(&header));
        }
        let (name, url) = (shell_word(self.name), shell_word(self.url));
        format!("{command} {name} {url}")
    }

    fn under(&self, key: &str, entry: Value) -> Value {
        let servers = Map::from_iter([(self.name.to_owned(), entry)]);
        json!({ key: servers })
    }
}

fn with_header(mut entry: Value, bearer: Option<String>) -> Value {
    if let Some(bearer) = bearer {
        entry["headers"] = json!({"Authorization": format!("Bearer {bearer}")});
    }
    entry
}
