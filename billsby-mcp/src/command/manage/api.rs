//! A client of a running server's admin API.

use std::path::PathBuf;
use std::time::Duration;

use billsby_mcp::protocol::bridge::{InvalidTarget, Target};
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Client, Method, RequestBuilder, Url};
use serde::de::DeserializeOwned;
use serde_json::Value;
use zeroize::Zeroizing;

use super::problem::Problem;
use crate::command::environment::{EnvironmentError, variable};
use crate::command::print;
use crate::command::private_file::{self, Others, PrivateFileError};

/// How long an answer may take: the server may have to ask Billsby.
const PATIENCE: Duration = Duration::from_secs(90);
/// The variable that holds the admin token.
const TOKEN: &str = "BILLSBY_MCP_ADMIN_TOKEN";

/// Which server is asked, and how its answers are shown.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Server")]
pub(super) struct ApiOptions {
    /// The address of the server
    #[arg(
        long,
        value_name = "URL",
        default_value = "http://127.0.0.1:8080",
        env = "BILLSBY_MCP_API",
        global = true
    )]
    api: String,
    /// A file with the admin token, which others cannot read, instead of the environment
    #[arg(
        long,
        value_name = "PATH",
        env = "BILLSBY_MCP_ADMIN_TOKEN_FILE",
        global = true
    )]
    admin_token_file: Option<PathBuf>,
    /// Reach a server on another machine without TLS, so that everybody on the way can read the token
    #[arg(long, global = true)]
    allow_http: bool,
    /// Print exactly what the API answers
    #[arg(long, global = true)]
    json: bool,
}

