//! Accounts: made, changed, verified, deleted.

use serde_json::{Value, json};

use super::World;
use super::api::text;
use crate::mock::{API_KEY, Answer, COMPANY_DOMAIN};

#[tokio::test]
async fn an_account_is_made_read_changed_and_deleted() {
    let world = World::start().await;
    let api = &world.api;
    let path = api.account(&world.mock).await;
    let made = api.get(&path).await.is(200);
    assert_eq!(made["label"], COMPANY_DOMAIN);
    assert_eq!(made["environment"], "live");
    assert_eq!(made["base_url"], world.mock.url());
    assert_eq!(made["created_at"], super::world::START);

    world.wait(5);
    let change = json!({"label": " Widgets Ltd ", "environment": "test", "base_url": null});
    let changed = api.patch(&path, &change).await.is(200);
    assert_eq!(changed["label"], "Widgets Ltd");
    assert_eq!(changed["environment"], "test");
    assert_eq!(changed["base_url"], Value::Null);
    assert_eq!(changed["updated_at"], "2026-11-22T12:00:05Z");
    assert_eq!(api.get(&path).await.is(200), changed);
    let back = api.patch(&path, &json!({"label": null})).await.is(200);
    assert_eq!(back["label"], COMPANY_DOMAIN);
    // A change that changes nothing is none.
    world.wait(5);
    assert_eq!(api.patch(&path, &json!({})).await.is(200), back);

    api.delete(&path).await.is(204);
    let gone = api.get(&path).await.is(404);
    assert!(text(&gone["detail"]).contains("deleted at"), "{gone:#}");
    api.delete(&path).await.is(404);
    api.patch(&path, &json!({"label": "a"})).await.is(404);
    let list = api.get("/integrated-account").await.is(200);
    assert_eq!(list["result"], json!([]));
}

#[tokio::test]
async fn what_is_no_account_is_not_found() {
    let world = World::start().await;
    for id in [
        "acc_00000000000000000000000000",
        "acc_",
        "mcp_1",
        "%2f",
        "a%20b",
    ] {
        let path = format!("/integrated-account/{id}");
        world.api.get(&path).await.is(404);
        world.api.delete(&path).await.is(404);
        world
            .api
            .post(&format!("{path}/verify"), &json!({}))
            .await
            .is(404);
        world
            .api
            .post(&format!("{path}/mcp"), &json!({}))
            .await
            .is(404);
    }
}

#[tokio::test]
async fn the_sandbox_needs_nothing() {
    let world = World::start().await;
    let sandbox = json!({"environment": "sandbox"});
    let account = world
        .api
        .post("/integrated-account", &sandbox)
        .await
        .is(201);
    assert_eq!(account["company_domain"], "sandbox");
    let path = format!("/integrated-account/{}", text(&account["id"]));
    let verified = world
        .api
        .post(&format!("{path}/verify"), &json!({}))
        .await
        .is(200);
    assert_eq!(verified["ok"], true, "{verified:#}");
    let wrong = json!({
        "environment": "sandbox", "company_domain": "widgets", "api_key": "k", "base_url": world.mock.url()
    });
    let wrong = world.api.post("/integrated-account", &wrong).await.wrong();
    assert_eq!(wrong, ["/api_key", "/base_url", "/company_domain"]);
    let live = world
        .api
        .patch(&path, &json!({"environment": "live"}))
        .await;
    assert_eq!(live.wrong(), ["/environment"]);
    let live = world.api.account(&world.mock).await;
    let sandbox = world
        .api
        .patch(&live, &json!({"environment": "sandbox"}))
        .await;
    assert_eq!(sandbox.wrong(), ["/environment"]);
}

#[tokio::test]
async fn an_account_is_verified_by_one_read() {
    let world = World::start().await;
    let path = world.api.account(&world.mock).await;
    let verify = || async {
        let request = world
            .api
            .request(reqwest::Method::POST, &format!("{path}/verify"));
        world.api.send(request).await.is(200)
    };
    let verified = verify().await;
    assert_eq!(verified["ok"], true, "{verified:#}");
    assert_eq!(world.mock.take_one().header("apikey"), Some(API_KEY));
    for (status, expected) in [
        (401, "API key"),
        (404, "company domain"),
        (429, "no more"),
        (500, "error"),
    ] {
        let said = json!({"message": "canary-of-billsby"});
        world
            .mock
            .answer_with("Customer_listCustomers", Answer::json(status, &said));
        let verified = verify().await;
        assert_eq!(verified["ok"], false);
        assert_eq!(verified["status"], status);
        assert!(text(&verified["detail"]).contains(expected), "{verified:#}");
        assert!(!verified.to_string().contains("canary"), "{verified:#}");
    }
    // Nobody listens there.
    let nobody = "http://127.0.0.1:1/rest";
    let world = World::with(super::world::memory().await, |options| {
        options.allowed_base_urls.push(nobody.to_owned());
    });
    let world = world.await;
    let path = world.api.account(&world.mock).await;
    world
        .api
        .patch(&path, &json!({"base_url": nobody}))
        .await
        .is(200);
    let verified = world
        .api
        .post(&format!("{path}/verify"), &json!({}))
        .await
        .is(200);
    assert_eq!(verified["ok"], false);
    assert!(
        text(&verified["detail"]).contains("cannot be reached"),
        "{verified:#}"
    );
}

#[tokio::test]
async fn another_key_is_used_from_the_next_call_on() {
    let world = World::start().await;
    let path = world.api.account(&world.mock).await;
    world
        .api
        .patch(&path, &json!({"api_key": "another"}))
        .await
        .is(200);
    let verified = world
        .api
        .post(&format!("{path}/verify"), &json!({}))
        .await
        .is(200);
    assert_eq!(verified["ok"], false);
    assert_eq!(world.mock.take_all()[0].header("apikey"), Some("another"));
}

#[tokio::test]
async fn deleting_an_account_ends_its_servers_and_erases_its_key() {
    let world = World::start().await;
    let path = world.api.account(&world.mock).await;
    let other = world.api.account(&world.mock).await;
    let mut urls = Vec::new();
    for name in ["a", "b"] {
        let (_, server) = world.api.server(&path, &json!({"name": name})).await;
        urls.push(text(&server["url"]).to_owned());
    }
    let (_, stays) = world.api.server(&other, &json!({"name": "c"})).await;
    for url in &urls {
        assert_eq!(world.api.knock(url).await, 200);
    }
    world.api.delete(&path).await.is(204);
    for url in &urls {
        assert_eq!(world.api.knock(url).await, 404);
        let inspected = world
            .api
            .post("/token/inspect", &json!({"token": url}))
            .await
            .is(200);
        assert_eq!(inspected["works"], false);
        assert!(
            text(&inspected["detail"]).contains("revoked at"),
            "{inspected:#}"
        );
    }
    assert_eq!(world.api.knock(text(&stays["url"])).await, 200);
    let id = path
        .rsplit('/')
        .next()
        .expect("an id")
        .parse()
        .expect("an id");
    let record = world
        .store
        .account(id)
        .await
        .expect("a store")
        .expect("a tombstone");
    assert!(record.api_key.is_empty() && record.deleted_at.is_some());
}
