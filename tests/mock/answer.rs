//! What the mock answers.

use std::time::Duration;

use serde_json::Value;

/// An answer, or the lack of one.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// All headers but `content-length` and `connection`.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    /// Wait this long before answering.
    pub(crate) delay: Duration,
    /// Close the connection instead of answering, after the request has been read and recorded.
    pub(crate) cut: bool,
    /// Leave out so many bytes at the end of the body, though its length is announced in full, and
    /// close the connection.
    pub(crate) missing: usize,
}

impl Answer {
    /// An answer with a content type; an empty content type means no such header.
    pub(crate) fn new(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        let headers = match content_type {
            "" => Vec::new(),
            content_type => vec![("content-type".to_owned(), content_type.to_owned())],
        };
        Self {
            status,
            headers,
            body: body.into(),
            delay: Duration::ZERO,
            cut: false,
            missing: 0,
        }
    }

    /// A JSON answer.
    pub(crate) fn json(status: u16, body: &Value) -> Self {
        Self::new(status, "application/json", body.to_string())
    }

    /// No answer: the connection is closed once the request has arrived.
    pub(crate) fn cut() -> Self {
        Self {
            cut: true,
            ..Self::new(0, "", "")
        }
    }

    /// Breaks off so many bytes before the end of the body.
    pub(crate) fn cut_short(mut self, missing: usize) -> Self {
        assert!(missing <= self.body.len(), "there is not that much body");
        self.missing = missing;
        self
    }

    /// Adds a header.
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Answers only after this time.
    pub(crate) fn after(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// The body as text.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}
