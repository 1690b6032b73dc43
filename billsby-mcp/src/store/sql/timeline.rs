//! Spreads calls over time.

use jiff::Timestamp;
use ulid::Ulid;

use super::activity::only;
use super::driver::Connection;
use super::query::Select;
use super::value::{Row, Value};
use crate::record::ActivityId;
use crate::store::{ActivityQuery, Bucket, StoreError};

/// The calls of a step are put in the order of how long they took, and those that took equally long are counted
/// first: there are far fewer durations than calls. A percentile is the first duration that has so many of a hundred
/// calls up to its place. The conditions stand between the two halves.
const BEFORE: &str = "SELECT step,
         CAST(SUM(calls) AS BIGINT), CAST(SUM(errors) AS BIGINT), CAST(SUM(writes) AS BIGINT),
         MIN(CASE WHEN place * 100 >= total * 50 THEN milliseconds END),
         MIN(CASE WHEN place * 100 >= total * 95 THEN milliseconds END)
     FROM (SELECT step, milliseconds, calls, errors, writes,
             SUM(calls) OVER (PARTITION BY step ORDER BY milliseconds) AS place,
             SUM(calls) OVER (PARTITION BY step) AS total
         FROM (SELECT (at - $1) / $2 AS step, milliseconds,
                 COUNT(*) AS calls,
                 COUNT(CASE WHEN is_error THEN 1 END) AS errors,
                 COUNT(CASE WHEN is_write THEN 1 END) AS writes
             FROM activity";
const BEHIND: &str = "
             GROUP BY 1, 2) AS durations) AS placed
     GROUP BY step ORDER BY step";

pub(super) async fn timeline(
    connection: &mut dyn Connection,
    query: ActivityQuery,
    step_milliseconds: i64,
) -> Result<Vec<Bucket>, StoreError> {
    let from = query.from.unwrap_or(Timestamp::UNIX_EPOCH);
    let values = vec![from.into(), Value::Number(step_milliseconds.max(1))];
    let bounds = [query.from, query.until].map(|time| time.map(first_id));
    let [first, behind] = bounds;
    let select = Select::with(BEFORE.to_owned(), values);
    only(select, query)
        // The indexes on servers, accounts and keys go on with the id, which begins with the time.
        .only("id >= ?", first)
        .only("id < ?", behind)
        .all(connection, BEHIND, read)
        .await
}

/// What the ids of calls from a time on sort behind.
fn first_id(time: Timestamp) -> Value {
    let milliseconds = u64::try_from(time.as_millisecond()).unwrap_or(0);
    let id = Ulid::from_parts(milliseconds, 0).to_string();
    Value::text(format!("{}{}", ActivityId::PREFIX, id.to_ascii_lowercase()))
}

fn read(row: &mut Row) -> Result<Bucket, StoreError> {
    Ok(Bucket {
        index: row.count()?,
        calls: row.count()?,
        errors: row.count()?,
        writes: row.count()?,
        p50: row.count()?,
        p95: row.count()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_a_time_are_within_its_bounds() {
        let at = |millisecond| Timestamp::from_millisecond(millisecond).unwrap();
        let id = ActivityId::new(at(1_767_225_600_123)).unwrap();
        let text = |value| match value {
            Value::Text(text) => text,
            other => panic!("{other:?}"),
        };
        assert!(text(first_id(at(1_767_225_600_123))) <= id.to_string());
        assert!(text(first_id(at(1_767_225_600_124))) > id.to_string());
        assert!(text(first_id(Timestamp::MIN)) < id.to_string());
    }
}
