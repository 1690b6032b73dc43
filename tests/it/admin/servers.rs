//! Servers: made, changed, replaced, revoked.

use billsby_mcp::store::Sweep;
use serde_json::{Value, json};

use super::api::text;
use super::{ARTICLE, World};

#[tokio::test]
async fn the_request_of_the_article_works_as_printed() {
    let world = World::start().await;
    let account = world.api.account(&world.mock).await;
    let request = world
        .api
        .request(reqwest::Method::POST, &format!("{account}/mcp"));
    let request = request
        .header("content-type", "application/json")
        .body(ARTICLE);
    let server = world.api.send(request).await.is(201);
    let asked: Value = serde_json::from_str(ARTICLE).expect("JSON");
    assert_eq!(server["name"], asked["name"]);
    assert_eq!(server["expires_at"], asked["expires_at"]);
    for (name, value) in asked["config"].as_object().expect("an object") {
        assert_eq!(&server["config"][name], value);
    }
    assert_eq!(server["state"], "active");
    let (url, token) = (text(&server["url"]), text(&server["token"]));
    assert_eq!(url, format!("{}/mcp/{token}", world.api.base));
    assert!(token.ends_with(text(&server["token_hint"])));
    assert_eq!(world.api.knock(url).await, 200);
    // From the second on that is named, it answers nothing.
    world
        .clock
        .set("2026-12-31T23:59:59Z".parse().expect("a time"));
    assert_eq!(world.api.knock(url).await, 404);
}

#[tokio::test]
async fn a_server_that_asks_for_nothing_gets_reads() {
    let world = World::start().await;
    let account = world.api.account(&world.mock).await;
    let (path, server) = world.api.server(&account, &json!({"name": "a"})).await;
    assert_eq!(server["config"]["methods"], json!(["read"]));
    assert_eq!(server["expires_at"], Value::Null);
    let tools = world.api.get(&format!("{path}/tools")).await.is(200);
    let listed = tools["tools"].as_array().expect("tools");
    assert!(!listed.is_empty());
    assert!(
        listed.iter().all(|tool| tool["effect"] == "read"),
        "{tools:#}"
    );
    let left_out = tools["left_out"].as_array().expect("names").len();
    assert_eq!(listed.len() + left_out, billsby_mcp::tools().count());
    let sum: u64 = listed
        .iter()
        .filter_map(|tool| tool["tokens"].as_u64())
        .sum();
    assert_eq!(tools["tokens"], sum);
}

#[tokio::test]
async fn a_preview_makes_nothing() {
    let world = World::start().await;
    let account = world.api.account(&world.mock).await;
    let body: Value = serde_json::from_str(ARTICLE).expect("JSON");
    let preview = format!("{account}/mcp/preview");
    let planned = world.api.post(&preview, &body).await.is(200);
    let list = world.api.get(&format!("{account}/mcp")).await.is(200);
    assert_eq!(list["result"], json!([]));
    let (path, _) = world.api.server(&account, &body).await;
    assert_eq!(
        world.api.get(&format!("{path}/tools")).await.is(200),
        planned
    );
    let warnings = planned["warnings"].as_array().expect("warnings");
    let is_open = |warning: &Value| {
        warning["client"].is_null() && text(&warning["detail"]).contains("learns the URL")
    };
    assert!(warnings.iter().any(is_open), "{planned:#}");
    let mut discovery = body.clone();
    discovery["config"]["expose"] = json!("discovery");
    let less = world.api.post(&preview, &discovery).await.is(200);
    assert!(less["tokens"].as_u64() < planned["tokens"].as_u64());
    assert_eq!(
        world.api.post(&preview, &json!({"name": 1})).await.wrong(),
        ["/name"]
    );
}

