//! A store that is gone for a while costs no call anything.

use std::sync::Arc;
use std::time::Duration;

use billsby_mcp::store::{self, Lock, Store, StoreUrl};
use serde_json::json;

use super::{call, entries, kept};
use crate::mock::Mock;
use crate::registry::failing::Failing;
use crate::support::{Case, PATIENCE, Provisioned, Setup};

const READ: &str = "Customer_getDetails";

#[tokio::test]
async fn calls_go_on_while_the_store_is_down_and_are_kept_once_it_is_back() {
    let mock = Mock::start().await;
    let inner = store::open(&StoreUrl::Memory, Lock::Shared).await;
    let failing = Failing::new(inner.expect("a store"));
    let store: Arc<dyn Store> = failing.clone();
    let site = Setup::with(&mock, store).start().await;
    let (_, server) = site.account_with_server().await;
    let client = site.client(&server);
    let case = Case::of(READ);
    let arguments = json!(case.arguments);
    call(&site, &client, &case.tool, &arguments).await;
    assert_eq!(entries(&site).await.len(), 1);

    failing.set_down(true);
    for _ in 0..3 {
        let reply = call(&site, &client, &case.tool, &arguments).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
    }
    site.recorder.flush().await;
    failing.set_down(false);
    assert_eq!(kept(&site).await.len(), 1);
    // Nobody has to ask for it.
    let written = async {
        while kept(&site).await.len() < 4 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(PATIENCE, written)
        .await
        .expect("four entries");
    assert_eq!(entries(&site).await.len(), 4);
    assert_eq!(site.recorder.lost(), 0);
}

#[tokio::test]
async fn what_was_called_last_is_written_at_the_end() {
    let mock = Mock::start().await;
    let site = Provisioned::start(&mock).await;
    let (_, server) = site.account_with_server().await;
    let client = site.client(&server);
    let case = Case::of(READ);
    for _ in 0..20 {
        call(&site, &client, &case.tool, &json!(case.arguments)).await;
    }
    site.recorder.flush().await;
    assert_eq!(kept(&site).await.len(), 20);
}
