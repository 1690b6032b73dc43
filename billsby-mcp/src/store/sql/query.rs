//! Reads records.

use super::driver::{Connection, all, first};
use super::record::{Record, folded, select, since};
use super::value::{Row, Value, unexpected};
use crate::record::{AccountRecord, ApiTokenRecord, ServerRecord, State};
use crate::secret::TokenHash;
use crate::store::{Changes, Claim, Page, ServerQuery, StoreError};

/// A question that grows with what is wanted.
pub(super) struct Select {
    sql: String,
    values: Vec<Value>,
    is_filtered: bool,
}

impl Select {
    /// Begins with everything.
    pub(super) fn from(sql: String) -> Self {
        Self::with(sql, Vec::new())
    }

    /// The same, with the values that stand in it already.
    pub(super) fn with(sql: String, values: Vec<Value>) -> Self {
        Self {
            sql,
            values,
            is_filtered: false,
        }
    }

    /// Only rows that fulfil a condition, in which `?` stands for the value.
    pub(super) fn only(mut self, condition: &str, value: Option<Value>) -> Self {
        let Some(value) = value else {
            return self;
        };
        self.values.push(value);
        let place = format!("${}", self.values.len());
        self.sql += if self.is_filtered { " AND " } else { " WHERE " };
        self.sql += &condition.replace('?', &place);
        self.is_filtered = true;
        self
    }

    /// Only rows that fulfil a condition without a value.
    fn only_if(mut self, condition: &str) -> Self {
        self.sql += if self.is_filtered { " AND " } else { " WHERE " };
        self.sql += condition;
        self.is_filtered = true;
        self
    }

    /// All of them, with the rest of the question behind the conditions.
    pub(super) async fn all<T: Send>(
        mut self,
        connection: &mut dyn Connection,
        rest: &str,
        read: impl Fn(&mut Row) -> Result<T, StoreError> + Send + Sync,
    ) -> Result<Vec<T>, StoreError> {
        self.sql += rest;
        all(connection, &self.sql, &self.values, read).await
    }

    /// A page of them, newest first.
    pub(super) async fn page<I: ToString, T: Send>(
        self,
        connection: &mut dyn Connection,
        page: Page<I>,
        read: impl Fn(&mut Row) -> Result<T, StoreError> + Send + Sync,
    ) -> Result<Vec<T>, StoreError> {
        let mut select = self.only("id < ?", page.after.map(Value::text));
        select.values.push(page.limit.into());
        let limit = select.values.len();
        select.sql += " ORDER BY id DESC LIMIT $";
        select.sql += &limit.to_string();
        all(connection, &select.sql, &select.values, read).await
    }
}

pub(super) async fn generation(connection: &mut dyn Connection) -> Result<u64, StoreError> {
    let sql = "SELECT generation FROM store";
    let generation = first(connection, sql, &[], Row::count).await?;
    generation.ok_or_else(unexpected)
}

pub(super) async fn keyring(
    connection: &mut dyn Connection,
) -> Result<Option<Vec<u8>>, StoreError> {
    let sql = "SELECT keyring FROM store";
    let keyring = first(connection, sql, &[], Row::optional_bytes).await?;
    keyring.ok_or_else(unexpected)
}

pub(super) async fn admin_token(
    connection: &mut dyn Connection,
) -> Result<Option<TokenHash>, StoreError> {
    let sql = "SELECT admin_token FROM store";
    let token = first(connection, sql, &[], Row::optional_hash).await?;
    token.ok_or_else(unexpected)
}

/// What has changed. Asks several times, so it needs a snapshot.
pub(super) async fn changes_since(
    connection: &mut dyn Connection,
    known: u64,
) -> Result<Changes, StoreError> {
    let generation = generation(connection).await?;
    if generation <= known {
        return Ok(Changes {
            generation,
            ..Changes::default()
        });
    }
    Ok(Changes {
        generation,
        accounts: since(connection, known).await?,
        servers: since(connection, known).await?,
        api_tokens: since(connection, known).await?,
    })
}

pub(super) async fn accounts<I: ToString>(
    connection: &mut dyn Connection,
    page: Page<I>,
) -> Result<Vec<AccountRecord>, StoreError> {
    let select = Select::from(select::<AccountRecord>()).only_if("deleted_at IS NULL");
    select.page(connection, page, AccountRecord::read).await
}

pub(super) async fn api_tokens<I: ToString>(
    connection: &mut dyn Connection,
    page: Page<I>,
) -> Result<Vec<ApiTokenRecord>, StoreError> {
    let select = Select::from(select::<ApiTokenRecord>()).only_if("revoked_at IS NULL");
    select.page(connection, page, ApiTokenRecord::read).await
}

pub(super) async fn server_by_token(
    connection: &mut dyn Connection,
    hash: TokenHash,
) -> Result<Option<ServerRecord>, StoreError> {
    let select = select::<ServerRecord>();
    let sql = format!("{select} WHERE token_hash = $1 OR old_token_hash = $1");
    first(connection, &sql, &[Value::hash(&hash)], ServerRecord::read).await
}

pub(super) async fn servers(
    connection: &mut dyn Connection,
    query: ServerQuery,
) -> Result<Vec<ServerRecord>, StoreError> {
    let mut select = Select::from(select::<ServerRecord>())
        .only("account = ?", query.account.map(Value::text))
        .only(
            "folded_name LIKE ? ESCAPE '\\'",
            query.name.as_deref().map(pattern),
        );
    if let Some((state, now)) = query.state {
        let now = Some(Value::from(now));
        select = match state {
            State::Revoked => select.only_if("revoked_at IS NOT NULL"),
            State::Expired => select
                .only_if("revoked_at IS NULL")
                .only("expires_at <= ?", now),
            State::Active => select
                .only_if("revoked_at IS NULL")
                .only("(expires_at IS NULL OR expires_at > ?)", now),
        };
    }
    select
        .page(connection, query.page, ServerRecord::read)
        .await
}

/// What matches every name that contains a text.
fn pattern(text: &str) -> Value {
    let mut pattern = folded(text);
    for special in ['\\', '%', '_'] {
        pattern = pattern.replace(special, &format!("\\{special}"));
    }
    Value::text(format!("%{pattern}%"))
}

/// A claim, also one that is over.
pub(super) async fn claim(
    connection: &mut dyn Connection,
    key: &[u8; 32],
) -> Result<Option<Claim>, StoreError> {
    let sql = "SELECT key, request, answer, until FROM claims WHERE key = $1";
    let read = |row: &mut Row| {
        Ok(Claim {
            key: row.array()?,
            request: row.array()?,
            answer: row.bytes()?,
            until: row.time()?,
        })
    };
    first(connection, sql, &[Value::Bytes(key.to_vec())], read).await
}
