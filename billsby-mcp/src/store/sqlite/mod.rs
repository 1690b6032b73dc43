//! The driver for SQLite: one thread that writes and some that read, for its calls block.

mod error;
mod file;
mod worker;

use std::path::Path;

use async_trait::async_trait;
use futures_util::FutureExt as _;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection as Sqlite, ToSql, params_from_iter};

use self::error::Explain;
use self::file::File;
use self::worker::Workers;
use super::sql::{Connection, Dialect, Driver, End, Extent, Row, Value, View, Work};
use super::{Lock, StoreError};

/// How many threads read a file.
const READERS: usize = 3;

static DIALECT: Dialect = Dialect {
    name: "sqlite",
    words: &[
        ("{id}", "TEXT"),
        ("{text}", "TEXT"),
        ("{number}", "INTEGER"),
        ("{flag}", "INTEGER"),
        ("{bytes}", "BLOB"),
        ("{strict}", " STRICT"),
    ],
    count_tables: "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = $1",
    lock_migrations: None,
    polled: true,
};

static IN_MEMORY: Dialect = Dialect {
    name: "memory",
    polled: false,
    ..DIALECT
};

/// A SQLite database.
pub(super) struct SqliteDriver {
    dialect: &'static Dialect,
    readers: Workers,
    /// The thread that writes; none: the only thread does both.
    writer: Option<Workers>,
    explain: Explain,
    /// Locked for as long as this is there.
    _file: Option<File>,
}

impl SqliteDriver {
    /// A database that only this value has.
    pub(super) fn in_memory() -> Result<Self, StoreError> {
        let explain = Explain::default();
        let connection = Sqlite::open_in_memory().and_then(|connection| {
            connection.pragma_update(None, "foreign_keys", true)?;
            Ok(connection)
        });
        let connection = connection.map_err(|error| explain.error(&error))?;
        Ok(Self {
            dialect: &IN_MEMORY,
            readers: Workers::start(vec![connection])?,
            writer: None,
            explain,
            _file: None,
        })
    }

    /// A database in a file, which is made if it is missing.
    pub(super) fn open(path: &Path, lock: Lock) -> Result<Self, StoreError> {
        let explain = Explain::of(path);
        let file = File::prepare(path, lock)?;
        let (writer, access) = file.connect().map_err(|error| explain.error(&error))?;
        let readers = (0..READERS).map(|_| file.reader(access));
        let readers = readers.collect::<Result<_, _>>();
        Ok(Self {
            dialect: &DIALECT,
            readers: Workers::start(readers.map_err(|error| explain.error(&error))?)?,
            writer: Some(Workers::start(vec![writer])?),
            explain,
            _file: Some(file),
        })
    }

    /// Runs a transaction on one of some threads.
    async fn transact<T: Send + 'static>(
        &self,
        workers: &Workers,
        begin: &'static str,
        work: impl Work<End<T>>,
    ) -> Result<T, StoreError> {
        let explain = self.explain.clone();
        let transaction = move |connection: &mut Sqlite| {
            let mut transaction = Transaction {
                connection,
                explain,
            };
            transaction.run(begin, work)
        };
        workers.run(transaction).await?
    }
}

impl Driver for SqliteDriver {
    fn dialect(&self) -> &'static Dialect {
        self.dialect
    }

    async fn read<T: Send + 'static>(
        &self,
        _view: View,
        work: impl Work<T>,
    ) -> Result<T, StoreError> {
        let read = self.transact(&self.readers, "BEGIN", move |connection| {
            Box::pin(work(connection).map(|result| result.map(End::Keep)))
        });
        read.await
    }

    async fn write<T: Send + 'static>(
        &self,
        _extent: Extent,
        work: impl Work<End<T>>,
    ) -> Result<T, StoreError> {
        let workers = self.writer.as_ref().unwrap_or(&self.readers);
        self.transact(workers, "BEGIN IMMEDIATE", work).await
    }

    async fn settle(&self) {
        let Some(writer) = &self.writer else { return };
        let moved = |connection: &mut Sqlite| connection.query_row(CHECKPOINT, [], |_| Ok(()));
        let moved = writer.run(moved).await;
        // What is in the log counts as well.
        if !matches!(moved, Ok(Ok(()))) {
            tracing::debug!("the log of the store stays beside it");
        }
    }
}

