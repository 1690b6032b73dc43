//! Lists, page by page.

use serde_json::json;

use super::World;
use super::api::text;

#[tokio::test]
async fn every_server_is_on_one_page_though_others_are_made_meanwhile() {
    let world = World::start().await;
    let account = world.api.account(&world.mock).await;
    let mut made = Vec::new();
    for number in 0..7 {
        world.wait(1);
        let (_, server) = world
            .api
            .server(&account, &json!({"name": format!("s{number}")}))
            .await;
        made.push(text(&server["id"]).to_owned());
    }
    made.reverse();
    let mut seen = Vec::new();
    let mut path = format!("{account}/mcp?limit=3");
    loop {
        let page = world.api.get(&path).await.is(200);
        let entries = page["result"].as_array().expect("a list");
        seen.extend(entries.iter().map(|server| text(&server["id"]).to_owned()));
        let Some(cursor) = page["next_cursor"].as_str() else {
            break;
        };
        assert_eq!(entries.len(), 3);
        path = format!("{account}/mcp?limit=3&cursor={cursor}");
        world.wait(1);
        world.api.server(&account, &json!({"name": "new"})).await;
    }
    assert_eq!(seen, made);
}

#[tokio::test]
async fn the_last_page_has_no_cursor() {
    let world = World::start().await;
    for _ in 0..2 {
        world.api.account(&world.mock).await;
    }
    let page = world.api.get("/integrated-account?limit=2").await.is(200);
    assert_eq!(page["result"].as_array().map(Vec::len), Some(2));
    assert!(page["next_cursor"].is_null());
    let page = world.api.get("/integrated-account?limit=1").await.is(200);
    let next = format!(
        "/integrated-account?limit=1&cursor={}",
        text(&page["next_cursor"])
    );
    let last = world.api.get(&next).await.is(200);
    assert_ne!(last["result"][0]["id"], page["result"][0]["id"]);
    assert!(last["next_cursor"].is_null());
}

#[tokio::test]
async fn servers_are_found_by_state_and_name() {
    let world = World::start().await;
    let account = world.api.account(&world.mock).await;
    let soon = world.after(60).to_string();
    world
        .api
        .server(&account, &json!({"name": "Finance agent"}))
        .await;
    world
        .api
        .server(
            &account,
            &json!({"name": "Support, 100 %", "expires_at": soon}),
        )
        .await;
    let (path, _) = world
        .api
        .server(&account, &json!({"name": "finance, old"}))
        .await;
    world.api.delete(&path).await.is(204);
    world.wait(60);
    for (query, expected) in [
        ("state=active", vec!["Finance agent"]),
        ("state=expired", vec!["Support, 100 %"]),
        ("state=revoked", vec!["finance, old"]),
        ("name=FINANCE&state=active", vec!["Finance agent"]),
        ("name=%25", vec!["Support, 100 %"]),
        ("name=_", vec![]),
    ] {
        let list = world
            .api
            .get(&format!("{account}/mcp?{query}"))
            .await
            .is(200);
        let names: Vec<&str> = list["result"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|server| text(&server["name"]))
            .collect();
        assert_eq!(names, expected, "{query}");
    }
}
