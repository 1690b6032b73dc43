//! A Billsby in memory: one company, all operations, strict about requests.
//!
//! A request goes one way through these rooms and comes back the same way:
//!
//! ```text
//! http -> contract -> operation -> company
//! ```
//!
//! * `http` receives requests, checks the key, and does what a network may do to them.
//! * `contract` holds a request against the document of the API.
//! * `operation` is what each operation does, `billing` what the passing of time does.
//! * `company` is the data, `seed` the company that a sandbox begins with.

mod billing;
mod clock;
mod company;
mod contract;
mod http;
mod id;
mod journal;
mod operation;
mod random;
mod seed;
mod snapshot;
mod wire;
mod world;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use clock::Clock;
use journal::Journal;
use random::Random;
pub use snapshot::SnapshotError;
use world::World;

/// The company domain of the sandbox.
pub const COMPANY_DOMAIN: &str = "sandbox";

/// The only API key that opens the sandbox. It is no secret: it opens nothing else.
pub const API_KEY: &str = "sandbox_00000000000000000000000000000000";

/// The path under which the sandbox serves the API, as the real host does.
pub const BASE_PATH: &str = "/api/v1/rest";

/// What a sandbox begins with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// How many random customers there are besides the named ones.
    pub customers: u32,
    /// What all random choices follow from, ids included.
    pub seed: u64,
    /// A file that is read at the start and on a reset, if it is there, and written at the end.
    pub snapshot: Option<PathBuf>,
    /// A time at which the clock stands until it is moved; without one it runs.
    pub start: Option<Timestamp>,
}

/// A company that answers like Billsby. Clones are the same one.
#[derive(Debug, Clone)]
pub struct Sandbox {
    shared: Arc<Shared>,
}

/// Why there is no sandbox.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// The snapshot cannot be read or written.
    #[error(transparent)]
    Snapshot(#[from] SnapshotError),
}

/// What all requests share.
#[derive(Debug)]
struct Shared {
    options: Options,
    world: Mutex<World>,
    faults: Mutex<http::Faults>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            customers: 120,
            seed: 1,
            snapshot: None,
            start: None,
        }
    }
}

impl Sandbox {
    /// The company of the snapshot, or a new one.
    ///
    /// # Errors
    ///
    /// There is a snapshot, and it cannot be used.
    pub fn new(options: Options) -> Result<Self, SandboxError> {
        let world = Mutex::new(begin(&options)?);
        let faults = Mutex::default();
        Ok(Self {
            shared: Arc::new(Shared {
                options,
                world,
                faults,
            }),
        })
    }

    /// Serves until `stop` is cancelled, then writes the snapshot if there is to be one.
    ///
    /// # Errors
    ///
    /// The snapshot cannot be written.
    pub async fn serve(
        &self,
        listener: TcpListener,
        stop: CancellationToken,
    ) -> Result<(), SandboxError> {
        http::serve(listener, Arc::clone(&self.shared), stop).await;
        match &self.shared.options.snapshot {
            Some(path) => {
                let text = snapshot::text(&self.shared.world());
                Ok(snapshot::write(path, &text)?)
            }
            None => Ok(()),
        }
    }
}

impl Shared {
    /// The company. A request that came to grief has left it as it was: operations find everything
    /// before they change anything.
    fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn faults(&self) -> MutexGuard<'_, http::Faults> {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The world at the start and after a reset.
fn begin(options: &Options) -> Result<World, SnapshotError> {
    let read = options.snapshot.as_deref().map(snapshot::read);
    if let Some(world) = read.transpose()?.flatten() {
        return Ok(world);
    }
    let clock = match options.start {
        Some(now) => Clock::Standing { now },
        None => Clock::running(),
    };
    let mut random = Random::new(options.seed);
    Ok(World {
        company: seed::company(clock.now(), options.customers, &mut random),
        journal: Journal::default(),
        clock,
        random,
        cause: "",
    })
}
