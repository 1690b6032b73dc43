//! The protocol over streamable HTTP: what is behind one URL.
//!
//! The MCP library does the protocol. What it leaves open is done here, before and after it: limits,
//! refusals in the protocol's own form, headers about rate limits, and an orderly end.

mod accept;
mod allowed;
mod envelope;
mod in_flight;
mod options;
mod rate_limit;
mod refusal;
mod reply;

use std::collections::VecDeque;
use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::{HeaderValue, Method, request::Parts};
use axum::response::Response;
use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use http_body_util::Full;
use rmcp::ServerHandler;
use rmcp::transport::streamable_http_server::session::local::{LocalSessionManager, SessionConfig};
use rmcp::transport::streamable_http_server::{StreamableHttpServerConfig, StreamableHttpService};
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tokio_util::task::task_tracker::TaskTrackerToken;

use super::message;
use super::server::Server;
use crate::account::Account;
use accept::Style;
pub(crate) use allowed::is_host_allowed;
pub use allowed::{AllowedHost, AllowedOrigin, InvalidHost, InvalidOrigin};
use envelope::Envelope;
use in_flight::InFlight;
pub use options::{Access, Closed, HttpOptions};
pub(super) use rate_limit::RateLimitSlot;
pub(crate) use refusal::{Refused, nothing};
pub(super) use reply::is_stream;
pub(crate) use reply::{Listening, until};

/// What is behind one URL: an account with sessions and limits of its own.
pub struct Endpoint {
    serve: Box<Serve>,
    origins: Vec<AllowedOrigin>,
    sessions: Arc<LocalSessionManager>,
    max_sessions: usize,
    /// Held while a session is opened, so that the limit is kept.
    opening: Mutex<()>,
    rate: Option<DefaultDirectRateLimiter>,
    /// The requests whose reply has not been sent.
    running: TaskTracker,
    /// The streams that stay open for as long as the client likes.
    listening: TaskTracker,
    /// The running requests that are in a session.
    in_flight: InFlight,
    /// Once cancelled, nothing new is begun.
    shutdown: CancellationToken,
    /// The same for this endpoint alone, and why.
    closed: CancellationToken,
    closed_for: OnceLock<Closed>,
    /// Once cancelled, sessions and streams end.
    end: CancellationToken,
    account: Option<Arc<Account>>,
}

type Serve = dyn Fn(axum::http::Request<Full<Bytes>>, Style) -> Serving + Send + Sync;
type Serving = Pin<Box<dyn Future<Output = Response> + Send>>;

impl Endpoint {
    /// An endpoint for an account. Once `shutdown` is cancelled, it refuses what is new.
    #[must_use]
    pub fn new(account: Arc<Account>, options: &HttpOptions, shutdown: CancellationToken) -> Self {
        let server = Server::new(Arc::clone(&account));
        let mut endpoint = Self::with_handler(move || server.clone(), options, shutdown);
        endpoint.account = Some(account);
        endpoint
    }

    /// An endpoint for any handler of the MCP library.
    #[doc(hidden)]
    #[must_use]
    pub fn with_handler<H: ServerHandler>(
        factory: impl Fn() -> H + Send + Sync + 'static,
        options: &HttpOptions,
        shutdown: CancellationToken,
    ) -> Self {
        let mut sessions = LocalSessionManager::default();
        let mut session_config = SessionConfig::default();
        session_config.keep_alive = Some(options.session_idle);
        sessions.session_config = session_config;
        let sessions = Arc::new(sessions);
        let end = CancellationToken::new();
        Self {
            serve: serve(factory, &sessions, &config(options, &end)),
            origins: options.allowed_origins.clone(),
            sessions,
            max_sessions: options.max_sessions,
            opening: Mutex::default(),
            rate: options
                .requests_per_second
                .map(|number| RateLimiter::direct(Quota::per_second(number))),
            running: TaskTracker::new(),
            listening: TaskTracker::new(),
            in_flight: InFlight::default(),
            shutdown,
            closed: CancellationToken::new(),
            closed_for: OnceLock::new(),
            end,
            account: None,
        }
    }

    /// Answers one request to the URL.
    pub async fn handle(&self, request: Request, access: Access) -> Response {
        self.handle_if(request, access, || None).await
    }

