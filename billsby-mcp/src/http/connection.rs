//! Connections: from the first byte to the last.

use std::error::Error;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use hyper::body::{Body, Incoming};
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper::{Request, Response};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// How long a connection may take to send a request's head, and how long it may be idle between two
/// requests. Longer than the minute after which proxies usually give up an idle connection, so that
/// it is not this side that closes while a request is on its way.
const HEAD: Duration = Duration::from_secs(75);
/// How long connections have to send what has been answered once the server has stopped.
const LAST_BYTES: Duration = Duration::from_secs(5);
/// How long to wait when the system has no more connections to give.
const NO_MORE: Duration = Duration::from_secs(1);

/// Who is at the other end of a connection; of every request there is one among its extensions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peer(pub SocketAddr);

/// Serves every connection until `stop` is cancelled, then lets each one send what it has.
///
/// A connection whose request the service refuses to answer with an error is closed.
pub(crate) async fn accept<S, B>(listener: TcpListener, service: S, stop: CancellationToken)
where
    S: Service<Request<Incoming>, Response = Response<B>> + Clone + Send + 'static,
    S::Future: Send,
    S::Error: Into<Box<dyn Error + Send + Sync>>,
    B: Body<Data: Send, Error: Into<Box<dyn Error + Send + Sync>>> + Send + 'static,
{
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD);
    let connections = GracefulShutdown::new();
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        let (stream, peer) = match accepted {
            Ok((stream, address)) => (stream, Peer(address)),
            Err(error) => {
                if !is_of_one_connection(&error) {
                    tracing::error!(kind = %error.kind(), "no connection can be accepted");
                    tokio::time::sleep(NO_MORE).await;
                }
                continue;
            }
        };
        // Events are small, and would be held back until the one before has been acknowledged.
        let _ = stream.set_nodelay(true);
        let service = service.clone();
        let service = service_fn(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(peer);
            service.call(request)
        });
        let connection = http.serve_connection(TokioIo::new(stream), service);
        let connection = connections.watch(connection);
        // How a connection ends is the client's business.
        tokio::spawn(async move { drop(connection.await) });
    }
    drop(listener);
    let _ = tokio::time::timeout(LAST_BYTES, connections.shutdown()).await;
}

/// Whether the next connection may still be accepted.
fn is_of_one_connection(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionRefused
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
    )
}
