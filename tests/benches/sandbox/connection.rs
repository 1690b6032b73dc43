//! A client that costs as little as a client can: it sends the same bytes and reads as many as it knows
//! to come.

use std::net::SocketAddr;
use std::sync::Arc;

use billsby_mcp::sandbox::{API_KEY, BASE_PATH};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::Mutex;

use crate::load::Caller;

/// Connections that are kept open. Clones share them.
#[derive(Clone)]
pub(crate) struct Connections {
    request: Arc<[u8]>,
    /// Of the body.
    length: usize,
    idle: Arc<Mutex<Vec<TcpStream>>>,
}

impl Connections {
    /// Connections to a server that answers a read with `answer`, or as many bytes.
    pub(crate) async fn open(address: SocketAddr, path: &str, answer: &[u8], count: usize) -> Self {
        let mut streams = Vec::new();
        for _ in 0..count {
            let stream = TcpStream::connect(address).await.expect("a connection");
            stream.set_nodelay(true).expect("a socket");
            streams.push(stream);
        }
        let request = format!(
            "GET {BASE_PATH}{path} HTTP/1.1\r\nhost: {address}\r\napikey: {API_KEY}\r\naccept: */*\r\n\r\n"
        );
        Self {
            request: request.into_bytes().into(),
            length: answer.len(),
            idle: Arc::new(Mutex::new(streams)),
        }
    }
}

impl Caller for Connections {
    async fn call(&self) {
        let mut stream = self
            .idle
            .lock()
            .await
            .pop()
            .expect("a connection for each call in flight");
        stream
            .write_all(&self.request)
            .await
            .expect("a sent request");
        let mut answer = Vec::with_capacity(self.length + 512);
        let mut body = None;
        while body.is_none_or(|start| answer.len() < start + self.length) {
            let read = stream.read_buf(&mut answer).await.expect("an answer");
            assert!(read > 0, "the connection was closed");
            body = body.or_else(|| end_of_head(&answer));
        }
        assert!(answer.starts_with(b"HTTP/1.1 200 "));
        assert_eq!(body.map(|start| answer.len() - start), Some(self.length));
        self.idle.lock().await.push(stream);
    }
}

fn end_of_head(answer: &[u8]) -> Option<usize> {
    let end = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n");
    end.map(|at| at + 4)
}
