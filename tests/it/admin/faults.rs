//! A store that does not do what it is asked.

use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use billsby_mcp::activity::{Entry, Usage};
use billsby_mcp::record::{
    AccountId, AccountRecord, ApiTokenId, ApiTokenRecord, ServerId, ServerRecord,
};
use billsby_mcp::secret::TokenHash;
use billsby_mcp::store::{
    ActivityQuery, Batch, Bucket, Change, Changes, Claim, Commit, Page, ServerQuery, Store,
    StoreError, Sweep,
};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::World;
use super::api::text;

const FINE: u8 = 0;
/// It cannot be reached.
const GONE: u8 = 1;
/// It can be read and not written.
const FULL: u8 = 2;
/// It takes what is written, and then cannot say what has changed.
const MUTE: u8 = 3;
/// It takes what is written, and does not say so.
const SILENT: u8 = 4;

/// A store with faults.
struct Faulty {
    store: Mutex<Arc<dyn Store>>,
    fault: AtomicU8,
    losses: AtomicU64,
}

impl Faulty {
    async fn world() -> (Arc<Self>, World) {
        let faulty = Arc::new(Self {
            store: Mutex::new(super::world::memory().await),
            fault: AtomicU8::new(FINE),
            losses: AtomicU64::new(0),
        });
        let world = World::with(Arc::clone(&faulty) as Arc<dyn Store>, |_| {}).await;
        (faulty, world)
    }

    fn now(&self, fault: u8) {
        self.fault.store(fault, Ordering::SeqCst);
    }

    fn store(&self) -> Arc<dyn Store> {
        Arc::clone(&self.store.lock().expect("no panic"))
    }

    /// From now on this is the store.
    fn swap(&self, store: Arc<dyn Store>) {
        *self.store.lock().expect("no panic") = store;
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
                let commit = self.store().commit(batch).await;
                if self.fault.load(Ordering::SeqCst) == SILENT {
                    return Err(StoreError::Unknown("a fault".to_owned()));
                }
                commit
            }

            async fn changes_since(&self, generation: u64) -> Result<Changes, StoreError> {
                self.fails(&[GONE, MUTE])?;
                self.store().changes_since(generation).await
            }

            async fn changed(&self, known: u64, limit: Duration) {
                self.store().changed(known, limit).await;
            }

            fn losses(&self) -> u64 {
                self.losses.load(Ordering::SeqCst)
            }

            $(async fn $name(&self, $($argument: $kind),*) -> Result<$result, StoreError> {
                self.fails(&[GONE])?;
                self.store().$name($($argument),*).await
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
    timeline(query: ActivityQuery, step: i64) -> Vec<Bucket>;
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

#[tokio::test]
async fn what_was_ended_has_ended_even_if_nothing_more_can_be_read() {
    let (store, world) = Faulty::world().await;
    let account = world.api.account(&world.mock).await;
    let other = world.api.account(&world.mock).await;
    let (revoked, one) = world.api.server(&account, &json!({"name": "a"})).await;
    let (rotated, two) = world.api.server(&account, &json!({"name": "b"})).await;
    let (_, three) = world.api.server(&account, &json!({"name": "c"})).await;
    let (_, four) = world.api.server(&other, &json!({"name": "d"})).await;
    let opens = async |server: &Value| world.api.knock(text(&server["url"])).await;
    for server in [&one, &two, &three, &four] {
        assert_eq!(opens(server).await, 200);
    }
    store.now(MUTE);
    world.api.delete(&revoked).await.is(204);
    assert_eq!(opens(&one).await, 404);
    let now = json!({"overlap_seconds": 0});
    let new = world.api.post(&format!("{rotated}/rotate"), &now).await;
    let new = new.is(200);
    assert_eq!((opens(&two).await, opens(&new).await), (404, 200));
    world.api.delete(&account).await.is(204);
    for server in [&new, &three] {
        assert_eq!(opens(server).await, 404);
    }
    assert_eq!(opens(&four).await, 200);
    store.now(FINE);
    world
        .api
        .patch(&other, &json!({"label": "e"}))
        .await
        .is(200);
    for (server, status) in [(&one, 404), (&two, 404), (&three, 404), (&four, 200)] {
        assert_eq!(opens(server).await, status);
    }
}

#[tokio::test]
async fn nobody_is_told_that_nothing_has_changed_when_nobody_knows() {
    let (store, world) = Faulty::world().await;
    let account = world.api.account(&world.mock).await;
    let servers = format!("{account}/mcp");
    let body = json!({"name": "a"});
    store.now(SILENT);
    let reply = world.api.post_once(&servers, "k", &body).await;
    assert_eq!(reply.header("retry-after"), None);
    let problem = reply.is(503);
    assert_eq!(problem["type"], "urn:billsby-mcp:problem:unknown-outcome");
    assert!(text(&problem["detail"]).contains("Idempotency-Key"));
    store.now(FINE);
    let again = world.api.post_once(&servers, "k", &body).await;
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    let made = again.is(201);
    let list = world.api.get(&servers).await.is(200);
    assert_eq!(list["result"].as_array().map(Vec::len), Some(1));
    assert_eq!(list["result"][0]["id"], made["id"]);
}

/// A copy of a store as it is now, some generations later.
async fn copy(store: &dyn Store, account: &str, later: usize) -> Arc<dyn Store> {
    let copy = super::world::memory().await;
    let keyring = Change::Keyring {
        expected: None,
        wrapped: store.keyring().await.unwrap().expect("keys"),
    };
    let id = account.rsplit('/').next().expect("an id").parse();
    let all = store.changes_since(0).await.unwrap();
    let accounts = all.accounts.into_iter().map(|mut account| {
        account.generation = 0;
        Change::Account(account)
    });
    let servers = all.servers.into_iter().map(|mut server| {
        server.generation = 0;
        Change::Server(Box::new(server))
    });
    let batch = Batch {
        changes: std::iter::once(keyring)
            .chain(accounts)
            .chain(servers)
            .collect(),
        ..Batch::default()
    };
    assert!(matches!(copy.commit(batch).await, Ok(Commit::Done(_))));
    for _ in 0..later {
        let account = copy.account(id.unwrap()).await.unwrap();
        let change = Change::Account(account.expect("an account"));
        let batch = Batch {
            changes: vec![change],
            ..Batch::default()
        };
        assert!(matches!(copy.commit(batch).await, Ok(Commit::Done(_))));
    }
    copy
}

#[tokio::test]
async fn a_store_that_was_put_back_is_read_anew() {
    for later in [0, 30] {
        let (store, world) = Faulty::world().await;
        let account = world.api.account(&world.mock).await;
        let (_, kept) = world.api.server(&account, &json!({"name": "kept"})).await;
        let copy = copy(&*store.store(), &account, later).await;
        let (_, lost) = world.api.server(&account, &json!({"name": "lost"})).await;
        let opens = async |server: &Value| world.api.knock(text(&server["url"])).await;
        assert_eq!((opens(&kept).await, opens(&lost).await), (200, 200));
        store.swap(copy);
        if later > 0 {
            // By its generation alone it could be the same.
            store.losses.fetch_add(1, Ordering::SeqCst);
        }
        let (path, new) = world.api.server(&account, &json!({"name": "new"})).await;
        assert_eq!((opens(&kept).await, opens(&lost).await), (200, 404));
        assert_eq!(opens(&new).await, 200);
        world.api.delete(&path).await.is(204);
        assert_eq!(opens(&new).await, 404);
    }
}
