//! What is printed for somebody who tries the sandbox for the first time.

use std::net::SocketAddr;

use billsby_mcp::sandbox::{API_KEY, BASE_PATH, COMPANY_DOMAIN};

/// How to connect each client, and what to ask it.
pub(super) fn welcome(mcp_url: &str, sandbox: SocketAddr) -> String {
    format!(
        r#"
An invented company is being served. Nothing real can happen, and nothing is kept without --snapshot.

Connect a client:

  Claude Code          claude mcp add --transport http billsby {mcp_url}
  Cursor               .cursor/mcp.json
                       {{"mcpServers": {{"billsby": {{"url": "{mcp_url}"}}}}}}
  VS Code              .vscode/mcp.json
                       {{"servers": {{"billsby": {{"type": "http", "url": "{mcp_url}"}}}}}}
  Claude Desktop       claude_desktop_config.json
                       {{"mcpServers": {{"billsby": {{"command": "billsby-mcp", "args": ["stdio", "--sandbox"]}}}}}}
  ChatGPT, claude.ai   add a custom connector with the URL; they call from the internet, so the server
                       needs a public address: --public-url https://YOUR-HOST behind a proxy or tunnel
  any other client     the program itself speaks MCP: billsby-mcp stdio --sandbox

Ask it:

  1. Dana Whitfield meant to be on Basic before she renewed on Pro yesterday. Downgrade her and refund that invoice in full.
  2. Omar Haddad has a new card. Find his failed invoices and try to collect each of them again.
  3. Which customers have unpaid invoices, and how much does each of them owe?

Without MCP, as Billsby's own API:

  base URL {base_url}, company domain {COMPANY_DOMAIN}
  curl -H 'ApiKey: {API_KEY}' '{base_url}/core/{COMPANY_DOMAIN}/customers?page=1&pageSize=10'
  curl 'http://{sandbox}/__sandbox/effects'    (what has happened)
"#,
        base_url = format_args!("http://{sandbox}{BASE_PATH}"),
    )
}
