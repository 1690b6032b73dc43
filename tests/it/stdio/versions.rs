//! Every version of the protocol, with and without a session.

use serde_json::{Value, json};

use super::{Wire, hello, read};
use crate::mock::Mock;

#[tokio::test]
async fn older_clients_get_the_version_they_ask_for() {
    let mock = Mock::start().await;
    for (asked, given) in [
        ("2024-11-05", "2024-11-05"),
        ("2025-03-26", "2025-03-26"),
        ("2025-06-18", "2025-06-18"),
        ("2025-11-25", "2025-11-25"),
        // Newer ones have no `initialize`, and unknown ones may still speak the newest that has.
        ("2026-07-28", "2025-11-25"),
        ("1999-01-01", "2025-11-25"),
    ] {
        let mut wire = Wire::start(&mock, &[]);
        let greeting = wire.result("initialize", &hello(asked)).await;
        assert_eq!(greeting["protocolVersion"], given, "{asked}");
        assert_eq!(greeting["serverInfo"]["name"], "billsby-mcp");
        wire.send(&json!({"jsonrpc": "2.0", "method": "notifications/initialized"}))
            .await;
        wire.result("ping", &json!({})).await;
        let result = wire.result("tools/call", &read()).await;
        assert_eq!(result["isError"], false, "{asked}: {result}");
        wire.end().await;
    }
}

#[tokio::test]
async fn newer_clients_need_no_session() {
    let mock = Mock::start().await;
    let mut wire = Wire::start(&mock, &[]);
    let discovered = wire.result("server/discover", &modern(json!({}))).await;
    assert_eq!(
        discovered["supportedVersions"],
        json!([
            "2024-11-05",
            "2025-03-26",
            "2025-06-18",
            "2025-11-25",
            "2026-07-28"
        ])
    );
    assert!(discovered["instructions"].is_string());
    let listed = wire.result("tools/list", &modern(json!({}))).await;
    assert_eq!(listed["resultType"], "complete");
    assert!(listed["ttlMs"].is_u64() && listed["cacheScope"] == "private");
    let result = wire.result("tools/call", &modern(read())).await;
    assert_eq!(result["isError"], false, "{result}");
    // What the newer protocol has removed.
    assert_eq!(wire.error("ping", &modern(json!({}))).await, -32601);
    assert_eq!(wire.error("tools/list", &json!({})).await, -32602);
    let mut unknown = modern(json!({}));
    unknown["_meta"]["io.modelcontextprotocol/protocolVersion"] = json!("2099-01-01");
    assert_eq!(wire.error("tools/list", &unknown).await, -32022);
    wire.end().await;
}

#[tokio::test]
async fn the_server_offers_what_it_has_and_no_more() {
    let mock = Mock::start().await;
    let (wire, greeting) = Wire::session(&mock, &[]).await;
    let capabilities = greeting["capabilities"].as_object().expect("an object");
    let mut names: Vec<&String> = capabilities.keys().collect();
    names.sort();
    assert_eq!(names, ["completions", "prompts", "resources", "tools"]);
    wire.end().await;
}

/// Parameters as a client of the newest protocol sends them.
fn modern(mut params: Value) -> Value {
    params["_meta"] = json!({
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientInfo": {"name": "test", "version": "0"},
        "io.modelcontextprotocol/clientCapabilities": {},
    });
    params
}
