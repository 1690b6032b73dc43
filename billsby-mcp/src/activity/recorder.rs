//! Writes calls into the store, behind the calls' backs.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::Notify;
use tokio_util::task::AbortOnDropHandle;

use super::queue::Queue;
use super::{Entry, text};
use crate::account::{Call, Watch};
use crate::clock::Clock;
use crate::record::{AccountId, ActivityId, ServerId};
use crate::store::{Store, StoreError};

/// How many entries are written at once.
const BATCH: usize = 500;
/// How long the first entry of a batch waits for others.
const GATHERING: Duration = Duration::from_millis(250);
/// How long to wait before writing again when the store has failed.
const RETRY: Duration = Duration::from_secs(1);
/// How long the last entries may take at the end.
const LAST: Duration = Duration::from_secs(5);
/// How much of a client's name and of its version is kept, in characters.
const LONGEST: usize = 64;

/// Writes calls into a store.
///
/// No call waits for it, and none fails because of it. While the store fails, calls wait in memory, up
/// to 10,000 of them; beyond that the oldest are lost. How many is counted and logged.
pub struct Recorder {
    shared: Arc<Shared>,
    _writing: AbortOnDropHandle<()>,
}

struct Shared {
    store: Arc<dyn Store>,
    clock: Clock,
    queue: Mutex<Queue>,
    /// Woken when there is something to write.
    some: Notify,
    /// Woken when there is enough for a batch.
    enough: Notify,
    /// Held while a batch is written: each is written by one.
    writing: tokio::sync::Mutex<Outage>,
}

/// Whether the store failed when it was last written to.
#[derive(Default)]
struct Outage {
    is_on: bool,
    /// How many entries had been lost before it began.
    lost: u64,
}

/// Watches the account of one server.
struct Watcher {
    shared: Arc<Shared>,
    server: Option<ServerId>,
    account: Option<AccountId>,
}

impl Recorder {
    /// Begins to write into a store.
    #[must_use]
    pub fn start(store: Arc<dyn Store>, clock: Clock) -> Arc<Self> {
        let shared = Arc::new(Shared {
            store,
            clock,
            queue: Mutex::default(),
            some: Notify::new(),
            enough: Notify::new(),
            writing: tokio::sync::Mutex::default(),
        });
        let writing = tokio::spawn(write(Arc::clone(&shared)));
        Arc::new(Self {
            shared,
            _writing: AbortOnDropHandle::new(writing),
        })
    }

    /// Somebody who is told of the calls of a server; none for the one that the program was started with.
    #[must_use]
    pub fn watch(&self, server: Option<ServerId>, account: Option<AccountId>) -> Arc<dyn Watch> {
        Arc::new(Watcher {
            shared: Arc::clone(&self.shared),
            server,
            account,
        })
    }

    /// Writes everything that waits; gives up if the store fails or takes longer than five seconds.
    pub async fn flush(&self) {
        let everything = async { while let Ok(true) = self.shared.write_batch().await {} };
        // Whatever is left then is said below.
        let _ = tokio::time::timeout(LAST, everything).await;
        let waiting = self.shared.queue().len();
        if waiting > 0 {
            tracing::warn!(calls = waiting, "calls are not in the activity yet");
        }
    }

    /// How many calls were never written because the store failed for too long.
    #[must_use]
    pub fn lost(&self) -> u64 {
        self.shared.queue().lost()
    }
}

/// Writes what comes, for ever.
async fn write(shared: Arc<Shared>) {
    loop {
        shared.some.notified().await;
        // So that calls that come together are written together.
        let _ = tokio::time::timeout(GATHERING, shared.enough.notified()).await;
        loop {
            match shared.write_batch().await {
                Ok(true) => {}
                Ok(false) => break,
                Err(_) => tokio::time::sleep(RETRY).await,
            }
        }
    }
}

impl Shared {
    fn queue(&self) -> MutexGuard<'_, Queue> {
        // A queue is whole between any two of its lines.
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn add(&self, entry: Entry) {
        let mut queue = self.queue();
        let is_losing = queue.push(entry);
        let waiting = queue.len();
        drop(queue);
        if is_losing {
            tracing::error!(
                waiting,
                "too many calls wait to be written; the oldest are lost"
            );
        }
        self.some.notify_one();
        if waiting >= BATCH {
            self.enough.notify_one();
        }
    }

    /// Writes the oldest entries; says whether there were any.
    async fn write_batch(&self) -> Result<bool, StoreError> {
        let mut outage = self.writing.lock().await;
        let Some(part) = self.queue().first(BATCH) else {
            return Ok(false);
        };
        let result = self.store.record(part.entries).await;
        if result.is_ok() {
            self.queue().written(part.end);
        }
        self.note(&mut outage, result.as_ref().err());
        result.map(|()| true)
    }

    /// Logs when an outage begins, when it begins to cost entries, and when it ends.
    fn note(&self, outage: &mut Outage, error: Option<&StoreError>) {
        let lost = self.queue().lost();
        match (error, outage.is_on) {
            (Some(error), false) => {
                tracing::warn!(%error, "the activity cannot be written; it waits in memory");
                *outage = Outage { is_on: true, lost };
            }
            (None, true) => {
                let lost = lost - outage.lost;
                tracing::warn!(lost, "the activity is written again");
                outage.is_on = false;
            }
            _ => {}
        }
    }
}

impl Watch for Watcher {
    fn now(&self) -> Timestamp {
        self.shared.clock.now()
    }

    fn ended(&self, call: Call) {
        match ActivityId::new(call.at) {
            Ok(id) => self.shared.add(self.entry(id, call)),
            Err(error) => tracing::error!(%error, "a call is not in the activity"),
        }
    }
}

impl Watcher {
    fn entry(&self, id: ActivityId, call: Call) -> Entry {
        let clean = |text: Option<String>| text.and_then(|text| text::clean(&text, LONGEST));
        Entry {
            id,
            at: call.at,
            server: self.server,
            account: self.account,
            client_name: clean(call.caller.name),
            client_version: clean(call.caller.version),
            tool: call.tool.name.to_owned(),
            is_write: !call.tool.effect.is_read(),
            is_error: call.is_error,
            outcome: call.outcome,
            status: call.status,
            milliseconds: call.milliseconds,
            keys: call.keys,
        }
    }
}

impl fmt::Debug for Recorder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recorder").finish_non_exhaustive()
    }
}
