//! Where provisioned servers are kept, and who may use them: options, and what is opened with them.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use billsby_mcp::oauth::{IssuerOptions, IssuerUrl, Issuers, IssuersError};
use billsby_mcp::provision::{AdminTokenError, UnlockError, normalise_base_url, unlock};
use billsby_mcp::secret::{Keyring, WrongMasterKey};
use billsby_mcp::store::{
    self, InvalidTokenStoreUrl, Lock, RedisTokenStore, Store, StoreError, StoreUrl, TokenStore,
    TokenStoreUrl,
};

use crate::command::master_key::{self, Found, Kept, MasterKeyError};
use crate::command::store_choice::{self, StoreChoiceError};
use crate::command::{EnvironmentError, SecretText};

/// The most days that calls can be kept.
const MOST_DAYS: i64 = 3_650;

/// Where provisioned servers are kept, and who may use them.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Provisioned servers")]
pub(super) struct StoreOptions {
    /// Where accounts and servers are kept: sqlite:PATH, postgres://..., memory, or none
    ///
    /// With none there is only the URL of the account in the environment, or of the sandbox, and no admin API.
    /// An address with a password belongs into the environment, for others on this machine can read arguments.
    ///
    /// [default: an SQLite file in the data folder; with --sandbox memory]
    #[arg(
        long,
        value_name = "STORE",
        env = "BILLSBY_MCP_STORE",
        hide_env_values = true
    )]
    store: Option<SecretText>,
    /// A Redis or Valkey in front of the store, for several replicas: redis://... or rediss://...
    #[arg(
        long,
        value_name = "URL",
        env = "BILLSBY_MCP_TOKEN_STORE",
        hide_env_values = true
    )]
    token_store: Option<SecretText>,
    /// A file with the key that protects the API keys in the store, which others cannot read
    ///
    /// The key can also be in the environment. Without either, master.key is made beside an SQLite file.
    #[arg(long, value_name = "PATH", env = "BILLSBY_MCP_MASTER_KEY_FILE")]
    master_key_file: Option<PathBuf>,
    /// Addresses that accounts may have instead of Billsby's own
    #[arg(
        long = "allow-base-url",
        value_name = "URL",
        value_delimiter = ',',
        env = "BILLSBY_MCP_ALLOW_BASE_URLS",
        hide_env_values = true
    )]
    allow_base_urls: Vec<String>,
    /// OAuth issuers whose access tokens are accepted by servers that require one
    #[arg(
        long = "oauth-issuer",
        value_name = "URL",
        value_delimiter = ',',
        env = "BILLSBY_MCP_OAUTH_ISSUERS"
    )]
    oauth_issuers: Vec<IssuerUrl>,
    /// Let no provisioned server be used without an access token, whatever is set for it
    #[arg(
        long,
        value_parser = clap::builder::BoolishValueParser::new(),
        env = "BILLSBY_MCP_REQUIRE_OAUTH"
    )]
    pub(super) require_oauth: bool,
    /// How many seconds servers are served from memory while the store does not answer
    #[arg(
        long,
        value_name = "SECONDS",
        default_value_t = 900,
        value_parser = clap::value_parser!(u32).range(1..=86_400),
        env = "BILLSBY_MCP_OFFLINE_GRACE"
    )]
    offline_grace: u32,
    /// How many days it is kept which calls were made
    #[arg(
        long,
        value_name = "DAYS",
        default_value_t = 90,
        value_parser = clap::value_parser!(u16).range(1..=MOST_DAYS),
        env = "BILLSBY_MCP_ACTIVITY_DAYS"
    )]
    pub(super) activity_days: u16,
}

