//! Everything behind the provisioned URLs, put together.

use std::sync::Arc;
use std::time::{Duration, Instant};

use billsby_mcp::activity::Recorder;
use billsby_mcp::clock::Clock;
use billsby_mcp::http::admin;
use billsby_mcp::http::{Directory, Gate, GateOptions, Site};
use billsby_mcp::page;
use billsby_mcp::protocol::http::HttpOptions;
use billsby_mcp::provision::{AdminToken, ProvisionOptions, Provisioning, Steadiness};
use billsby_mcp::registry::{Registry, RegistryOptions};
use billsby_mcp::sandbox::{self, Host};
use billsby_mcp::secret::SecretToken;
use billsby_mcp::store::{Store, StoreUrl, Sweep};
use jiff::SignedDuration;
use tokio_util::sync::CancellationToken;

use super::stored::{Opened, StoreOptions, StoredError};
use crate::command::environment::variable;
use crate::command::master_key::Kept;
use crate::command::this_program;

/// The variable that can hold the admin token.
const ADMIN_TOKEN: &str = "BILLSBY_MCP_ADMIN_TOKEN";
/// How often the store is tidied.
const TIDYING: Duration = Duration::from_secs(60 * 60);
/// How long one can still say of a token which server it opened, after that server has ended.
const TOMBSTONES: SignedDuration = SignedDuration::from_hours(30 * 24);

/// What all URLs of a server share.
pub(super) struct Surroundings {
    /// What every URL gets.
    pub(super) http: HttpOptions,
    /// How long a call of Billsby may take.
    pub(super) timeout: Duration,
    /// The address below which clients find the servers.
    pub(super) public_base: String,
    /// The sandbox that runs already.
    pub(super) sandbox: Option<std::net::SocketAddr>,
    /// Cancelled when everything is to end.
    pub(super) shutdown: CancellationToken,
}

/// The provisioned servers with all that serves them.
pub(super) struct Provisioned {
    registry: Arc<Registry>,
    provisioning: Arc<Provisioning>,
    gate: Gate,
    admin_token: AdminToken,
    /// Is told of calls.
    pub(super) recorder: Arc<Recorder>,
    sandbox: Arc<Host>,
    end_sandbox: CancellationToken,
    /// What is to be printed.
    pub(super) announcement: Announcement,
}

/// What whoever started the server has to know.
pub(super) struct Announcement {
    pub(super) url: StoreUrl,
    pub(super) kept: Kept,
    pub(super) admin: Admin,
}

/// Which token opens the admin API.
pub(super) enum Admin {
    /// One that was made just now.
    New(SecretToken),
    /// One that was shown when it was made.
    Known,
    /// The one in the environment.
    Given,
}

impl Provisioned {
    /// Puts everything together, and keeps it up to date from now on. At the first start the admin token is made:
    /// what is printed then must reach whoever started the server, so nothing may fail in between.
    pub(super) async fn open(
        options: &StoreOptions,
        opened: Opened,
        around: &Surroundings,
    ) -> Result<Self, StoredError> {
        let clock = Clock::system();
        let issuers = options.issuers()?;
        let end_sandbox = CancellationToken::new();
        let sandbox = Arc::new(match around.sandbox {
            Some(address) => Host::running(address),
            None => Host::lazy(sandbox::Options::default(), end_sandbox.clone()),
        });
        let recorder = Recorder::start(Arc::clone(&opened.store), clock.clone());
        let registry = RegistryOptions {
            clock,
            http: around.http.clone(),
            timeout: around.timeout,
            allowed_base_urls: options.allowed_base_urls()?,
            grace: options.grace(),
            sandbox: Arc::clone(&sandbox),
            recorder: Some(Arc::clone(&recorder)),
            token_store: opened.token_store,
            shutdown: around.shutdown.clone(),
        };
        let store = Arc::clone(&opened.store);
        let registry = Registry::open(store, opened.keyring.clone(), registry).await?;
        let provisioning = ProvisionOptions {
            allowed_base_urls: options.allowed_base_urls()?,
            public_base: around.public_base.clone(),
            has_issuers: issuers.is_some(),
            require_oauth: options.require_oauth,
            allowed_hosts: around.http.allowed_hosts.clone(),
        };
        let provisioning = Provisioning::new(Arc::clone(&registry), provisioning);
        let gate = Gate::new(GateOptions {
            public_base: around.public_base.clone(),
            issuers,
            require_oauth_everywhere: options.require_oauth,
        });
        // Last of all, so that nothing can fail between the making of a token and its being shown.
        let given = variable(ADMIN_TOKEN)?.map(|token| token.to_string());
        let is_given = given.is_some();
        let (admin_token, new) =
            AdminToken::establish(&*opened.store, &opened.keyring, given).await?;
        let admin = match new {
            Some(token) => Admin::New(token),
            None if is_given => Admin::Given,
            None => Admin::Known,
        };
        tokio::spawn(Arc::clone(&registry).follow());
        tokio::spawn(tidy(
            opened.store,
            options.activity_days,
            around.shutdown.clone(),
        ));
        Ok(Self {
            registry,
            provisioning: Arc::new(provisioning),
            gate,
            admin_token,
            recorder,
            sandbox,
            end_sandbox,
            announcement: Announcement {
                url: opened.url,
                kept: opened.kept,
                admin,
            },
        })
    }

