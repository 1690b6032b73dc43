//! What an error of PostgreSQL means.

use std::error::Error as _;

use deadpool_postgres::PoolError;
use tokio_postgres::Error;
use tokio_postgres::error::SqlState;

use crate::store::StoreError;

/// Says what an error means. Of what the server says, only what it says about the connection is shown:
/// the rest may name values.
pub(super) fn store_error(error: impl std::borrow::Borrow<Error>) -> StoreError {
    let error = error.borrow();
    let Some(reply) = error.as_db_error() else {
        return without_reply(error);
    };
    let code = reply.code();
    match *code {
        SqlState::DISK_FULL => StoreError::Full,
        SqlState::READ_ONLY_SQL_TRANSACTION => StoreError::ReadOnly,
        SqlState::QUERY_CANCELED => timed_out(),
        SqlState::LOCK_NOT_AVAILABLE => {
            StoreError::Busy("another program has been writing to it for seconds".to_owned())
        }
        _ => match code.code() {
            // The connection, the user, the database, the server's resources, its end.
            code if ["08", "28", "3D", "53", "57"].iter().any(|class| code.starts_with(class)) => {
                StoreError::Unreachable(reply.message().to_owned())
            }
            // A transaction that the server ended because it stood still for too long.
            code if code.starts_with("25") => timed_out(),
            "42501" => StoreError::Unusable(
                "its user may not do what is necessary: it needs a schema in which it may create tables"
                    .to_owned(),
            ),
            code => StoreError::Unusable(format!("PostgreSQL refuses with SQLSTATE {code}")),
        },
    }
}

/// Says what an error means that came when a transaction was to be kept. It may be kept all the same, unless the
/// server refuses to.
pub(super) fn end_error(error: Error) -> StoreError {
    let refusal = error.as_db_error().map(|reply| reply.code().code());
    // The server may also end the connection after it has kept it.
    let is_refused = |code: &str| !["08", "57"].iter().any(|class| code.starts_with(class));
    if refusal.is_some_and(is_refused) {
        return store_error(error);
    }
    unknown()
}

pub(super) fn unknown() -> StoreError {
    StoreError::Unknown("PostgreSQL was lost, or took too long, while it kept it".to_owned())
}

/// What was wrong before the server said anything, or while it did.
fn without_reply(error: &Error) -> StoreError {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text = format!("{text}: {cause_text}");
        }
        source = cause.source();
    }
    StoreError::Unreachable(text)
}

pub(super) fn pool_error(error: &PoolError) -> StoreError {
    match error {
        PoolError::Backend(error) => store_error(error),
        PoolError::Timeout(_) => timed_out(),
        other => StoreError::Unreachable(other.to_string()),
    }
}

pub(super) fn timed_out() -> StoreError {
    StoreError::Unreachable("PostgreSQL does not answer in time".to_owned())
}
