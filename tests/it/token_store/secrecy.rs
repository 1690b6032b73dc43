//! No error shows the address or the password.

use billsby_mcp::store::{RedisTokenStore, TokenStore};

use super::{KEYRING, hash, open, server};
use crate::support::services::{REDIS_PASSWORD, Redis, Stop};

#[tokio::test]
async fn errors_show_neither_the_password_nor_the_address() {
    let test = "errors_show_neither_the_password_nor_the_address";
    for (_, redis) in Redis::start_each(test) {
        let mut errors = Vec::new();
        let wrong = redis.url().replace(REDIS_PASSWORD, "wrong-password");
        let without = redis.url().replace(&format!(":{REDIS_PASSWORD}@"), "");
        for url in [&wrong, &without] {
            let url = url.parse().expect("an address");
            let store = RedisTokenStore::open(&url, KEYRING.clone());
            let error = store.expect("a token store").check().await;
            errors.push(error.expect_err("a refusal"));
        }
        let refused = "the store cannot be used: the token store refuses the user or the password";
        for error in &errors {
            assert_eq!(error.to_string(), refused);
        }
        let store = open(&redis);
        redis.stop(Stop::Asked);
        errors.push(store.find(&hash(1)).await.expect_err("no server"));
        errors.push(store.put(&[server(1)]).await.expect_err("no server"));
        let port = redis.port().to_string();
        for error in errors {
            for text in [error.to_string(), format!("{error:?}")] {
                for secret in [REDIS_PASSWORD, "wrong-password", "127.0.0.1", &port] {
                    assert!(!text.contains(secret), "{text}");
                }
            }
        }
    }
}
