//! The limit of requests of a URL, which replicas with a token store have together.

use serde_json::json;
use tokio::time::Instant;

use super::admin::text;
use super::process::Setup;
use crate::support::services::{self, Redis, Stop};

const LIMIT: u32 = 20;
const REQUESTS: u32 = 6 * LIMIT;
/// On a busy machine an answer of Redis may come too late, and then every replica has its own limit.
const ATTEMPTS: usize = 5;

#[tokio::test]
async fn replicas_share_the_limit_of_a_url() {
    let test = "replicas_share_the_limit_of_a_url";
    let (Some(database), Some(redis)) = (services::database(test), Redis::start(test)) else {
        return;
    };
    let first = Setup::new(&database.url())
        .limited(LIMIT)
        .with(format!("--token-store={}", redis.url()));
    let second = first.replica();
    let _processes = tokio::join!(first.start(), second.start());
    let replicas = [first.admin(), second.admin()];
    let account = replicas[0].account().await;
    let made = replicas[0]
        .create(&account, &json!({"name": "limited"}), None)
        .await;
    let token = text(&made.expect("a server"), "token");

    let mut is_shared = false;
    for _ in 0..ATTEMPTS {
        let began = Instant::now();
        let (mut passed, mut refused) = (0, 0);
        for replica in replicas.iter().cycle().take(REQUESTS as usize) {
            match replica.knock(&token).await {
                400 => passed += 1,
                429 => refused += 1,
                other => panic!("status {other}"),
            }
        }
        assert_eq!(passed + refused, REQUESTS);
        let spans = u32::try_from(began.elapsed().as_secs()).expect("a short time") + 1;
        is_shared |= refused > 0 && passed <= spans * LIMIT;
    }
    assert!(is_shared, "together they always let more pass");

    // Without Redis each has its own limit, and nobody is refused for its sake.
    redis.stop(Stop::Killed);
    tokio::time::sleep(std::time::Duration::from_secs(2)).await;
    for replica in &replicas {
        assert_eq!(replica.knock(&token).await, 400);
    }
}
