//! A store that fails when it is told to.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use billsby_mcp::activity::{Entry, Usage};
use billsby_mcp::record::{
    AccountId, AccountRecord, ApiTokenId, ApiTokenRecord, ServerId, ServerRecord,
};
use billsby_mcp::secret::TokenHash;
use billsby_mcp::store::{
    ActivityQuery, Batch, Bucket, Changes, Claim, Commit, Page, ServerQuery, Store, StoreError,
    Sweep,
};
use jiff::Timestamp;

/// A store in front of another one.
pub(crate) struct Failing {
    inner: Arc<dyn Store>,
    /// Whether every question fails.
    is_down: AtomicBool,
    /// Whether nobody is told of changes, and nothing but a secret is found.
    is_late: AtomicBool,
    /// How often a secret was asked for.
    pub(super) looked_up: AtomicU64,
}

impl Failing {
    pub(crate) fn new(inner: Arc<dyn Store>) -> Arc<Self> {
        Arc::new(Self {
            inner,
            is_down: AtomicBool::new(false),
            is_late: AtomicBool::new(false),
            looked_up: AtomicU64::new(0),
        })
    }

    /// From now on every question fails, or none.
    pub(crate) fn set_down(&self, is_down: bool) {
        self.is_down.store(is_down, Ordering::SeqCst);
    }

    /// From now on nobody is told of changes, or everybody is.
    pub(crate) fn set_late(&self, is_late: bool) {
        self.is_late.store(is_late, Ordering::SeqCst);
    }

    fn up(&self) -> Result<&dyn Store, StoreError> {
        if self.is_down.load(Ordering::SeqCst) {
            return Err(StoreError::Unreachable("it is down on purpose".to_owned()));
        }
        Ok(&*self.inner)
    }
}

#[async_trait]
impl Store for Failing {
    async fn commit(&self, batch: Batch) -> Result<Commit, StoreError> {
        self.up()?.commit(batch).await
    }
    async fn keyring(&self) -> Result<Option<Vec<u8>>, StoreError> {
        self.up()?.keyring().await
    }
    async fn admin_token(&self) -> Result<Option<TokenHash>, StoreError> {
        self.up()?.admin_token().await
    }
    async fn changes_since(&self, generation: u64) -> Result<Changes, StoreError> {
        self.up()?.changes_since(generation).await
    }
    async fn changed(&self, known: u64, limit: Duration) {
        if self.is_late.load(Ordering::SeqCst) {
            return std::future::pending().await;
        }
        self.inner.changed(known, limit).await;
    }
    async fn account(&self, id: AccountId) -> Result<Option<AccountRecord>, StoreError> {
        self.up()?.account(id).await
    }
    async fn accounts(&self, page: Page<AccountId>) -> Result<Vec<AccountRecord>, StoreError> {
        self.up()?.accounts(page).await
    }
    async fn server(&self, id: ServerId) -> Result<Option<ServerRecord>, StoreError> {
        self.up()?.server(id).await
    }
    async fn server_by_token(&self, hash: TokenHash) -> Result<Option<ServerRecord>, StoreError> {
        self.looked_up.fetch_add(1, Ordering::SeqCst);
        self.up()?.server_by_token(hash).await
    }
    async fn servers(&self, query: ServerQuery) -> Result<Vec<ServerRecord>, StoreError> {
        self.up()?.servers(query).await
    }
    async fn api_token(&self, id: ApiTokenId) -> Result<Option<ApiTokenRecord>, StoreError> {
        self.up()?.api_token(id).await
    }
    async fn api_tokens(&self, page: Page<ApiTokenId>) -> Result<Vec<ApiTokenRecord>, StoreError> {
        self.up()?.api_tokens(page).await
    }
    async fn claimed(&self, key: &[u8; 32], now: Timestamp) -> Result<Option<Claim>, StoreError> {
        self.up()?.claimed(key, now).await
    }
    async fn record(&self, entries: Vec<Entry>) -> Result<(), StoreError> {
        self.up()?.record(entries).await
    }
    async fn activity(&self, query: ActivityQuery) -> Result<Vec<Entry>, StoreError> {
        self.up()?.activity(query).await
    }
    async fn timeline(&self, query: ActivityQuery, step: i64) -> Result<Vec<Bucket>, StoreError> {
        self.up()?.timeline(query, step).await
    }
    async fn usage(&self, servers: &[ServerId]) -> Result<Vec<(ServerId, Usage)>, StoreError> {
        self.up()?.usage(servers).await
    }
    async fn sweep(&self, sweep: Sweep) -> Result<(), StoreError> {
        self.up()?.sweep(sweep).await
    }
    async fn check(&self) -> Result<&'static str, StoreError> {
        self.up()?.check().await
    }
}
