//! What to do by hand: the steps in clients without a file, and a request without any client.

use serde_json::json;

use super::text::shell_word;
use super::{Access, Client, Connection};

/// A version of the protocol in which every request stands for itself.
const VERSION: &str = "2026-07-28";

impl Connection<'_> {
    /// The steps in `ChatGPT`.
    pub(super) fn chatgpt(&self) -> String {
        let authentication = match self.access {
            Access::Url => "  5. Authentication: none; the secret is in the URL.",
            Access::ApiToken { .. } => {
                "  5. Authentication: ChatGPT cannot send an API token. Take a server that asks for none,\n     or for OAuth, and choose OAuth here."
            }
            Access::OAuth { .. } | Access::Either { .. } => {
                "  5. Authentication: OAuth. If your issuer does not let clients register themselves, give the\n     id of the OAuth client that you registered for ChatGPT, and its secret if it has one."
            }
        };
        let sign_in = self.sign_in();
        format!(
            "ChatGPT, in the browser:

  1. Settings, Apps (or Connectors), Advanced settings: switch Developer mode on.
     In a workspace an admin has to allow it first.
  2. Back in that list: Create.
  3. Name: {}
  4. MCP server URL: {}
{authentication}
  6. Create{sign_in}. In a chat, choose it under the + beside the input.

ChatGPT calls from the internet: the URL needs https:// and an address that can be reached from there
(serve --public-url https://YOUR-HOST, behind a proxy or tunnel).",
            self.name, self.url
        )
    }

    /// The steps in `claude.ai`, which Claude Desktop and the mobile apps share.
    pub(super) fn claude_web(&self) -> String {
        let authentication = match self.access {
            Access::Url => {
                "  5. Leave the advanced settings as they are; the secret is in the URL."
            }
            Access::OAuth { .. } | Access::Either { .. } => {
                "  5. Leave the advanced settings as they are. If your issuer does not let clients register\n     themselves, give the id of the OAuth client that you registered for Claude, and its secret\n     if it has one."
            }
            Access::ApiToken { .. } => {
                "  5. Claude cannot send an API token here. Take a server that asks for none, or for OAuth,\n     and name the OAuth client under Advanced settings."
            }
        };
        let sign_in = self.sign_in();
        format!(
            "Claude in the browser, with its desktop and mobile apps:

  1. Customize (or Settings), Connectors: +, Add custom connector.
     In a Team or Enterprise plan an owner has to add it first, in the organization's settings.
  2. Name: {}
  3. Remote MCP server URL: {}
  4. Unfold Advanced settings.
{authentication}
  6. Add{sign_in}. In a chat, switch it on under the + beside the input.

Claude calls from the internet: the URL needs https:// and an address that can be reached from there
(serve --public-url https://YOUR-HOST, behind a proxy or tunnel).",
            self.name, self.url
        )
    }

    /// What the last button leads to.
    fn sign_in(&self) -> &'static str {
        match self.access {
            Access::Url | Access::ApiToken { .. } => "",
            Access::OAuth { .. } | Access::Either { .. } => ", and sign in at your issuer",
        }
    }

    /// A command that lists the tools, to see whether the URL works.
    pub(super) fn curl(&self) -> String {
        let request = json!({
            "jsonrpc": "2.0",
            "id": 1,
            "method": "tools/list",
            "params": {"_meta": {
                "io.modelcontextprotocol/protocolVersion": VERSION,
                "io.modelcontextprotocol/clientCapabilities": {},
            }},
        });
        // In double quotes, so that the shell puts the token there.
        let variable = self.access.sent_by(Client::Curl);
        let token = variable.map_or_else(String::new, |variable| {
            format!("  -H \"Authorization: Bearer ${variable}\" \\\n")
        });
        format!(
            "curl {} \\\n{token}  -H 'Content-Type: application/json' \\\n  \
             -H 'Accept: application/json, text/event-stream' \\\n  \
             -H 'MCP-Protocol-Version: {VERSION}' -H 'Mcp-Method: tools/list' \\\n  \
             -d {}",
            shell_word(self.url),
            shell_word(&request.to_string())
        )
    }
}
