//! Secrets are in the answer that made them, and nowhere else.

use std::io;
use std::sync::{Arc, Mutex};

use serde_json::json;
use tracing_subscriber::fmt::MakeWriter;

use super::World;
use super::api::text;

const CANARY: &str = "canary-0123456789abcdef";

/// What was logged.
#[derive(Debug, Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("no panic inside").extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn no_secret_is_logged_or_said_again() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(log.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    // Another test's thread may have been the first to log somewhere, and have found that nobody listens.
    everything().await;
    tracing::callsite::rebuild_interest_cache();

    let (said, secrets) = everything().await;
    let log = log.0.lock().expect("no panic inside");
    let log = String::from_utf8_lossy(&log);
    assert!(log.contains("/integrated-account/{id}"), "{log}");
    for secret in secrets {
        assert!(!said.contains(&secret), "{secret} was said");
        assert!(!log.contains(&secret), "{secret} is in the log: {log}");
    }
}

/// Every kind of request; gives what was said after the secrets had been shown, and the secrets.
async fn everything() -> (String, Vec<String>) {
    let world = World::start().await;
    let api = &world.api;
    let account =
        json!({"company_domain": "widgets", "api_key": CANARY, "base_url": world.mock.url()});
    let account = api
        .post_once("/integrated-account", CANARY, &account)
        .await
        .is(201);
    let account = format!("/integrated-account/{}", text(&account["id"]));
    let (path, server) = api.server(&account, &json!({"name": "a"})).await;
    let rotated = api
        .post(&format!("{path}/rotate"), &json!({}))
        .await
        .is(200);
    let token = api.post("/api-token", &json!({"name": "a"})).await.is(201);
    let secrets = [
        CANARY,
        text(&server["token"]),
        text(&rotated["token"]),
        text(&token["token"]),
        api.token.as_deref().expect("a token"),
    ];
    let mut said = Vec::new();
    for path in [
        "/integrated-account".to_owned(),
        account.clone(),
        format!("{account}/mcp"),
        path.clone(),
        format!("{path}/tools"),
        "/api-token".to_owned(),
        format!("/api-token/{}", text(&token["id"])),
        "/activity".to_owned(),
        "/status".to_owned(),
        format!("/integrated-account/{}", text(&server["token"])),
    ] {
        said.push(api.get(&path).await.body);
    }
    for secret in secrets {
        // Where it does not belong.
        let body = json!({"name": "a", "config": {"methods": [], "names": {"a": secret}}, "expires_at": 1});
        said.push(api.post(&format!("{account}/mcp"), &body).await.body);
        let body = json!({"company_domain": "a.b", "api_key": format!("{secret} {secret}")});
        said.push(api.post("/integrated-account", &body).await.body);
        said.push(
            api.post("/token/inspect", &json!({"token": secret}))
                .await
                .body,
        );
        said.push(
            api.post(&format!("{account}/verify"), &json!({}))
                .await
                .body,
        );
        said.push(
            api.with_token(Some(&format!("{secret}x")))
                .get("/status")
                .await
                .body,
        );
        let broken = api
            .request(reqwest::Method::POST, "/api-token")
            .body(format!("{{{secret}"));
        said.push(
            api.send(broken.header("content-type", "application/json"))
                .await
                .body,
        );
    }
    said.push(
        api.patch(&account, &json!({"api_key": CANARY, "label": "b"}))
            .await
            .is(200),
    );
    let said = said.iter().map(ToString::to_string).collect();
    (said, secrets.map(str::to_owned).to_vec())
}
