//! Keeps calls, and counts them.

use std::collections::BTreeMap;

use billsby_sdk::Outcome;

use super::driver::{Connection, End, all};
use super::query::Select;
use super::value::{Row, Value, unexpected};
use crate::activity::{Entry, Usage};
use crate::record::ServerId;
use crate::store::{ActivityQuery, StoreError};

const COLUMNS: &str = "id, at, server, account, client_name, client_version, tool, is_write, \
     is_error, outcome, status, milliseconds, keys";

/// The kinds of keys that calls are looked for by.
const CUSTOMER: &str = "customerUniqueId";
const INVOICE: &str = "invoiceNumber";

/// Adds calls. One that is there already is not counted again.
pub(super) async fn record(
    connection: &mut dyn Connection,
    entries: Vec<Entry>,
) -> Result<End<()>, StoreError> {
    let sql = format!(
        "INSERT INTO activity ({COLUMNS}, customer, invoice)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
         ON CONFLICT (id) DO NOTHING"
    );
    // In the order of ids, so that two programs never wait for each other's rows.
    let mut usages = BTreeMap::<ServerId, Usage>::new();
    for entry in &entries {
        if connection.execute(&sql, &values(entry)?).await? == 1
            && let Some(server) = entry.server
        {
            count(usages.entry(server).or_default(), entry);
        }
    }
    for (server, usage) in usages {
        add(connection, server, &usage).await?;
    }
    Ok(End::Keep(()))
}

fn count(usage: &mut Usage, entry: &Entry) {
    usage.last_used_at = usage.last_used_at.max(Some(entry.at));
    usage.calls += 1;
    usage.errors += u64::from(entry.is_error);
    usage.writes += u64::from(entry.is_write);
}

async fn add(
    connection: &mut dyn Connection,
    server: ServerId,
    usage: &Usage,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO server_usage (server, last_used_at, calls, errors, writes)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (server) DO UPDATE SET
             last_used_at = CASE WHEN excluded.last_used_at > server_usage.last_used_at
                 THEN excluded.last_used_at ELSE server_usage.last_used_at END,
             calls = server_usage.calls + excluded.calls,
             errors = server_usage.errors + excluded.errors,
             writes = server_usage.writes + excluded.writes";
    let values = [
        Value::text(server),
        Value::or_null(usage.last_used_at, Value::from),
        usage.calls.into(),
        usage.errors.into(),
        usage.writes.into(),
    ];
    connection.execute(sql, &values).await.map(drop)
}

pub(super) async fn usage(
    connection: &mut dyn Connection,
    servers: Vec<ServerId>,
) -> Result<Vec<(ServerId, Usage)>, StoreError> {
    if servers.is_empty() {
        return Ok(Vec::new());
    }
    let places: Vec<_> = (1..=servers.len()).map(|n| format!("${n}")).collect();
    let sql = format!(
        "SELECT server, last_used_at, calls, errors, writes FROM server_usage WHERE server IN ({})",
        places.join(", ")
    );
    let values: Vec<_> = servers.iter().map(Value::text).collect();
    let read = |row: &mut Row| {
        let server = row.parsed()?;
        let usage = Usage {
            last_used_at: row.optional_time()?,
            calls: row.count()?,
            errors: row.count()?,
            writes: row.count()?,
        };
        Ok((server, usage))
    };
    all(connection, &sql, &values, read).await
}

pub(super) async fn activity(
    connection: &mut dyn Connection,
    query: ActivityQuery,
) -> Result<Vec<Entry>, StoreError> {
    let page = query.page;
    let select = Select::from(format!("SELECT {COLUMNS} FROM activity"));
    only(select, query).page(connection, page, read).await
}

/// Only the calls that are wanted.
pub(super) fn only(select: Select, query: ActivityQuery) -> Select {
    let outcome = query.outcome.map(|outcome| Value::text(outcome.as_str()));
    select
        .only("server = ?", query.server.map(Value::text))
        .only("account = ?", query.account.map(Value::text))
        .only("tool = ?", query.tool.map(Value::text))
        .only("outcome = ?", outcome)
        .only("is_error = ?", query.is_error.map(Value::from))
        .only("customer = ?", query.customer.map(Value::text))
        .only("invoice = ?", query.invoice.map(Value::text))
        .only("at >= ?", query.from.map(Value::from))
        .only("at < ?", query.until.map(Value::from))
}

fn values(entry: &Entry) -> Result<[Value; 15], StoreError> {
    let keys = serde_json::to_string(&entry.keys).map_err(|_| unexpected())?;
    Ok([
        Value::text(entry.id),
        entry.at.into(),
        Value::or_null(entry.server, Value::text),
        Value::or_null(entry.account, Value::text),
        Value::or_null(entry.client_name.as_ref(), Value::text),
        Value::or_null(entry.client_version.as_ref(), Value::text),
        Value::text(&entry.tool),
        entry.is_write.into(),
        entry.is_error.into(),
        Value::text(entry.outcome.as_str()),
        Value::or_null(entry.status, |status| u32::from(status).into()),
        entry.milliseconds.into(),
        Value::text(keys),
        Value::or_null(entry.keys.get(CUSTOMER), Value::text),
        Value::or_null(entry.keys.get(INVOICE), Value::text),
    ])
}

fn read(row: &mut Row) -> Result<Entry, StoreError> {
    Ok(Entry {
        id: row.parsed()?,
        at: row.time()?,
        server: row.optional_parsed()?,
        account: row.optional_parsed()?,
        client_name: row.optional_text()?,
        client_version: row.optional_text()?,
        tool: row.text()?,
        is_write: row.flag()?,
        is_error: row.flag()?,
        outcome: outcome(&row.text()?)?,
        status: row.optional_count()?,
        milliseconds: row.count()?,
        keys: serde_json::from_str(&row.text()?).map_err(|_| unexpected())?,
    })
}

fn outcome(word: &str) -> Result<Outcome, StoreError> {
    let all = [
        Outcome::NotSent,
        Outcome::Rejected,
        Outcome::Done,
        Outcome::Unknown,
    ];
    let mut fitting = all.into_iter().filter(|outcome| outcome.as_str() == word);
    fitting.next().ok_or_else(unexpected)
}
