//! A client that sends exactly what it is told, with no library between a test and the wire.

use std::fmt::Write as _;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::Case;
use crate::mock::{API_KEY, BASE_PATH, Mock, Recorded, percent};

/// A request to be sent.
#[derive(Debug, Clone)]
pub(crate) struct Outgoing {
    pub(crate) method: String,
    /// Goes into the request line as it is.
    pub(crate) target: String,
    /// All headers but `host`, `content-length` and `connection`.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Outgoing {
    /// A request with the right key and no body; the path begins below the base path.
    pub(crate) fn new(method: &str, path_and_query: &str) -> Self {
        Self {
            method: method.to_owned(),
            target: format!("{BASE_PATH}{path_and_query}"),
            headers: vec![("ApiKey".to_owned(), API_KEY.to_owned())],
            body: Vec::new(),
        }
    }

    /// The request that a case expects.
    pub(crate) fn of(case: &Case) -> Self {
        let wire = &case.wire;
        let request = Self::new(&wire.method, &wire.path).query(&wire.query);
        match &wire.body {
            Some(body) => request.json(body),
            None => request,
        }
    }

    /// Adds a query.
    pub(crate) fn query(mut self, pairs: &[(String, String)]) -> Self {
        for (index, (name, value)) in pairs.iter().enumerate() {
            let separator = if index == 0 { '?' } else { '&' };
            let (name, value) = (percent::encode(name), percent::encode(value));
            let _ = write!(self.target, "{separator}{name}={value}");
        }
        self
    }

    /// Adds a JSON body and its content type.
    pub(crate) fn json(self, body: &Value) -> Self {
        self.header("Content-Type", "application/json")
            .body(body.to_string())
    }

    /// Adds a body and nothing else.
    pub(crate) fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    /// Adds a header.
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Removes a header.
    pub(crate) fn without_header(mut self, name: &str) -> Self {
        self.headers
            .retain(|(header, _)| !header.eq_ignore_ascii_case(name));
        self
    }

    /// Sends the request on a connection of its own and reads until the other side closes it.
    /// `None` when it was closed without an answer.
    pub(crate) async fn try_send(&self, mock: &Mock) -> Option<Reply> {
        let mut head = format!("{} {} HTTP/1.1\r\n", self.method, self.target);
        let length = self.body.len().to_string();
        let fixed = [
            ("host", "127.0.0.1"),
            ("connection", "close"),
            ("content-length", &length),
        ];
        let own = self.headers.iter().map(|(n, v)| (n.as_str(), v.as_str()));
        for (name, value) in fixed.into_iter().chain(own) {
            let _ = write!(head, "{name}: {value}\r\n");
        }
        head.push_str("\r\n");
        let mut stream = TcpStream::connect(mock.address())
            .await
            .expect("the mock listens");
        // The mock may answer and close before it has read everything.
        let _ = stream.write_all(head.as_bytes()).await;
        let _ = stream.write_all(&self.body).await;
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        Reply::parse(&answer)
    }

    /// The same, where there must be an answer.
    pub(crate) async fn send(&self, mock: &Mock) -> Reply {
        self.try_send(mock).await.expect("an answer")
    }

    /// Sends a request that the mock must accept, and returns what it recorded.
    pub(crate) async fn accepted(&self, mock: &Mock) -> Recorded {
        let reply = self.send(mock).await;
        let recorded = mock.take_one();
        assert_eq!(reply.status, 200, "{}", recorded.target);
        recorded
    }

    /// Sends a request that the mock must refuse, and returns the reason.
    pub(crate) async fn refused(&self, mock: &Mock, what: &str) -> String {
        let reply = self.send(mock).await;
        let reason = reply.reason();
        assert!(
            reply.status >= 400 && reason.is_some(),
            "{what}: {} {} was answered {} {}",
            self.method,
            self.target,
            reply.status,
            reply.text()
        );
        let recorded = mock.take_all();
        assert_eq!(recorded.len(), 1, "{what}");
        assert_eq!(recorded[0].refusal, reason, "{what}");
        reason.unwrap_or_default()
    }
}

impl Reply {
    fn parse(answer: &[u8]) -> Option<Self> {
        let end = answer.windows(4).position(|four| four == b"\r\n\r\n")?;
        let head = String::from_utf8_lossy(&answer[..end]).into_owned();
        let mut lines = head.split("\r\n");
        let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
        let headers = lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        Some(Self {
            status,
            headers,
            body: answer[end + 4..].to_vec(),
        })
    }

    /// The value of a header.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(header, _)| header == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The body as text.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// Why the mock refused the request, from the body of its answer.
    pub(crate) fn reason(&self) -> Option<String> {
        let body: Value = serde_json::from_slice(&self.body).ok()?;
        self.header("x-mock-reason")?;
        body["reason"].as_str().map(str::to_owned)
    }
}
