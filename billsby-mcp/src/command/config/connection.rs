//! A server as the configuration of each client names it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value, json};

use super::text::{pretty, shell_word, toml_string};

/// What a link may hold as it is.
const IN_LINKS: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// Where a server is, and what to call it.
pub(crate) struct Connection<'a> {
    /// What the client calls the server.
    pub(crate) name: &'a str,
    /// Its URL, which may be a secret.
    pub(crate) url: &'a str,
    /// The environment variable that holds what is sent as `Authorization: Bearer …`.
    pub(crate) bearer: Option<&'a str>,
}

impl Connection<'_> {
    /// `.mcp.json` of Claude Code.
    pub(crate) fn claude_code(&self) -> Value {
        let bearer = self.bearer.map(|variable| format!("${{{variable}}}"));
        let entry = json!({"type": "http", "url": self.url});
        self.under("mcpServers", with_header(entry, bearer))
    }

    /// The command that tells Claude Code. It replaces the variable itself, whenever it starts.
    pub(crate) fn claude_code_command(&self) -> String {
        let mut command = format!(
            "claude mcp add --transport http {} {}",
            shell_word(self.name),
            shell_word(self.url)
        );
        if let Some(variable) = self.bearer {
            let header = format!("Authorization: Bearer ${{{variable}}}");
            command = format!("{command} --header {}", shell_word(&header));
        }
        command
    }

    /// `mcp.json` of Cursor.
    pub(crate) fn cursor(&self) -> Value {
        self.under("mcpServers", self.cursor_entry())
    }

    fn cursor_entry(&self) -> Value {
        let bearer = self.bearer.map(|variable| format!("${{env:{variable}}}"));
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
    pub(crate) fn vscode(&self) -> Value {
        let mut config = self.under("servers", self.vscode_entry());
        if let Some(inputs) = self.vscode_inputs() {
            config["inputs"] = inputs;
        }
        config
    }

    fn vscode_entry(&self) -> Value {
        let bearer = self.bearer.map(|variable| format!("${{input:{variable}}}"));
        with_header(json!({"type": "http", "url": self.url}), bearer)
    }

    fn vscode_inputs(&self) -> Option<Value> {
        let variable = self.bearer?;
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
    /// tell it of programs. The URL goes into the environment, which other users cannot list.
    pub(super) fn claude_desktop(&self, program: &str) -> Value {
        let mut environment = json!({"BILLSBY_MCP_URL": self.url});
        if let Some(variable) = self.bearer {
            environment["BILLSBY_MCP_BEARER"] = format!("(the value of {variable})").into();
        }
        let entry = json!({"command": program, "args": ["bridge"], "env": environment});
        self.under("mcpServers", entry)
    }

    /// `config.toml` of Codex.
    pub(super) fn codex(&self) -> String {
        let mut text = format!(
            "[mcp_servers.{}]\nurl = {}",
            toml_string(self.name),
            toml_string(self.url)
        );
        if let Some(variable) = self.bearer {
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
        if let Some(variable) = self.bearer {
            command = format!("{command} --bearer-token-env-var {variable}");
        }
        command
    }

    /// `settings.json` of Gemini CLI, which calls a server like this one `httpUrl`.
    pub(super) fn gemini(&self) -> Value {
        let bearer = self.bearer.map(|variable| format!("${{{variable}}}"));
        let entry = json!({"httpUrl": self.url});
        self.under("mcpServers", with_header(entry, bearer))
    }

    /// The command that tells Gemini CLI.
    pub(super) fn gemini_command(&self) -> String {
        let mut command = "gemini mcp add --scope user --transport http".to_owned();
        if let Some(variable) = self.bearer {
            let header = format!("Authorization: Bearer ${{{variable}}}");
            command = format!("{command} --header {}", shell_word(&header));
        }
        let (name, url) = (shell_word(self.name), shell_word(self.url));
        format!("{command} {name} {url}")
    }

    /// The steps in a client that has no file.
    pub(super) fn chatgpt(&self) -> String {
        let authentication = match self.bearer {
            None => "  5. Authentication: none; the secret is in the URL.",
            Some(_) => {
                "  5. Authentication: ChatGPT cannot send an API token. Either serve without\n     --require-api-token-auth, or with --require-oauth, and choose OAuth here."
            }
        };
        format!(
            "ChatGPT, in the browser:

  1. Settings, Apps (or Connectors), Advanced settings: switch Developer mode on.
     In a workspace an admin has to allow it first.
  2. Back in that list: Create.
  3. Name: {}
  4. MCP server URL: {}
{authentication}
  6. Create. In a chat, choose it under the + beside the input.

ChatGPT calls from the internet: the URL needs https:// and an address that can be reached from there
(serve --public-url https://YOUR-HOST, behind a proxy or tunnel).",
            self.name, self.url
        )
    }

    fn under(&self, key: &str, entry: Value) -> Value {
        let servers = Map::from_iter([(self.name.to_owned(), entry)]);
        json!({ key: servers })
    }

    /// The file of a client that has one in JSON.
    pub(super) fn file(&self, of: impl Fn(&Self) -> Value) -> String {
        pretty(&of(self))
    }
}

fn with_header(mut entry: Value, bearer: Option<String>) -> Value {
    if let Some(bearer) = bearer {
        entry["headers"] = json!({"Authorization": format!("Bearer {bearer}")});
    }
    entry
}
