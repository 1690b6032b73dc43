//! Opens a store.

use std::sync::Arc;

use super::postgres::PostgresDriver;
use super::sql::{News, SqlStore};
use super::sqlite::SqliteDriver;
use super::{Store, StoreError, StoreUrl};

/// Who else may have the store open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lock {
    /// Everybody who also shares it.
    Shared,
    /// Nobody.
    Exclusive,
}

impl Lock {
    /// Why the lock cannot be had.
    pub(super) const fn conflict(self) -> &'static str {
        match self {
            Self::Shared => "another program has it for itself; wait until that has ended",
            Self::Exclusive => "other programs use it; end all servers that do",
        }
    }
}

/// Opens a store, makes it if it is missing, and brings its tables up to date. The lock is kept for as
/// long as the store.
///
/// # Errors
///
/// It cannot be reached, is locked, or was made by a newer version of this program.
pub async fn open(url: &StoreUrl, lock: Lock) -> Result<Arc<dyn Store>, StoreError> {
    let news = Arc::new(News::new());
    Ok(match url {
        StoreUrl::Memory => Arc::new(SqlStore::open(SqliteDriver::in_memory()?, news).await?),
        StoreUrl::Sqlite(path) => {
            let path = path.clone();
            let opened = tokio::task::spawn_blocking(move || SqliteDriver::open(&path, lock));
            let driver = opened
                .await
                .map_err(|error| StoreError::Unreachable(error.to_string()))??;
            Arc::new(SqlStore::open(driver, news).await?)
        }
        StoreUrl::Postgres(address) => {
            let driver = PostgresDriver::open(address, lock, Arc::clone(&news)).await?;
            Arc::new(SqlStore::open(driver, news).await?)
        }
    })
}
