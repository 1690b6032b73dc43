//! A hundred thousand servers.

use std::path::Path;
use std::time::Instant;

use billsby_mcp::registry::Found;
use billsby_mcp::secret::{SecretToken, TokenKind};
use billsby_mcp::store::{self, Lock, StoreUrl};

use crate::fill::{self, Filled, usual};
use crate::{median, percentile, resident_megabytes};

const RECORDS: usize = 100_000;
const STARTS: usize = 5;
const LOOK_UPS: usize = 20_000;
/// So many servers are in use, each asked for many times.
const USED: usize = 1_000;

pub(crate) async fn run() {
    println!("\n{RECORDS} servers       start   memory   look-up median, p99   unknown p99");
    let folder = tempfile::tempdir().expect("a temporary folder");
    measure("SQLite", &sqlite(folder.path())).await;
    if let Ok(url) = std::env::var("BILLSBY_BENCH_POSTGRES") {
        measure("PostgreSQL", &url.parse().expect("a store")).await;
    }
}

fn sqlite(folder: &Path) -> StoreUrl {
    StoreUrl::Sqlite(folder.join("store.db"))
}

async fn measure(name: &str, url: &StoreUrl) {
    let (tokens, keyring) = {
        let filled = Filled::open(url, None).await;
        (filled.servers(RECORDS, usual).await, filled.keyring)
    };
    let before = resident_megabytes();
    let mut starts = Vec::new();
    let mut memory = 0.0;
    let mut registry = None;
    for at in 0..STARTS {
        drop(registry.take());
        let start = Instant::now();
        let store = store::open(url, Lock::Shared).await.expect("a store");
        registry = Some(fill::registry(&store, &keyring, &[]).await);
        starts.push(start.elapsed().as_secs_f64());
        if at == 0 {
            memory = resident_megabytes() - before;
        }
    }
    let registry = registry.expect("a registry");
    let used: Vec<&String> = tokens.iter().step_by(RECORDS / USED).collect();
    for token in &used {
        assert!(matches!(registry.find(token).await, Found::Server(_)));
    }
    let mut known = Vec::new();
    for at in 0..LOOK_UPS {
        let token = used[at * 7_919 % used.len()];
        let start = Instant::now();
        let found = registry.find(token).await;
        known.push(1e6 * start.elapsed().as_secs_f64());
        assert!(matches!(found, Found::Server(_)));
    }
    let mut unknown = Vec::new();
    for _ in 0..LOOK_UPS {
        let token = SecretToken::generate(TokenKind::Server);
        let token = token.expect("random numbers");
        let start = Instant::now();
        let found = registry.find(token.reveal()).await;
        unknown.push(1e6 * start.elapsed().as_secs_f64());
        assert!(matches!(found, Found::Nothing));
    }
    println!(
        "{name:<18} {:>8.2} s {memory:>5.0} MB {:>10.2} µs {:>5.2} µs {:>9.2} µs",
        median(starts),
        median(known.clone()),
        percentile(known, 99),
        percentile(unknown, 99)
    );
}