    /// Everything that is served, together with the endpoints that the program was started with. The rest ends
    /// with [`Ending::finish`].
    pub(super) fn site(self, directory: Directory) -> (Site, Ending) {
        let store = Arc::clone(self.registry.store());
        let admin = admin::router(Arc::clone(&self.provisioning), self.admin_token.clone());
        let page = page::router(self.provisioning, self.admin_token, this_program());
        let site = Site {
            directory,
            registry: Some(self.registry),
            admin: Some(admin.merge(page)),
            gate: self.gate,
        };
        let ending = Ending {
            store,
            recorder: self.recorder,
            sandbox: self.sandbox,
            end_sandbox: self.end_sandbox,
        };
        (site, ending)
    }
}

/// What has to be done once no request can come any more.
pub(super) struct Ending {
    store: Arc<dyn Store>,
    recorder: Arc<Recorder>,
    sandbox: Arc<Host>,
    end_sandbox: CancellationToken,
}

impl Ending {
    /// Writes what is still to be written, and ends the sandbox.
    pub(super) async fn finish(self) -> Result<(), sandbox::SandboxError> {
        self.recorder.flush().await;
        self.store.settle().await;
        self.end_sandbox.cancel();
        self.sandbox.ended().await
    }
}

/// Tidies the store from time to time, if the clock can be believed. Nothing that works depends on it.
async fn tidy(store: Arc<dyn Store>, activity_days: u16, shutdown: CancellationToken) {
    let kept = SignedDuration::from_hours(24 * i64::from(activity_days));
    let mut times = tokio::time::interval(TIDYING);
    times.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut clock = Steadiness::default();
    loop {
        tokio::select! {
            _ = times.tick() => {}
            () = shutdown.cancelled() => return,
        }
        let now = Clock::system().now();
        if !clock.is_steady(now, Instant::now()) {
            continue;
        }
        let (Ok(ended), Ok(activity)) = (now.checked_sub(TOMBSTONES), now.checked_sub(kept)) else {
            continue;
        };
        let sweep = Sweep {
            now,
            ended,
            activity,
        };
        if let Err(error) = store.sweep(sweep).await {
            tracing::warn!(%error, "the store cannot be tidied");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_sandbox_that_began_late_is_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let snapshot = folder.path().join("company.json");
        let end_sandbox = CancellationToken::new();
        let options = sandbox::Options {
            customers: 1,
            snapshot: Some(snapshot.clone()),
            ..sandbox::Options::default()
        };
        let sandbox = Arc::new(Host::lazy(options, end_sandbox.clone()));
        let store = billsby_mcp::store::open(&StoreUrl::Memory, billsby_mcp::store::Lock::Shared);
        let store = store.await.unwrap();
        let ending = Ending {
            recorder: Recorder::start(Arc::clone(&store), Clock::system()),
            store,
            sandbox: Arc::clone(&sandbox),
            end_sandbox,
        };
        sandbox.base_url().await.unwrap();
        assert!(!snapshot.exists());
        ending.finish().await.unwrap();
        assert!(
            snapshot.exists(),
            "it is written when the sandbox has ended"
        );
    }
}
