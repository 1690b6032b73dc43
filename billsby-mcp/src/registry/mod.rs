//! The provisioned servers of this process: who may use what, now.
//!
//! ```text
//! store ──changes──▶ image: everything that is live, by the hashes of secrets
//!                      │ first use
//!                      ▼
//!                    live: endpoints, while they are in use
//! ```
//!
//! Every request is decided by the image and the clock alone. The image follows the store: it is told of
//! changes, asks again at short intervals, and catches up before this process answers a change of its own.

mod clients;
mod follow;
mod image;
mod limit;
mod live;
mod miss;
mod pass;

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::{Duration, Instant};

use axum::http::HeaderValue;
use billsby_sdk::Client;
use tokio_util::sync::CancellationToken;

use crate::account::Account;
use crate::activity::Recorder;
use crate::clock::Clock;
use crate::protocol::http::{Endpoint, HttpOptions, is_host_allowed};
use crate::record::{AccountId, AccountRecord, ServerId, ServerRecord};
use crate::sandbox;
use crate::secret::{Keyring, TokenHash, TokenKind};
use crate::store::{Store, StoreError, TokenStore};
use crate::tool::{CatalogueError, Settings, Shelf};
pub use clients::ClientError;
use clients::Clients;
use image::{Image, Row};
use live::Live;
pub use live::LiveServer;
use miss::Misses;
pub use pass::Credential;
pub(crate) use pass::{Denied, Pass};

/// How long the image counts as true after the store was heard last.
pub const GRACE: Duration = Duration::from_secs(15 * 60);

/// What a registry is used with.
pub struct RegistryOptions {
    /// What times are compared with.
    pub clock: Clock,
    /// What every URL gets.
    pub http: HttpOptions,
    /// How long a call of Billsby may take.
    pub timeout: Duration,
    /// How long the image counts as true after the store was heard last: see [`GRACE`].
    pub grace: Duration,
    /// Addresses that accounts may have instead of Billsby's own, in the form of
    /// [`normalise_base_url`](crate::provision::normalise_base_url).
    pub allowed_base_urls: Vec<String>,
    /// Where accounts for the sandbox lead.
    pub sandbox: Arc<sandbox::Host>,
    /// Is told of calls.
    pub recorder: Option<Arc<Recorder>>,
    /// Stands in front of the store.
    pub token_store: Option<Arc<dyn TokenStore>>,
    /// Once cancelled, nothing new is begun.
    pub shutdown: CancellationToken,
}

/// What there is behind a URL.
#[derive(Debug)]
pub enum Found {
    /// A server that can be used now.
    Server(Arc<LiveServer>),
    /// Nothing, whatever there may have been.
    Nothing,
    /// Nobody can say: the store has not been heard for too long, or the server cannot be made ready.
    Unavailable,
}

/// How a registry stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Status {
    /// The generation of the store that it knows.
    pub generation: u64,
    /// Accounts that have not been deleted.
    pub accounts: usize,
    /// Servers that have not been revoked.
    pub servers: usize,
    /// API tokens that have not been revoked.
    pub api_tokens: usize,
    /// Servers that are ready because they are in use.
    pub in_use: usize,
    /// How long ago the store was heard last.
    pub heard: Duration,
    /// Whether that is recent enough.
    pub is_available: bool,
    /// How many calls are missing in the activity.
    pub activity_lost: u64,
}

/// The provisioned servers of this process.
pub struct Registry {
    store: Arc<dyn Store>,
    keyring: Keyring,
    options: RegistryOptions,
    image: RwLock<Image>,
    heard: Mutex<Instant>,
    /// Held while changes are read, so that they are taken over in order.
    catching_up: tokio::sync::Mutex<()>,
    misses: Misses,
    clients: Clients,
    shelf: Arc<Shelf>,
    live: Live,
}