#[tokio::test]
async fn a_change_is_a_merge_patch() {
    let world = World::start().await;
    let account = world.api.account(&world.mock).await;
    let body = json!({"name": "a", "config": {"methods": ["read", "write"], "tags": ["invoices"], "names": "short"}});
    let (path, server) = world.api.server(&account, &body).await;
    let url = text(&server["url"]);
    world.wait(1);
    let end = world.after(3_600).to_string();
    let change = json!({"config": {"tags": ["customers"], "names": null}, "expires_at": end});
    let request = world.api.request(reqwest::Method::PATCH, &path);
    let request = request.header("content-type", "application/merge-patch+json");
    let changed = world
        .api
        .send(request.body(change.to_string()))
        .await
        .is(200);
    assert_eq!(changed["config"]["methods"], json!(["read", "write"]));
    assert_eq!(changed["config"]["tags"], json!(["customers"]));
    assert_eq!(changed["config"]["names"], "inventory");
    assert_eq!(changed["name"], "a");
    assert_eq!(changed["expires_at"], end);
    assert_eq!(changed["updated_at"], "2026-11-22T12:00:01Z");
    let (url_gone, token_gone) = (changed.get("url"), changed.get("token"));
    assert!(url_gone.is_none() && token_gone.is_none());
    assert_eq!(world.api.get(&path).await.is(200), changed);

    let change = json!({"expires_at": null, "config": null, "name": "b"});
    let changed = world.api.patch(&path, &change).await.is(200);
    assert_eq!(changed["expires_at"], Value::Null);
    assert_eq!(changed["config"]["methods"], json!(["read"]));
    assert_eq!(changed["name"], "b");
    let change = json!({"require_api_token_auth": true});
    let changed = world.api.patch(&path, &change).await.is(200);
    assert_eq!(changed["config"]["require_api_token_auth"], true);
    world
        .api
        .patch(&path, &json!({"config": {"require_api_token_auth": false}}))
        .await
        .is(200);
    assert_eq!(world.api.knock(url).await, 200);

    let wrong = json!({"name": null, "config": {"tags": ["nothing"], "colour": null}});
    let wrong = world.api.patch(&path, &wrong).await.wrong();
    assert_eq!(wrong, ["/name", "/config/colour", "/config/tags/0"]);
}

#[tokio::test]
async fn an_expired_server_can_be_extended_and_a_revoked_one_cannot() {
    let world = World::start().await;
    let account = world.api.account(&world.mock).await;
    let body = json!({"name": "a", "expires_at": world.after(60).to_string()});
    let (path, server) = world.api.server(&account, &body).await;
    let url = text(&server["url"]);
    world.wait(60);
    assert_eq!(world.api.knock(url).await, 404);
    assert_eq!(world.api.get(&path).await.is(200)["state"], "expired");
    world
        .api
        .post(&format!("{path}/rotate"), &json!({}))
        .await
        .is(409);
    let later = json!({"expires_at": world.after(60).to_string()});
    assert_eq!(
        world.api.patch(&path, &later).await.is(200)["state"],
        "active"
    );
    assert_eq!(world.api.knock(url).await, 200);
    world.api.delete(&path).await.is(204);
    assert_eq!(world.api.knock(url).await, 404);
    world.api.delete(&path).await.is(204);
    let gone = world.api.get(&path).await.is(200);
    assert_eq!(gone["state"], "revoked");
    assert_eq!(gone["revoked_at"], world.clock.now().to_string());
    world.api.patch(&path, &later).await.is(409);
    world
        .api
        .post(&format!("{path}/rotate"), &json!({}))
        .await
        .is(409);
}

