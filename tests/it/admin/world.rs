//! A server with everything in this process: a store in memory, a clock that stands, the API.

use std::sync::Arc;
use std::time::Duration;

use billsby_mcp::clock::Clock;
use billsby_mcp::http::{Site, admin, serve};
use billsby_mcp::protocol::http::HttpOptions;
use billsby_mcp::provision::{AdminToken, ProvisionOptions, Provisioning, unlock};
use billsby_mcp::registry::{GRACE, Registry, RegistryOptions};
use billsby_mcp::sandbox;
use billsby_mcp::secret::MasterKey;
use billsby_mcp::store::{self, Lock, Store, StoreUrl};
use jiff::{SignedDuration, Timestamp};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::Api;
use crate::mock::Mock;

/// What time it is when a server starts.
pub(crate) const START: &str = "2026-11-22T12:00:00Z";

/// A running server; it ends when it is dropped.
pub(crate) struct World {
    pub(crate) api: Api,
    pub(crate) clock: Clock,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) master: MasterKey,
    pub(crate) mock: Mock,
    stop: CancellationToken,
}

impl World {
    pub(crate) async fn start() -> Self {
        Self::with(memory().await, |_| {}).await
    }

    /// The same with a store and settings of one's own.
    pub(crate) async fn with(
        store: Arc<dyn Store>,
        change: impl FnOnce(&mut ProvisionOptions),
    ) -> Self {
        let clock = Clock::standing(START.parse().expect("a time"));
        let master = MasterKey::generate().expect("random numbers");
        let mock = Mock::start().await;
        Self::again(store, clock, master, mock, None, change).await
    }

    /// The same store, clock and keys in another process, as it were.
    pub(crate) async fn restart(mut self) -> Self {
        self.stop.cancel();
        let (store, clock) = (Arc::clone(&self.store), self.clock.clone());
        let mock = std::mem::replace(&mut self.mock, Mock::start().await);
        let token = self.api.token.clone();
        Self::again(store, clock, self.master.clone(), mock, token, |_| {}).await
    }

    async fn again(
        store: Arc<dyn Store>,
        clock: Clock,
        master: MasterKey,
        mock: Mock,
        known: Option<String>,
        change: impl FnOnce(&mut ProvisionOptions),
    ) -> Self {
        let keyring = unlock(&*store, &master).await.expect("the keys");
        let admin = AdminToken::establish(&*store, &keyring, None).await;
        let (token, shown) = admin.expect("an admin token");
        let shown = shown.map(|token| token.reveal().to_owned()).or(known);
        let stop = CancellationToken::new();
        let sandbox = sandbox::Host::lazy(sandbox::Options::default(), stop.clone());
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let mut provision = ProvisionOptions {
            allowed_base_urls: vec![mock.url()],
            public_base: format!("http://{address}"),
            ..ProvisionOptions::default()
        };
        change(&mut provision);
        let options = RegistryOptions {
            clock: clock.clone(),
            http: HttpOptions::default(),
            timeout: Duration::from_secs(10),
            grace: GRACE,
            allowed_base_urls: provision.allowed_base_urls.clone(),
            sandbox: Arc::new(sandbox),
            recorder: None,
            token_store: None,
            shutdown: stop.clone(),
        };
        let registry = Registry::open(Arc::clone(&store), keyring, options).await;
        let registry = registry.expect("a registry");
        let provisioning = Provisioning::new(Arc::clone(&registry), provision);
        let site = Site {
            registry: Some(registry),
            admin: Some(admin::router(Arc::new(provisioning), token)),
            ..Site::default()
        };
        tokio::spawn(serve(listener, site, stop.clone(), Duration::from_secs(5)));
        let api = Api::new(&format!("http://{address}"), shown).await;
        Self {
            api,
            clock,
            store,
            master,
            mock,
            stop,
        }
    }

    /// Lets time pass.
    pub(crate) fn wait(&self, seconds: i64) {
        self.clock
            .set(self.clock.now() + SignedDuration::from_secs(seconds));
    }

    pub(crate) fn after(&self, seconds: i64) -> Timestamp {
        self.clock.now() + SignedDuration::from_secs(seconds)
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// A store that is gone when nobody uses it any more.
pub(crate) async fn memory() -> Arc<dyn Store> {
    let store = store::open(&StoreUrl::Memory, Lock::Shared).await;
    store.expect("a store")
}
