//! Sends one attempt of a call over HTTP. No other module knows which HTTP library does it.

use std::time::Duration;

use reqwest::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE, HeaderValue};
use reqwest::{Request, Url};

use crate::call::Method;
use crate::client::ApiKey;
use crate::error::{Answer, KEPT_BODY, Kind, Problem};
use crate::headers::Headers;

/// The longest answer that is read; the largest unpaged list is far below.
const LONGEST_ANSWER: usize = 32 * 1024 * 1024;

/// Connections are dropped before servers do it, so that no call is sent into a closing one.
const IDLE: Duration = Duration::from_secs(30);

const HAS_TLS: bool = cfg!(any(feature = "rustls", feature = "native-tls"));

/// Connections to one API with one key.
pub(crate) struct Transport {
    http: reqwest::Client,
    api_key: HeaderValue,
}

/// What a call sends.
pub(crate) struct Outgoing {
    pub(crate) method: Method,
    pub(crate) url: String,
    /// JSON.
    pub(crate) body: Option<Vec<u8>>,
}

/// The same with a checked address, ready for any number of attempts.
pub(crate) struct Prepared {
    method: Method,
    url: Url,
    body: Option<Vec<u8>>,
}

impl Prepared {
    pub(crate) fn new(call: Outgoing) -> Result<Self, Kind> {
        let url = Url::parse(&call.url).ok();
        // The library may tidy up an address; then it is no longer the one that was asked for.
        let Some(url) = url.filter(|url| url.as_str() == call.url) else {
            return Err(Kind::Unsendable {
                problem: "the path is not one that can be sent unchanged".to_owned(),
                cause: None,
            });
        };
        Ok(Self {
            method: call.method,
            url,
            body: call.body,
        })
    }
}

/// A success.
pub(crate) struct Received {
    pub(crate) status: u16,
    pub(crate) headers: Headers,
    pub(crate) body: Vec<u8>,
    /// How many attempts it took.
    pub(crate) attempts: u32,
}

impl Received {
    /// What an error keeps of it, which is everything: it is what a call that took effect gave.
    pub(crate) fn into_answer(self) -> Answer {
        Answer {
            status: self.status,
            headers: self.headers,
            body: self.body,
            truncated: false,
        }
    }
}

/// Checks a base URL and gives it in its normal form, without a slash at the end.
pub(crate) fn normalise_base_url(text: &str) -> Result<String, String> {
    let url = Url::parse(text).map_err(|error| format!("the base URL is not a URL ({error})"))?;
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return Err("the base URL must begin with https:// or http://".to_owned());
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("the base URL must not contain a user name or a password".to_owned());
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("the base URL must not contain `?` or `#`".to_owned());
    }
    if url.scheme() == "https" && !HAS_TLS {
        return Err(
            "this build cannot use https; enable the feature `rustls` or `native-tls` of billsby-sdk"
                .to_owned(),
        );
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

fn header(api_key: &ApiKey) -> Result<HeaderValue, String> {
    let mut header = HeaderValue::from_str(api_key.expose())
        .map_err(|_| "the API key has characters that no key has; is there a line break in it?")?;
    if header.is_empty() {
        return Err("the API key is empty".to_owned());
    }
    header.set_sensitive(true);
    Ok(header)
}

impl Transport {
    pub(crate) fn new(
        api_key: &ApiKey,
        user_agent: &str,
        connect_timeout: Duration,
    ) -> Result<Self, String> {
        let api_key = header(api_key)?;
        let user_agent = HeaderValue::from_str(user_agent)
            .map_err(|_| "the user agent has characters that a header cannot have")?;
        let builder = reqwest::Client::builder()
            .user_agent(user_agent)
            .connect_timeout(connect_timeout)
            .pool_idle_timeout(IDLE)
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false);
        #[cfg(feature = "rustls")]
        let builder = builder.tls_backend_rustls();
        let http = builder
            .build()
            .map_err(|error| format!("the HTTP client did not start ({error})"))?;
        Ok(Self { http, api_key })
    }

    /// The same connections with another key.
    pub(crate) fn with_key(&self, api_key: &ApiKey) -> Result<Self, String> {
        Ok(Self {
            http: self.http.clone(),
            api_key: header(api_key)?,
        })
    }

    /// Makes one attempt. The time limit is for everything from connecting to the last byte of the
    /// answer.
    pub(crate) async fn send(&self, call: &Prepared, timeout: Duration) -> Result<Received, Kind> {
        let mut request = self.request(call);
        *request.timeout_mut() = Some(timeout);
        let response = self.http.execute(request).await.map_err(not_answered)?;
        receive(response).await
    }

    fn request(&self, call: &Prepared) -> Request {
        let method = match call.method {
            Method::Get => reqwest::Method::GET,
            Method::Post => reqwest::Method::POST,
            Method::Put => reqwest::Method::PUT,
            Method::Delete => reqwest::Method::DELETE,
            Method::Patch => reqwest::Method::PATCH,
        };
        let mut request = Request::new(method, call.url.clone());
        let headers = request.headers_mut();
        headers.insert("apikey", self.api_key.clone());
        // Some answers are JSON under the content type text/plain.
        headers.insert(
            ACCEPT,
            HeaderValue::from_static("application/json, text/plain, */*"),
        );
        match &call.body {
            Some(body) => {
                headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
                *request.body_mut() = Some(body.clone().into());
            }
            // Some servers answer 411 to a POST or PUT that does not say that it has no body.
            None if !matches!(call.method, Method::Get | Method::Delete) => {
                headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
            }
            None => {}
        }
        request
    }
}

async fn receive(mut response: reqwest::Response) -> Result<Received, Kind> {
    let status = response.status().as_u16();
    let headers: Headers = response
        .headers()
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_bytes()))
        .collect();
    let success = response.status().is_success();
    let longest = if success { LONGEST_ANSWER } else { KEPT_BODY };

    // What the answer says of its length is believed only as far as it would be read.
    let announced = response.content_length().unwrap_or_default();
    let room = usize::try_from(announced).map_or(longest, |length| length.min(longest));
    let mut body = Vec::with_capacity(room);
    let problem = loop {
        match response.chunk().await {
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) => break None,
            Err(error) => {
                break Some(Problem::CutOff {
                    timeout: error.is_timeout(),
                    cause: error.without_url().into(),
                });
            }
        }
        if body.len() > longest {
            break Some(Problem::TooLong);
        }
    };
    match problem {
        None if success => Ok(Received {
            status,
            headers,
            body,
            attempts: 1,
        }),
        problem => {
            let truncated = problem.is_some();
            if !success {
                body.truncate(KEPT_BODY);
            }
            let answer = Answer {
                status,
                headers,
                body,
                truncated,
            };
            Err(match problem {
                Some(problem) if success => Kind::Unusable(answer, problem),
                _ => Kind::Status(answer),
            })
        }
    }
}

/// The error of an attempt that no answer came back to. Its address is removed, for it names
/// customers.
fn not_answered(error: reqwest::Error) -> Kind {
    let timeout = error.is_timeout();
    let unwritable = error.is_builder();
    let unconnected = error.is_connect();
    let cause = error.without_url().into();
    if unwritable {
        Kind::Unsendable {
            problem: "the call cannot be written as an HTTP request".to_owned(),
            cause: Some(cause),
        }
    } else if unconnected {
        Kind::Connect {
            cause,
            timeout,
            sent_before: false,
        }
    } else {
        Kind::NoAnswer { cause, timeout }
    }
}

#[cfg(test)]
mod loopback;
#[cfg(test)]
mod tests;
