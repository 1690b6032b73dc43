//! The connection that is kept: it has the lock, and hears of new generations.

use std::future::poll_fn;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::Notify;
use tokio_postgres::{AsyncMessage, Client, Config, Connection};
use tokio_postgres_rustls::MakeRustlsConnect;
use tokio_util::task::AbortOnDropHandle;

use super::error::{store_error, timed_out};
use crate::store::sql::News;
use crate::store::{Lock, StoreError};

/// Tells all sessions of a new generation. They ask for it, so that stores that share a database do not
/// confuse each other.
pub(super) const NOTIFY: &str = "NOTIFY billsby_mcp";
const LISTEN: &str = "LISTEN billsby_mcp";
/// The number of the lock, which only has to differ from those of other programs.
const LOCK_SHARED: &str = "SELECT pg_try_advisory_lock_shared(7310587142550)";
const LOCK_EXCLUSIVE: &str = "SELECT pg_try_advisory_lock(7310587142550)";

/// How long a step may take before the connection counts as lost.
const LIMIT: Duration = Duration::from_secs(5);
/// How often one looks whether the connection is still there.
const LOOK: Duration = Duration::from_secs(5);
/// How long one waits before connecting again.
const PAUSE: Duration = Duration::from_millis(250);
/// How often a lock is tried: the server may not have noticed yet that a program has ended.
const TRIES: u32 = 8;

/// A connection that is kept, and made again when it is lost.
pub(super) struct Session {
    state: Arc<State>,
    _task: AbortOnDropHandle<()>,
}

/// How the connection stands.
#[derive(Debug, Default)]
struct State {
    is_up: AtomicBool,
    /// How often it was lost and made again.
    losses: AtomicU64,
}

impl Session {
    /// Connects and locks.
    pub(super) async fn open(
        config: Config,
        tls: MakeRustlsConnect,
        lock: Lock,
        news: Arc<News>,
    ) -> Result<Self, StoreError> {
        let connect = Connect { config, tls, lock };
        let line = connect.attempt().await?;
        let state = Arc::new(State::default());
        state.is_up.store(true, Ordering::SeqCst);
        let task = keep(connect, line, Arc::clone(&state), news);
        Ok(Self {
            state,
            _task: AbortOnDropHandle::new(tokio::spawn(task)),
        })
    }

    /// How often the connection was lost and made again.
    pub(super) fn losses(&self) -> u64 {
        self.state.losses.load(Ordering::SeqCst)
    }

    /// Says whether the lock is there. Without it somebody else may be changing everything.
    pub(super) fn check(&self) -> Result<(), StoreError> {
        if self.state.is_up.load(Ordering::SeqCst) {
            return Ok(());
        }
        let lost = "the connection to PostgreSQL is lost and not back yet; nothing was written";
        Err(StoreError::Unreachable(lost.to_owned()))
    }
}

/// How to connect.
struct Connect {
    config: Config,
    tls: MakeRustlsConnect,
    lock: Lock,
}

/// A connection that listens.
struct Line {
    client: Client,
    /// Somebody has told something.
    told: Arc<Notify>,
    /// Ends with the connection.
    end: AbortOnDropHandle<()>,
}

impl Connect {
    async fn attempt(&self) -> Result<Line, StoreError> {
        let line = tokio::time::timeout(LIMIT, self.line()).await;
        line.unwrap_or_else(|_| Err(timed_out()))
    }

    async fn line(&self) -> Result<Line, StoreError> {
        let connected = self.config.connect(self.tls.clone()).await;
        let (client, connection) = connected.map_err(store_error)?;
        let told = Arc::new(Notify::new());
        let end = tokio::spawn(hear(connection, Arc::clone(&told)));
        let end = AbortOnDropHandle::new(end);
        self.lock(&client).await?;
        client.batch_execute(LISTEN).await.map_err(store_error)?;
        Ok(Line { client, told, end })
    }

    async fn lock(&self, client: &Client) -> Result<(), StoreError> {
        let sql = match self.lock {
            Lock::Shared => LOCK_SHARED,
            Lock::Exclusive => LOCK_EXCLUSIVE,
        };
        for _ in 0..TRIES {
            let row = client.query_one(sql, &[]).await.map_err(store_error)?;
            if row.get(0) {
                return Ok(());
            }
            tokio::time::sleep(PAUSE).await;
        }
        Err(StoreError::Busy(self.lock.conflict().to_owned()))
    }
}

/// Follows a connection and makes a new one whenever it is lost.
async fn keep(connect: Connect, mut line: Line, state: Arc<State>, news: Arc<News>) {
    loop {
        let problem = follow(&mut line, &news).await;
        state.is_up.store(false, Ordering::SeqCst);
        tracing::warn!(%problem, "the store's connection is lost");
        line = loop {
            tokio::time::sleep(PAUSE).await;
            if let Ok(line) = connect.attempt().await {
                break line;
            }
        };
        // Before anything can be written, so that nothing written is older than what is read then.
        state.losses.fetch_add(1, Ordering::SeqCst);
        state.is_up.store(true, Ordering::SeqCst);
        tracing::info!("the store's connection is back");
    }
}

/// Asks for the generation at first, when somebody tells, and now and then, until that fails.
async fn follow(line: &mut Line, news: &News) -> StoreError {
    loop {
        match generation(&line.client).await {
            // There is none before the first migration.
            Ok(generation) => news.is_at(generation.unwrap_or(0)),
            Err(error) => return error,
        }
        tokio::select! {
            () = line.told.notified() => {}
            () = tokio::time::sleep(LOOK) => {}
            _ = &mut line.end => return StoreError::Unreachable("the server has closed it".to_owned()),
        }
    }
}

async fn generation(client: &Client) -> Result<Option<u64>, StoreError> {
    let sql = "SELECT generation FROM store";
    let rows = tokio::time::timeout(LIMIT, client.query(sql, &[])).await;
    let row = match rows.map_err(|_| timed_out())? {
        Ok(rows) => rows.into_iter().next(),
        Err(error) if error.code() == Some(&tokio_postgres::error::SqlState::UNDEFINED_TABLE) => {
            None
        }
        Err(error) => return Err(store_error(error)),
    };
    Ok(row.and_then(|row| u64::try_from(row.get::<_, i64>(0)).ok()))
}

/// Lets a connection work until it ends.
async fn hear<S, T>(mut connection: Connection<S, T>, told: Arc<Notify>)
where
    S: AsyncRead + AsyncWrite + Unpin,
    T: AsyncRead + AsyncWrite + Unpin,
{
    while let Some(Ok(message)) = poll_fn(|context| connection.poll_message(context)).await {
        if matches!(message, AsyncMessage::Notification(_)) {
            told.notify_one();
        }
    }
}
