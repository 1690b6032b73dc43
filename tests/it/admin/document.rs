//! What the API says of itself.

use std::collections::BTreeSet;

use super::World;

#[tokio::test]
async fn the_document_is_complete() {
    let world = World::start().await;
    let document = world.api.document();
    assert_eq!(document["openapi"], "3.1.0");
    let paths = document["paths"].as_object().expect("paths");
    let operations: BTreeSet<String> = paths
        .iter()
        .flat_map(|(path, item)| {
            let methods = item.as_object().expect("operations").keys();
            methods.map(move |method| format!("{} {path}", method.to_uppercase()))
        })
        .collect();
    let expected = [
        "DELETE /api-token/{id}",
        "DELETE /integrated-account/{id}",
        "DELETE /integrated-account/{id}/mcp/{server_id}",
        "GET /activity",
        "GET /api-token",
        "GET /api-token/{id}",
        "GET /integrated-account",
        "GET /integrated-account/{id}",
        "GET /integrated-account/{id}/mcp",
        "GET /integrated-account/{id}/mcp/{server_id}",
        "GET /integrated-account/{id}/mcp/{server_id}/tools",
        "GET /status",
        "PATCH /integrated-account/{id}",
        "PATCH /integrated-account/{id}/mcp/{server_id}",
        "POST /api-token",
        "POST /integrated-account",
        "POST /integrated-account/{id}/mcp",
        "POST /integrated-account/{id}/mcp/preview",
        "POST /integrated-account/{id}/mcp/{server_id}/rotate",
        "POST /integrated-account/{id}/verify",
        "POST /token/inspect",
    ];
    assert_eq!(operations, expected.map(str::to_owned).into());
    for (path, item) in paths {
        for operation in item.as_object().expect("operations").values() {
            for member in ["operationId", "summary", "responses"] {
                assert!(!operation[member].is_null(), "{path}: {member}");
            }
            for status in ["401", "403", "429", "500", "503"] {
                assert!(
                    operation["responses"][status].is_object(),
                    "{path}: {status}"
                );
            }
        }
    }
    let scheme = &document["components"]["securitySchemes"]["admin_token"];
    assert_eq!(scheme["scheme"], "bearer");
    let text = document.to_string();
    assert!(
        !text.contains("bmcp_"),
        "an example that looks like a secret"
    );
    // Every reference leads somewhere.
    for part in text.split("\"$ref\":\"#").skip(1) {
        let pointer = part.split('"').next().expect("an end");
        assert!(document.pointer(pointer).is_some(), "{pointer}");
    }
}

#[tokio::test]
async fn it_needs_no_token() {
    let world = World::start().await;
    let stranger = world.api.with_token(None);
    let request = stranger.request(reqwest::Method::GET, "/api/openapi.json");
    assert_eq!(request.send().await.expect("an answer").status(), 200);
}

#[tokio::test]
async fn the_status_says_what_there_is() {
    let world = World::start().await;
    let account = world.api.account(&world.mock).await;
    world
        .api
        .server(&account, &serde_json::json!({"name": "a"}))
        .await;
    let status = world.api.get("/status").await.is(200);
    assert_eq!(status["counts"]["accounts"], 1);
    assert_eq!(status["counts"]["servers"], 1);
    assert_eq!(status["document_version"], "1.3.5");
    assert!(
        status["store"]["generation"].as_u64() >= Some(4),
        "{status:#}"
    );
}
