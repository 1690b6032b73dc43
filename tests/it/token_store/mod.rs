//! What every token store does: Redis, and Valkey where it is installed.

mod counters;
mod records;
mod secrecy;
mod trouble;

use std::sync::{Arc, LazyLock};

use billsby_mcp::record::{AccountId, OldToken, ServerConfig, ServerId, ServerRecord, UrlToken};
use billsby_mcp::secret::{Keyring, TokenHash};
use billsby_mcp::store::{RedisTokenStore, TokenStore};
use jiff::{Timestamp, ToSpan};

use crate::support::services::Redis;

/// The keys of all replicas.
static KEYRING: LazyLock<Keyring> = LazyLock::new(|| Keyring::generate().expect("random numbers"));

/// A token store as a program opens it.
fn open(server: &Redis) -> Arc<dyn TokenStore> {
    let url = server.url().parse().expect("an address");
    let keyring = KEYRING.clone();
    Arc::new(RedisTokenStore::open(&url, keyring).expect("a token store"))
}

/// A server with a secret, as the store keeps it in its first generation.
fn server(secret: u8) -> ServerRecord {
    let now = Timestamp::from_second(1_795_348_800).expect("a time");
    ServerRecord {
        id: ServerId::new(now).expect("random numbers"),
        account: AccountId::new(now).expect("random numbers"),
        name: "support".to_owned(),
        config: ServerConfig::default(),
        token: Some(UrlToken {
            hash: hash(secret),
            hint: "abcd".to_owned(),
        }),
        old_token: None,
        created_at: now,
        updated_at: now,
        expires_at: Some(now + 1.hour()),
        revoked_at: None,
        generation: 1,
    }
}

/// The next generation of a server, with another secret.
fn rotated(server: &ServerRecord, secret: u8) -> ServerRecord {
    let old = server.token.as_ref().expect("a secret");
    ServerRecord {
        token: Some(UrlToken {
            hash: hash(secret),
            hint: "efgh".to_owned(),
        }),
        old_token: Some(OldToken {
            hash: old.hash,
            valid_until: server.updated_at + 1.hour(),
        }),
        generation: server.generation + 1,
        ..server.clone()
    }
}

fn hash(secret: u8) -> TokenHash {
    [secret; 32].into()
}
