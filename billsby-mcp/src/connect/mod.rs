//! What to tell a client so that it finds a server.
//!
//! The command `config` prints it, and the web page shows it.

mod access;
mod form;
mod name;
mod steps;
#[cfg(test)]
mod tests;
mod text;

use clap::ValueEnum;
use serde_json::Value;

pub use access::Access;
pub use name::short_name;

/// A client that is known here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Client {
    /// `ChatGPT` in the browser; prints the steps
    #[value(help = "ChatGPT in the browser; prints the steps")]
    Chatgpt,
    /// Claude Desktop; starts this program as a bridge
    ClaudeDesktop,
    /// Claude Code
    ClaudeCode,
    /// Claude in the browser; prints the steps
    ClaudeWeb,
    /// Cursor
    Cursor,
    /// Visual Studio Code
    Vscode,
    /// Codex
    Codex,
    /// Gemini CLI
    Gemini,
    /// Any client that starts programs; starts this program as a bridge
    Bridge,
    /// No client: a command that lists the tools
    Curl,
}

/// Where a server is, what to call it, and what it asks for.
#[derive(Clone, Copy)]
pub struct Connection<'a> {
    /// What the client calls the server. It must not hold control characters.
    pub name: &'a str,
    /// Its URL, which may be a secret.
    pub url: &'a str,
    /// What it wants besides.
    pub access: Access<'a>,
}

/// What tells a client at once.
#[derive(Clone, PartialEq, Eq)]
pub enum Install {
    /// To be run in a shell.
    Command(String),
    /// To be clicked.
    Link(String),
}

impl Client {
    /// All of them, those that most people use first.
    pub const ALL: [Self; 10] = [
        Self::ClaudeWeb,
        Self::ClaudeDesktop,
        Self::ClaudeCode,
        Self::Chatgpt,
        Self::Cursor,
        Self::Vscode,
        Self::Codex,
        Self::Gemini,
        Self::Bridge,
        Self::Curl,
    ];

    /// What people call it.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Chatgpt => "ChatGPT",
            Self::ClaudeDesktop => "Claude Desktop",
            Self::ClaudeCode => "Claude Code",
            Self::ClaudeWeb => "Claude (web)",
            Self::Cursor => "Cursor",
            Self::Vscode => "VS Code",
            Self::Codex => "Codex",
            Self::Gemini => "Gemini CLI",
            Self::Bridge => "Other (stdio)",
            Self::Curl => "curl",
        }
    }

    /// Where the configuration belongs, if it belongs into a file.
    #[must_use]
    pub const fn place(self) -> Option<&'static str> {
        match self {
            Self::Chatgpt | Self::ClaudeWeb | Self::Curl => None,
            Self::ClaudeDesktop => Some(
                "claude_desktop_config.json (Settings, Developer, Edit Config); then restart Claude Desktop.\n\
                 It keeps the URL, and a token if there is one, in the clear: let nobody else read it.",
            ),
            Self::ClaudeCode => Some(".mcp.json in the project's folder"),
            Self::Cursor => Some("~/.cursor/mcp.json, or .cursor/mcp.json in the project's folder"),
            Self::Vscode => Some(".vscode/mcp.json in the project's folder"),
            Self::Codex => Some("~/.codex/config.toml"),
            Self::Gemini => Some("~/.gemini/settings.json"),
            Self::Bridge => Some(
                "the file in which the client lists the programs that it starts; look up its name and its form.\n\
                 It keeps the URL, and a token if there is one, in the clear: let nobody else read it.",
            ),
        }
    }

    /// What belongs there; else the steps, or a command. `program` is how this program is started where the
    /// client runs.
    #[must_use]
    pub fn configuration(self, connection: &Connection<'_>, program: &str) -> String {
        if let Some(file) = self.file(connection, program) {
            return text::pretty(&file);
        }
        match self {
            Self::Chatgpt => connection.chatgpt(),
            Self::ClaudeWeb => connection.claude_web(),
            Self::Codex => connection.codex(),
            _ => connection.curl(),
        }
    }

    /// The same for clients whose file is JSON.
    #[must_use]
    pub fn file(self, connection: &Connection<'_>, program: &str) -> Option<Value> {
        match self {
            Self::ClaudeDesktop => Some(connection.claude_desktop(program)),
            Self::ClaudeCode => Some(connection.claude_code()),
            Self::Cursor => Some(connection.cursor()),
            Self::Vscode => Some(connection.vscode()),
            Self::Gemini => Some(connection.gemini()),
            Self::Bridge => Some(connection.bridge(program)),
            Self::Chatgpt | Self::ClaudeWeb | Self::Codex | Self::Curl => None,
        }
    }

    /// A link or a command that does the same, where there is one.
    #[must_use]
    pub fn install(self, connection: &Connection<'_>) -> Option<Install> {
        match self {
            Self::ClaudeCode => Some(Install::Command(connection.claude_code_command())),
            Self::Codex => Some(Install::Command(connection.codex_command())),
            Self::Gemini => Some(Install::Command(connection.gemini_command())),
            Self::Cursor => Some(Install::Link(connection.cursor_link())),
            Self::Vscode => Some(Install::Link(connection.vscode_link())),
            Self::Chatgpt | Self::ClaudeDesktop | Self::ClaudeWeb | Self::Bridge | Self::Curl => {
                None
            }
        }
    }
}

impl Install {
    /// The command, or the link.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Command(text) | Self::Link(text) => text,
        }
    }
}
