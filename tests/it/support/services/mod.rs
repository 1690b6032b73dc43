//! Database servers for the tests: private ones on free ports of this machine, which end with the tests.
//!
//! One `PostgreSQL` serves all tests of the process, each with a database of its own; a test that stops its
//! server starts one for itself. A Redis starts so quickly that every test has one.

mod keeper;
mod postgres;
mod redis;
mod tests;

pub(crate) use keeper::Stop;
pub(crate) use postgres::{Database, PASSWORD as POSTGRES_PASSWORD, Postgres, database};
pub(crate) use redis::{PASSWORD as REDIS_PASSWORD, Redis};

use std::net::TcpListener;
use std::time::Duration;

/// How long a server may take to begin; far more than it does.
const PATIENCE: Duration = Duration::from_secs(60);

/// A port that was free a moment ago.
fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("an address").port()
}
