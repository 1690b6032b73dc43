//! The driver for PostgreSQL: a pool of connections, and one that listens and keeps the lock.

mod address;
mod error;
mod session;
mod tls;
mod value;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use deadpool_postgres::{
    Client, Manager, ManagerConfig, Object, Pool, RecyclingMethod, Runtime, Transaction,
};
use futures_util::TryStreamExt as _;
use tokio_postgres::IsolationLevel;

pub use self::address::Address;
use self::error::{end_error, pool_error, store_error, timed_out, unknown};
use self::session::Session;
use super::sql::{Connection, Dialect, Driver, End, Extent, News, Row, Value, View, Work};
use super::{Lock, StoreError};

/// How many connections one program uses at most, beside the one that listens.
const CONNECTIONS: usize = 8;
/// How long a question or a transaction may take before the database counts as not answering.
const LIMIT: Duration = Duration::from_secs(5);
/// How long it may take to read very many rows.
const LONG_LIMIT: Duration = Duration::from_secs(30);
/// How long it may take to write very many rows: a migration, new keys.
const LONGEST_LIMIT: Duration = Duration::from_secs(600);
/// The same for the server, which may have to wait for another program that does it too.
const LONGEST_OPTIONS: &str =
    "SET LOCAL statement_timeout = '590s'; SET LOCAL lock_timeout = '590s'";
/// What every connection begins with. The server gives up a little before this program does.
const OPTIONS: &str = "-c statement_timeout=28s -c lock_timeout=4s \
     -c idle_in_transaction_session_timeout=10s -c client_encoding=UTF8";

static DIALECT: Dialect = Dialect {
    name: "postgres",
    words: &[
        // Sorted by its characters, whatever the language of the database.
        ("{id}", "TEXT COLLATE \"C\""),
        ("{text}", "TEXT"),
        ("{number}", "BIGINT"),
        ("{flag}", "BOOLEAN"),
        ("{bytes}", "BYTEA"),
        ("{strict}", ""),
    ],
    count_tables: "SELECT count(*) FROM pg_catalog.pg_tables
         WHERE schemaname = current_schema() AND tablename = $1",
    lock_migrations: Some("SELECT pg_advisory_xact_lock(7310587142551)"),
    polled: false,
};

/// A PostgreSQL database.
pub(super) struct PostgresDriver {
    pool: Pool,
    session: Session,
}

impl PostgresDriver {
    /// Connects to a database and locks it.
    pub(super) async fn open(
        address: &Address,
        lock: Lock,
        news: Arc<News>,
    ) -> Result<Self, StoreError> {
        let tls = tls::connector(address)?;
        let mut config = address.config.clone();
        let options = config.get_options().unwrap_or_default();
        config.options(format!("{OPTIONS} {options}"));

        let session = Session::open(config.clone(), tls.clone(), lock, news).await?;
        let recycling = ManagerConfig {
            recycling_method: RecyclingMethod::Fast,
        };
        let pool = Pool::builder(Manager::from_config(config, tls, recycling))
            .max_size(CONNECTIONS)
            .runtime(Runtime::Tokio1)
            .wait_timeout(Some(LIMIT))
            .create_timeout(Some(LIMIT))
            .recycle_timeout(Some(LIMIT))
            .build()
            .map_err(|error| StoreError::Unusable(error.to_string()))?;
        Ok(Self { pool, session })
    }

    async fn client(&self) -> Result<Client, StoreError> {
        self.pool.get().await.map_err(|error| pool_error(&error))
    }
}

