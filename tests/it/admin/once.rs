//! A request with a key has its effect once.

use futures_util::future::join_all;
use serde_json::{Value, json};

use super::World;
use super::api::text;

async fn count(world: &World, account: &str) -> usize {
    let list = world.api.get(&format!("{account}/mcp")).await.is(200);
    list["result"].as_array().expect("a list").len()
}

#[tokio::test]
async fn the_same_request_gets_the_same_answer() {
    let world = World::start().await;
    let account = world.api.account(&world.mock).await;
    let path = format!("{account}/mcp");
    let body = json!({"name": "a", "expires_at": world.after(120).to_string()});
    let first = world.api.post_once(&path, "k 1", &body).await;
    assert_eq!(first.header("idempotency-replayed"), None);
    let first = first.is(201);
    // Also once the server has expired, and with members in another order.
    world.wait(3_600);
    let turned = json!({"expires_at": body["expires_at"], "name": "a"});
    let again = world.api.post_once(&path, "k 1", &turned).await;
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    assert_eq!(again.is(201), first);
    assert_eq!(count(&world, &account).await, 1);
    let other = world
        .api
        .post_once(&path, "k 1", &json!({"name": "b"}))
        .await;
    assert_eq!(other.wrong(), ["Idempotency-Key"]);
    // The same key means something else elsewhere.
    let tokens = world
        .api
        .post_once("/api-token", "k 1", &json!({"name": "a"}))
        .await;
    assert_eq!(tokens.header("idempotency-replayed"), None);
    tokens.is(201);

    let world = world.restart().await;
    let again = world.api.post_once(&path, "k 1", &body).await.is(201);
    assert_eq!(again["token"], first["token"]);
    world.wait(23 * 3_600);
    world
        .api
        .post_once(&path, "k 1", &json!({"name": "a"}))
        .await
        .is(201);
    assert_eq!(count(&world, &account).await, 2);
}

#[tokio::test]
async fn sixteen_at_once_make_one_server() {
    let world = World::start().await;
    let account = world.api.account(&world.mock).await;
    let (path, body) = (format!("{account}/mcp"), json!({"name": "a"}));
    let requests = (0..16).map(|_| world.api.post_once(&path, "k", &body));
    let answers: Vec<Value> = join_all(requests)
        .await
        .into_iter()
        .map(|reply| reply.is(201))
        .collect();
    assert!(
        answers
            .iter()
            .all(|answer| answer["token"] == answers[0]["token"])
    );
    assert_eq!(count(&world, &account).await, 1);
    assert_eq!(world.api.knock(text(&answers[0]["url"])).await, 200);
}

#[tokio::test]
async fn a_rotation_and_the_other_creations_can_be_repeated() {
    let world = World::start().await;
    let account = world.api.account(&world.mock).await;
    let (path, _) = world.api.server(&account, &json!({"name": "a"})).await;
    let bodies = [
        (format!("{path}/rotate"), json!({}), "token"),
        ("/api-token".to_owned(), json!({"name": "a"}), "token"),
        (
            "/integrated-account".to_owned(),
            json!({"environment": "sandbox"}),
            "id",
        ),
    ];
    for (path, body, member) in bodies {
        let first = world.api.post_once(&path, "k", &body).await;
        let again = world.api.post_once(&path, "k", &body).await;
        assert_eq!(first.body[member], again.body[member], "{path}");
        assert!(first.body[member].is_string(), "{path}");
        assert_eq!(again.header("idempotency-replayed"), Some("true"), "{path}");
    }
}

#[tokio::test]
async fn a_refused_request_claims_nothing() {
    let world = World::start().await;
    let account = world.api.account(&world.mock).await;
    let path = format!("{account}/mcp");
    world
        .api
        .post_once(&path, "k", &json!({"name": ""}))
        .await
        .is(422);
    world
        .api
        .post_once(&path, "k", &json!({"name": "a"}))
        .await
        .is(201);
    for key in ["", &"k".repeat(256)] {
        let wrong = world.api.post_once(&path, key, &json!({"name": "a"})).await;
        assert_eq!(wrong.wrong(), ["Idempotency-Key"]);
    }
    world
        .api
        .post_once(&path, &"k".repeat(255), &json!({"name": "a"}))
        .await
        .is(201);
}
