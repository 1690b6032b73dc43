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
//! * `operation` is what each operation does, `billing` whatever moves money, and what the passing of time does.
//! * `company` is the data, `seed` the company that a sandbox begins with.

mod billing;
mod clock;
mod company;
mod contract;
mod host;
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
pub(crate) use contract::document_version;
pub use host::Host;
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
    /// A file that is read at the start, if it is there, and written at the end.
    pub snapshot: Option<PathBuf>,
    /// A time at which the clock stands until it is moved; without one it runs.
    pub start: Option<Timestamp>,
}

/// A company that answers like Billsby. Clones are the same one.
#[derive(Debug, Clone)]
pub struct Sandbox {
    shared: Arc<Shared>,
}

/// Why a sandbox cannot begin, or cannot be kept.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// The snapshot cannot be read or written.
    #[error(transparent)]
    Snapshot(#[from] SnapshotError),
    /// It cannot listen on this machine.
    #[error("the sandbox cannot listen: {0}")]
    Listen(std::io::Error),
}

/// What all requests share.
#[derive(Debug)]
struct Shared {
    /// Where the snapshot is written.
    snapshot: Option<PathBuf>,
    start: Start,
    world: Mutex<World>,
    faults: Mutex<http::Faults>,
}

/// What a sandbox begins with, at the start and after a reset.
#[derive(Debug)]
enum Start {
    /// A new company of these options.
    Seeded(Options),
    /// The text of a snapshot, whatever has become of its file.
    Loaded { path: PathBuf, text: Vec<u8> },
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
    /// There is a snapshot and it cannot be used, or none can be written.
    pub fn new(options: Options) -> Result<Self, SandboxError> {
        let prepared = options.snapshot.as_deref().map(snapshot::prepare);
        let snapshot = prepared.transpose()?;
        let loaded = snapshot.as_deref().map(snapshot::read).transpose()?;
        let (start, world) = if let (Some(path), Some(text)) = (&snapshot, loaded.flatten()) {
            let world = snapshot::parse(path, &text)?;
            let path = path.clone();
            (Start::Loaded { path, text }, world)
        } else {
            let world = seeded(&options);
            (Start::Seeded(options), world)
        };
        Ok(Self {
            shared: Arc::new(Shared {
                snapshot,
                start,
                world: Mutex::new(world),
                faults: Mutex::default(),
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
        match &self.shared.snapshot {
            Some(path) => {
                let text = snapshot::text(&self.shared.world());
                Ok(snapshot::write(path, &text)?)
            }
            None => Ok(()),
        }
    }
}

impl Shared {
    /// The company. A request that came to grief may have done part of its work; whoever tests
    /// against the sandbox is better off with that than with no company at all.
    fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn faults(&self) -> MutexGuard<'_, http::Faults> {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Start {
    /// The world after a reset: as at the start, and nothing has happened in it.
    fn world(&self) -> World {
        match self {
            Self::Seeded(options) => seeded(options),
            Self::Loaded { path, text } => World {
                journal: Journal::default(),
                ..snapshot::parse(path, text).expect("it has been read before")
            },
        }
    }
}

/// The world of a new company.
fn seeded(options: &Options) -> World {
    let clock = match options.start {
        Some(now) => Clock::Standing { now },
        None => Clock::running(),
    };
    let mut random = Random::new(options.seed);
    World {
        company: seed::company(clock.now(), options.customers, &mut random),
        journal: Journal::default(),
        clock,
        random,
        cause: "",
    }
}
