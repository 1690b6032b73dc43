//! Counting for all replicas.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;

use super::open;
use crate::support::services::Redis;

const LONG: Duration = Duration::from_secs(3600);

#[tokio::test]
async fn two_clients_count_together() {
    for (program, redis) in Redis::start_each("two_clients_count_together") {
        let stores = [open(&redis), open(&redis)];
        let mut counts = JoinSet::new();
        for at in 0..100 {
            let store = Arc::clone(&stores[at % 2]);
            counts.spawn(async move { store.count("server", LONG).await });
        }
        let counts: Result<Vec<_>, _> = counts.join_all().await.into_iter().collect();
        let mut counts = counts.expect(program);
        counts.sort_unstable();
        assert_eq!(counts, (1..=100).collect::<Vec<_>>(), "{program}");
        assert_eq!(stores[1].count("another", LONG).await, Ok(1), "{program}");
    }
}

#[tokio::test]
async fn a_count_begins_again_when_its_span_is_over() {
    let test = "a_count_begins_again_when_its_span_is_over";
    for (program, redis) in Redis::start_each(test) {
        let store = open(&redis);
        let span = Duration::from_millis(200);
        assert_eq!(store.count("server", span).await, Ok(1), "{program}");
        // A later call does not prolong it.
        while store.count("server", LONG).await.expect(program) > 1 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}
