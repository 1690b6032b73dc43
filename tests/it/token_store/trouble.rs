//! Servers that forget, and servers that are not there.

use std::sync::Arc;
use std::time::Duration;

use billsby_mcp::store::{RedisTokenStore, StoreError, TokenStore};
use tokio::net::TcpListener;
use tokio::time::{Instant, sleep, timeout};

use super::{KEYRING, hash, open, server};
use crate::support::services::{Redis, Stop};

const FOREVER: Duration = Duration::from_secs(3600);
/// Far more than anything here takes.
const PATIENCE: Duration = Duration::from_secs(60);

#[tokio::test]
async fn what_was_flushed_can_be_put_again() {
    for (program, redis) in Redis::start_each("what_was_flushed_can_be_put_again") {
        let store = open(&redis);
        let record = server(1);
        store
            .put(std::slice::from_ref(&record))
            .await
            .expect(program);
        store.count("server", FOREVER).await.expect(program);
        for command in ["FLUSHALL", "SCRIPT FLUSH"] {
            assert_eq!(redis.send(command), "+OK");
        }
        assert_eq!(store.find(&hash(1)).await, Ok(None), "{program}");
        assert_eq!(store.count("server", FOREVER).await, Ok(1), "{program}");
        store
            .put(std::slice::from_ref(&record))
            .await
            .expect(program);
        assert_eq!(store.find(&hash(1)).await, Ok(Some(record)), "{program}");
    }
}

#[tokio::test]
async fn a_server_that_comes_back_empty_is_used_again() {
    let test = "a_server_that_comes_back_empty_is_used_again";
    for (program, redis) in Redis::start_each(test) {
        let (store, other) = (open(&redis), open(&redis));
        let record = server(1);
        store
            .put(std::slice::from_ref(&record))
            .await
            .expect(program);
        other.changed(FOREVER).await;

        redis.stop(Stop::Killed);
        everything_fails(&store).await;
        redis.restart();
        answers(&store).await;
        assert_eq!(store.find(&hash(1)).await, Ok(None), "{program}");
        // Who listened before listens again, and knows that something may have been missed.
        other.changed(FOREVER).await;
        store
            .put(std::slice::from_ref(&record))
            .await
            .expect(program);
        other.changed(FOREVER).await;
        answers(&other).await;
        assert_eq!(other.find(&hash(1)).await, Ok(Some(record)), "{program}");
    }
}

#[tokio::test]
async fn a_server_that_is_not_there_yet_is_no_obstacle() {
    for (program, redis) in Redis::start_each("a_server_that_is_not_there_yet_is_no_obstacle") {
        redis.stop(Stop::Asked);
        let store = open(&redis);
        everything_fails(&store).await;
        redis.restart();
        answers(&store).await;
        store.put(&[server(1)]).await.expect(program);
    }
}

#[tokio::test]
async fn a_server_that_never_answers_is_given_up() {
    let silent = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = silent.local_addr().expect("an address");
    let url = format!("redis://{address}").parse().expect("an address");
    let store = RedisTokenStore::open(&url, KEYRING.clone());
    let store: Arc<dyn TokenStore> = Arc::new(store.expect("a token store"));
    everything_fails(&store).await;
    store.changed(Duration::from_millis(1)).await;
}

#[tokio::test]
async fn a_server_that_no_longer_answers_is_given_up_and_found_again() {
    let test = "a_server_that_no_longer_answers_is_given_up_and_found_again";
    for (_, redis) in Redis::start_each(test) {
        let store = open(&redis);
        answers(&store).await;
        // For so long every command but a few waits.
        assert_eq!(redis.send("CLIENT PAUSE 5000 ALL"), "+OK");
        everything_fails(&store).await;
        answers(&store).await;
    }
}

#[tokio::test]
async fn what_cannot_be_read_is_not_there() {
    for (program, redis) in Redis::start_each("what_cannot_be_read_is_not_there") {
        let store = open(&redis);
        let record = server(1);
        store
            .put(std::slice::from_ref(&record))
            .await
            .expect(program);
        let key = format!("{{billsby-mcp}}:server:{}", record.id);
        assert_eq!(redis.send(&format!("HSET {key} record nonsense")), ":0");
        assert_eq!(store.find(&hash(1)).await, Ok(None), "{program}");
        assert_eq!(redis.send(&format!("DEL {key}")), ":1");
        assert_eq!(store.find(&hash(1)).await, Ok(None), "{program}");

        // Something of another kind is an error and not the end of the connection.
        assert_eq!(redis.send(&format!("SET {key} text")), "+OK");
        let error = store.find(&hash(1)).await.expect_err(program);
        assert!(matches!(error, StoreError::Unusable(_)), "{error}");
        store.check().await.expect(program);
    }
}

async fn everything_fails(store: &Arc<dyn TokenStore>) {
    let unreachable = |result: Result<(), StoreError>| {
        let error = result.expect_err("no answer");
        assert!(matches!(error, StoreError::Unreachable(_)), "{error}");
    };
    let attempts = async {
        unreachable(store.find(&hash(1)).await.map(drop));
        unreachable(store.put(&[server(1)]).await);
        unreachable(store.count("server", FOREVER).await.map(drop));
        unreachable(store.check().await);
    };
    timeout(PATIENCE, attempts).await.expect("errors in time");
}

/// Waits until the server answers again.
async fn answers(store: &Arc<dyn TokenStore>) {
    let began = Instant::now();
    while let Err(error) = store.check().await {
        assert!(began.elapsed() < PATIENCE, "{error}");
        sleep(Duration::from_millis(50)).await;
    }
}
