//! The sandbox as an HTTP server.

mod admin;
mod effects;
mod fault;
mod limit;
mod payload;
mod problem;
mod receive;
mod reply;
mod request;
mod rule;

use std::sync::Arc;

use hyper::Request;
use hyper::body::Incoming;
use hyper::service::service_fn;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::Shared;
use crate::http::connection;

pub(super) use rule::Faults;

/// Under this path the sandbox is observed and set up, without a key.
const ADMIN_PATH: &str = "/__sandbox";

/// What a request is handled with.
#[derive(Debug)]
struct Site {
    shared: Arc<Shared>,
    /// Whether only this machine can reach the server.
    is_local: bool,
    stop: CancellationToken,
}

/// A connection that is closed without another byte.
#[derive(Debug, thiserror::Error)]
#[error("the connection is cut")]
struct Cut;

/// Serves until `stop` is cancelled.
pub(super) async fn serve(listener: TcpListener, shared: Arc<Shared>, stop: CancellationToken) {
    let address = listener.local_addr();
    let site = Arc::new(Site {
        shared,
        is_local: address.is_ok_and(|address| address.ip().is_loopback()),
        stop: stop.clone(),
    });
    let service = service_fn(move |request: Request<Incoming>| {
        let site = Arc::clone(&site);
        async move {
            match request.uri().path().strip_prefix(ADMIN_PATH) {
                Some("" | "/") => admin::handle(&site, request).await,
                Some(rest) if rest.starts_with('/') => admin::handle(&site, request).await,
                _ => request::handle(&site, request).await,
            }
        }
    });
    connection::accept(listener, service, stop).await;
}
