//! Where the store of a test is.

use std::sync::Arc;

use billsby_mcp::store::{Lock, Store, StoreError, StoreUrl, open};
use tempfile::TempDir;

use crate::support::services::{Database, database};

/// A place for one store, which can be opened several times.
pub(crate) enum Home {
    Memory(Arc<dyn Store>),
    Sqlite(TempDir),
    Postgres(Database),
}

impl Home {
    pub(crate) async fn memory() -> Self {
        let store = open(&StoreUrl::Memory, Lock::Shared).await;
        Self::Memory(store.expect("memory is there"))
    }

    pub(crate) fn sqlite() -> Self {
        Self::Sqlite(tempfile::tempdir().expect("a folder"))
    }

    /// Nothing if the test is to be skipped.
    pub(crate) fn postgres(test: &str) -> Option<Self> {
        database(test).map(Self::Postgres)
    }

    /// A handle. In memory there is only one store, and this is it.
    pub(crate) async fn open(&self) -> Arc<dyn Store> {
        self.try_open(Lock::Shared).await.expect("it opens")
    }

    pub(crate) async fn try_open(&self, lock: Lock) -> Result<Arc<dyn Store>, StoreError> {
        match self.url() {
            Some(url) => open(&url, lock).await,
            None => match self {
                Self::Memory(store) => Ok(Arc::clone(store)),
                _ => unreachable!("only memory has no address"),
            },
        }
    }

    /// The address; none where each one that is opened is new.
    pub(crate) fn url(&self) -> Option<StoreUrl> {
        match self {
            Self::Memory(_) => None,
            Self::Sqlite(folder) => Some(StoreUrl::Sqlite(folder.path().join("store.db"))),
            Self::Postgres(database) => Some(database.url().parse().expect("an address")),
        }
    }

    /// Runs statements past the store. In memory that is not possible.
    pub(crate) fn sql(&self, sql: &str) {
        match self {
            Self::Memory(_) => {}
            Self::Sqlite(folder) => {
                let connection = rusqlite::Connection::open(folder.path().join("store.db"));
                let done = connection.and_then(|connection| connection.execute_batch(sql));
                done.expect("a statement");
            }
            Self::Postgres(database) => {
                database.sql(sql);
            }
        }
    }
}
