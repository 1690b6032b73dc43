//! The servers that are in use: built when they are first used, gone when they have ended or are idle.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::clients::leads_to_the_same;
use super::image::{Image, Row};
use super::{Pass, read, write};
use crate::protocol::LONGEST_CALL;
use crate::protocol::http::{Closed, Endpoint};
use crate::record::{AccountId, AccountRecord, ServerId, ServerRecord};

/// How long the calls of an endpoint that takes nothing new may go on.
const LAST_CALLS: Duration = LONGEST_CALL.saturating_add(Duration::from_secs(60));

/// A server that can be used.
pub struct LiveServer {
    /// What is kept of it.
    pub record: Arc<ServerRecord>,
    /// What is behind its URL.
    pub endpoint: Arc<Endpoint>,
    pub(super) row: Arc<Row>,
    pub(super) account: Arc<AccountRecord>,
    visits: Arc<Visits>,
}

/// How an endpoint is used, whatever becomes of its record.
#[derive(Debug, Default)]
struct Visits {
    /// Milliseconds from the start of the registry to the last request.
    last: AtomicU64,
    /// Ends what clients listen to, by what they were let in by.
    doors: Mutex<HashMap<Pass, CancellationToken>>,
}

/// The servers that are in use.
#[derive(Debug)]
pub(super) struct Live {
    start: Instant,
    servers: RwLock<HashMap<ServerId, Arc<LiveServer>>>,
    /// The endpoints that take nothing new and whose calls go on.
    closing: TaskTracker,
    /// Once cancelled, those calls end as well.
    cut: CancellationToken,
}

/// What is to be done about a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Keep,
    Close(Closed),
    Drop,
}

impl LiveServer {
    pub(super) fn new(row: Arc<Row>, account: Arc<AccountRecord>, endpoint: Endpoint) -> Self {
        Self {
            record: Arc::new(row.record()),
            endpoint: Arc::new(endpoint),
            row,
            account,
            visits: Arc::default(),
        }
    }

    /// The same endpoint with another state of its record that makes no difference to it, if it is one.
    fn renewed(&self, row: &Arc<Row>, account: &Arc<AccountRecord>) -> Option<Self> {
        self.serves(row, account).then(|| Self {
            record: Arc::new(row.record()),
            endpoint: Arc::clone(&self.endpoint),
            row: Arc::clone(row),
            account: Arc::clone(account),
            visits: Arc::clone(&self.visits),
        })
    }

    /// Whether the endpoint is what these records ask for.
    pub(super) fn serves(&self, row: &Row, account: &AccountRecord) -> bool {
        self.row.config == row.config && leads_to_the_same(&self.account, account)
    }

    /// Whether these are the very records that it was made from.
    pub(super) fn is_of(&self, row: &Arc<Row>, account: &Arc<AccountRecord>) -> bool {
        Arc::ptr_eq(&self.row, row) && Arc::ptr_eq(&self.account, account)
    }

    /// Whether it was made from later states than these.
    fn is_later_than(&self, row: &Row, account: &AccountRecord) -> bool {
        self.row.generation > row.generation || self.account.generation > account.generation
    }

    /// Cancelled once whoever was let in by this may no longer listen.
    pub(crate) fn door(&self, pass: Pass) -> CancellationToken {
        self.visits.doors().entry(pass).or_default().clone()
    }

    /// Closes the doors of those who would not be let in any more.
    fn close_doors(&self, image: &Image, row: &Row, now: Timestamp) {
        self.visits.doors().retain(|pass, door| {
            let is_open = pass.opens(image, row, now).is_ok();
            if !is_open {
                door.cancel();
            }
            is_open
        });
    }

    /// Whether nobody uses it or is about to.
    fn is_unused(self: &Arc<Self>) -> bool {
        // New references are made under the lock that the asker holds.
        Arc::strong_count(self) == 1
            && Arc::strong_count(&self.endpoint) == 1
            && self.endpoint.is_idle()
    }
}

