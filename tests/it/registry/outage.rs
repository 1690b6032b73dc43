//! The store is down: what is known goes on for a while.

use std::time::Duration;

use reqwest::{Client, Method};
use serde_json::json;

use super::failing::Failing;
use super::{OPERATION, assert_gone, call, revoke};
use crate::mock::Mock;
use crate::support::{PATIENCE, Setup};

/// How long the image counts as true where a test waits for that to be over.
const SHORT: Duration = Duration::from_millis(1_500);

#[tokio::test]
async fn servers_go_on_from_memory() {
    let mock = Mock::start().await;
    let mut setup = Setup::new(&mock).await;
    let store = Failing::new(setup.store.clone());
    setup.store = store.clone();
    let site = setup.start().await;
    let (account, used) = site.account_with_server().await;
    let body = json!({"name": "Short", "expires_at": "2026-11-22T12:02:00Z"});
    let unused = site.server(&account, &body).await;
    let (used, unused) = (site.client(&used), site.client(&unused));
    used.modern("tools/call", &call(OPERATION)).await;

    store.set_down(true);
    for client in [&used, &unused] {
        let reply = client.modern("tools/call", &call(OPERATION)).await;
        assert_eq!(
            reply.message()["result"]["isError"],
            false,
            "{}",
            reply.text
        );
    }
    let (status, _) = site.call(Method::GET, "/integrated-account", None).await;
    assert_eq!(status, 503);
    // What has an end has it as well when nobody can be asked.
    site.pass(120_000);
    assert_gone(&unused).await;

    store.set_down(false);
    let server = site.server(&account, &json!({"name": "After"})).await;
    let reply = site.client(&server).modern("tools/list", &json!({})).await;
    assert_eq!(reply.status, 200);
    revoke(&site, &account, &server).await;
    assert_gone(&site.client(&server)).await;
    site.stop().await;
}

#[tokio::test]
async fn they_do_not_go_on_for_ever() {
    let mock = Mock::start().await;
    let mut setup = Setup::new(&mock).await;
    let store = Failing::new(setup.store.clone());
    setup.store = store.clone();
    setup.grace = SHORT;
    let site = setup.start().await;
    let (_, server) = site.account_with_server().await;
    let client = site.client(&server);
    let until = async |status: u16| {
        let wait = async {
            while client.modern("tools/list", &json!({})).await.status != status {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        tokio::time::timeout(PATIENCE, wait)
            .await
            .expect("the status");
    };
    until(200).await;
    store.set_down(true);
    until(503).await;
    let reply = client.modern("tools/call", &call(OPERATION)).await;
    assert_eq!(reply.status, 503);
    assert!(reply.header("retry-after").is_some());
    assert_eq!(reply.message()["error"]["code"], -32000);
    assert!(!site.registry.status().is_available);
    // Requests had better go to a replica that still knows what there is.
    let http = Client::builder().no_proxy().build().expect("a client");
    let page = async |path: &str| {
        let reply = http.get(format!("{}{path}", site.base)).send().await;
        let reply = reply.expect("a reply");
        (reply.status().as_u16(), reply.text().await.expect("a text"))
    };
    let away = "the store does not answer\n".to_owned();
    assert_eq!(page("/readyz").await, (503, away));
    // To start the program again would not help.
    assert_eq!(page("/healthz").await.0, 200);
    mock.assert_untouched();
    store.set_down(false);
    until(200).await;
    assert_eq!(page("/readyz").await.0, 200);
    site.stop().await;
}
