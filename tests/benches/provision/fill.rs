//! Stores with records in them, and registries over them.

use std::sync::Arc;
use std::time::Duration;

use billsby_mcp::clock::Clock;
use billsby_mcp::protocol::http::HttpOptions;
use billsby_mcp::record::{
    AccountId, AccountRecord, ApiTokenId, ApiTokenRecord, Environment, ServerConfig, ServerId,
    ServerRecord, UrlToken,
};
use billsby_mcp::registry::{GRACE, Registry, RegistryOptions};
use billsby_mcp::sandbox;
use billsby_mcp::secret::{Keyring, SecretToken, TokenKind};
use billsby_mcp::store::{self, Batch, Change, Commit, Lock, Store, StoreUrl};
use tokio_util::sync::CancellationToken;

use crate::upstream::COMPANY_DOMAIN;

/// How many records one commit makes.
const CHUNK: usize = 1_000;

/// A store with one account.
pub(crate) struct Filled {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) keyring: Keyring,
    account: AccountId,
    /// Where the account leads.
    base_url: Vec<String>,
}

impl Filled {
    pub(crate) async fn open(url: &StoreUrl, base_url: Option<&str>) -> Self {
        let store = store::open(url, Lock::Shared).await.expect("a store");
        let keyring = Keyring::generate().expect("random numbers");
        let now = Clock::system().now();
        let account = AccountId::new(now).expect("random numbers");
        let api_key = keyring
            .seal(b"key", &account.to_string())
            .expect("random numbers");
        let record = AccountRecord {
            id: account,
            label: "bench".to_owned(),
            company_domain: COMPANY_DOMAIN.to_owned(),
            environment: Environment::Live,
            base_url: base_url.map(str::to_owned),
            api_key,
            created_at: now,
            updated_at: now,
            deleted_at: None,
            generation: 0,
        };
        let filled = Self {
            store,
            keyring,
            account,
            base_url: base_url.map(str::to_owned).into_iter().collect(),
        };
        filled.commit(vec![Change::Account(record)]).await;
        filled
    }

    /// Makes so many servers; gives their secrets.
    pub(crate) async fn servers(
        &self,
        count: usize,
        config: impl Fn(usize) -> ServerConfig,
    ) -> Vec<String> {
        let mut secrets = Vec::with_capacity(count);
        let mut changes = Vec::with_capacity(CHUNK);
        for at in 0..count {
            let (record, secret) = self.server(config(at));
            changes.push(Change::Server(Box::new(record)));
            secrets.push(secret);
            if changes.len() == CHUNK || at + 1 == count {
                self.commit(std::mem::take(&mut changes)).await;
            }
        }
        secrets
    }

    /// An API token for all servers.
    pub(crate) async fn api_token(&self) -> String {
        let token = SecretToken::generate(TokenKind::Api).expect("random numbers");
        let now = Clock::system().now();
        let record = ApiTokenRecord {
            id: ApiTokenId::new(now).expect("random numbers"),
            name: "bench".to_owned(),
            hash: Some(self.keyring.hash(token.reveal())),
            hint: token.hint(),
            server: None,
            created_at: now,
            expires_at: None,
            revoked_at: None,
            generation: 0,
        };
        self.commit(vec![Change::ApiToken(record)]).await;
        token.reveal().to_owned()
    }

    /// A registry as a server has one, without limits.
    pub(crate) async fn registry(&self) -> Arc<Registry> {
        registry(&self.store, &self.keyring, &self.base_url).await
    }

    fn server(&self, config: ServerConfig) -> (ServerRecord, String) {
        let token = SecretToken::generate(TokenKind::Server).expect("random numbers");
        let now = Clock::system().now();
        let record = ServerRecord {
            id: ServerId::new(now).expect("random numbers"),
            account: self.account,
            name: "Finance agent of the billing team".to_owned(),
            config,
            token: Some(UrlToken {
                hash: self.keyring.hash(token.reveal()),
                hint: token.hint(),
            }),
            old_token: None,
            created_at: now,
            updated_at: now,
            expires_at: Some("2999-01-01T00:00:00Z".parse().expect("a time")),
            revoked_at: None,
            generation: 0,
        };
        (record, token.reveal().to_owned())
    }

    async fn commit(&self, changes: Vec<Change>) {
        let batch = Batch {
            changes,
            ..Batch::default()
        };
        let commit = self.store.commit(batch).await.expect("a commit");
        assert!(matches!(commit, Commit::Done(_)), "{commit:?}");
    }
}

pub(crate) async fn registry(
    store: &Arc<dyn Store>,
    keyring: &Keyring,
    allowed_base_urls: &[String],
) -> Arc<Registry> {
    let shutdown = CancellationToken::new();
    let options = RegistryOptions {
        clock: Clock::system(),
        http: HttpOptions {
            requests_per_second: None,
            ..HttpOptions::default()
        },
        timeout: Duration::from_secs(25),
        grace: GRACE,
        allowed_base_urls: allowed_base_urls.to_vec(),
        sandbox: Arc::new(sandbox::Host::lazy(
            sandbox::Options::default(),
            shutdown.clone(),
        )),
        recorder: None,
        token_store: None,
        shutdown,
    };
    let registry = Registry::open(Arc::clone(store), keyring.clone(), options).await;
    registry.expect("a registry")
}

/// What most servers have.
pub(crate) fn usual(_: usize) -> ServerConfig {
    ServerConfig::default()
}

/// A configuration that no other server has.
pub(crate) fn different(at: usize) -> ServerConfig {
    ServerConfig {
        result_tokens: 1_000 + u32::try_from(at).expect("a small number"),
        ..ServerConfig::default()
    }
}
