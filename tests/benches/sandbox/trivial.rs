//! A server on the same library as the sandbox that answers every request with the same bytes.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::thread;

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::service::service_fn;
use hyper::{Response, server};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;

/// A server on a runtime of its own, as the sandbox has one.
pub(crate) struct Trivial {
    pub(crate) address: SocketAddr,
}

impl Trivial {
    /// A server that lives as long as the program.
    pub(crate) fn start(answer: Vec<u8>) -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        listener.set_nonblocking(true).expect("a socket");
        let address = listener.local_addr().expect("an address");
        thread::spawn(move || {
            let runtime = Runtime::new().expect("a runtime");
            runtime.block_on(serve(listener, Bytes::from(answer)));
        });
        Self { address }
    }
}

async fn serve(listener: std::net::TcpListener, answer: Bytes) {
    let listener = TcpListener::from_std(listener).expect("a socket");
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(answer_all(stream, answer.clone()));
    }
}

async fn answer_all(stream: TcpStream, answer: Bytes) {
    stream.set_nodelay(true).expect("a socket");
    let service = service_fn(|_| {
        let body = Full::new(answer.clone());
        let response = Response::builder()
            .header("content-type", "application/json; charset=utf-8")
            .body(body);
        async { Ok::<_, Infallible>(response.expect("a response")) }
    });
    let connection = server::conn::http1::Builder::new();
    // A client that has gone is no failure.
    let _ = connection
        .serve_connection(TokioIo::new(stream), service)
        .await;
}
