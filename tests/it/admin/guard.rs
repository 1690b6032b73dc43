//! Who may use the API.

use reqwest::Method;
use serde_json::json;

use super::World;

#[tokio::test]
async fn without_the_token_nothing_is_said() {
    let world = World::start().await;
    let account = world.api.account(&world.mock).await;
    let nothing = world.api.with_token(None);
    for (method, path) in [
        (Method::GET, account.as_str()),
        (Method::GET, "/integrated-account/nothing"),
        (Method::DELETE, account.as_str()),
        (Method::POST, "/integrated-account"),
        (Method::PUT, "/status"),
        (Method::GET, "/api-token/a/b/c"),
    ] {
        let reply = nothing.send(nothing.request(method, path)).await;
        let challenge = reply.header("www-authenticate").expect("a challenge");
        assert!(challenge.starts_with("Bearer"), "{challenge}");
        reply.is(401);
    }
    let token = world.api.token.clone().expect("a token");
    for value in [
        token.clone(),
        format!("Basic {token}"),
        "Bearer".to_owned(),
        format!("Bearer {token}x"),
    ] {
        let request = nothing
            .request(Method::GET, "/status")
            .header("authorization", value);
        nothing.send(request).await.is(401);
    }
    let request = nothing.request(Method::GET, "/status");
    let request = request.header("authorization", format!("bearer  {token}"));
    nothing.send(request).await.is(200);
}

#[tokio::test]
async fn guessing_is_slowed() {
    let world = World::start().await;
    let guesser = world.api.with_token(Some("a guess"));
    for _ in 0..10 {
        guesser.get("/status").await.is(401);
    }
    let slowed = guesser.get("/status").await;
    assert_eq!(slowed.header("retry-after"), Some("6"));
    slowed.is(429);
    // Behind a proxy the operator has the same address, and must not be locked out.
    world.api.get("/status").await.is(200);
    guesser.get("/status").await.is(429);
    world.wait(6);
    guesser.get("/status").await.is(401);
    guesser.get("/status").await.is(429);
}

#[tokio::test]
async fn other_hosts_are_refused() {
    let world = World::with(super::world::memory().await, |options| {
        options
            .allowed_hosts
            .push("admin.example.com".parse().expect("a host"));
    });
    let world = world.await;
    for (host, status) in [
        ("evil.example", 403),
        ("127.0.0.1.evil.example", 403),
        ("localhost", 200),
        ("localhost:1", 200),
        ("[::1]:8080", 200),
        ("Admin.example.com:8443", 200),
    ] {
        let request = world
            .api
            .request(Method::GET, "/status")
            .header("host", host);
        assert_eq!(world.api.send(request).await.status, status, "{host}");
    }
    let request = world
        .api
        .request(Method::GET, "/api/openapi.json")
        .header("host", "evil.example");
    assert_eq!(request.send().await.expect("an answer").status(), 403);
}

#[tokio::test]
async fn other_paths_and_methods_are_problems_too() {
    let world = World::start().await;
    for path in [
        "/integrated-account/",
        "/integrated-account/a/b",
        "/integrated-account/a/mcp/b/c",
        "/api-token/",
        "/api-token/a/b",
        "/token/a",
        "/token",
        "/activity/a",
        "/status/a",
        "/api/a",
    ] {
        world.api.get(path).await.is(404);
    }
    let account = world.api.account(&world.mock).await;
    for (method, path, allowed) in [
        (Method::PUT, account.as_str(), "DELETE,GET,HEAD,PATCH"),
        (Method::DELETE, "/status", "GET,HEAD"),
        (Method::GET, "/token/inspect", "POST"),
        (Method::PATCH, "/integrated-account", "GET,HEAD,POST"),
    ] {
        let reply = world.api.send(world.api.request(method, path)).await;
        let mut allow: Vec<&str> = reply.header("allow").expect("methods").split(',').collect();
        allow.sort_unstable();
        assert_eq!(allow.join(","), allowed, "{path}");
        reply.is(405);
    }
    // A browser that asks for a page of another origin gets no permission.
    let request = world.api.request(Method::OPTIONS, "/integrated-account");
    let request = request.header("origin", "http://localhost:3000");
    let reply = world
        .api
        .send(request.header("access-control-request-method", "POST"))
        .await;
    assert_eq!(reply.header("access-control-allow-origin"), None);
    let own = world
        .api
        .request(Method::GET, "/status")
        .header("x-request-id", "mine-1");
    assert_eq!(
        world.api.send(own).await.header("x-request-id"),
        Some("mine-1")
    );
    world
        .api
        .post("/integrated-account", &json!({}))
        .await
        .is(422);
}
