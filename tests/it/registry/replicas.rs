//! Several servers with one store.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use serde_json::json;

use super::failing::Failing;
use super::{OPERATION, assert_gone, call, revoke, strangers_answer, telling, until_ended};
use crate::mock::Mock;
use crate::support::{PATIENCE, Setup};

#[tokio::test]
async fn what_one_makes_works_at_the_other_at_once() {
    let mock = Mock::start().await;
    let mut setup = Setup::new(&mock).await;
    let here = setup.start().await;
    let late = Failing::new(setup.store.clone());
    setup.store = late.clone();
    let there = setup.start().await;
    // Nobody tells the other one of what happens here.
    late.set_late(true);
    for _ in 0..3 {
        let (_, server) = here.account_with_server().await;
        let reply = there
            .client(&server)
            .modern("tools/call", &call(OPERATION))
            .await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        assert_eq!(reply.message()["result"]["isError"], false);
    }
    here.stop().await;
    there.stop().await;
}

#[tokio::test]
async fn what_one_takes_back_ends_at_the_other() {
    let mock = Mock::start().await;
    let setup = Setup::new(&mock).await;
    let (here, there) = (setup.start().await, setup.start().await);
    let (account, server) = here.account_with_server().await;
    let client = there.client(&server);
    let session = client.in_session().await;
    let mut stream = session.open(reqwest::Method::GET).await;
    revoke(&here, &account, &server).await;
    assert_gone(&here.client(&server)).await;
    let expected = strangers_answer(&client).await;
    let start = Instant::now();
    while telling(&client.modern("tools/list", &json!({})).await) != expected {
        assert!(start.elapsed() < PATIENCE);
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    println!("refused by the other one after {:?}", start.elapsed());
    until_ended(&mut stream).await;
    here.stop().await;
    there.stop().await;
}

/// Secrets that nobody has made are looked for, but not by everybody who likes.
#[tokio::test]
async fn strangers_cannot_keep_the_store_busy() {
    let mock = Mock::start().await;
    let mut setup = Setup::new(&mock).await;
    let store = Failing::new(setup.store.clone());
    setup.store = store.clone();
    let site = setup.start().await;
    let (_, server) = site.account_with_server().await;
    let client = site.client(&server);
    let start = Instant::now();
    for _ in 0..300 {
        let (status, ..) = strangers_answer(&client).await;
        assert_eq!(status, 404);
    }
    let allowed = 20 * (start.elapsed().as_secs() + 2);
    let looked_up = store.looked_up.load(Ordering::SeqCst);
    assert!((1..=allowed).contains(&looked_up), "{looked_up}");
    // What has no valid form is not looked for at all.
    for end in [
        "bmcp_",
        "x",
        "bmcp_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    ] {
        client
            .at(&format!("{}/mcp/{end}", site.base))
            .post("{}")
            .await;
    }
    assert_eq!(store.looked_up.load(Ordering::SeqCst), looked_up);
    assert_eq!(client.modern("tools/list", &json!({})).await.status, 200);
    site.stop().await;
}
