//! Brings the tables up to what this program knows.

use super::driver::{Connection, Dialect, Driver, End, Extent, View, first};
use super::value::{Row, Value};
use crate::store::StoreError;

/// The steps from nothing to now. A step that has been released is never changed.
const MIGRATIONS: &[&str] = &[include_str!("migrations/0001.sql")];

/// Migrates if necessary. Two programs may do so at once.
pub(super) async fn migrate<D: Driver>(driver: &D) -> Result<(), StoreError> {
    let dialect = driver.dialect();
    let version = driver.read(View::Snapshot, move |connection| {
        Box::pin(version(connection, dialect))
    });
    if is_current(version.await?)? {
        return Ok(());
    }
    let applied = driver.write(Extent::All, move |connection| {
        Box::pin(apply(connection, dialect))
    });
    applied.await
}

async fn apply(connection: &mut dyn Connection, dialect: &Dialect) -> Result<End<()>, StoreError> {
    if let Some(lock) = dialect.lock_migrations {
        connection.script(lock).await?;
    }
    let version = version(connection, dialect).await?;
    if is_current(version)? {
        return Ok(End::Undo(()));
    }
    for migration in &MIGRATIONS[version..] {
        connection.script(&in_dialect(migration, dialect)).await?;
    }
    let create = "CREATE TABLE IF NOT EXISTS schema_version (version {number} NOT NULL){strict};
         DELETE FROM schema_version;";
    connection.script(&in_dialect(create, dialect)).await?;
    let insert = "INSERT INTO schema_version (version) VALUES ($1)";
    let newest = Value::from(MIGRATIONS.len() as u64);
    connection.execute(insert, &[newest]).await?;
    Ok(End::Keep(()))
}

/// How many steps have been made.
async fn version(connection: &mut dyn Connection, dialect: &Dialect) -> Result<usize, StoreError> {
    let name = [Value::text("schema_version")];
    let tables = first(connection, dialect.count_tables, &name, Row::number).await?;
    if tables == Some(0) {
        return Ok(0);
    }
    let select = "SELECT version FROM schema_version";
    let version = first(connection, select, &[], Row::count).await?;
    Ok(version.unwrap_or(0))
}

fn is_current(version: usize) -> Result<bool, StoreError> {
    let known = MIGRATIONS.len();
    if version > known {
        return Err(StoreError::Unusable(format!(
            "it was made by a newer version of this program (its structure is number {version}, this program knows up to {known}): use that version"
        )));
    }
    Ok(version == known)
}

fn in_dialect(sql: &str, dialect: &Dialect) -> String {
    let mut sql = sql.to_owned();
    for (marker, word) in dialect.words {
        sql = sql.replace(marker, word);
    }
    sql
}
