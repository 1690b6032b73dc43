//! What a thousand servers take.

use billsby_mcp::record::ServerConfig;
use billsby_mcp::registry::Found;
use billsby_mcp::store::StoreUrl;

use crate::fill::{Filled, different, usual};
use crate::resident_megabytes;

const SERVERS: usize = 1_000;

pub(crate) async fn run() {
    println!("\nmemory of {SERVERS} servers   unused   in use");
    grow("configured alike", usual).await;
    grow("all different", different).await;
}

/// Memory that was given back to nobody is used again by the next one, so what grows is a lower bound for
/// all but the first.
async fn grow(name: &str, config: fn(usize) -> ServerConfig) {
    let file = tempfile::tempdir().expect("a temporary folder");
    let url = StoreUrl::Sqlite(file.path().join("store.db"));
    let filled = Filled::open(&url, None).await;
    let tokens = filled.servers(SERVERS, config).await;
    // What is made once for all is not counted.
    let warm = filled.registry().await;
    assert!(matches!(warm.find(&tokens[0]).await, Found::Server(_)));
    let before = resident_megabytes();
    let registry = filled.registry().await;
    let unused = resident_megabytes() - before;
    for token in &tokens {
        assert!(matches!(registry.find(token).await, Found::Server(_)));
    }
    let used = resident_megabytes() - before;
    println!("{name:<24} {unused:>6.1} MB {used:>6.1} MB");
    // Kept until here, or the next one would grow into their place.
    std::mem::forget((warm, registry, filled));
}
