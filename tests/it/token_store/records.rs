//! Servers by their secrets.

use std::sync::Arc;
use std::time::Duration;

use billsby_mcp::record::ServerRecord;
use billsby_mcp::secret::Keyring;
use billsby_mcp::store::{RedisTokenStore, TokenStore as _};
use tokio::task::JoinSet;

use super::{hash, open, rotated, server};
use crate::support::services::Redis;

#[tokio::test]
async fn a_server_is_found_by_its_secrets_and_by_no_others() {
    let test = "a_server_is_found_by_its_secrets_and_by_no_others";
    for (program, redis) in Redis::start_each(test) {
        let store = open(&redis);
        store.check().await.expect(program);
        assert_eq!(store.find(&hash(1)).await, Ok(None), "{program}");

        let first = server(1);
        store
            .put(std::slice::from_ref(&first))
            .await
            .expect(program);
        assert_eq!(
            store.find(&hash(1)).await,
            Ok(Some(first.clone())),
            "{program}"
        );

        let second = rotated(&first, 2);
        store
            .put(std::slice::from_ref(&second))
            .await
            .expect(program);
        for secret in [1, 2] {
            let found = store.find(&hash(secret)).await;
            assert_eq!(found, Ok(Some(second.clone())), "{program}");
        }
        // The first secret has been replaced twice, and leads nowhere although nobody took it away.
        let third = rotated(&second, 3);
        store
            .put(std::slice::from_ref(&third))
            .await
            .expect(program);
        assert_eq!(store.find(&hash(1)).await, Ok(None), "{program}");
        assert_eq!(store.find(&hash(2)).await, Ok(Some(third)), "{program}");
        assert_eq!(store.find(&hash(4)).await, Ok(None), "{program}");
    }
}

/// Whoever can write into it must not be able to open servers while the store is away.
#[tokio::test]
async fn what_somebody_else_has_put_is_not_there() {
    let test = "what_somebody_else_has_put_is_not_there";
    for (program, redis) in Redis::start_each(test) {
        let store = open(&redis);
        let record = server(1);
        store
            .put(std::slice::from_ref(&record))
            .await
            .expect(program);
        let key = format!("{{billsby-mcp}}:server:{}", record.id);
        let keyring = Keyring::generate().expect("random numbers");
        let url = redis.url().parse().expect("an address");
        let other = RedisTokenStore::open(&url, keyring).expect("a token store");
        let forged = rotated(&record, 2);
        other
            .put(std::slice::from_ref(&forged))
            .await
            .expect(program);
        assert_eq!(other.find(&hash(2)).await, Ok(Some(forged)), "{program}");
        for secret in [1, 2] {
            assert_eq!(store.find(&hash(secret)).await, Ok(None), "{program}");
        }
        let plain = serde_json::to_string(&record).expect("JSON");
        let plain = plain.replace('\\', r"\\").replace('"', r#"\""#);
        redis.send(&format!("HSET {key} record \"{plain}\""));
        assert_eq!(store.find(&hash(1)).await, Ok(None), "{program}");
    }
}

#[tokio::test]
async fn an_earlier_generation_never_replaces_a_later_one() {
    let test = "an_earlier_generation_never_replaces_a_later_one";
    for (program, redis) in Redis::start_each(test) {
        let store = open(&redis);
        let active = server(1);
        let revoked = ServerRecord {
            revoked_at: Some(active.updated_at),
            generation: 10,
            ..active.clone()
        };
        store
            .put(std::slice::from_ref(&revoked))
            .await
            .expect(program);
        store.put(&[active]).await.expect(program);
        assert_eq!(store.find(&hash(1)).await, Ok(Some(revoked)), "{program}");
    }
}

#[tokio::test]
async fn of_concurrent_changes_the_latest_stays() {
    const GENERATIONS: u64 = 200;
    let test = "of_concurrent_changes_the_latest_stays";
    for (program, redis) in Redis::start_each(test) {
        let stores = [open(&redis), open(&redis)];
        let record = server(1);
        let mut puts = JoinSet::new();
        // 77 has no divisor in common with 200, so every generation comes once, in a wild order.
        for at in 0..GENERATIONS {
            let generation = 1 + at * 77 % GENERATIONS;
            let record = ServerRecord {
                name: format!("name {generation}"),
                generation,
                ..record.clone()
            };
            let store = Arc::clone(&stores[usize::try_from(at % 2).expect("0 or 1")]);
            puts.spawn(async move { store.put(&[record]).await });
        }
        for put in puts.join_all().await {
            put.expect(program);
        }
        let found = stores[0].find(&hash(1)).await.expect(program);
        assert_eq!(found.expect("a server").name, "name 200", "{program}");
    }
}

#[tokio::test]
async fn many_servers_are_put_at_once() {
    let test = "many_servers_are_put_at_once";
    for (program, redis) in Redis::start_each(test) {
        let store = open(&redis);
        let servers: Vec<_> = (0..=250).map(server).collect();
        store.put(&servers).await.expect(program);
        for (secret, server) in (0..=250).zip(servers) {
            let found = store.find(&hash(secret)).await;
            assert_eq!(found, Ok(Some(server)), "{program}");
        }
        store.put(&[]).await.expect(program);
    }
}

#[tokio::test]
async fn whoever_waits_hears_of_what_others_put() {
    const FOREVER: Duration = Duration::from_secs(3600);
    let test = "whoever_waits_hears_of_what_others_put";
    for (program, redis) in Redis::start_each(test) {
        let (store, other) = (open(&redis), open(&redis));
        // The first news is that it listens now.
        other.changed(FOREVER).await;
        for generation in 1..=3 {
            let record = ServerRecord {
                generation,
                ..server(1)
            };
            store.put(&[record]).await.expect(program);
            other.changed(FOREVER).await;
        }
        // Without news the time ends.
        other.changed(Duration::from_millis(1)).await;
    }
}

#[tokio::test]
async fn keys_do_not_stay_for_ever() {
    let test = "keys_do_not_stay_for_ever";
    for (program, redis) in Redis::start_each(test) {
        let store = open(&redis);
        let record = server(1);
        store
            .put(std::slice::from_ref(&record))
            .await
            .expect(program);
        store
            .count("requests", Duration::from_secs(60))
            .await
            .expect(program);
        assert_eq!(redis.send("DBSIZE"), ":3", "{program}");
        for key in ["server:*", "token:*", "count:*"] {
            let script = format!("return\\ redis.call('PTTL',redis.call('KEYS','*{key}')[1])");
            let left = redis.send(&format!("EVAL \"{}\" 0", script.replace("\\ ", " ")));
            let left: i64 = left.trim_start_matches(':').parse().expect("milliseconds");
            assert!(left > 0, "{program}: {key} {left}");
        }
    }
}
