//! How records lie in their tables.

use clap::ValueEnum;

use super::driver::{Connection, all, first};
use super::value::{Row, Value, unexpected};
use crate::record::{AccountRecord, ApiTokenRecord, Environment, OldToken, ServerRecord, UrlToken};
use crate::store::StoreError;

/// A kind of record with a table of its own. The first column is its id.
pub(super) trait Record: Sized + Send + Sync {
    const TABLE: &str;
    /// In the order in which values are written and read.
    const COLUMNS: &[&str];
    /// The column that says when a record ended.
    const END: &str;

    /// What a record is kept as in a generation.
    fn values(&self, generation: u64) -> Result<Vec<Value>, StoreError>;
    fn read(row: &mut Row) -> Result<Self, StoreError>;
    /// The generation in which it was read; 0: it is new.
    fn generation(&self) -> u64;
}

/// Writes a record if it is kept as it was read, or new. Says whether it was.
pub(super) async fn put<R: Record>(
    connection: &mut dyn Connection,
    record: &R,
    generation: u64,
) -> Result<bool, StoreError> {
    let mut values = record.values(generation)?;
    let sql = if record.generation() == 0 {
        insert::<R>()
    } else {
        values.push(record.generation().into());
        update::<R>()
    };
    Ok(connection.execute(&sql, &values).await? == 1)
}

/// The record of an id.
pub(super) async fn get<R: Record>(
    connection: &mut dyn Connection,
    id: Value,
) -> Result<Option<R>, StoreError> {
    let sql = format!("{} WHERE id = $1", select::<R>());
    first(connection, &sql, &[id], R::read).await
}

/// The records written since a generation; since 0 only those that have not ended.
pub(super) async fn since<R: Record>(
    connection: &mut dyn Connection,
    generation: u64,
) -> Result<Vec<R>, StoreError> {
    let condition = if generation == 0 {
        format!("{} IS NULL AND generation > $1", R::END)
    } else {
        "generation > $1".to_owned()
    };
    let sql = format!("{} WHERE {condition}", select::<R>());
    all(connection, &sql, &[generation.into()], R::read).await
}

/// The beginning of every question for records.
pub(super) fn select<R: Record>() -> String {
    format!("SELECT {} FROM {}", R::COLUMNS.join(", "), R::TABLE)
}

fn insert<R: Record>() -> String {
    let places: Vec<_> = (1..=R::COLUMNS.len()).map(|n| format!("${n}")).collect();
    format!(
        "INSERT INTO {} ({}) VALUES ({}) ON CONFLICT (id) DO NOTHING",
        R::TABLE,
        R::COLUMNS.join(", "),
        places.join(", "),
    )
}

fn update<R: Record>() -> String {
    let columns = R::COLUMNS.iter().enumerate().skip(1);
    let places: Vec<_> = columns
        .map(|(index, column)| format!("{column} = ${}", index + 1))
        .collect();
    format!(
        "UPDATE {} SET {} WHERE id = $1 AND generation = ${}",
        R::TABLE,
        places.join(", "),
        R::COLUMNS.len() + 1,
    )
}

/// What names are compared by when they are looked for in any case.
pub(super) fn folded(name: &str) -> String {
    name.to_lowercase()
}

impl Record for AccountRecord {
    const TABLE: &str = "accounts";
    const COLUMNS: &[&str] = &[
        "id",
        "label",
        "company_domain",
        "environment",
        "base_url",
        "api_key",
        "created_at",
        "updated_at",
        "deleted_at",
        "generation",
    ];
    const END: &str = "deleted_at";

    fn values(&self, generation: u64) -> Result<Vec<Value>, StoreError> {
        Ok(vec![
            Value::text(self.id),
            Value::text(&self.label),
            Value::text(&self.company_domain),
            Value::text(self.environment.as_str()),
            Value::or_null(self.base_url.as_ref(), Value::text),
            Value::Bytes(self.api_key.clone()),
            self.created_at.into(),
            self.updated_at.into(),
            Value::or_null(self.deleted_at, Value::from),
            generation.into(),
        ])
    }

