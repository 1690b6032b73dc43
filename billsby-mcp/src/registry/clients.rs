//! The way to Billsby of each account: one for all servers of the account.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use billsby_sdk::{BASE_URL, Client, RetryPolicy};

use crate::record::{AccountId, AccountRecord, Environment};
use crate::sandbox::{self, SandboxError};
use crate::secret::{Keyring, Unreadable};

/// Why an account cannot be used. Shows nothing of its key.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// There is no such account.
    #[error("there is no such account")]
    Unknown,
    /// Its API key cannot be opened.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    /// Its company domain, its address or its key cannot be used.
    #[error("the account cannot be used: {0}")]
    Unusable(String),
    /// Its address is none of those that the operator allows.
    #[error(
        "its base URL {0} is not allowed (any more), so its key is not sent there; see --allow-base-url"
    )]
    NotAllowed(String),
    /// The sandbox cannot begin.
    #[error(transparent)]
    Sandbox(#[from] SandboxError),
}

/// The clients that are in use.
pub(super) struct Clients {
    keyring: Keyring,
    sandbox: Arc<sandbox::Host>,
    timeout: Duration,
    /// Where accounts may lead besides Billsby's own address.
    allowed: Vec<String>,
    kept: Mutex<HashMap<AccountId, (Arc<AccountRecord>, Client)>>,
    /// The client of nobody, whose connections all others use: each pool of them has settings for TLS of its own,
    /// which take more room than everything else that a server needs.
    connections: OnceLock<Client>,
}

impl Clients {
    pub(super) fn new(
        keyring: Keyring,
        sandbox: Arc<sandbox::Host>,
        timeout: Duration,
        allowed: Vec<String>,
    ) -> Self {
        Self {
            keyring,
            sandbox,
            timeout,
            allowed,
            kept: Mutex::default(),
            connections: OnceLock::new(),
        }
    }

    /// The client of an account as it is now.
    pub(super) async fn of(&self, account: &Arc<AccountRecord>) -> Result<Client, ClientError> {
        if let Some((known, client)) = self.kept().get(&account.id)
            && leads_to_the_same(known, account)
        {
            return Ok(client.clone());
        }
        let client = self.build(account).await?;
        let entry = (Arc::clone(account), client.clone());
        self.kept().insert(account.id, entry);
        Ok(client)
    }

    /// Forgets the clients of all accounts but these.
    pub(super) fn keep(&self, accounts: &HashSet<AccountId>) {
        self.kept().retain(|id, _| accounts.contains(id));
    }

    async fn build(&self, account: &AccountRecord) -> Result<Client, ClientError> {
        let (key, base_url) = match account.environment {
            Environment::Sandbox => {
                let base_url = self.sandbox.base_url().await?;
                (sandbox::API_KEY.to_owned(), base_url)
            }
            Environment::Live | Environment::Test => {
                let base_url = self.allowed(account.base_url.as_deref())?;
                let key = self
                    .keyring
                    .open(&account.api_key, &account.id.to_string())?;
                let key = std::str::from_utf8(&key).map_err(|_| Unreadable)?;
                (key.to_owned(), base_url.to_owned())
            }
        };
        let domain = account.company_domain.parse();
        let domain = domain.map_err(|_| ClientError::Unusable("its company domain".to_owned()))?;
        Client::builder(key, domain)
            .share_connections(self.connections()?)
            .base_url(base_url)
            .attempt_timeout(self.timeout)
            .deadline(self.timeout)
            // Whether to try again is for the caller to decide, who sees what the API asked for.
            .retry(RetryPolicy::off())
            .build()
            .map_err(|error| unusable(&error))
    }

    /// The address of an account, if its key may be sent there. What was allowed when the account was written need
    /// not be any more.
    fn allowed<'a>(&self, base_url: Option<&'a str>) -> Result<&'a str, ClientError> {
        match base_url {
            None => Ok(BASE_URL),
            Some(url) if url == BASE_URL || self.allowed.iter().any(|allowed| allowed == url) => {
                Ok(url)
            }
            Some(url) => Err(ClientError::NotAllowed(url.to_owned())),
        }
    }

    fn connections(&self) -> Result<&Client, ClientError> {
        if let Some(connections) = self.connections.get() {
            return Ok(connections);
        }
        let nobody = sandbox::COMPANY_DOMAIN.parse();
        let nobody = nobody.map_err(|_| ClientError::Unusable("its company domain".to_owned()))?;
        let client = Client::new(sandbox::API_KEY, nobody).map_err(|error| unusable(&error))?;
        Ok(self.connections.get_or_init(|| client))
    }

    fn kept(&self) -> MutexGuard<'_, HashMap<AccountId, (Arc<AccountRecord>, Client)>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn unusable(error: &billsby_sdk::Error) -> ClientError {
    ClientError::Unusable(error.to_string())
}

/// Whether two states of an account differ in nothing that a call depends on.
pub(super) fn leads_to_the_same(one: &AccountRecord, other: &AccountRecord) -> bool {
    one.api_key == other.api_key
        && one.company_domain == other.company_domain
        && one.environment == other.environment
        && one.base_url == other.base_url
}