impl Visits {
    fn doors(&self) -> MutexGuard<'_, HashMap<Pass, CancellationToken>> {
        self.doors.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Live {
    pub(super) fn new() -> Self {
        Self {
            start: Instant::now(),
            servers: RwLock::default(),
            closing: TaskTracker::new(),
            cut: CancellationToken::new(),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.read(HashMap::len)
    }

    /// The server of just these records.
    pub(super) fn get(
        &self,
        row: &Arc<Row>,
        account: &Arc<AccountRecord>,
    ) -> Option<Arc<LiveServer>> {
        let live = self.read(|servers| {
            let live = servers.get(&row.id)?;
            live.is_of(row, account).then(|| Arc::clone(live))
        })?;
        live.visits.last.store(self.now(), Ordering::Relaxed);
        Some(live)
    }

    /// The same, if only such parts of the records have changed that make no difference to the endpoint. Whoever has
    /// read the records before they were changed gets what is there now.
    pub(super) fn renew(
        &self,
        row: &Arc<Row>,
        account: &Arc<AccountRecord>,
    ) -> Option<Arc<LiveServer>> {
        let renewed = self.write(|servers| {
            let known = servers.get(&row.id)?;
            if known.is_later_than(row, account) {
                return Some(Arc::clone(known));
            }
            let live = Arc::new(known.renewed(row, account)?);
            servers.insert(row.id, Arc::clone(&live));
            Some(live)
        })?;
        renewed.visits.last.store(self.now(), Ordering::Relaxed);
        Some(renewed)
    }

    /// Puts a new endpoint in the place of the one that was there, unless somebody else has done it, or has put a
    /// later one there.
    pub(super) fn put(&self, new: LiveServer) -> Arc<LiveServer> {
        let (live, replaced) = self.write(|servers| match servers.get(&new.row.id) {
            Some(known)
                if known.is_of(&new.row, &new.account)
                    || known.is_later_than(&new.row, &new.account) =>
            {
                (Arc::clone(known), None)
            }
            _ => {
                let new = Arc::new(new);
                let replaced = servers.insert(new.row.id, Arc::clone(&new));
                (new, replaced)
            }
        });
        if let Some(replaced) = replaced {
            self.close(&replaced, Closed::Replaced);
        }
        live.visits.last.store(self.now(), Ordering::Relaxed);
        live
    }

    /// Ends what has ended, and drops what nobody has used for so long. Gives the accounts that are left.
    pub(super) fn settle(
        &self,
        image: &RwLock<Image>,
        now: Timestamp,
        idle: Duration,
    ) -> HashSet<AccountId> {
        let verdict = |live: &Arc<LiveServer>| self.verdict(live, image, now, idle);
        let due: Vec<ServerId> = self.read(|servers| {
            let due = servers
                .iter()
                .filter(|(_, live)| verdict(live) != Verdict::Keep);
            due.map(|(id, _)| *id).collect()
        });
        // Usually there is nothing to do, and nobody has to wait for that.
        for id in due {
            self.write(|servers| {
                let Some(live) = servers.get(&id) else { return };
                match verdict(live) {
                    Verdict::Close(why) => self.close(live, why),
                    Verdict::Drop if live.is_unused() => {}
                    Verdict::Drop | Verdict::Keep => return,
                }
                servers.remove(&id);
            });
        }
        self.read(|servers| servers.values().map(|live| live.account.id).collect())
    }

    fn verdict(
        &self,
        live: &LiveServer,
        image: &RwLock<Image>,
        now: Timestamp,
        idle: Duration,
    ) -> Verdict {
        let known = read(image).by_id(live.row.id);
        let Some((row, account)) = known.filter(|(row, _)| row.is_active(now)) else {
            return Verdict::Close(Closed::Gone);
        };
        if !live.serves(&row, &account) {
            return Verdict::Close(Closed::Replaced);
        }
        live.close_doors(&read(image), &row, now);
        let last = live.visits.last.load(Ordering::Relaxed);
        if u128::from(self.now().saturating_sub(last)) >= idle.as_millis() {
            return Verdict::Drop;
        }
        Verdict::Keep
    }

    fn close(&self, live: &LiveServer, why: Closed) {
        live.endpoint.close(why);
        let endpoint = Arc::clone(&live.endpoint);
        let cut = self.cut.clone();
        self.closing.spawn(async move {
            tokio::select! {
                () = endpoint.finish() => {}
                () = tokio::time::sleep(LAST_CALLS) => endpoint.end(),
                () = cut.cancelled() => endpoint.end(),
            }
        });
    }

    /// Waits until all calls have been answered, and ends what clients listen to.
    pub(super) async fn finish(&self) {
        let all: Vec<_> = self.read(|servers| servers.values().cloned().collect());
        let open = all.iter().map(|live| live.endpoint.finish());
        self.closing.close();
        tokio::join!(futures_util::future::join_all(open), self.closing.wait());
    }

    /// Ends everything at once.
    pub(super) fn end(&self) {
        self.cut.cancel();
        self.read(|servers| servers.values().for_each(|live| live.endpoint.end()));
    }

    /// Milliseconds since the start, whatever happens to the clock on the wall.
    fn now(&self) -> u64 {
        u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn read<T>(&self, look: impl FnOnce(&HashMap<ServerId, Arc<LiveServer>>) -> T) -> T {
        look(&read(&self.servers))
    }

    fn write<T>(&self, change: impl FnOnce(&mut HashMap<ServerId, Arc<LiveServer>>) -> T) -> T {
        change(&mut write(&self.servers))
    }
}

impl fmt::Debug for LiveServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LiveServer")
            .field("id", &self.row.id)
            .finish_non_exhaustive()
    }
}
