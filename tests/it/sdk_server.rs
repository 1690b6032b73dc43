//! A server that misbehaves on the wire in ways that no HTTP library offers, and counts.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use billsby_sdk::{Client, ClientBuilder, RetryPolicy};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use crate::mock::{API_KEY, BASE_PATH, COMPANY_DOMAIN};
use crate::support::sdk;

/// What happens to every connection.
#[derive(Clone, Debug)]
pub(crate) enum Fault {
    /// The connection is reset when a request has arrived and before it is read.
    ResetUnread,
    /// The connection is reset when the request has been read.
    ResetRead,
    /// The connection is closed properly when the request has been read.
    Close,
    /// These bytes are the answer, and nothing comes after them.
    Stall(Vec<u8>),
    /// These bytes are the answer, and the connection is closed after them.
    AnswerAndClose(Vec<u8>),
    /// These bytes are the answer to every request.
    Answer(Vec<u8>),
}

pub(crate) struct FaultyServer {
    address: SocketAddr,
    counts: Arc<Counts>,
    task: JoinHandle<()>,
}

#[derive(Default)]
struct Counts {
    connections: AtomicUsize,
    requests: AtomicUsize,
}

impl FaultyServer {
    pub(crate) async fn start(fault: Fault) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("a bound listener");
        let counts = Arc::new(Counts::default());
        let task = tokio::spawn(accept(listener, fault, Arc::clone(&counts)));
        Self {
            address,
            counts,
            task,
        }
    }

    /// A client of this server, before it is built. Waits between attempts are short.
    pub(crate) fn builder(&self) -> ClientBuilder {
        builder(self.address)
    }

    pub(crate) fn client(&self) -> Client {
        self.builder().build().expect("a client")
    }

    /// How many connections were made.
    pub(crate) fn connections(&self) -> usize {
        self.counts.connections.load(Ordering::SeqCst)
    }

    /// How many requests have been read.
    pub(crate) fn requests(&self) -> usize {
        self.counts.requests.load(Ordering::SeqCst)
    }
}

impl Drop for FaultyServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// A client of a server at this address, with short waits between attempts.
pub(crate) fn builder(address: SocketAddr) -> ClientBuilder {
    Client::builder(API_KEY, sdk::key(COMPANY_DOMAIN))
        .base_url(format!("http://{address}{BASE_PATH}"))
        .attempt_timeout(Duration::from_secs(20))
        .retry(RetryPolicy::default().base_delay(Duration::from_millis(1)))
}

/// An address where nobody listens.
pub(crate) async fn nowhere() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    listener.local_addr().expect("a bound listener")
}

/// An answer with a content type and the right length.
pub(crate) fn answer(status: &str, content_type: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-type: {content_type}\r\ncontent-length: {length}\r\n\r\n"
    );
    [head.as_bytes(), body].concat()
}

async fn accept(listener: TcpListener, fault: Fault, counts: Arc<Counts>) {
    while let Ok((stream, _)) = listener.accept().await {
        counts.connections.fetch_add(1, Ordering::SeqCst);
        tokio::spawn(serve(stream, fault.clone(), Arc::clone(&counts)));
    }
}

async fn serve(mut stream: TcpStream, fault: Fault, counts: Arc<Counts>) -> Option<()> {
    if let Fault::ResetUnread = fault {
        stream.readable().await.ok()?;
        return stream.set_zero_linger().ok();
    }
    loop {
        read_request(&mut stream).await?;
        counts.requests.fetch_add(1, Ordering::SeqCst);
        match &fault {
            Fault::ResetUnread | Fault::ResetRead => return stream.set_zero_linger().ok(),
            Fault::Close => return None,
            Fault::Stall(bytes) => {
                stream.write_all(bytes).await.ok()?;
                // Until the client gives up and closes the connection.
                let _ = stream.read(&mut [0]).await.ok()?;
                return None;
            }
            Fault::AnswerAndClose(bytes) => return stream.write_all(bytes).await.ok(),
            Fault::Answer(bytes) => stream.write_all(bytes).await.ok()?,
        }
    }
}

/// Reads a request to its end; `None` when the connection ends first.
async fn read_request(stream: &mut TcpStream) -> Option<()> {
    let mut request = Vec::new();
    loop {
        if stream.read_buf(&mut request).await.ok()? == 0 {
            return None;
        }
        let text = String::from_utf8_lossy(&request);
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        let length = head
            .lines()
            .find_map(|line| line.strip_prefix("content-length: "))
            .map_or(0, |length| length.parse().expect("a length"));
        if body.len() >= length {
            return Some(());
        }
    }
}
