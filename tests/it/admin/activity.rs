//! What servers were used for, as the API shows it.

use std::collections::BTreeMap;

use billsby_mcp::activity::Entry;
use billsby_mcp::record::ActivityId;
use billsby_mcp::tool::Outcome;
use serde_json::json;

use super::World;
use super::api::text;

#[tokio::test]
async fn calls_are_listed_and_counted() {
    let world = World::start().await;
    let account = world.api.account(&world.mock).await;
    let (path, server) = world.api.server(&account, &json!({"name": "a"})).await;
    let id = text(&server["id"]);
    let mut entries = Vec::new();
    for number in 0..4_u8 {
        world.wait(1);
        let at = world.clock.now();
        let is_error = number == 3;
        entries.push(Entry {
            id: ActivityId::new(at).expect("an id"),
            at,
            server: Some(id.parse().expect("an id")),
            account: text(&server["integrated_account_id"]).parse().ok(),
            client_name: Some("tester".to_owned()),
            client_version: None,
            tool: "list_all_billsby_customers".to_owned(),
            is_write: false,
            is_error,
            outcome: if is_error {
                Outcome::NotSent
            } else {
                Outcome::Done
            },
            status: is_error.then_some(503),
            milliseconds: 7,
            keys: BTreeMap::from([("customerUniqueId".to_owned(), format!("c{number}"))]),
        });
    }
    world.store.record(entries).await.expect("a store");
    let usage = world.api.get(&path).await.is(200)["usage"].clone();
    let latest = world.clock.now().to_string();
    assert_eq!(
        usage,
        json!({"last_used_at": latest, "calls": 4, "errors": 1, "writes": 0})
    );
    let from = "2026-11-22T12:00:02Z";
    for (query, expected) in [
        (String::new(), vec!["c3", "c2", "c1", "c0"]),
        (format!("server_id={id}&is_error=true"), vec!["c3"]),
        ("outcome=not_sent".to_owned(), vec!["c3"]),
        ("tool=list_customers&customer=c1".to_owned(), vec!["c1"]),
        ("tool=refund_invoice".to_owned(), vec![]),
        (
            format!("from={from}&until=2026-11-22T12:00:04Z"),
            vec!["c2", "c1"],
        ),
        ("invoice=i1".to_owned(), vec![]),
        (
            "server_id=mcp_00000000000000000000000000".to_owned(),
            vec![],
        ),
    ] {
        let list = world.api.get(&format!("/activity?{query}")).await.is(200);
        let calls = list["result"].as_array().expect("a list").iter();
        let customers: Vec<&str> = calls
            .map(|call| text(&call["keys"]["customerUniqueId"]))
            .collect();
        assert_eq!(customers, expected, "{query}");
    }
    let page = world.api.get("/activity?limit=3").await.is(200);
    let cursor = text(&page["next_cursor"]);
    let rest = world
        .api
        .get(&format!("/activity?limit=3&cursor={cursor}"))
        .await
        .is(200);
    assert_eq!(rest["result"].as_array().map(Vec::len), Some(1));
    let turned = world
        .api
        .get(&format!("/activity?from={from}&until={from}"))
        .await;
    assert_eq!(turned.wrong(), ["?until"]);
}
