//! What a database has to offer so that the statements of this folder run on it.

use std::future::Future;

use async_trait::async_trait;
use futures_util::future::BoxFuture;

use super::value::{Row, Value};
use crate::store::StoreError;

/// A database.
pub(in crate::store) trait Driver: Send + Sync + 'static {
    /// How it differs from others.
    fn dialect(&self) -> &'static Dialect;

    /// How often the connection was lost and made again.
    fn losses(&self) -> u64 {
        0
    }

    /// Puts everything into the file that whoever makes a copy would copy, if there is one.
    fn settle(&self) -> impl Future<Output = ()> + Send {
        std::future::ready(())
    }

    /// Lets somebody read.
    fn read<T: Send + 'static>(
        &self,
        view: View,
        work: impl Work<T>,
    ) -> impl Future<Output = Result<T, StoreError>> + Send;

    /// Lets somebody write in a transaction, and has kept what was written when it returns.
    fn write<T: Send + 'static>(
        &self,
        extent: Extent,
        work: impl Work<End<T>>,
    ) -> impl Future<Output = Result<T, StoreError>> + Send;
}

/// How databases differ.
#[derive(Debug)]
pub(in crate::store) struct Dialect {
    /// The store's name.
    pub(in crate::store) name: &'static str,
    /// What stands in a migration for each of its markers: `{bytes}`.
    pub(in crate::store) words: &'static [(&'static str, &'static str)],
    /// Counts the tables of a name.
    pub(in crate::store) count_tables: &'static str,
    /// Keeps other programs from migrating until the end of the transaction, if its beginning does not.
    pub(in crate::store) lock_migrations: Option<&'static str>,
    /// Whether others that write to the database have to be looked for.
    pub(in crate::store) polled: bool,
}

/// What a reader sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) enum View {
    /// For a single statement: what there is when it runs.
    Now,
    /// For several statements: what there was when the first of them ran.
    Snapshot,
}

/// How much is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) enum Extent {
    /// Some rows, while others wait.
    Some,
    /// Perhaps every row there is; nobody else needs the store meanwhile.
    All,
}

/// How a transaction ends.
pub(in crate::store) enum End<T> {
    /// What was written is kept.
    Keep(T),
    /// It is as if nothing had been written.
    Undo(T),
}

/// Something that is done on a connection.
pub(in crate::store) trait Work<T>:
    for<'c> FnOnce(&'c mut dyn Connection) -> BoxFuture<'c, Result<T, StoreError>> + Send + 'static
{
}

impl<T, W> Work<T> for W where
    W: for<'c> FnOnce(&'c mut dyn Connection) -> BoxFuture<'c, Result<T, StoreError>>
        + Send
        + 'static
{
}

/// A connection within a transaction. Statements name their values `$1`, `$2` and so on.
#[async_trait]
pub(in crate::store) trait Connection: Send {
    /// Changes something; gives the number of rows.
    async fn execute(&mut self, sql: &str, values: &[Value]) -> Result<u64, StoreError>;
    /// Asks, and shows every row.
    async fn each(
        &mut self,
        sql: &str,
        values: &[Value],
        row: &mut (dyn FnMut(Row) -> Result<(), StoreError> + Send),
    ) -> Result<(), StoreError>;
    /// Runs statements without values.
    async fn script(&mut self, sql: &str) -> Result<(), StoreError>;
    /// Tells others that listen about the new generation, if it is kept.
    async fn announce(&mut self) -> Result<(), StoreError>;
}

/// All rows that a statement gives, read.
pub(super) async fn all<T: Send>(
    connection: &mut dyn Connection,
    sql: &str,
    values: &[Value],
    read: impl Fn(&mut Row) -> Result<T, StoreError> + Send + Sync,
) -> Result<Vec<T>, StoreError> {
    let mut rows = Vec::new();
    let mut keep = |mut row: Row| {
        rows.push(read(&mut row)?);
        Ok(())
    };
    connection.each(sql, values, &mut keep).await?;
    Ok(rows)
}

/// The first row that a statement gives, read.
pub(super) async fn first<T: Send>(
    connection: &mut dyn Connection,
    sql: &str,
    values: &[Value],
    read: impl Fn(&mut Row) -> Result<T, StoreError> + Send + Sync,
) -> Result<Option<T>, StoreError> {
    Ok(all(connection, sql, values, read).await?.into_iter().next())
}
