//! A store that does not do what it is asked.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use billsby_mcp::activity::{Entry, Usage};
use billsby_mcp::record::{
    AccountId, AccountRecord, ApiTokenId, ApiTokenRecord, ServerId, ServerRecord,
};
use billsby_mcp::secret::TokenHash;
use billsby_mcp::store::{
    ActivityQuery, Batch, Changes, Claim, Commit, Page, ServerQuery, Store, StoreError, Sweep,
};
use jiff::Timestamp;
use serde_json::json;

use super::World;
use super::api::text;

const FINE: u8 = 0;
/// It cannot be reached.
const GONE: u8 = 1;
/// It can be read and not written.
const FULL: u8 = 2;
/// It takes what is written, and then cannot say what has changed.
const MUTE: u8 = 3;

/// A store with faults.
struct Faulty {
    store: Arc<dyn Store>,
    fault: AtomicU8,
}

impl Faulty {
    async fn world() -> (Arc<Self>, World) {
        let faulty = Arc::new(Self {
            store: super::world::memory().await,
            fault: AtomicU8::new(FINE),
        });
        let world = World::with(Arc::clone(&faulty) as Arc<dyn Store>, |_| {}).await;
        (faulty, world)
    }

    fn now(&self, fault: u8) {
        self.fault.store(fault, Ordering::SeqCst);
    }

    fn fails(&self, faults: &[u8]) -> Result<(), StoreError> {
        match self.fault.load(Ordering::SeqCst) {
            FULL if faults.contains(&FULL) => Err(StoreError::Full),
            fault if faults.contains(&fault) => Err(StoreError::Unreachable("a fault".to_owned())),
            _ => Ok(()),
        }
    }
}

macro_rules! read {
    ($($name:ident($($argument:ident: $kind:ty),*) -> $result:ty;)*) => {
        #[async_trait]
        impl Store for Faulty {
            async fn commit(&self, batch: Batch) -> Result<Commit, StoreError> {
                self.fails(&[GONE, FULL])?;
                self.store.commit(batch).await
            }

            async fn changes_since(&self, generation: u64) -> Result<Changes, StoreError> {
                self.fails(&[GONE, MUTE])?;
                self.store.changes_since(generation).await
            }

            async fn changed(&self, limit: Duration) {
                self.store.changed(limit).await;
            }

            $(async fn $name(&self, $($argument: $kind),*) -> Result<$result, StoreError> {
                self.fails(&[GONE])?;
                self.store.$name($($argument),*).await
            })*
        }
    };
}

read! {
    keyring() -> Option<Vec<u8>>;
    admin_token() -> Option<TokenHash>;
    account(id: AccountId) -> Option<AccountRecord>;
    accounts(page: Page<AccountId>) -> Vec<AccountRecord>;
    server(id: ServerId) -> Option<ServerRecord>;
    server_by_token(hash: TokenHash) -> Option<ServerRecord>;
    servers(query: ServerQuery) -> Vec<ServerRecord>;
    api_token(id: ApiTokenId) -> Option<ApiTokenRecord>;
    api_tokens(page: Page<ApiTokenId>) -> Vec<ApiTokenRecord>;
    claimed(key: &[u8; 32], now: Timestamp) -> Option<Claim>;
    record(entries: Vec<Entry>) -> ();
    activity(query: ActivityQuery) -> Vec<Entry>;
    usage(servers: &[ServerId]) -> Vec<(ServerId, Usage)>;
    sweep(sweep: Sweep) -> ();
    check() -> &'static str;
}

#[tokio::test]
async fn a_store_that_is_gone_is_a_problem_and_leaves_nothing_half_made() {
    let (store, world) = Faulty::world().await;
    let account = world.api.account(&world.mock).await;
    let (path, server) = world.api.server(&account, &json!({"name": "a"})).await;
    let servers = format!("{account}/mcp");
    for fault in [GONE, FULL] {
        store.now(fault);
        let create = world
            .api
            .post_once(&servers, "k", &json!({"name": "b"}))
            .await;
        assert_eq!(create.header("retry-after"), Some("5"));
        create.is(503);
        world.api.patch(&path, &json!({"name": "c"})).await.is(503);
        world
            .api
            .post(&format!("{path}/rotate"), &json!({}))
            .await
            .is(503);
        world.api.delete(&path).await.is(503);
        world.api.delete(&account).await.is(503);
        world
            .api
            .post("/api-token", &json!({"name": "d"}))
            .await
            .is(503);
        let read = if fault == FULL { 200 } else { 503 };
        for path in [
            &path,
            &account,
            &servers,
            &"/status".to_owned(),
            &"/activity".to_owned(),
        ] {
            assert_eq!(world.api.get(path).await.status, read, "{path}");
        }
        // What was served is served.
        assert_eq!(world.api.knock(text(&server["url"])).await, 200);
    }
    store.now(FINE);
    let list = world.api.get(&servers).await.is(200);
    assert_eq!(list["result"].as_array().map(Vec::len), Some(1));
    assert_eq!(list["result"][0]["name"], "a");
    assert_eq!(
        world.api.get("/api-token").await.is(200)["result"],
        json!([])
    );
    // The same request may be sent again.
    let made = world
        .api
        .post_once(&servers, "k", &json!({"name": "b"}))
        .await;
    assert_eq!(made.header("idempotency-replayed"), None);
    made.is(201);
}

#[tokio::test]
async fn what_was_written_is_answered_even_if_nothing_more_can_be_read() {
    let (store, world) = Faulty::world().await;
    let account = world.api.account(&world.mock).await;
    store.now(MUTE);
    let (path, server) = world.api.server(&account, &json!({"name": "a"})).await;
    store.now(FINE);
    assert_eq!(world.api.get(&path).await.is(200)["id"], server["id"]);
    assert_eq!(world.api.knock(text(&server["url"])).await, 200);
}
