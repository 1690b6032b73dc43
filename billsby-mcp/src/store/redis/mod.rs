//! A token store in Redis or Valkey.
//!
//! Under its prefix it keeps `server:{id}` (the record with its generation), `token:{hash}` (the id of the
//! server that a secret belonged to when it was put) and `count:{key}`. A server has one record, so that a
//! replaced secret leads to what the server is now and not to what it was. Keys expire some time after they
//! were written; that only tidies, for whoever finds nothing here asks the store.
//!
//! Records are sealed: what somebody else has written into it opens nothing.

mod follow;
mod link;
mod url;

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use ::redis::{Script, cmd};
use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use tokio::sync::Notify;
use tokio_util::task::AbortOnDropHandle;

pub use self::url::{InvalidTokenStoreUrl, TokenStoreUrl};

use self::link::Link;
use super::{StoreError, TokenStore};
use crate::record::ServerRecord;
use crate::secret::{Keyring, TokenHash};

/// What all keys begin with. The braces keep them on one node where there are several.
const PREFIX: &str = "{billsby-mcp}:";
/// How long a record is kept after it was last put.
const KEPT: Duration = Duration::from_secs(24 * 60 * 60);
/// What records are sealed for.
const CONTEXT: &str = "token store";
/// How many servers go into one request, so that each is answered in time.
const CHUNK: usize = 100;

static PUT: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("put.lua")));
static COUNT: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("count.lua")));

/// A token store in Redis or Valkey.
pub struct RedisTokenStore {
    link: Link,
    keyring: Keyring,
    prefix: String,
    news: Arc<Notify>,
    _follower: AbortOnDropHandle<()>,
}

impl RedisTokenStore {
    /// A token store at an address. It is connected when it is first used, and again whenever the
    /// connection is lost. Only whoever has the keyring can put something into it.
    ///
    /// # Errors
    ///
    /// The address cannot be used at all.
    ///
    /// # Panics
    ///
    /// Outside of a Tokio runtime.
    pub fn open(url: &TokenStoreUrl, keyring: Keyring) -> Result<Self, StoreError> {
        Self::with_prefix(url, keyring, PREFIX)
    }

    /// The same with another prefix than usual for all keys.
    ///
    /// # Errors
    ///
    /// The address cannot be used at all.
    ///
    /// # Panics
    ///
    /// Outside of a Tokio runtime.
    pub fn with_prefix(
        url: &TokenStoreUrl,
        keyring: Keyring,
        prefix: &str,
    ) -> Result<Self, StoreError> {
        let link = Link::new(url)?;
        let news = Arc::new(Notify::new());
        let follower = follow::follow(link.client(), channel(prefix), Arc::clone(&news));
        Ok(Self {
            link,
            keyring,
            prefix: prefix.to_owned(),
            news,
            _follower: AbortOnDropHandle::new(tokio::spawn(follower)),
        })
    }

    fn token_key(&self, hash: &TokenHash) -> String {
        let hash = URL_SAFE_NO_PAD.encode(hash.as_bytes());
        format!("{}token:{hash}", self.prefix)
    }

    fn server_key(&self, id: &str) -> String {
        format!("{}server:{id}", self.prefix)
    }

    /// A record as it is put.
    fn sealed(&self, server: &ServerRecord) -> Result<Vec<u8>, StoreError> {
        let record = serde_json::to_vec(server).expect("plain data");
        let sealed = self.keyring.seal(&record, CONTEXT);
        sealed.map_err(|_| StoreError::Unusable("the system has no random numbers".to_owned()))
    }

    /// A record that was put. One of somebody else, of another version or sealed with another key is as good as not
    /// there.
    fn opened(&self, sealed: &[u8]) -> Option<ServerRecord> {
        let record = self.keyring.open(sealed, CONTEXT).ok()?;
        serde_json::from_slice(&record).ok()
    }

    async fn put_together(&self, servers: &[ServerRecord]) -> Result<(), StoreError> {
        let mut put = PUT.prepare_invoke();
        put.arg(channel(&self.prefix)).arg(milliseconds(KEPT));
        for server in servers {
            let hashes = hashes(server);
            put.key(self.server_key(&server.id.to_string()));
            for hash in &hashes {
                put.key(self.token_key(hash));
            }
            put.arg(server.id.to_string())
                .arg(server.generation)
                .arg(self.sealed(server)?)
                .arg(hashes.len());
        }
        let mut connection = self.link.connection().await?;
        let done = put.invoke_async(&mut connection).await;
        self.link.settled(done).await
    }
}

#[async_trait]
impl TokenStore for RedisTokenStore {
    async fn find(&self, hash: &TokenHash) -> Result<Option<ServerRecord>, StoreError> {
        let mut connection = self.link.connection().await?;
        let mut get = cmd("GET");
        get.arg(self.token_key(hash));
        let id = get.query_async(&mut connection).await;
        let id: Option<String> = self.link.settled(id).await?;
        let Some(id) = id else {
            return Ok(None);
        };
        let mut get = cmd("HGET");
        get.arg(self.server_key(&id)).arg("record");
        let record = get.query_async(&mut connection).await;
        let record: Option<Vec<u8>> = self.link.settled(record).await?;
        let record = record.and_then(|record| self.opened(&record));
        Ok(record.filter(|record| hashes(record).contains(hash)))
    }

    async fn put(&self, servers: &[ServerRecord]) -> Result<(), StoreError> {
        for servers in servers.chunks(CHUNK) {
            self.put_together(servers).await?;
        }
        Ok(())
    }

    async fn changed(&self, limit: Duration) {
        // The end of the time is as good as news.
        let _ = tokio::time::timeout(limit, self.news.notified()).await;
    }

    async fn count(&self, key: &str, span: Duration) -> Result<u64, StoreError> {
        let mut connection = self.link.connection().await?;
        let mut count = COUNT.key(format!("{}count:{key}", self.prefix));
        count.arg(milliseconds(span));
        let counted = count.invoke_async(&mut connection).await;
        self.link.settled(counted).await
    }

    async fn check(&self) -> Result<(), StoreError> {
        let mut connection = self.link.connection().await?;
        let answered = cmd("PING").query_async::<()>(&mut connection).await;
        self.link.settled(answered).await
    }
}

/// The hashes of the secrets that lead to a server, whether they open it or not.
fn hashes(server: &ServerRecord) -> Vec<TokenHash> {
    let current = server.token.iter().map(|token| token.hash);
    let old = server.old_token.iter().map(|token| token.hash);
    current.chain(old).collect()
}

fn channel(prefix: &str) -> String {
    format!("{prefix}changes")
}

fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX).max(1)
}