impl Driver for PostgresDriver {
    fn dialect(&self) -> &'static Dialect {
        &DIALECT
    }

    async fn read<T: Send + 'static>(
        &self,
        view: View,
        work: impl Work<T>,
    ) -> Result<T, StoreError> {
        let mut client = self.client().await?;
        let result = match view {
            View::Now => within(LIMIT, work(&mut client)).await,
            View::Snapshot => within(LONG_LIMIT, snapshot(&mut client, work)).await,
        };
        release(client, result)
    }

    fn losses(&self) -> u64 {
        self.session.losses()
    }

    async fn write<T: Send + 'static>(
        &self,
        extent: Extent,
        work: impl Work<End<T>>,
    ) -> Result<T, StoreError> {
        self.session.check()?;
        let mut client = self.client().await?;
        let limit = match extent {
            Extent::Some => LIMIT,
            Extent::All => LONGEST_LIMIT,
        };
        let is_ending = AtomicBool::new(false);
        let work = transaction(&mut client, extent, work, &is_ending);
        let result = match tokio::time::timeout(limit, work).await {
            Ok(result) => result,
            Err(_) if is_ending.load(Ordering::SeqCst) => Err(unknown()),
            Err(_) => Err(timed_out()),
        };
        release(client, result)
    }
}

async fn within<T>(
    limit: Duration,
    work: impl Future<Output = Result<T, StoreError>>,
) -> Result<T, StoreError> {
    let result = tokio::time::timeout(limit, work).await;
    result.unwrap_or_else(|_| Err(timed_out()))
}

/// Gives a connection back, unless it may still be busy with what has just failed.
fn release<T>(client: Client, result: Result<T, StoreError>) -> Result<T, StoreError> {
    if matches!(
        result,
        Err(StoreError::Unreachable(_) | StoreError::Unknown(_))
    ) {
        drop(Object::take(client));
    }
    result
}

async fn snapshot<T>(client: &mut Client, work: impl Work<T>) -> Result<T, StoreError> {
    let transaction = client
        .build_transaction()
        .isolation_level(IsolationLevel::RepeatableRead)
        .read_only(true)
        .start();
    let mut transaction = transaction.await.map_err(store_error)?;
    let result = work(&mut transaction).await?;
    transaction.commit().await.map_err(store_error)?;
    Ok(result)
}

/// Does it all in a transaction. Says when it begins to keep it: from then on nobody but the server knows
/// whether it is kept.
async fn transaction<T>(
    client: &mut Client,
    extent: Extent,
    work: impl Work<End<T>>,
    is_ending: &AtomicBool,
) -> Result<T, StoreError> {
    let mut transaction = client.transaction().await.map_err(store_error)?;
    if extent == Extent::All {
        transaction.script(LONGEST_OPTIONS).await?;
    }
    match work(&mut transaction).await? {
        End::Keep(result) => {
            is_ending.store(true, Ordering::SeqCst);
            let kept = transaction.commit().await;
            kept.map(|()| result).map_err(end_error)
        }
        End::Undo(result) => {
            let undone = transaction.rollback().await;
            undone.map(|()| result).map_err(store_error)
        }
    }
}

/// The same for a connection and for a transaction on it, which share no trait with prepared statements.
macro_rules! connection {
    ($type:ty) => {
        #[async_trait]
        impl Connection for $type {
            async fn execute(&mut self, sql: &str, values: &[Value]) -> Result<u64, StoreError> {
                let statement = self.prepare_cached(sql).await.map_err(store_error)?;
                let changed = self.execute_raw(&statement, values).await;
                changed.map_err(store_error)
            }

            async fn each(
                &mut self,
                sql: &str,
                values: &[Value],
                row: &mut (dyn FnMut(Row) -> Result<(), StoreError> + Send),
            ) -> Result<(), StoreError> {
                let statement = self.prepare_cached(sql).await.map_err(store_error)?;
                let rows = self.query_raw(&statement, values).await;
                let mut rows = std::pin::pin!(rows.map_err(store_error)?);
                while let Some(next) = rows.try_next().await.map_err(store_error)? {
                    row(value::row(&next)?)?;
                }
                Ok(())
            }

            async fn script(&mut self, sql: &str) -> Result<(), StoreError> {
                self.batch_execute(sql).await.map_err(store_error)
            }

            async fn announce(&mut self) -> Result<(), StoreError> {
                self.script(session::NOTIFY).await
            }
        }
    };
}

connection!(Client);
connection!(Transaction<'_>);