/// Why tools cannot be made ready.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotReady {
    #[error(transparent)]
    Client(#[from] ClientError),
    #[error(transparent)]
    Tools(#[from] CatalogueError),
}

impl Registry {
    /// Reads everything that is live. [`follow`](Self::follow) keeps it true.
    ///
    /// # Errors
    ///
    /// The store cannot be read.
    pub async fn open(
        store: Arc<dyn Store>,
        keyring: Keyring,
        options: RegistryOptions,
    ) -> Result<Arc<Self>, StoreError> {
        let clients = Clients::new(
            keyring.clone(),
            Arc::clone(&options.sandbox),
            options.timeout,
            options.allowed_base_urls.clone(),
        );
        let registry = Self {
            store,
            keyring,
            options,
            image: RwLock::default(),
            heard: Mutex::new(Instant::now()),
            catching_up: tokio::sync::Mutex::default(),
            misses: Misses::default(),
            clients,
            shelf: Arc::default(),
            live: Live::new(),
        };
        registry.catch_up().await?;
        Ok(Arc::new(registry))
    }

    /// The server that a secret opens now.
    pub async fn find(&self, token: &str) -> Found {
        if !TokenKind::Server.fits(token) {
            return Found::Nothing;
        }
        if !self.is_available() {
            return Found::Unavailable;
        }
        let hash = self.keyring.hash(token);
        let known = read(&self.image).by_hash(&hash);
        let known = match known {
            Some(known) => Some(known),
            None => self.missed(&hash).await,
        };
        match known {
            Some((row, account)) if row.is_open_to(&hash, self.options.clock.now()) => {
                self.ready(row, account).await
            }
            _ => Found::Nothing,
        }
    }

    /// The server of an id, if it can be used now. That is not to say that whoever names it may use it.
    pub async fn find_by_id(&self, id: ServerId) -> Found {
        if !self.is_available() {
            return Found::Unavailable;
        }
        let known = read(&self.image).by_id(id);
        match known {
            Some((row, account)) if row.is_active(self.options.clock.now()) => {
                self.ready(row, account).await
            }
            _ => Found::Nothing,
        }
    }

    /// Whether pages of a web origin may read what servers reply.
    pub(crate) fn allows_origin(&self, origin: &HeaderValue) -> bool {
        self.options.http.allows_origin(origin)
    }

    /// Whether clients may address this server by a host.
    pub(crate) fn allows_host(&self, host: &str) -> bool {
        is_host_allowed(host, &self.options.http.allowed_hosts)
    }

    /// Whether a secret opens a server now, as far as this process knows.
    pub(crate) fn is_known(&self, token: &str) -> bool {
        let now = self.options.clock.now();
        self.hash_of(token).is_some_and(|hash| {
            let known = read(&self.image).by_hash(&hash);
            known.is_some_and(|(row, _)| row.is_open_to(&hash, now))
        })
    }

    /// What is kept of the server of an id, if it can be used now.
    pub(crate) fn record(&self, id: ServerId) -> Option<ServerRecord> {
        let (row, _) = read(&self.image).by_id(id)?;
        let is_active = row.is_active(self.options.clock.now());
        is_active.then(|| row.record())
    }

    /// The way to Billsby of an account.
    ///
    /// # Errors
    ///
    /// There is no such account, or it cannot be used.
    pub async fn client(&self, id: AccountId) -> Result<Client, ClientError> {
        let account = read(&self.image).account(id).ok_or(ClientError::Unknown)?;
        self.clients.of(&account).await
    }

    /// The tools of an account as no server has them. Their calls are in the activity, without a server.
    pub(crate) async fn tools(
        &self,
        id: AccountId,
        settings: Settings,
    ) -> Result<Account, NotReady> {
        let client = self.client(id).await?;
        let tools = Account::sharing(client, settings, &self.shelf)?;
        Ok(match &self.options.recorder {
            Some(recorder) => tools.watched(recorder.watch(None, Some(id))),
            None => tools,
        })
    }

    /// What everything is kept in.
    #[must_use]
    pub fn store(&self) -> &Arc<dyn Store> {
        &self.store
    }

    /// What secrets are sealed and hashed with.
    #[must_use]
    pub fn keyring(&self) -> &Keyring {
        &self.keyring
    }

    /// What times are compared with.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.options.clock
    }

    /// What stands in front of the store.
    #[must_use]
    pub fn token_store(&self) -> Option<&Arc<dyn TokenStore>> {
        self.options.token_store.as_ref()
    }

    /// How it stands.
    #[must_use]
    pub fn status(&self) -> Status {
        let image = read(&self.image);
        let (accounts, servers, api_tokens) = image.counts();
        let heard = self.heard().elapsed();
        Status {
            generation: image.generation,
            accounts,
            servers,
            api_tokens,
            in_use: self.live.len(),
            heard,
            is_available: heard <= self.options.grace,
            activity_lost: self
                .options
                .recorder
                .as_ref()
                .map_or(0, |recorder| recorder.lost()),
        }
    }

    /// Waits until the calls that are running have been answered, then ends sessions and streams. Nothing new
    /// must be coming in: see `shutdown` of [`RegistryOptions`].
    pub async fn finish(&self) {
        self.live.finish().await;
    }

    /// Ends sessions and streams at once.
    pub fn end(&self) {
        self.live.end();
    }

    /// The endpoint of a server, made ready if it is not.
    async fn ready(&self, row: Arc<Row>, account: Arc<AccountRecord>) -> Found {
        if let Some(live) = self.live.get(&row, &account) {
            return Found::Server(live);
        }
        if let Some(live) = self.live.renew(&row, &account) {
            return Found::Server(live);
        }
        let id = row.id;
        match self.build(row, account).await {
            Ok(live) => Found::Server(self.live.put(live)),
            Err(error) => {
                tracing::error!(server = %id, %error, "a server cannot be made ready");
                Found::Unavailable
            }
        }
    }

    async fn build(
        &self,
        row: Arc<Row>,
        account: Arc<AccountRecord>,
    ) -> Result<LiveServer, NotReady> {
        let client = self.clients.of(&account).await?;
        let mut tools = Account::sharing(client, row.config.settings(), &self.shelf)?;
        if let Some(recorder) = &self.options.recorder {
            tools = tools.watched(recorder.watch(Some(row.id), Some(account.id)));
        }
        let shutdown = self.options.shutdown.clone();
        let endpoint = Endpoint::new(Arc::new(tools), &self.options.http, shutdown);
        Ok(LiveServer::new(row, account, endpoint))
    }

    fn hash_of(&self, key: &str) -> Option<TokenHash> {
        TokenKind::Server.fits(key).then(|| self.keyring.hash(key))
    }

    pub(crate) fn is_available(&self) -> bool {
        self.heard().elapsed() <= self.options.grace
    }

    fn heard(&self) -> Instant {
        *self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Registry")
            .field("status", &self.status())
            .finish_non_exhaustive()
    }
}

fn read<T>(lock: &RwLock<T>) -> RwLockReadGuard<'_, T> {
    lock.read().unwrap_or_else(PoisonError::into_inner)
}

fn write<T>(lock: &RwLock<T>) -> RwLockWriteGuard<'_, T> {
    lock.write().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
