//! The command line of the MCP Inspector, which knows what clients refuse in a schema.

use super::{installed, node, run, written};
use crate::mock::{API_KEY, COMPANY_DOMAIN, Mock};
use crate::support::{HttpServer, program};

const INSPECTOR: &str = "@modelcontextprotocol/inspector/clients/launcher/build/index.js";

const PROFILES: &[&str] = &["standard", "openai", "gemini", "anthropic", "cursor"];

#[tokio::test]
async fn every_profile_is_portable_over_stdio() {
    if !installed("inspector over stdio", "package.json") {
        return;
    }
    let mock = Mock::start().await;
    for profile in PROFILES {
        let mut inspector = node(INSPECTOR);
        inspector
            .arg("--cli")
            .arg(program())
            .args([
                "stdio",
                "--methods",
                "read,write,custom",
                "--profile",
                profile,
            ])
            .args(["--output-schemas", "full"])
            .arg("-e")
            .arg(format!("BILLSBY_API_KEY={API_KEY}"))
            .arg("-e")
            .arg(format!("BILLSBY_COMPANY_DOMAIN={COMPANY_DOMAIN}"))
            .arg("-e")
            .arg(format!("BILLSBY_BASE_URL={}", mock.url()))
            .args(["--transport", "stdio"])
            .args(["--method", "tools/list", "--strict"]);
        let output = run(&mut inspector).await;
        assert!(output.status.success(), "{profile}: {}", written(&output));
        assert!(lists_all(&output.stdout), "{profile}: {}", written(&output));
    }
}

#[tokio::test]
async fn every_profile_is_portable_over_http() {
    if !installed("inspector over HTTP", "package.json") {
        return;
    }
    let mock = Mock::start().await;
    for profile in PROFILES {
        let options = ["--profile", profile, "--output-schemas", "full"];
        let server = HttpServer::start(&mock, &options).await;
        for era in ["modern", "legacy"] {
            let mut inspector = node(INSPECTOR);
            inspector
                .arg("--cli")
                .arg(&server.url)
                .args(["--transport", "http", "--protocol-era", era])
                .args(["--method", "tools/list", "--strict"]);
            let output = run(&mut inspector).await;
            assert!(
                output.status.success(),
                "{profile}, {era}: {}",
                written(&output)
            );
            assert!(
                lists_all(&output.stdout),
                "{profile}, {era}: {}",
                written(&output)
            );
        }
        server.stop().await;
    }
}

/// Whether the inspector prints as many tools as there are.
fn lists_all(stdout: &[u8]) -> bool {
    let answer: serde_json::Value = serde_json::from_slice(stdout).unwrap_or_default();
    let listed = answer["tools"].as_array().map_or(0, Vec::len);
    listed == billsby_mcp::tools().filter(|tool| tool.reviewed).count()
}
