//! Two programs on one `PostgreSQL`, with and without Redis in front of it.

use std::fmt;
use std::time::Duration;

use serde_json::json;
use tokio::time::{Instant, sleep};

use super::admin::{Admin, text};
use super::process::{Process, Setup};
use crate::support::services::{self, Database, Redis, Stop};

/// What is promised is one second; a test machine may be busy with something else.
const PATIENCE: Duration = Duration::from_secs(5);
const ROUNDS: usize = 20;
/// Between the rounds, so that they stay below the number of unknown secrets that a program looks up in a
/// second.
const PAUSE: Duration = Duration::from_millis(250);

/// Two programs that share a store.
struct Replicas {
    account: String,
    one: Admin,
    other: Admin,
    _processes: [Process; 2],
}

impl Replicas {
    async fn start(database: &Database, redis: Option<&Redis>) -> Self {
        let mut first = Setup::new(&database.url());
        if let Some(redis) = redis {
            first = first.with(format!("--token-store={}", redis.url()));
        }
        let second = first.replica();
        // Both at once, so that both make the tables and the keys.
        let (process, other) = tokio::join!(first.start(), second.start());
        let one = first.admin();
        Self {
            account: one.account().await,
            one,
            other: second.admin(),
            _processes: [process, other],
        }
    }

    /// Makes a server on one; it must be there at once on the other. Revokes it there; gives how long it
    /// took until the first one refused it.
    async fn round(&self) -> Duration {
        let body = json!({"name": "shared"});
        let made = self.one.create(&self.account, &body, None).await;
        let made = made.expect("a server");
        let token = text(&made, "token");
        assert!(self.other.opens(&token).await, "not there at once");
        let path = format!(
            "/integrated-account/{}/mcp/{}",
            self.account,
            text(&made, "id")
        );
        self.other.delete(&path).await.expect("a revocation");
        let revoked = Instant::now();
        assert!(
            !self.other.opens(&token).await,
            "still there after it was revoked"
        );
        refused(&self.one, &token, revoked).await
    }

    /// The same with a rotation that ends the secret before.
    async fn rotation(&self) -> Duration {
        let made = self
            .one
            .create(&self.account, &json!({"name": "rotated"}), None)
            .await;
        let made = made.expect("a server");
        let (id, old) = (text(&made, "id"), text(&made, "token"));
        assert!(self.other.opens(&old).await);
        let path = format!("/integrated-account/{}/mcp/{id}/rotate", self.account);
        let rotated = self
            .one
            .post(&path, &json!({"overlap_seconds": 0}), None)
            .await;
        let at = Instant::now();
        let new = text(&rotated.expect("a new secret"), "token");
        assert!(
            self.other.opens(&new).await,
            "the new secret is not there at once"
        );
        refused(&self.other, &old, at).await
    }
}

/// How long a secret still opened a server on a replica.
async fn refused(admin: &Admin, token: &str, since: Instant) -> Duration {
    while admin.opens(token).await {
        assert!(
            since.elapsed() < PATIENCE,
            "still there after {:?}",
            since.elapsed()
        );
        sleep(Duration::from_millis(1)).await;
    }
    since.elapsed()
}

/// The spread of some times.
struct Spread(Vec<Duration>);

impl fmt::Display for Spread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut times = self.0.clone();
        times.sort_unstable();
        let milliseconds = |at: usize| 1000.0 * times[at].as_secs_f64();
        let last = times.len() - 1;
        write!(
            f,
            "median {:.1} ms, worst {:.1} ms",
            milliseconds(last / 2),
            milliseconds(last)
        )
    }
}

async fn rounds(name: &str, replicas: &Replicas, count: usize) {
    let (mut revoked, mut rotated) = (Vec::new(), Vec::new());
    for _ in 0..count {
        sleep(PAUSE).await;
        revoked.push(replicas.round().await);
        sleep(PAUSE).await;
        rotated.push(replicas.rotation().await);
    }
    println!("{name}: revoked elsewhere after {}", Spread(revoked));
    println!("{name}: replaced elsewhere after {}", Spread(rotated));
}

#[tokio::test]
async fn what_one_replica_does_the_other_knows() {
    let Some(database) = services::database("what_one_replica_does_the_other_knows") else {
        return;
    };
    let replicas = Replicas::start(&database, None).await;
    rounds("PostgreSQL", &replicas, ROUNDS).await;
}

#[tokio::test]
async fn what_one_replica_does_the_other_knows_with_redis_between_them() {
    let test = "what_one_replica_does_the_other_knows_with_redis_between_them";
    let (Some(database), Some(redis)) = (services::database(test), Redis::start(test)) else {
        return;
    };
    let replicas = Replicas::start(&database, Some(&redis)).await;
    rounds("PostgreSQL and Redis", &replicas, ROUNDS).await;

    assert_eq!(redis.send("FLUSHALL"), "+OK");
    rounds("Redis flushed", &replicas, 3).await;
    redis.stop(Stop::Killed);
    rounds("Redis gone", &replicas, 3).await;
    redis.restart();
    rounds("Redis back", &replicas, 3).await;
}

#[tokio::test]
async fn a_cut_connection_delays_nothing_for_long() {
    let Some(database) = services::database("a_cut_connection_delays_nothing_for_long") else {
        return;
    };
    let replicas = Replicas::start(&database, None).await;
    replicas.round().await;
    let mut times = Vec::new();
    for _ in 0..5 {
        let made = replicas
            .one
            .create(&replicas.account, &json!({"name": "cut"}), None)
            .await;
        let made = made.expect("a server");
        let token = text(&made, "token");
        assert!(replicas.one.opens(&token).await && replicas.other.opens(&token).await);
        // Everything that listens, and everything else, is cut off at once.
        database.sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
             WHERE datname = current_database() AND pid <> pg_backend_pid()",
        );
        let path = format!(
            "/integrated-account/{}/mcp/{}",
            replicas.account,
            text(&made, "id")
        );
        let mut revoked = replicas.other.delete(&path).await;
        for _ in 0..50 {
            if revoked.is_ok() {
                break;
            }
            sleep(Duration::from_millis(50)).await;
            revoked = replicas.other.delete(&path).await;
        }
        revoked.expect("a revocation");
        times.push(refused(&replicas.one, &token, Instant::now()).await);
    }
    println!("connections cut: revoked elsewhere after {}", Spread(times));
}