/// Why provisioned servers cannot be served. Shows no secret.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StoredError {
    #[error(transparent)]
    Choice(#[from] StoreChoiceError),
    #[error("{0} is for provisioned servers: it needs a store, and --store is none")]
    WithoutStore(&'static str),
    #[error("--require-oauth needs --oauth-issuer: say whose access tokens are accepted")]
    NoIssuer,
    /// Not shown, for it may hold a password.
    #[error("--allow-base-url: address {position} cannot be used: {problem}")]
    BaseUrl {
        /// Counted from 1.
        position: usize,
        problem: &'static str,
    },
    #[error("--token-store: {0}")]
    TokenStoreUrl(#[from] InvalidTokenStoreUrl),
    #[error(transparent)]
    Issuers(#[from] IssuersError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    MasterKey(#[from] MasterKeyError),
    #[error("{0}. The store is {1}, the master key {2}; nothing was changed")]
    WrongMasterKey(WrongMasterKey, StoreUrl, String),
    #[error(transparent)]
    Unlock(UnlockError),
    #[error(transparent)]
    Environment(#[from] EnvironmentError),
    #[error("BILLSBY_MCP_ADMIN_TOKEN: {0}")]
    AdminToken(#[from] AdminTokenError),
}

/// An open store with its keys.
pub(super) struct Opened {
    pub(super) url: StoreUrl,
    pub(super) store: Arc<dyn Store>,
    pub(super) kept: Kept,
    pub(super) keyring: Keyring,
    pub(super) token_store: Option<Arc<dyn TokenStore>>,
}

impl StoreOptions {
    /// Which store was asked for, if any.
    pub(super) fn url(&self, is_sandbox: bool) -> Result<Option<StoreUrl>, StoredError> {
        let url = match &self.store {
            Some(text) => store_choice::named(text)?,
            None if is_sandbox => Some(StoreUrl::Memory),
            None => Some(store_choice::usual()?),
        };
        self.check(url.is_some())?;
        Ok(url)
    }

    /// Whether what was given goes together.
    fn check(&self, has_store: bool) -> Result<(), StoredError> {
        if !has_store {
            let given = [
                ("--token-store", self.token_store.is_some()),
                ("--master-key-file", self.master_key_file.is_some()),
                ("--allow-base-url", !self.allow_base_urls.is_empty()),
                ("--oauth-issuer", !self.oauth_issuers.is_empty()),
                ("--require-oauth", self.require_oauth),
            ];
            if let Some((name, _)) = given.into_iter().find(|(_, is_given)| *is_given) {
                return Err(StoredError::WithoutStore(name));
            }
        }
        if self.require_oauth && self.oauth_issuers.is_empty() {
            return Err(StoredError::NoIssuer);
        }
        self.allowed_base_urls()?;
        self.token_store_url()?;
        Ok(())
    }

    /// Opens the store with its keys. What it is made of appears now, at the first start.
    pub(super) async fn open(&self, url: StoreUrl) -> Result<Opened, StoredError> {
        let named = master_key::named(self.master_key_file.as_deref())?;
        if named.is_none() && matches!(url, StoreUrl::Postgres(_)) {
            return Err(MasterKeyError::Needed.into());
        }
        let store = store::open(&url, Lock::Shared).await?;
        let Found { key, kept } = match named {
            Some(found) => found,
            None => master_key::of_store(&url, &*store).await?,
        };
        let keyring = match unlock(&*store, &key).await {
            Ok(keyring) => keyring,
            Err(UnlockError::WrongMasterKey(error)) => {
                let kept = kept.to_string();
                return Err(StoredError::WrongMasterKey(error, url, kept));
            }
            Err(other) => return Err(StoredError::Unlock(other)),
        };
        Ok(Opened {
            token_store: self.token_store(&keyring)?,
            url,
            store,
            kept,
            keyring,
        })
    }

    /// How long servers are served from memory.
    pub(super) fn grace(&self) -> Duration {
        Duration::from_secs(self.offline_grace.into())
    }

    /// The issuers whose tokens are accepted, if there are any.
    pub(super) fn issuers(&self) -> Result<Option<Arc<Issuers>>, StoredError> {
        if self.oauth_issuers.is_empty() {
            return Ok(None);
        }
        let options = IssuerOptions {
            issuers: self.oauth_issuers.clone(),
            ..IssuerOptions::default()
        };
        Ok(Some(Arc::new(Issuers::new(&options)?)))
    }

    /// The addresses that accounts may have.
    pub(super) fn allowed_base_urls(&self) -> Result<Vec<String>, StoredError> {
        let urls = (1..).zip(&self.allow_base_urls);
        let normal = urls.map(|(position, url)| {
            normalise_base_url(url.trim())
                .map_err(|problem| StoredError::BaseUrl { position, problem })
        });
        normal.collect()
    }

    fn token_store(&self, keyring: &Keyring) -> Result<Option<Arc<dyn TokenStore>>, StoredError> {
        let Some(url) = self.token_store_url()? else {
            return Ok(None);
        };
        Ok(Some(Arc::new(RedisTokenStore::open(
            &url,
            keyring.clone(),
        )?)))
    }

    fn token_store_url(&self) -> Result<Option<TokenStoreUrl>, InvalidTokenStoreUrl> {
        let url = self.token_store.as_ref();
        url.map(|SecretText(text)| text.trim().parse()).transpose()
    }
}
