//! Many at once.

use futures_util::future::join_all;
use serde_json::{Value, json};

use super::World;
use super::api::text;

#[tokio::test]
async fn changes_at_once_are_all_made_or_refused_whole() {
    let world = World::start().await;
    let account = world.api.account(&world.mock).await;
    let (path, _) = world.api.server(&account, &json!({"name": "start"})).await;
    let changes = (0..16).map(|number| {
        let (api, path) = (world.api.clone(), path.clone());
        async move {
            let tag = if number % 2 == 0 {
                "invoices"
            } else {
                "customers"
            };
            let name = format!("n{number}");
            let reply = api
                .patch(&path, &json!({"name": name, "config": {"tags": [tag]}}))
                .await;
            assert!(matches!(reply.status, 200 | 409), "{:#}", reply.body);
            (reply.status == 200).then_some((name, json!([tag])))
        }
    });
    let made: Vec<(String, Value)> = join_all(changes).await.into_iter().flatten().collect();
    assert!(!made.is_empty());
    let now = world.api.get(&path).await.is(200);
    let is_one =
        |(name, tags): &(String, Value)| now["name"] == *name && now["config"]["tags"] == *tags;
    assert!(made.iter().any(is_one), "{now:#}");
}

#[tokio::test]
async fn a_revoked_server_stays_revoked_whatever_comes_at_the_same_time() {
    let world = World::start().await;
    let account = world.api.account(&world.mock).await;
    let (path, server) = world.api.server(&account, &json!({"name": "start"})).await;
    let requests = (0..16).map(|number| {
        let (api, path) = (world.api.clone(), path.clone());
        async move {
            match number % 3 {
                0 => api.delete(&path).await.status,
                1 => {
                    api.patch(&path, &json!({"name": format!("n{number}")}))
                        .await
                        .status
                }
                _ => api.post(&format!("{path}/rotate"), &json!({})).await.status,
            }
        }
    });
    for status in join_all(requests).await {
        assert!(matches!(status, 200 | 204 | 409), "{status}");
    }
    world.api.delete(&path).await.is(204);
    assert_eq!(world.api.get(&path).await.is(200)["state"], "revoked");
    assert_eq!(world.api.knock(text(&server["url"])).await, 404);
}

#[tokio::test]
async fn no_server_outlives_its_account() {
    let world = World::start().await;
    let account = world.api.account(&world.mock).await;
    let creations = (0..15).map(|number| {
        let (api, path) = (world.api.clone(), format!("{account}/mcp"));
        async move {
            api.post(&path, &json!({"name": format!("n{number}")}))
                .await
        }
    });
    let (made, deleted) = tokio::join!(join_all(creations), world.api.delete(&account));
    deleted.is(204);
    for reply in made {
        assert!(matches!(reply.status, 201 | 404 | 409), "{:#}", reply.body);
        if reply.status == 201 {
            assert_eq!(world.api.knock(text(&reply.body["url"])).await, 404);
        }
    }
}