    /// The same for somebody whose admission may end while the message is on its way: once everything has
    /// arrived, right before something is done, `denial` gives the answer if it has.
    pub(crate) async fn handle_if(
        &self,
        request: Request,
        access: Access,
        denial: impl Fn() -> Option<Response> + Send + Sync,
    ) -> Response {
        // Counted from here on, so that nothing slips in between the last look at the count and the end.
        let running = self.running.token();
        if let Err(refused) = self.is_open() {
            return refused.into_response();
        }
        if let Err(wait) = self.admit() {
            return Refused::too_often(wait).into_response();
        }
        let (mut parts, body) = request.into_parts();
        if parts.method != Method::POST {
            if let Some(denied) = denial() {
                return denied;
            }
            return self.without_body(parts).await;
        }
        let bytes = self.message(&mut parts, body).await;
        let (style, bytes) = match bytes {
            Ok(message) => message,
            Err(refused) => return refused.into_response(),
        };
        if let Some(denied) = denial() {
            return denied;
        }
        match self.post(parts, style, bytes, access, running).await {
            Ok(response) => response,
            Err(refused) => refused.into_response(),
        }
    }

    /// Whether a browser may show replies to pages of this origin.
    #[must_use]
    pub fn allows_origin(&self, origin: &HeaderValue) -> bool {
        allowed::allows(origin, &self.origins)
    }

    /// Takes nothing new from now on, and says why. Streams on which clients only listen end; the calls that are
    /// running do not: see [`finish`](Self::finish).
    pub fn close(&self, why: Closed) {
        // Only the first reason counts.
        let _ = self.closed_for.set(why);
        self.closed.cancel();
    }

