//! API tokens, and what is said of any token.

use serde_json::{Value, json};

use super::World;
use super::api::text;

#[tokio::test]
async fn an_api_token_is_made_listed_and_revoked() {
    let world = World::start().await;
    let account = world.api.account(&world.mock).await;
    let body = json!({"name": "a", "require_api_token_auth": true});
    let (path, server) = world.api.server(&account, &body).await;
    let body =
        json!({"name": "t", "server_id": server["id"], "expires_at": world.after(60).to_string()});
    let made = world.api.post("/api-token", &body).await.is(201);
    let token = text(&made["token"]).to_owned();
    let mut kept = made.clone();
    kept.as_object_mut()
        .expect("an object")
        .shift_remove("token");
    let path_of_token = format!("/api-token/{}", text(&made["id"]));
    assert_eq!(world.api.get(&path_of_token).await.is(200), kept);
    let list = world.api.get("/api-token").await.is(200);
    assert_eq!(list["result"], json!([kept]));
    let inspected = inspect(&world, &token).await;
    assert_eq!(
        (&inspected["kind"], &inspected["works"]),
        (&json!("api"), &json!(true))
    );
    world.wait(60);
    assert_eq!(inspect(&world, &token).await["works"], false);
    world.api.delete(&path_of_token).await.is(204);
    world.api.delete(&path_of_token).await.is(204);
    assert_eq!(
        world.api.get(&path_of_token).await.is(200)["state"],
        "revoked"
    );
    assert_eq!(
        world.api.get("/api-token").await.is(200)["result"],
        json!([])
    );
    assert!(text(&inspect(&world, &token).await["detail"]).contains("revoked"));

    world.api.delete(&path).await.is(204);
    for (body, pointer) in [
        (json!({}), "/name"),
        (json!({"name": "t", "server_id": "mcp_1"}), "/server_id"),
        (
            json!({"name": "t", "server_id": "mcp_00000000000000000000000000"}),
            "/server_id",
        ),
        (
            json!({"name": "t", "server_id": server["id"]}),
            "/server_id",
        ),
        (json!({"name": "t", "expires_at": "soon"}), "/expires_at"),
        (json!({"name": "t", "server": "a"}), "/server"),
    ] {
        assert_eq!(world.api.post("/api-token", &body).await.wrong(), [pointer]);
    }
    world
        .api
        .get("/api-token/tok_00000000000000000000000000")
        .await
        .is(404);
    world.api.delete("/api-token/nothing").await.is(404);
}

async fn inspect(world: &World, token: &str) -> Value {
    let body = json!({"token": token});
    let inspected = world.api.post("/token/inspect", &body).await.is(200);
    let said = inspected.to_string();
    assert!(token.len() < 40 || !said.contains(token), "{inspected:#}");
    inspected
}

#[tokio::test]
async fn any_token_can_be_asked_about() {
    let world = World::start().await;
    let account = world.api.account(&world.mock).await;
    let body = json!({"name": "a", "require_api_token_auth": true});
    let (path, server) = world.api.server(&account, &body).await;
    let (url, token) = (text(&server["url"]), text(&server["token"]));
    for question in [token, url, &format!(" {url} "), &format!("{url}?a=b")] {
        let inspected = inspect(&world, question).await;
        assert_eq!(inspected["server"]["id"], server["id"]);
        assert_eq!(inspected["works"], true);
        assert!(text(&inspected["detail"]).contains("also needs an API token"));
    }
    let admin = world.api.token.clone().expect("a token");
    let short = token[..token.len() - 1].to_owned();
    for (question, kind, expected) in [
        (admin.as_str(), "admin", "admin token"),
        (&short, "unknown", "not complete"),
        ("something", "unknown", "no token"),
        (text(&server["id"]), "server", "is an id"),
        ("mcp_00000000000000000000000000", "server", "no server"),
    ] {
        let inspected = inspect(&world, question).await;
        assert_eq!(inspected["kind"], kind);
        assert_eq!(inspected["works"], false);
        assert!(
            text(&inspected["detail"]).contains(expected),
            "{inspected:#}"
        );
    }
    world.api.delete(&path).await.is(204);
    let inspected = inspect(&world, url).await;
    assert!(
        text(&inspected["detail"]).contains("revoked at"),
        "{inspected:#}"
    );
    // Another store's.
    let elsewhere = inspect(&World::start().await, token).await;
    assert!(
        text(&elsewhere["detail"]).contains("no server"),
        "{elsewhere:#}"
    );
    for wrong in [
        json!({}),
        json!({"token": ""}),
        json!({"token": 1}),
        json!({"token": "x".repeat(5_000)}),
    ] {
        assert_eq!(
            world.api.post("/token/inspect", &wrong).await.wrong(),
            ["/token"]
        );
    }
}
