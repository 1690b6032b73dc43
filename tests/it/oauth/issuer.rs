//! An issuer on this machine that does what a test wants.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::LOCATION;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio_util::task::AbortOnDropHandle;

use super::LONG;
use super::key::SigningKey;

/// Where the metadata is.
pub(super) const METADATA: &str = "/.well-known/oauth-authorization-server";
/// Where the keys are.
pub(super) const KEYS: &str = "/keys";

/// What the issuer does when it is asked for something.
#[derive(Clone)]
pub(super) enum Answer {
    Json(Value),
    Text(String),
    Status(u16),
    Redirect(String),
    /// A key set with a lot of space behind it.
    Padded(Value, usize),
    Never,
}

/// The issuer.
pub(super) struct Issuer {
    pub(super) url: String,
    pages: Arc<Mutex<Pages>>,
    _serving: AbortOnDropHandle<()>,
}

#[derive(Default)]
struct Pages {
    answers: HashMap<String, Answer>,
    asked: HashMap<String, usize>,
}

impl Issuer {
    /// An issuer with metadata and these keys.
    pub(super) async fn start(keys: &[&SigningKey]) -> Self {
        Self::below("", keys).await
    }

    /// The same with a path in its name.
    pub(super) async fn below(path: &str, keys: &[&SigningKey]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("a bound listener");
        let pages = Arc::new(Mutex::new(Pages::default()));
        let serving = tokio::spawn(serve(listener, Arc::clone(&pages)));
        let issuer = Self {
            url: format!("http://{address}{path}"),
            pages,
            _serving: AbortOnDropHandle::new(serving),
        };
        let metadata = Answer::Json(issuer.metadata());
        issuer.answers(&format!("{METADATA}{path}"), metadata);
        issuer.has(keys);
        issuer
    }

    /// What its metadata usually are.
    pub(super) fn metadata(&self) -> Value {
        json!({"issuer": self.url, "jwks_uri": self.at(KEYS)})
    }

    /// The address of one of its pages.
    pub(super) fn at(&self, path: &str) -> String {
        let end = self.url.match_indices('/').nth(2).map(|(index, _)| index);
        format!("{}{path}", &self.url[..end.unwrap_or(self.url.len())])
    }

    /// Has these keys from now on.
    pub(super) fn has(&self, keys: &[&SigningKey]) {
        self.answers(KEYS, Answer::Json(key_set(keys)));
    }

    pub(super) fn answers(&self, path: &str, answer: Answer) {
        let mut pages = self.pages.lock().expect("pages");
        pages.answers.insert(path.to_owned(), answer);
    }

    /// How often it was asked for a page.
    pub(super) fn asked(&self, path: &str) -> usize {
        let pages = self.pages.lock().expect("pages");
        pages.asked.get(path).copied().unwrap_or(0)
    }
}

impl Issuer {
    /// Waits until it has been asked for a page so often.
    pub(super) async fn until_asked(&self, path: &str, times: usize) {
        let asked = async {
            while self.asked(path) < times {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        let asked = tokio::time::timeout(LONG, asked).await;
        asked.expect("nobody has asked");
        assert_eq!(self.asked(path), times);
    }
}

pub(super) fn key_set(keys: &[&SigningKey]) -> Value {
    let keys: Vec<Value> = keys.iter().map(|key| key.jwk()).collect();
    json!({ "keys": keys })
}

async fn serve(listener: TcpListener, pages: Arc<Mutex<Pages>>) {
    loop {
        let (stream, _) = listener.accept().await.expect("a connection");
        let pages = Arc::clone(&pages);
        let service = service_fn(move |request| page(Arc::clone(&pages), request));
        let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
        // How a connection ends is the client's business.
        tokio::spawn(async move { drop(connection.await) });
    }
}

async fn page(
    pages: Arc<Mutex<Pages>>,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let path = request.uri().path().to_owned();
    let answer = {
        let mut pages = pages.lock().expect("pages");
        *pages.asked.entry(path.clone()).or_default() += 1;
        pages.answers.get(&path).cloned()
    };
    let (status, to, body) = match answer.unwrap_or(Answer::Status(404)) {
        Answer::Json(value) => (200, None, value.to_string()),
        Answer::Text(text) => (200, None, text),
        Answer::Status(status) => (status, None, String::new()),
        Answer::Redirect(to) => (307, Some(to), String::new()),
        Answer::Padded(value, length) => (200, None, format!("{value}{}", " ".repeat(length))),
        Answer::Never => std::future::pending().await,
    };
    let mut response = Response::builder().status(status);
    if let Some(to) = to {
        response = response.header(LOCATION, to);
    }
    Ok(response.body(Full::from(body)).expect("a response"))
}
