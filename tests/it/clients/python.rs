//! Python clients: the official SDK, `FastMCP` and the `OpenAI` Agents SDK.

use serde_json::json;
use tokio::process::Command;

use super::{folder, installed, run, written};
use crate::mock::{API_KEY, COMPANY_DOMAIN, Mock};
use crate::support::{HttpServer, program};

#[tokio::test]
async fn every_client_lists_calls_and_sees_errors() {
    if !installed("the matrix of Python clients", "requirements.txt") {
        return;
    }
    let mock = Mock::start().await;
    let server = HttpServer::start(&mock, &[]).await;
    let matrix = concat!(env!("CARGO_MANIFEST_DIR"), "/clients/matrix.py");
    let setting = json!({
        "url": server.url,
        "command": program(),
        "arguments": ["stdio", "--methods", "read,write,custom"],
        "environment": {
            "BILLSBY_API_KEY": API_KEY,
            "BILLSBY_COMPANY_DOMAIN": COMPANY_DOMAIN,
            "BILLSBY_BASE_URL": mock.url(),
        },
        "company_domain": COMPANY_DOMAIN,
        "tools": billsby_mcp::tools().filter(|tool| tool.reviewed).count(),
    });
    let mut python = Command::new(folder().join("venv/bin/python"));
    python.arg(matrix).arg(setting.to_string());
    let output = run(&mut python).await;
    assert!(output.status.success(), "{}", written(&output));
    print!("{}", String::from_utf8_lossy(&output.stdout));
    server.stop().await;
}
