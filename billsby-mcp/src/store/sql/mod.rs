//! A store in tables. What it does is written down here once; a driver runs it on a database.
//!
//! ```text
//! Store ──▶ commit, query, activity, sweep ──▶ driver ──▶ SQLite or PostgreSQL
//! ```

mod activity;
mod commit;
mod driver;
mod migration;
mod news;
mod query;
mod record;
mod sweep;
mod timeline;
mod value;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;

pub(super) use driver::{Connection, Dialect, Driver, End, Extent, View, Work};
pub(super) use news::News;
pub(super) use value::{Row, Value, unexpected};

use super::{
    ActivityQuery, Batch, Bucket, Change, Changes, Claim, Commit, Page, ServerQuery, Store,
    StoreError, Sweep,
};
use crate::activity::{Entry, Usage};
use crate::record::{AccountId, AccountRecord, ApiTokenId, ApiTokenRecord, ServerId, ServerRecord};
use crate::secret::TokenHash;

/// How often one looks for what other programs have written, where nobody tells.
const POLL: Duration = Duration::from_millis(200);

/// A store in tables.
pub(super) struct SqlStore<D> {
    driver: D,
    news: Arc<News>,
}

impl<D: Driver> SqlStore<D> {
    /// A store in a database, whose tables are brought up to date.
    pub(super) async fn open(driver: D, news: Arc<News>) -> Result<Self, StoreError> {
        migration::migrate(&driver).await?;
        Ok(Self { driver, news })
    }

    /// Runs a single question.
    async fn ask<T: Send + 'static>(&self, work: impl Work<T>) -> Result<T, StoreError> {
        self.driver.read(View::Now, work).await
    }

    /// Looks for new generations until the end of time.
    async fn poll(&self) {
        if !self.driver.dialect().polled {
            return std::future::pending().await;
        }
        loop {
            tokio::time::sleep(POLL).await;
            // A store that cannot be read has no news.
            if let Ok(generation) = self.ask(|c| Box::pin(query::generation(c))).await {
                self.news.is_at(generation);
            }
        }
    }
}

/// How much a batch may write.
fn extent(batch: &Batch) -> Extent {
    let mut changes = batch.changes.iter();
    if changes.any(|change| matches!(change, Change::Keyring { .. })) {
        Extent::All
    } else {
        Extent::Some
    }
}

#[async_trait]
impl<D: Driver> Store for SqlStore<D> {
    async fn commit(&self, batch: Batch) -> Result<Commit, StoreError> {
        let written = self
            .driver
            .write(extent(&batch), |c| Box::pin(commit::commit(c, batch)));
        let done = written.await?;
        if let Commit::Done(generation) = done {
            self.news.heard(generation);
        }
        Ok(done)
    }

    async fn keyring(&self) -> Result<Option<Vec<u8>>, StoreError> {
        self.ask(|c| Box::pin(query::keyring(c))).await
    }

    async fn admin_token(&self) -> Result<Option<TokenHash>, StoreError> {
        self.ask(|c| Box::pin(query::admin_token(c))).await
    }

    async fn changes_since(&self, generation: u64) -> Result<Changes, StoreError> {
        let work = self.driver.read(View::Snapshot, move |c| {
            Box::pin(query::changes_since(c, generation))
        });
        work.await
    }

    async fn changed(&self, known: u64, limit: Duration) {
        let news = async {
            tokio::select! {
                () = self.news.wait(known) => {}
                () = self.poll() => {}
            }
        };
        // Whoever waits asks again at the latest when the time is over.
        let _ = tokio::time::timeout(limit, news).await;
    }

    fn losses(&self) -> u64 {
        self.driver.losses()
    }

    async fn account(&self, id: AccountId) -> Result<Option<AccountRecord>, StoreError> {
        self.ask(move |c| Box::pin(record::get(c, Value::text(id))))
            .await
    }

    async fn accounts(&self, page: Page<AccountId>) -> Result<Vec<AccountRecord>, StoreError> {
        self.ask(move |c| Box::pin(query::accounts(c, page))).await
    }

    async fn server(&self, id: ServerId) -> Result<Option<ServerRecord>, StoreError> {
        self.ask(move |c| Box::pin(record::get(c, Value::text(id))))
            .await
    }

    async fn server_by_token(&self, hash: TokenHash) -> Result<Option<ServerRecord>, StoreError> {
        self.ask(move |c| Box::pin(query::server_by_token(c, hash)))
            .await
    }

    async fn servers(&self, query: ServerQuery) -> Result<Vec<ServerRecord>, StoreError> {
        self.ask(|c| Box::pin(query::servers(c, query))).await
    }

    async fn api_token(&self, id: ApiTokenId) -> Result<Option<ApiTokenRecord>, StoreError> {
        self.ask(move |c| Box::pin(record::get(c, Value::text(id))))
            .await
    }

    async fn api_tokens(&self, page: Page<ApiTokenId>) -> Result<Vec<ApiTokenRecord>, StoreError> {
        self.ask(move |c| Box::pin(query::api_tokens(c, page)))
            .await
    }

    async fn claimed(&self, key: &[u8; 32], now: Timestamp) -> Result<Option<Claim>, StoreError> {
        let key = *key;
        let find = self.ask(move |c| Box::pin(async move { query::claim(c, &key).await }));
        Ok(find.await?.filter(|claim| now < claim.until))
    }

    async fn record(&self, entries: Vec<Entry>) -> Result<(), StoreError> {
        if entries.is_empty() {
            return Ok(());
        }
        let written = self
            .driver
            .write(Extent::Some, |c| Box::pin(activity::record(c, entries)));
        written.await
    }

    async fn activity(&self, query: ActivityQuery) -> Result<Vec<Entry>, StoreError> {
        self.ask(|c| Box::pin(activity::activity(c, query))).await
    }

    async fn timeline(
        &self,
        query: ActivityQuery,
        step_milliseconds: i64,
    ) -> Result<Vec<Bucket>, StoreError> {
        self.ask(move |c| Box::pin(timeline::timeline(c, query, step_milliseconds)))
            .await
    }

    async fn usage(&self, servers: &[ServerId]) -> Result<Vec<(ServerId, Usage)>, StoreError> {
        let servers = servers.to_vec();
        self.ask(|c| Box::pin(activity::usage(c, servers))).await
    }

    async fn sweep(&self, sweep: Sweep) -> Result<(), StoreError> {
        self.driver
            .write(Extent::Some, move |c| Box::pin(sweep::records(c, sweep)))
            .await?;
        let forget = || {
            self.driver
                .write(Extent::Some, move |c| Box::pin(sweep::activity(c, sweep)))
        };
        while forget().await? {}
        Ok(())
    }

    async fn check(&self) -> Result<&'static str, StoreError> {
        self.ask(|c| Box::pin(query::generation(c))).await?;
        Ok(self.driver.dialect().name)
    }

    async fn settle(&self) {
        self.driver.settle().await;
    }
}