/// Why there is no answer to show. Shows no secret.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ApiError {
    #[error("--api: {0}")]
    Address(&'static str),
    #[error(
        "the admin token is missing: set BILLSBY_MCP_ADMIN_TOKEN, or name a file with --admin-token-file"
    )]
    NoToken,
    #[error("the admin token cannot be sent in a header: copy it again")]
    OddToken,
    #[error("{0}")]
    Usage(String),
    #[error(transparent)]
    File(#[from] PrivateFileError),
    #[error(transparent)]
    Environment(#[from] EnvironmentError),
    #[error("the system has no random numbers: {0}")]
    Random(#[from] getrandom::Error),
    #[error("there is no answer from the server: {0}")]
    Unreachable(String),
    #[error("the answer ({0}) is not one of the admin API: is --api the address of the server?")]
    Strange(u16),
    #[error("{0}")]
    Problem(Problem),
    #[error("Billsby does not accept the account's key")]
    NotVerified,
    #[error("it cannot be printed: {0}")]
    Output(std::io::Error),
}

impl ApiError {
    /// Whether the person who started the program has to ask for something else.
    pub(crate) const fn is_wrong_usage(&self) -> bool {
        match self {
            Self::Address(_)
            | Self::NoToken
            | Self::OddToken
            | Self::Usage(_)
            | Self::File(_)
            | Self::Environment(_) => true,
            Self::Problem(problem) => problem.is_wrong_usage(),
            Self::Random(_)
            | Self::Unreachable(_)
            | Self::Strange(_)
            | Self::NotVerified
            | Self::Output(_) => false,
        }
    }
}

/// A client with its token.
pub(super) struct Api {
    http: Client,
    base: Url,
    token: HeaderValue,
    json: bool,
}

/// A good answer.
pub(super) struct Answer {
    text: String,
    json: bool,
}

impl ApiOptions {
    /// A client, or what is missing for one.
    pub(super) fn client(&self) -> Result<Api, ApiError> {
        let base = self.address()?;
        let mut builder = Client::builder()
            .user_agent(concat!("billsby-mcp/", env!("CARGO_PKG_VERSION")))
            .redirect(Policy::none())
            .timeout(PATIENCE);
        // What would not be allowed elsewhere is on this machine, where no proxy helps.
        if base.scheme() == "http" && Target::new(base.as_str(), false).is_ok() {
            builder = builder.no_proxy();
        }
        let http = builder.build().map_err(unreachable)?;
        Ok(Api {
            http,
            base,
            token: self.token()?,
            json: self.json,
        })
    }

    fn address(&self) -> Result<Url, ApiError> {
        let text = self.api.trim();
        Target::new(text, self.allow_http).map_err(|error| {
            ApiError::Address(match error {
                InvalidTarget::NoAddress => {
                    "not an address; expected for example http://127.0.0.1:8080"
                }
                InvalidTarget::Credentials => "it must not hold a user name or a password",
                InvalidTarget::Insecure => {
                    "it begins with http://, so that everybody on the way can read the admin token; use https://, or --allow-http if you know the way"
                }
            })
        })?;
        text.parse()
            .map_err(|_| ApiError::Address("not an address"))
    }

    fn token(&self) -> Result<HeaderValue, ApiError> {
        let token = match &self.admin_token_file {
            Some(path) => private_file::read(path, "admin token file", Others::Nobody)?,
            None => variable(TOKEN)?.ok_or(ApiError::NoToken)?,
        };
        let value = Zeroizing::new(format!("Bearer {}", *token));
        let value = HeaderValue::try_from(value.as_str());
        let mut value = value.map_err(|_| ApiError::OddToken)?;
        value.set_sensitive(true);
        Ok(value)
    }
}

impl Api {
    /// Reads something.
    pub(super) async fn get(
        &self,
        path: &[&str],
        query: &[(&str, String)],
    ) -> Result<Answer, ApiError> {
        let mut url = self.url(path);
        url.query_pairs_mut().extend_pairs(query);
        let request = self.request(Method::GET, url);
        self.answer(request.send().await).await
    }

    /// Changes something that is there.
    pub(super) async fn change(
        &self,
        method: Method,
        path: &[&str],
        body: Option<&Value>,
    ) -> Result<Answer, ApiError> {
        let mut request = self.request(method, self.url(path));
        if let Some(body) = body {
            request = with_body(request, body);
        }
        self.answer(request.send().await).await
    }

    /// Makes something, once: if the connection breaks, the request is repeated under the same key.
    pub(super) async fn create(&self, path: &[&str], body: &Value) -> Result<Answer, ApiError> {
        let mut key = [0; 16];
        getrandom::fill(&mut key)?;
        let key = format!("cli-{:032x}", u128::from_be_bytes(key));
        let request = || {
            let request = self.request(Method::POST, self.url(path));
            let request = request.header("Idempotency-Key", &key);
            with_body(request, body).send()
        };
        match self.answer(request().await).await {
            Err(ApiError::Unreachable(_)) => self.answer(request().await).await,
            answer => answer,
        }
    }

    fn url(&self, path: &[&str]) -> Url {
        let mut url = self.base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path);
        }
        url
    }

    fn request(&self, method: Method, url: Url) -> RequestBuilder {
        let request = self.http.request(method, url);
        request.header(AUTHORIZATION, self.token.clone())
    }

    async fn answer(
        &self,
        response: Result<reqwest::Response, reqwest::Error>,
    ) -> Result<Answer, ApiError> {
        let response = response.map_err(unreachable)?;
        let status = response.status();
        let text = response.text().await.map_err(unreachable)?;
        if !status.is_success() {
            let problem = serde_json::from_str(&text);
            return Err(problem.map_or(ApiError::Strange(status.as_u16()), ApiError::Problem));
        }
        if !text.is_empty() && serde_json::from_str::<serde::de::IgnoredAny>(&text).is_err() {
            return Err(ApiError::Strange(status.as_u16()));
        }
        let json = self.json;
        Ok(Answer { text, json })
    }
}

fn with_body(request: RequestBuilder, body: &Value) -> RequestBuilder {
    let request = request.header(CONTENT_TYPE, "application/json");
    request.body(body.to_string())
}

/// What went wrong, with its causes: the first text alone says little.
fn unreachable(error: reqwest::Error) -> ApiError {
    let error = error.without_url();
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(&error);
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    ApiError::Unreachable(text)
}

impl Answer {
    /// The answer as a value.
    pub(super) fn value<T: DeserializeOwned>(&self) -> Result<T, ApiError> {
        serde_json::from_str(&self.text).map_err(|_| ApiError::Strange(200))
    }

    /// Prints the answer itself, if that is asked for, or what people are to see.
    pub(super) fn show(
        &self,
        people: impl FnOnce(&Value) -> Result<String, ApiError>,
    ) -> Result<(), ApiError> {
        let text = if self.json {
            self.text.clone()
        } else {
            people(&self.value()?)?
        };
        if text.is_empty() {
            return Ok(());
        }
        print(&text).map_err(ApiError::Output)
    }

    /// Prints the answer itself, if that is asked for and there is one, or a sentence.
    pub(super) fn confirm(&self, sentence: &str) -> Result<(), ApiError> {
        let text = if self.json { &self.text } else { sentence };
        if text.is_empty() {
            return Ok(());
        }
        print(text).map_err(ApiError::Output)
    }

    /// Says something beside the answer, to people only.
    pub(super) fn remark(&self, sentence: &str) {
        if !self.json {
            eprintln!("{sentence}");
        }
    }
}