#[tokio::test]
async fn a_replaced_secret_works_for_the_overlap() {
    let world = World::start().await;
    let account = world.api.account(&world.mock).await;
    let (path, first) = world.api.server(&account, &json!({"name": "a"})).await;
    let rotate = format!("{path}/rotate");
    let second = world
        .api
        .post(&rotate, &json!({"overlap_seconds": 10}))
        .await
        .is(200);
    assert_ne!(first["token"], second["token"]);
    assert_eq!(second["previous_token_valid_until"], "2026-11-22T12:00:10Z");
    let (old, new) = (text(&first["url"]), text(&second["url"]));
    assert_eq!(
        (world.api.knock(old).await, world.api.knock(new).await),
        (200, 200)
    );
    world.wait(9);
    assert_eq!(world.api.knock(old).await, 200);
    world.wait(1);
    assert_eq!(
        (world.api.knock(old).await, world.api.knock(new).await),
        (404, 200)
    );
    let inspected = world
        .api
        .post("/token/inspect", &json!({"token": old}))
        .await
        .is(200);
    assert!(
        text(&inspected["detail"]).contains("replaced"),
        "{inspected:#}"
    );
    let shown = world.api.get(&path).await.is(200);
    assert_eq!(shown.get("previous_token_valid_until"), None);
    // Without an overlap the one before ends at once.
    let third = world
        .api
        .post(&rotate, &json!({"overlap_seconds": 0}))
        .await
        .is(200);
    let newest = text(&third["url"]);
    assert_eq!(
        (world.api.knock(new).await, world.api.knock(newest).await),
        (404, 200)
    );
    // Wherever the clock stands.
    world.wait(-5);
    assert_eq!(world.api.knock(new).await, 404);
    world.wait(5);
    // Without a body it is an hour.
    let request = world.api.request(reqwest::Method::POST, &rotate);
    let fourth = world.api.send(request).await.is(200);
    assert_eq!(
        fourth["previous_token_valid_until"],
        world.after(3_600).to_string()
    );
    for wrong in [json!(-1), json!(604_801), json!("1"), json!(1.5)] {
        let body = json!({"overlap_seconds": wrong});
        assert_eq!(
            world.api.post(&rotate, &body).await.wrong(),
            ["/overlap_seconds"]
        );
    }
}

#[tokio::test]
async fn a_server_that_requires_oauth_is_reached_by_its_id() {
    let world = World::with(super::world::memory().await, |options| {
        options.has_issuers = true;
    });
    let world = world.await;
    let account = world.api.account(&world.mock).await;
    let body = json!({"name": "a", "require_oauth": true});
    let (path, server) = world.api.server(&account, &body).await;
    let url = format!("{}/mcp/{}", world.api.base, text(&server["id"]));
    assert_eq!(server["url"], url);
    assert_eq!(world.api.get(&path).await.is(200)["url"], url);
}

#[tokio::test]
async fn a_server_belongs_to_one_account() {
    let world = World::start().await;
    let account = world.api.account(&world.mock).await;
    let other = world.api.account(&world.mock).await;
    let (path, _) = world.api.server(&account, &json!({"name": "a"})).await;
    let elsewhere = path.replace(&account, &other);
    world.api.get(&elsewhere).await.is(404);
    world.api.delete(&elsewhere).await.is(404);
    world
        .api
        .patch(&elsewhere, &json!({"name": "b"}))
        .await
        .is(404);
    assert_eq!(world.api.get(&path).await.is(200)["state"], "active");
}

#[tokio::test]
async fn a_server_whose_url_is_forgotten_cannot_come_back() {
    let world = World::start().await;
    let account = world.api.account(&world.mock).await;
    let soon = world.after(60);
    let body = json!({"name": "a", "expires_at": soon.to_string()});
    let (path, _) = world.api.server(&account, &body).await;
    world.wait(120);
    let now = world.clock.now();
    let sweep = Sweep {
        now,
        ended: now,
        activity: now,
    };
    world.store.sweep(sweep).await.expect("a sweep");
    for end in [json!(null), json!(world.after(3_600).to_string())] {
        let problem = world.api.patch(&path, &json!({"expires_at": end})).await;
        let problem = problem.is(409);
        assert!(
            text(&problem["detail"]).contains("ended too long ago"),
            "{problem:#}"
        );
    }
    // What does not bring it back can be done.
    world.api.patch(&path, &json!({"name": "b"})).await.is(200);
    world.api.delete(&path).await.is(204);
}
