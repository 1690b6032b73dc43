//! What is printed for somebody who tries the sandbox for the first time.

use std::net::SocketAddr;

use billsby_mcp::connect::{Access, Client, Connection};
use billsby_mcp::sandbox::{API_KEY, BASE_PATH, COMPANY_DOMAIN};
use serde_json::json;

use super::config::one_line;
use super::this_program;

/// How to connect each client, and what to ask it. If the URL does not show its secret, it has TOKEN in
/// its place.
pub(super) fn welcome(mcp_url: &str, shows_secret: bool, sandbox: SocketAddr) -> String {
    let connection = Connection {
        name: "billsby",
        url: mcp_url,
        access: Access::Url,
    };
    let program = this_program();
    let file = |client: Client| {
        let file = client.file(&connection, &program);
        one_line(&file.unwrap_or_default())
    };
    let install = |client: Client| {
        let install = client.install(&connection);
        install.map_or_else(String::new, |install| install.as_str().to_owned())
    };
    let desktop = json!({"mcpServers": {"billsby": {
        "command": program,
        "args": ["stdio", "--sandbox"],
    }}});
    let token = if shows_secret {
        ""
    } else {
        "\nIn the URL, TOKEN stands for what is in the token file.\n"
    };
    format!(
        r"
An invented company is being served. Nothing real can happen, and nothing is kept without --snapshot.
{token}
Connect a client:

  Claude Code          {claude_code}
  Cursor               .cursor/mcp.json
                       {cursor}
  VS Code              .vscode/mcp.json
                       {vscode}
  Claude Desktop       claude_desktop_config.json
                       (it starts the program itself, with a company of its own)
                       {desktop}
  ChatGPT, claude.ai   add a custom connector with the URL; they call from the internet, so the server
                       needs a public address: --public-url https://YOUR-HOST behind a proxy or tunnel
  any other client     can start the program itself, with a company of its own:
                       {program} stdio --sandbox

Ask it:

  1. Dana Whitfield meant to be on Basic before she renewed on Pro yesterday. Downgrade her and refund
     that invoice in full.
  2. Omar Haddad has a new card. Find his failed invoices and try to collect each of them again.
  3. Which customers have unpaid invoices, and how much does each of them owe?

Without MCP, as Billsby's own API:

  base URL {base_url}, company domain {COMPANY_DOMAIN}
  curl -H 'ApiKey: {API_KEY}' '{base_url}/core/{COMPANY_DOMAIN}/customers?page=1&pageSize=10'
  curl 'http://{sandbox}/__sandbox/effects'    (what has happened)
",
        claude_code = install(Client::ClaudeCode),
        cursor = file(Client::Cursor),
        vscode = file(Client::Vscode),
        desktop = one_line(&desktop),
        base_url = format_args!("http://{sandbox}{BASE_PATH}"),
    )
}
