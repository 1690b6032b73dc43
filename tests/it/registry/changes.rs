//! A server that is changed shows its new tools at once.

use reqwest::Method;
use serde_json::json;

use super::{OPERATION, WRITE, call, change, path, tools};
use crate::mock::Mock;
use crate::support::Provisioned;

#[tokio::test]
async fn other_tools_are_listed_and_old_sessions_end() {
    let mock = Mock::start().await;
    let site = Provisioned::start(&mock).await;
    let (account, server) = site.account_with_server().await;
    let client = site.client(&server);
    let session = client.in_session().await;
    assert_eq!(tools(&client).await.len(), 58);
    let update = call(WRITE);
    let reply = client.modern("tools/call", &update).await;
    assert_eq!(reply.message()["result"]["isError"], false);
    mock.take_one();

    let only = json!({"config": {"methods": ["read"], "tags": ["customers"]}});
    change(&site, Method::PATCH, &path(&account, &server), &only).await;
    let listed = tools(&client).await;
    let names: Vec<&str> = listed.iter().map(String::as_str).collect();
    assert!(names.contains(&call(OPERATION)["name"].as_str().expect("a name")));
    assert!(names.len() < 10, "{names:?}");
    let reply = client.modern("tools/call", &update).await;
    assert!(reply.message()["error"].is_object(), "{}", reply.text);
    let reply = session.request("tools/list", &json!({})).await;
    assert_eq!(reply.status, 404);
    assert_eq!(reply.message()["error"]["code"], -32001);
    assert_eq!(
        client
            .in_session()
            .await
            .request("tools/list", &json!({}))
            .await
            .status,
        200
    );
    mock.assert_untouched();
    site.stop().await;
}

#[tokio::test]
async fn a_new_name_ends_no_session() {
    let mock = Mock::start().await;
    let site = Provisioned::start(&mock).await;
    let (account, server) = site.account_with_server().await;
    let session = site.client(&server).in_session().await;
    let name = json!({"name": "Another", "expires_at": "2027-01-01T00:00:00Z"});
    change(&site, Method::PATCH, &path(&account, &server), &name).await;
    let reply = session.request("tools/list", &json!({})).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    site.stop().await;
}

#[tokio::test]
async fn calls_are_made_with_the_account_as_it_is_now() {
    let mock = Mock::start().await;
    let site = Provisioned::start(&mock).await;
    let (account, server) = site.account_with_server().await;
    let client = site.client(&server);
    client.modern("tools/call", &call(OPERATION)).await;
    mock.take_one();
    let path = format!("/integrated-account/{account}");
    let key = json!({"api_key": "widgets_another"});
    change(&site, Method::PATCH, &path, &key).await;
    let reply = client.modern("tools/call", &call(OPERATION)).await;
    assert_eq!(reply.message()["result"]["isError"], true);
    let sent = mock.take_all();
    let key = sent[0].headers.iter();
    let key: Vec<_> = key.filter(|(name, _)| name == "apikey").collect();
    assert_eq!(key.len(), 1);
    assert_eq!(key[0].1, "widgets_another");
    site.stop().await;
}

#[tokio::test]
async fn the_sandbox_needs_no_account() {
    let mock = Mock::start().await;
    let site = Provisioned::start(&mock).await;
    let body = json!({"company_domain": "sandbox", "environment": "sandbox"});
    let account = change(&site, Method::POST, "/integrated-account", &body).await;
    let account = account["id"].as_str().expect("an id");
    let client = site.client(&site.server(account, &json!({"name": "Play"})).await);
    let list = json!({
        "name": "list_customers",
        "arguments": {"companyDomain": "sandbox", "page": 1, "pageSize": 10},
    });
    let reply = client.modern("tools/call", &list).await;
    assert_eq!(
        reply.message()["result"]["isError"],
        false,
        "{}",
        reply.text
    );
    mock.assert_untouched();
    site.stop().await;
}