    fn read(row: &mut Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.parsed()?,
            label: row.text()?,
            company_domain: row.text()?,
            environment: Environment::from_str(&row.text()?, false).map_err(|_| unexpected())?,
            base_url: row.optional_text()?,
            api_key: row.bytes()?,
            created_at: row.time()?,
            updated_at: row.time()?,
            deleted_at: row.optional_time()?,
            generation: row.count()?,
        })
    }

    fn generation(&self) -> u64 {
        self.generation
    }
}

impl Record for ServerRecord {
    const TABLE: &str = "servers";
    const COLUMNS: &[&str] = &[
        "id",
        "account",
        "name",
        "config",
        "token_hash",
        "token_hint",
        "old_token_hash",
        "old_token_until",
        "created_at",
        "updated_at",
        "expires_at",
        "revoked_at",
        "generation",
        "folded_name",
    ];
    const END: &str = "revoked_at";

    fn values(&self, generation: u64) -> Result<Vec<Value>, StoreError> {
        let (token, old) = (self.token.as_ref(), self.old_token.as_ref());
        let config = serde_json::to_string(&self.config).map_err(|_| unexpected())?;
        Ok(vec![
            Value::text(self.id),
            Value::text(self.account),
            Value::text(&self.name),
            Value::Text(config),
            Value::or_null(token, |token| Value::hash(&token.hash)),
            Value::or_null(token, |token| Value::text(&token.hint)),
            Value::or_null(old, |old| Value::hash(&old.hash)),
            Value::or_null(old, |old| old.valid_until.into()),
            self.created_at.into(),
            self.updated_at.into(),
            Value::or_null(self.expires_at, Value::from),
            Value::or_null(self.revoked_at, Value::from),
            generation.into(),
            Value::text(folded(&self.name)),
        ])
    }

    fn read(row: &mut Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.parsed()?,
            account: row.parsed()?,
            name: row.text()?,
            config: serde_json::from_str(&row.text()?).map_err(|_| unexpected())?,
            token: match (row.optional_hash()?, row.optional_text()?) {
                (Some(hash), Some(hint)) => Some(UrlToken { hash, hint }),
                _ => None,
            },
            old_token: match (row.optional_hash()?, row.optional_time()?) {
                (Some(hash), Some(valid_until)) => Some(OldToken { hash, valid_until }),
                _ => None,
            },
            created_at: row.time()?,
            updated_at: row.time()?,
            expires_at: row.optional_time()?,
            revoked_at: row.optional_time()?,
            generation: row.count()?,
        })
    }

    fn generation(&self) -> u64 {
        self.generation
    }
}

impl Record for ApiTokenRecord {
    const TABLE: &str = "api_tokens";
    const COLUMNS: &[&str] = &[
        "id",
        "name",
        "hash",
        "hint",
        "server",
        "created_at",
        "expires_at",
        "revoked_at",
        "generation",
    ];
    const END: &str = "revoked_at";

    fn values(&self, generation: u64) -> Result<Vec<Value>, StoreError> {
        Ok(vec![
            Value::text(self.id),
            Value::text(&self.name),
            Value::or_null(self.hash.as_ref(), Value::hash),
            Value::text(&self.hint),
            Value::or_null(self.server, Value::text),
            self.created_at.into(),
            Value::or_null(self.expires_at, Value::from),
            Value::or_null(self.revoked_at, Value::from),
            generation.into(),
        ])
    }

    fn read(row: &mut Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.parsed()?,
            name: row.text()?,
            hash: row.optional_hash()?,
            hint: row.text()?,
            server: row.optional_parsed()?,
            created_at: row.time()?,
            expires_at: row.optional_time()?,
            revoked_at: row.optional_time()?,
            generation: row.count()?,
        })
    }

    fn generation(&self) -> u64 {
        self.generation
    }
}
