//! Requests to the remote server.

use std::time::Duration;

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use reqwest::redirect::Policy;
use reqwest::{Client, Method, RequestBuilder, Response, Url};

use super::answer::Failure;
use super::message::Message;
use super::{BridgeError, LONGEST_ANSWER, Target};

const SESSION: HeaderName = HeaderName::from_static("mcp-session-id");
const VERSION: HeaderName = HeaderName::from_static("mcp-protocol-version");
const LAST_EVENT: HeaderName = HeaderName::from_static("last-event-id");

/// How long it may take until there is a connection.
const CONNECT: Duration = Duration::from_secs(10);

/// The remote server.
#[derive(Debug)]
pub(super) struct Remote {
    http: Client,
    url: Url,
}

/// What a session adds to every request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Handshake {
    pub(super) session: Option<HeaderValue>,
    pub(super) version: Option<HeaderValue>,
}

/// A header that cannot be sent. Does not show its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidHeader {
    /// It is not a header.
    #[error("a header cannot be sent: give its name, a colon and its value")]
    Malformed,
    /// It belongs to the protocol.
    #[error("a header cannot be sent: its name belongs to the protocol")]
    Reserved,
}

impl Remote {
    pub(super) fn new(target: Target, headers: &[(String, String)]) -> Result<Self, BridgeError> {
        let client = Client::builder()
            .default_headers(extra(headers)?)
            .user_agent(concat!("billsby-mcp/", env!("CARGO_PKG_VERSION")))
            // The address is a secret: nobody sends it elsewhere.
            .redirect(Policy::none())
            .referer(false)
            // The library must not repeat what may have taken effect.
            .retry(reqwest::retry::never())
            .connect_timeout(CONNECT)
            // An answer in one piece comes without a sign of life before it. That the other side is
            // gone is noticed earlier: the system asks for it while nothing comes.
            .read_timeout(LONGEST_ANSWER);
        let client = if target.is_local {
            client.no_proxy()
        } else {
            client
        };
        Ok(Self {
            http: client.build().map_err(|_| BridgeError::Http)?,
            url: target.url,
        })
    }

    /// Sends a message.
    pub(super) async fn post(
        &self,
        message: &Message,
        handshake: &Handshake,
    ) -> Result<Response, Failure> {
        let mut headers = handshake.headers();
        if let Some(version) = message.version() {
            let version = HeaderValue::from_str(version).map_err(|_| Failure::Unusable)?;
            headers.insert(VERSION, version);
            headers.extend(message.headers());
        }
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/json"),
        );
        headers.insert(
            header::ACCEPT,
            HeaderValue::from_static("application/json, text/event-stream"),
        );
        let request = self.request(Method::POST, headers);
        send(request.body(message.bytes.clone())).await
    }

    /// Opens the stream on which the server speaks first, or goes on with one that broke off.
    pub(super) async fn listen(
        &self,
        handshake: &Handshake,
        last_event: Option<&str>,
    ) -> Result<Response, Failure> {
        let mut headers = handshake.headers();
        headers.insert(
            header::ACCEPT,
            HeaderValue::from_static("text/event-stream"),
        );
        if let Some(id) = last_event.and_then(|id| HeaderValue::from_str(id).ok()) {
            headers.insert(LAST_EVENT, id);
        }
        send(self.request(Method::GET, headers)).await
    }

    /// Ends a session.
    pub(super) async fn delete(&self, handshake: &Handshake) -> Result<Response, Failure> {
        send(self.request(Method::DELETE, handshake.headers())).await
    }

    fn request(&self, method: Method, headers: HeaderMap) -> RequestBuilder {
        self.http.request(method, self.url.clone()).headers(headers)
    }
}

impl Handshake {
    /// What the answer to `initialize` says.
    pub(super) fn of(response: &Response) -> Self {
        Self {
            session: response.headers().get(SESSION).cloned(),
            version: None,
        }
    }

    fn headers(&self) -> HeaderMap {
        let pairs = [(SESSION, &self.session), (VERSION, &self.version)];
        pairs
            .into_iter()
            .filter_map(|(name, value)| Some((name, value.clone()?)))
            .collect()
    }
}

/// The library's errors quote the address, so only their kind is kept.
async fn send(request: RequestBuilder) -> Result<Response, Failure> {
    request.send().await.map_err(|error| {
        if error.is_connect() || error.is_builder() {
            Failure::Unreachable
        } else {
            Failure::Lost
        }
    })
}

fn extra(headers: &[(String, String)]) -> Result<HeaderMap, InvalidHeader> {
    let mut extra = HeaderMap::new();
    for (name, value) in headers {
        let name = HeaderName::try_from(name).map_err(|_| InvalidHeader::Malformed)?;
        let mut value = HeaderValue::try_from(value).map_err(|_| InvalidHeader::Malformed)?;
        let is_ours = matches!(
            name,
            header::HOST | header::ACCEPT | header::CONTENT_TYPE | header::CONTENT_LENGTH
        );
        if is_ours || name == LAST_EVENT || name.as_str().starts_with("mcp-") {
            return Err(InvalidHeader::Reserved);
        }
        value.set_sensitive(true);
        extra.append(name, value);
    }
    Ok(extra)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_of_the_protocol_are_not_for_others() {
        let header = |name: &str, value: &str| [(name.to_owned(), value.to_owned())];
        let sent = extra(&header("Authorization", "Bearer secret")).unwrap();
        assert!(!format!("{sent:?}").contains("secret"));
        for (name, value, expected) in [
            ("", "a", InvalidHeader::Malformed),
            ("a b", "a", InvalidHeader::Malformed),
            ("a", "a\nb", InvalidHeader::Malformed),
            ("Accept", "a", InvalidHeader::Reserved),
            ("Mcp-Session-Id", "a", InvalidHeader::Reserved),
            ("Last-Event-ID", "a", InvalidHeader::Reserved),
        ] {
            assert_eq!(extra(&header(name, value)), Err(expected), "{name}");
        }
    }
}