    /// Whether nobody would notice if the endpoint went away: no request is running, nobody listens, and there
    /// is no session.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        let sessions = self.sessions.sessions.try_read();
        let has_none = sessions.is_ok_and(|sessions| sessions.is_empty());
        has_none && self.running.is_empty() && self.listening.is_empty()
    }

    /// Waits until the requests that are running have been answered, then ends sessions and streams.
    /// Nothing new must be coming in: see `shutdown` of [`new`](Self::new).
    ///
    /// A call that the client gave up may still be running; this waits for it as well.
    pub async fn finish(&self) {
        self.running.close();
        self.running.wait().await;
        if let Some(account) = &self.account {
            account.finished().await;
        }
        self.end.cancel();
    }

    /// Ends sessions and streams at once.
    pub fn end(&self) {
        self.end.cancel();
    }

    /// Whether something new may begin.
    fn is_open(&self) -> Result<(), Refused> {
        if self.shutdown.is_cancelled() {
            return Err(Refused::shutting_down());
        }
        match self.closed_for.get() {
            None => Ok(()),
            Some(Closed::Gone) => Err(Refused::nothing()),
            Some(Closed::Replaced) => Err(Refused::replaced()),
        }
    }

    /// Counts a request against the limit; if it is one too many, says how long to wait.
    fn admit(&self) -> Result<(), Duration> {
        let Some(rate) = &self.rate else {
            return Ok(());
        };
        rate.check()
            .map_err(|refused| refused.wait_time_from(DefaultClock::default().now()))
    }

    /// Streams are opened and sessions ended without a message.
    async fn without_body(&self, parts: Parts) -> Response {
        let request = Request::from_parts(parts, Full::default());
        let response = (self.serve)(request, Style::Json).await;
        let response = refusal::translate(response, Envelope::default(), b"").await;
        if is_stream(response.headers()) {
            return self.listening(response, ());
        }
        response
    }

    /// A reply that stays open for as long as the client likes, until the endpoint is closed.
    fn listening<T: Send + Unpin + 'static>(&self, response: Response, held: T) -> Response {
        let held = (self.listening.token(), held);
        let mut response = reply::holding(response, VecDeque::new(), held);
        response.extensions_mut().insert(Listening);
        until(response, self.closed.clone())
    }

    /// The message of a request, and the style in which it is to be answered.
    async fn message(&self, parts: &mut Parts, body: Body) -> Result<(Style, Bytes), Refused> {
        let style = accept::negotiate(&mut parts.headers)?;
        let bytes = tokio::select! {
            biased;
            bytes = envelope::body(body) => bytes?,
            () = self.shutdown.cancelled() => return Err(Refused::shutting_down()),
            () = self.closed.cancelled() => Bytes::new(),
        };
        // The message may have taken its time.
        self.is_open()?;
        Ok((style, bytes))
    }

    /// Answers a message.
    async fn post(
        &self,
        mut parts: Parts,
        style: Style,
        bytes: Bytes,
        access: Access,
        running: TaskTrackerToken,
    ) -> Result<Response, Refused> {
        let envelope = Envelope::read(&bytes)?;
        let in_flight = self
            .begin(&parts, &envelope, &bytes)
            .and_then(|begun| self.permit(access, &bytes).map(|()| begun))
            .map_err(|refused| refused.of_request(envelope.id.clone()))?;
        parts.extensions.insert(access);
        let slot = RateLimitSlot::default();
        parts.extensions.insert(slot.clone());
        let request = axum::http::Request::from_parts(parts, Full::new(bytes.clone()));
        let mut response = if envelope.opens_session() {
            self.open(request, style, &envelope).await?
        } else {
            (self.serve)(request, style).await
        };
        let (is_endless, is_call) = (envelope.is_endless(), envelope.is_call());
        response = refusal::translate(response, envelope, &bytes).await;
        if is_endless {
            return Ok(self.listening(response, in_flight));
        }
        let first = if is_call {
            reply::first_message(&mut response).await
        } else {
            VecDeque::new()
        };
        slot.write(response.headers_mut());
        Ok(reply::holding(response, first, (in_flight, running)))
    }

    /// Looks whether a message may be handed on, and notes the request.
    fn begin(
        &self,
        parts: &Parts,
        envelope: &Envelope<'_>,
        bytes: &[u8],
    ) -> Result<Option<in_flight::Running>, Refused> {
        let Some((method, id)) = envelope.request() else {
            return Ok(None);
        };
        if let Some(error) = message::unusable_page(method, bytes) {
            return Err(Refused::parameters(error));
        }
        let begun = self.in_flight.begin(&parts.headers, id);
        begun.map_err(|in_flight::Taken| Refused::id_taken())
    }

    /// Whether whoever asks may have this message handled. The handler looks again, at what the MCP library
    /// has read; only here the answer can have the status that makes clients ask for more.
    fn permit(&self, access: Access, bytes: &[u8]) -> Result<(), Refused> {
        if access == Access::All {
            return Ok(());
        }
        let has_effect = |name: String| {
            let mut account = self.account.iter();
            account.any(|account| account.tools().has_effect(&name))
        };
        if envelope::called(bytes).is_some_and(has_effect) {
            return Err(Refused::insufficient_scope());
        }
        Ok(())
    }

    /// Opens a session, if there may be one more.
    async fn open(
        &self,
        request: axum::http::Request<Full<Bytes>>,
        style: Style,
        envelope: &Envelope<'_>,
    ) -> Result<Response, Refused> {
        let _opening = self.opening.lock().await;
        if self.sessions.sessions.read().await.len() >= self.max_sessions {
            return Err(Refused::too_many_sessions().of_request(envelope.id.clone()));
        }
        Ok((self.serve)(request, style).await)
    }
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Endpoint").finish_non_exhaustive()
    }
}

/// The MCP library's service in both styles, with the same sessions.
fn serve<H: ServerHandler>(
    factory: impl Fn() -> H + Send + Sync + 'static,
    sessions: &Arc<LocalSessionManager>,
    config: &StreamableHttpServerConfig,
) -> Box<Serve> {
    let factory = Arc::new(factory);
    let service = |json: bool| {
        let factory = Arc::clone(&factory);
        Arc::new(StreamableHttpService::new(
            move || Ok(factory()),
            Arc::clone(sessions),
            config.clone().with_json_response(json),
        ))
    };
    let (json, events) = (service(true), service(false));
    Box::new(move |request, style| {
        let service = match style {
            Style::Json => Arc::clone(&json),
            Style::Events => Arc::clone(&events),
        };
        Box::pin(async move { service.handle(request).await.map(reply::body) })
    })
}

fn config(options: &HttpOptions, end: &CancellationToken) -> StreamableHttpServerConfig {
    StreamableHttpServerConfig::default()
        .with_legacy_session_mode(true)
        .with_allowed_hosts(allowed::hosts(&options.allowed_hosts))
        .with_allowed_origins(allowed::origins(&options.allowed_origins))
        .enforce_origin_validation()
        .with_max_request_body_bytes(message::LIMIT)
        .with_cancellation_token(end.clone())
}

#[cfg(test)]
mod tests;
