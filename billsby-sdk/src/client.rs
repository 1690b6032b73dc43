use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::error::Error;
use crate::generated::BASE_URL;
use crate::key::CompanyDomain;
use crate::transport::{Transport, normalise_base_url};

const USER_AGENT: &str = concat!("billsby-sdk/", env!("CARGO_PKG_VERSION"));
const TIMEOUT: Duration = Duration::from_secs(30);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// The key to a Billsby account, from Settings, Configuration, API keys and webhooks.
///
/// A key can do everything in its account, so it is never shown: not by `Debug`, not in errors.
#[derive(Clone)]
pub struct ApiKey(String);

impl ApiKey {
    /// Takes the key as the control panel shows it.
    #[must_use]
    pub fn new(key: impl Into<String>) -> Self {
        Self(key.into())
    }

    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl From<String> for ApiKey {
    fn from(key: String) -> Self {
        Self(key)
    }
}

impl From<&str> for ApiKey {
    fn from(key: &str) -> Self {
        Self(key.to_owned())
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKey(..)")
    }
}

/// The way to one Billsby account.
///
/// Cloning is cheap, and all clones share their connections: make one client and keep it.
///
/// The usual variables (`HTTPS_PROXY`, `NO_PROXY`) name a proxy. Redirects are not followed, and
/// every call is sent once.
#[derive(Clone)]
pub struct Client(Arc<Inner>);

struct Inner {
    transport: Transport,
    company_domain: CompanyDomain,
    base_url: String,
    timeout: Duration,
}

impl Client {
    /// A client with the usual settings. The company domain is `widgets` if the control panel is
    /// at `widgets.billsby.com`.
    ///
    /// # Errors
    ///
    /// When the key cannot be a key, or this build has no TLS.
    pub fn new(api_key: impl Into<ApiKey>, company_domain: CompanyDomain) -> Result<Self, Error> {
        Self::builder(api_key, company_domain).build()
    }

    /// Starts a client with settings of your own.
    pub fn builder(api_key: impl Into<ApiKey>, company_domain: CompanyDomain) -> ClientBuilder {
        ClientBuilder {
            api_key: api_key.into(),
            company_domain,
            base_url: BASE_URL.to_owned(),
            user_agent: USER_AGENT.to_owned(),
            timeout: TIMEOUT,
            connect_timeout: CONNECT_TIMEOUT,
        }
    }

    /// The company domain that all calls are about.
    #[must_use]
    pub fn company_domain(&self) -> &CompanyDomain {
        &self.0.company_domain
    }

    /// The address that all paths are added to, without a slash at the end.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.0.base_url
    }

    pub(crate) fn timeout(&self) -> Duration {
        self.0.timeout
    }

    pub(crate) fn transport(&self) -> &Transport {
        &self.0.transport
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("company_domain", &self.0.company_domain)
            .field("base_url", &self.0.base_url)
            .finish_non_exhaustive()
    }
}

/// Settings for a [`Client`].
#[derive(Clone, Debug)]
#[must_use = "a builder does nothing until `build` is called"]
pub struct ClientBuilder {
    api_key: ApiKey,
    company_domain: CompanyDomain,
    base_url: String,
    user_agent: String,
    timeout: Duration,
    connect_timeout: Duration,
}

impl ClientBuilder {
    /// Sends all calls to another address, for tests or a gateway. It takes the place of
    /// [`BASE_URL`]; plain `http` works and shows the key to the network.
    pub fn base_url(mut self, base_url: impl Into<String>) -> Self {
        self.base_url = base_url.into();
        self
    }

    /// The time limit of one attempt, from connecting to the last byte of the answer. 30 seconds
    /// unless set; a single call can have its own.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// The time limit for making a connection, within the time limit of the attempt. 10 seconds
    /// unless set. A call that runs into it has certainly not been sent.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// How the program introduces itself to the API. `billsby-sdk/` and the version unless set.
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = user_agent.into();
        self
    }

    /// Makes the client. Nothing is sent yet.
    ///
    /// # Errors
    ///
    /// When the base URL, the key or the user agent cannot be used, or when the base URL begins
    /// with `https` and the crate was built without TLS.
    pub fn build(self) -> Result<Client, Error> {
        let base_url = normalise_base_url(&self.base_url).map_err(Error::configuration)?;
        let transport = Transport::new(&self.api_key, &self.user_agent, self.connect_timeout)
            .map_err(Error::configuration)?;
        Ok(Client(Arc::new(Inner {
            transport,
            company_domain: self.company_domain,
            base_url,
            timeout: self.timeout,
        })))
    }
}
