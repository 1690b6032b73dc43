//! A URL works until exactly its end.

use reqwest::Method;
use serde_json::{Value, json};

use super::{OPERATION, assert_gone, call, change, path, revoke, strangers_answer, telling};
use crate::mock::Mock;
use crate::support::{HttpClient, Provisioned};

/// How long the servers of these tests live, in milliseconds.
const LIFE: i64 = 90_000;

async fn server_with_an_end(site: &Provisioned, account: &str) -> Value {
    let end = site.clock.now().as_millisecond() + LIFE;
    let end = jiff::Timestamp::from_millisecond(end).expect("a time");
    let body = json!({"name": "Short", "expires_at": end.to_string()});
    site.server(account, &body).await
}

async fn assert_works(client: &HttpClient, mock: &Mock) {
    let reply = client.modern("tools/call", &call(OPERATION)).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    assert_eq!(reply.message()["result"]["isError"], false);
    mock.take_one();
}

#[tokio::test]
async fn it_ends_at_the_millisecond() {
    let mock = Mock::start().await;
    let site = Provisioned::start(&mock).await;
    let account = site.account().await;
    let server = server_with_an_end(&site, &account).await;
    let client = site.client(&server);
    assert_works(&client, &mock).await;
    site.pass(LIFE - 1);
    assert_works(&client, &mock).await;
    site.pass(1);
    assert_gone(&client).await;
    mock.assert_untouched();
    site.stop().await;
}

#[tokio::test]
async fn it_ends_for_sessions_as_well() {
    let mock = Mock::start().await;
    let site = Provisioned::start(&mock).await;
    let account = site.account().await;
    let server = server_with_an_end(&site, &account).await;
    let session = site.client(&server).in_session().await;
    site.pass(LIFE - 1);
    let reply = session.request("tools/list", &json!({})).await;
    assert_eq!(reply.status, 200);
    site.pass(1);
    let expected = strangers_answer(&session).await;
    let reply = session.request("tools/call", &call(OPERATION)).await;
    assert_eq!(telling(&reply), expected);
    assert_eq!(session.open(Method::GET).await.status(), 404);
    assert_eq!(session.open(Method::DELETE).await.status(), 404);
    mock.assert_untouched();
    site.stop().await;
}

/// The clock alone decides, wherever it comes from.
#[tokio::test]
async fn a_clock_that_is_put_back_and_forth_decides_anew_each_time() {
    let mock = Mock::start().await;
    let site = Provisioned::start(&mock).await;
    let account = site.account().await;
    let server = server_with_an_end(&site, &account).await;
    let client = site.client(&server);
    for _ in 0..3 {
        assert_works(&client, &mock).await;
        site.pass(LIFE);
        assert_gone(&client).await;
        site.pass(-1);
        assert_works(&client, &mock).await;
        site.pass(1);
        assert_gone(&client).await;
        site.pass(-LIFE);
    }
    // Whatever the clock says: what has been taken back stays so.
    revoke(&site, &account, &server).await;
    for step in [-LIFE, LIFE, 10 * LIFE, -20 * LIFE] {
        site.pass(step);
        assert_gone(&client).await;
    }
    site.stop().await;
}

#[tokio::test]
async fn more_time_can_be_given_after_the_end() {
    let mock = Mock::start().await;
    let site = Provisioned::start(&mock).await;
    let account = site.account().await;
    let server = server_with_an_end(&site, &account).await;
    let client = site.client(&server);
    assert_works(&client, &mock).await;
    site.pass(LIFE);
    assert_gone(&client).await;
    let forever = json!({"expires_at": null});
    change(&site, Method::PATCH, &path(&account, &server), &forever).await;
    assert_works(&client, &mock).await;
    site.stop().await;
}

#[tokio::test]
async fn strangers_learn_nothing() {
    let mock = Mock::start().await;
    let site = Provisioned::start(&mock).await;
    let account = site.account().await;
    let expired = site.client(&server_with_an_end(&site, &account).await);
    let server = site.server(&account, &json!({"name": "Revoked"})).await;
    let revoked = site.client(&server);
    revoke(&site, &account, &server).await;
    let id = site.server(&account, &json!({"name": "By its id"})).await;
    let id = id["id"].as_str().expect("an id");
    let by_id = HttpClient::new(&format!("{}/mcp/{id}", site.base));
    let misspelt = HttpClient::new(&format!("{}A", expired.url));
    let short = HttpClient::new(&format!("{}/mcp/bmcp_", site.base));
    site.pass(LIFE);
    for client in [&expired, &revoked, &by_id, &misspelt, &short] {
        assert_gone(client).await;
        let browser = client.with("origin", "http://localhost:6274");
        assert_gone(&browser).await;
        let opened = client.open(Method::GET).await;
        assert_eq!(opened.status(), 404);
    }
    site.stop().await;
}

/// All servers of an account end with it.
#[tokio::test]
async fn a_deleted_account_takes_its_servers_along() {
    let mock = Mock::start().await;
    let site = Provisioned::start(&mock).await;
    let account = site.account().await;
    let other = site.account().await;
    let [first, second] = ["One", "Two"].map(|name| json!({"name": name}));
    let mine = [
        site.client(&site.server(&account, &first).await),
        site.client(&site.server(&account, &second).await),
    ];
    let theirs = site.client(&site.server(&other, &first).await);
    assert_works(&mine[0], &mock).await;
    let path = format!("/integrated-account/{account}");
    let (status, _) = site.call(Method::DELETE, &path, None).await;
    assert_eq!(status, 204);
    for client in &mine {
        assert_gone(client).await;
    }
    assert_works(&theirs, &mock).await;
    site.stop().await;
}

#[tokio::test]
async fn a_replaced_secret_works_for_a_while() {
    let mock = Mock::start().await;
    let site = Provisioned::start(&mock).await;
    let (account, server) = site.account_with_server().await;
    let old = site.client(&server);
    let session = old.in_session().await;
    let rotate = format!("{}/rotate", path(&account, &server));
    let body = json!({"overlap_seconds": 60});
    let server = change(&site, Method::POST, &rotate, &body).await;
    let new = site.client(&server);
    assert_ne!(old.url, new.url);
    site.pass(59_999);
    assert_works(&old, &mock).await;
    assert_works(&new, &mock).await;
    site.pass(1);
    assert_gone(&old).await;
    assert_works(&new, &mock).await;
    // A session goes on under the new secret.
    let reply = session.request("tools/list", &json!({})).await;
    assert_eq!(reply.status, 404);
    let reply = session.at(&new.url).request("tools/list", &json!({})).await;
    assert_eq!(reply.status, 200, "{}", reply.text);

    let body = json!({"overlap_seconds": 0});
    let server = change(&site, Method::POST, &rotate, &body).await;
    assert_gone(&new).await;
    assert_works(&site.client(&server), &mock).await;
    site.stop().await;
}
