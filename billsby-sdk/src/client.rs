use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::call::{AnswerForm, Call, Effect, Method, Operation};
use crate::error::Error;
use crate::generated::BASE_URL;
use crate::key::CompanyDomain;
use crate::page::Page;
use crate::rate_limit::RateLimit;
use crate::raw::RawCall;
use crate::retry::{Limits, RetryPolicy};
use crate::transport::{Transport, normalise_base_url};

const USER_AGENT: &str = concat!("billsby-sdk/", env!("CARGO_PKG_VERSION"));
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(30);
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
/// The usual variables (`HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`, `NO_PROXY`) name a proxy.
/// Redirects are not followed. A call is sent again only where that is safe, see [`RetryPolicy`].
#[derive(Clone)]
pub struct Client(Arc<Inner>);

struct Inner {
    shared: Arc<Shared>,
    company_domain: CompanyDomain,
}

/// What clients for several companies have in common.
struct Shared {
    transport: Transport,
    base_url: String,
    limits: Limits,
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
            connect_timeout: CONNECT_TIMEOUT,
            connections: None,
            limits: Limits {
                attempt_timeout: ATTEMPT_TIMEOUT,
                deadline: None,
                retry: RetryPolicy::default(),
            },
        }
    }

    /// A client for another company, with the same key and settings. The two share their
    /// connections.
    ///
    /// Whether the key works for that company is for Billsby to say; [`Client::verify`] asks.
    #[must_use]
    pub fn for_company(&self, company_domain: CompanyDomain) -> Self {
        Self(Arc::new(Inner {
            shared: Arc::clone(&self.0.shared),
            company_domain,
        }))
    }

    /// Checks that the key and the company domain work, by reading a few customers.
    ///
    /// ```no_run
    /// # async fn example(client: billsby_sdk::Client) -> Result<(), billsby_sdk::Error> {
    /// match client.verify().await {
    ///     Ok(()) => println!("connected to {}", client.company_domain()),
    ///     Err(error) if error.is_unauthorized() => println!("wrong API key"),
    ///     Err(error) if error.is_not_found() => println!("wrong company domain"),
    ///     // Billsby cannot be reached or is unwell: nothing is known about either.
    ///     Err(error) => return Err(error),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Anything but a success with a page of customers. Billsby does not document how it answers a
    /// wrong key or a wrong company domain; 401 and 403 are read as the key and 404 as the domain.
    /// A key of another company may be reported either way, so ask for both to be checked before
    /// anything is thrown away.
    pub async fn verify(&self) -> Result<(), Error> {
        self.verify_with_rate_limit().await.map(drop)
    }

    /// The same as [`Client::verify`], with what the answer says about how many more calls may be made.
    ///
    /// # Errors
    ///
    /// As for [`Client::verify`]; [`Error::rate_limit`] has what a refusal says.
    pub async fn verify_with_rate_limit(&self) -> Result<Option<RateLimit>, Error> {
        let call = Call::<Verify>::new(self)
            .query_value("page", 1_u32)
            .query_value("pageSize", 10_u32);
        let response = call.send().await?;
        Ok(response.rate_limit())
    }

    /// Prepares a call that the API's document does not mention. See [`RawCall`].
    ///
    /// `service` is the first part of the address, such as `core` or `billing`, and may be empty;
    /// `path` begins with `/` and has names in braces where values go. `{companyDomain}` is filled
    /// in.
    pub fn request(&self, method: Method, service: &'static str, path: &'static str) -> RawCall {
        RawCall::new(self, method, service, path)
    }

    /// The company domain that all calls are about.
    #[must_use]
    pub fn company_domain(&self) -> &CompanyDomain {
        &self.0.company_domain
    }

    /// The address that all paths are added to, without a slash at the end.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.0.shared.base_url
    }

    pub(crate) fn limits(&self) -> Limits {
        self.0.shared.limits
    }

    pub(crate) fn transport(&self) -> &Transport {
        &self.0.shared.transport
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("company_domain", &self.0.company_domain)
            .field("base_url", &self.0.shared.base_url)
            .finish_non_exhaustive()
    }
}

/// The operation behind [`Client::verify`].
enum Verify {}

impl Operation for Verify {
    // The entries do not matter here, whatever their form.
    type Answer = Page<serde_json::Value>;
    const ID: &'static str = "client.verify";
    const METHOD: Method = Method::Get;
    const SERVICE: &'static str = "core";
    const PATH: &'static str = "/{companyDomain}/customers";
    const EFFECT: Effect = Effect::Read;
    const ANSWER: AnswerForm = AnswerForm::Json;
}

/// Settings for a [`Client`].
#[derive(Clone, Debug)]
#[must_use = "a builder does nothing until `build` is called"]
pub struct ClientBuilder {
    api_key: ApiKey,
    company_domain: CompanyDomain,
    base_url: String,
    user_agent: String,
    connect_timeout: Duration,
    connections: Option<Client>,
    limits: Limits,
}

impl ClientBuilder {
    /// Sends all calls to another address, for tests or a gateway. It takes the place of
    /// [`BASE_URL`]; plain `http` works and shows the key to the network.
    pub fn base_url(mut self, base_url: impl Into<String>) -> Self {
        self.base_url = base_url.into();
        self
    }

    /// The time limit of one attempt, from connecting to the last byte of the answer. 30 seconds
    /// unless set; [`Call::with_attempt_timeout`] sets it for one call.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.limits.attempt_timeout = timeout;
        self
    }

    /// The time limit of a call with all its attempts and the waits between them. Three times the
    /// time limit of one attempt unless set; [`Call::with_deadline`] sets it for one call.
    ///
    /// No attempt and no wait goes on beyond it, also when it is shorter than the time limit of one
    /// attempt.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.limits.deadline = Some(deadline);
        self
    }

    /// When a call is tried again. Three attempts where that is safe, unless set;
    /// [`Call::with_retry`] sets it for one call.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.limits.retry = policy;
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

    /// Uses the connections of another client, whatever account that is for: a program with many accounts
    /// needs the room for them once. The user agent and the time limit for making a connection are the other
    /// client's, too.
    pub fn share_connections(mut self, with: &Client) -> Self {
        self.connections = Some(with.clone());
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
        let transport = match &self.connections {
            Some(other) => other.transport().with_key(&self.api_key),
            None => Transport::new(&self.api_key, &self.user_agent, self.connect_timeout),
        };
        let transport = transport.map_err(Error::configuration)?;
        Ok(Client(Arc::new(Inner {
            shared: Arc::new(Shared {
                transport,
                base_url,
                limits: self.limits,
            }),
            company_domain: self.company_domain,
        })))
    }
}
