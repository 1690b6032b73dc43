//! What a start with many servers costs: opening the store and reading everything that has not ended.
//!
//! ```sh
//! cargo bench -p billsby-tests --bench store
//! ```
//!
//! `BILLSBY_BENCH_STORE` names another store than a new SQLite file, for example a PostgreSQL database
//! that is empty.

#[path = "../../it/store/record.rs"]
#[expect(dead_code, reason = "the tests need more kinds of records")]
mod record;

use std::sync::Arc;
use std::time::{Duration, Instant};

use billsby_mcp::store::{Lock, Store, StoreUrl, open};

const SERVERS: usize = 100_000;
const AT_ONCE: usize = 1_000;
const STARTS: usize = 7;

#[tokio::main]
async fn main() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = match std::env::var("BILLSBY_BENCH_STORE") {
        Ok(text) => text.parse().expect("a store"),
        Err(_) => StoreUrl::Sqlite(folder.path().join("store.db")),
    };
    let began = Instant::now();
    fill(&*opened(&url).await).await;
    println!("{url}: {SERVERS} servers made in {:.1?}", began.elapsed());

    let mut starts = Vec::new();
    for _ in 0..STARTS {
        starts.push(start(&url).await);
    }
    starts.sort();
    let [fastest, .., slowest] = &starts[..] else {
        unreachable!("there are several starts");
    };
    let median = starts[STARTS / 2];
    println!("start: median {median:.0?} ({fastest:.0?} to {slowest:.0?})");
}

async fn opened(url: &StoreUrl) -> Arc<dyn Store> {
    open(url, Lock::Shared).await.expect("it opens")
}

async fn fill(store: &dyn Store) {
    let account = record::new_account(store).await;
    for _ in 0..SERVERS / AT_ONCE {
        let servers: Vec<_> = (0..AT_ONCE).map(|_| record::server(account.id)).collect();
        record::write(store, servers.iter().map(record::server_change)).await;
    }
}

async fn start(url: &StoreUrl) -> Duration {
    let began = Instant::now();
    let store = opened(url).await;
    let changes = store.changes_since(0).await.expect("it can be read");
    assert_eq!(changes.servers.len(), SERVERS);
    began.elapsed()
}