/// Moves what is in the log into the file, and empties the log.
const CHECKPOINT: &str = "PRAGMA wal_checkpoint(TRUNCATE)";

/// A transaction on a connection.
struct Transaction<'a> {
    connection: &'a mut Sqlite,
    explain: Explain,
}

impl Transaction<'_> {
    fn run<T>(&mut self, begin: &str, work: impl Work<End<T>>) -> Result<T, StoreError> {
        self.batch(begin)?;
        // Nothing here ever waits for anything but SQLite, and that it does on this thread.
        let end = work(self).now_or_never();
        let end = end.unwrap_or_else(|| Err(StoreError::Unusable("a statement waits".to_owned())));
        let result = match end {
            Ok(End::Keep(result)) => self.batch("COMMIT").map(|()| result),
            Ok(End::Undo(result)) => self.batch("ROLLBACK").map(|()| result),
            Err(error) => Err(error),
        };
        if !self.connection.is_autocommit() {
            // Some errors end the transaction, others leave that to us. The first error is the one to tell.
            let _ = self.connection.execute_batch("ROLLBACK");
        }
        result
    }

    fn batch(&self, sql: &str) -> Result<(), StoreError> {
        let result = self.connection.execute_batch(sql);
        result.map_err(|error| self.explain.error(&error))
    }

    fn try_execute(&self, sql: &str, values: &[Value]) -> rusqlite::Result<usize> {
        let mut statement = self.connection.prepare_cached(&numbered(sql))?;
        statement.execute(params_from_iter(values))
    }

    fn try_each(
        &self,
        sql: &str,
        values: &[Value],
        show: &mut dyn FnMut(Row) -> Result<(), StoreError>,
    ) -> rusqlite::Result<Result<(), StoreError>> {
        let mut statement = self.connection.prepare_cached(&numbered(sql))?;
        let columns = statement.column_count();
        let mut rows = statement.query(params_from_iter(values))?;
        while let Some(row) = rows.next()? {
            let values: rusqlite::Result<Vec<_>> = (0..columns)
                .map(|index| row.get_ref(index).map(value))
                .collect();
            if let Err(error) = show(Row::new(values?)) {
                return Ok(Err(error));
            }
        }
        Ok(Ok(()))
    }
}

#[async_trait]
impl Connection for Transaction<'_> {
    async fn execute(&mut self, sql: &str, values: &[Value]) -> Result<u64, StoreError> {
        let changed = self.try_execute(sql, values);
        let changed = changed.map_err(|error| self.explain.error(&error))?;
        Ok(changed as u64)
    }

    async fn each(
        &mut self,
        sql: &str,
        values: &[Value],
        row: &mut (dyn FnMut(Row) -> Result<(), StoreError> + Send),
    ) -> Result<(), StoreError> {
        let shown = self.try_each(sql, values, row);
        shown.map_err(|error| self.explain.error(&error))?
    }

    async fn script(&mut self, sql: &str) -> Result<(), StoreError> {
        self.batch(sql)
    }

    /// Others look for themselves.
    async fn announce(&mut self) -> Result<(), StoreError> {
        Ok(())
    }
}

/// `$1` is only a name to SQLite; `?1` is the first value.
fn numbered(sql: &str) -> String {
    sql.replace('$', "?")
}

fn value(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Integer(number) => Value::Number(number),
        ValueRef::Text(text) => Value::Text(String::from_utf8_lossy(text).into_owned()),
        ValueRef::Blob(bytes) => Value::Bytes(bytes.to_vec()),
        // No table has a column of broken numbers.
        ValueRef::Null | ValueRef::Real(_) => Value::Null,
    }
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Self::Null => ToSqlOutput::Borrowed(ValueRef::Null),
            Self::Flag(flag) => ToSqlOutput::Borrowed(ValueRef::Integer((*flag).into())),
            Self::Number(number) => ToSqlOutput::Borrowed(ValueRef::Integer(*number)),
            Self::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
            Self::Bytes(bytes) => ToSqlOutput::Borrowed(ValueRef::Blob(bytes)),
        })
    }
}
