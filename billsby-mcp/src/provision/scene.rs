//! What tests of this folder begin with: a store in memory, a sandbox, a clock that stands.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use super::{ProvisionOptions, Provisioning, unlock};
use crate::activity::Recorder;
use crate::clock::Clock;
use crate::protocol::http::HttpOptions;
use crate::record::AccountId;
use crate::registry::{GRACE, Registry, RegistryOptions};
use crate::sandbox;
use crate::secret::MasterKey;
use crate::store::{self, Lock, StoreUrl};

pub(super) struct Scene {
    pub(super) provisioning: Provisioning,
    pub(super) recorder: Arc<Recorder>,
    pub(super) clock: Clock,
    /// Where the sandbox is.
    pub(super) base_url: String,
    stop: CancellationToken,
}

impl Scene {
    pub(super) async fn start() -> Self {
        let store = store::open(&StoreUrl::Memory, Lock::Shared).await.unwrap();
        let clock = Clock::standing("2026-11-22T12:00:00Z".parse().unwrap());
        let stop = CancellationToken::new();
        let options = sandbox::Options {
            customers: 3,
            ..sandbox::Options::default()
        };
        let sandbox = sandbox::Host::lazy(options, stop.clone());
        let base_url = sandbox.base_url().await.unwrap();
        let recorder = Recorder::start(Arc::clone(&store), clock.clone());
        // Nobody listens at the second one.
        let allowed = vec![base_url.clone(), "http://127.0.0.1:1".to_owned()];
        let options = RegistryOptions {
            clock: clock.clone(),
            http: HttpOptions::default(),
            timeout: Duration::from_secs(10),
            grace: GRACE,
            allowed_base_urls: allowed.clone(),
            sandbox: Arc::new(sandbox),
            recorder: Some(Arc::clone(&recorder)),
            token_store: None,
            shutdown: stop.clone(),
        };
        let master = MasterKey::generate().unwrap();
        let keyring = unlock(&*store, &master).await.unwrap();
        let registry = Registry::open(store, keyring, options).await.unwrap();
        let options = ProvisionOptions {
            allowed_base_urls: allowed,
            ..ProvisionOptions::default()
        };
        Self {
            provisioning: Provisioning::new(registry, options),
            recorder,
            clock,
            base_url,
            stop,
        }
    }

    pub(super) async fn account(&self, body: Value) -> AccountId {
        let made = self.provisioning.create_account(&body, None).await;
        made.unwrap().answer.id
    }

    /// An account of the sandbox.
    pub(super) async fn sandbox(&self) -> AccountId {
        self.account(json!({"environment": "sandbox"})).await
    }

    /// An account that is taken for one with customers, behind which is the sandbox all the same.
    pub(super) async fn live(&self) -> AccountId {
        self.account(json!({
            "company_domain": sandbox::COMPANY_DOMAIN,
            "api_key": sandbox::API_KEY,
            "base_url": self.base_url,
        }))
        .await
    }
}

impl Drop for Scene {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}
