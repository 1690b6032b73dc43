//! The HTTP server: which request goes where, what is logged of it, and how it all ends.

mod browser;
pub(crate) mod connection;
mod directory;
mod observe;
mod token;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Path, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{any, get};
use futures_util::future::join_all;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

pub use directory::Directory;
pub use token::{InvalidToken, Token};

/// The answer where there is nothing. It is the same for every token that opens nothing.
const NOTHING: &str =
    r#"{"jsonrpc":"2.0","error":{"code":-32600,"message":"there is nothing at this URL"}}"#;

/// What the routes share.
#[derive(Debug)]
struct Site {
    directory: Directory,
    shutdown: CancellationToken,
}

/// Serves until `shutdown` is cancelled; the endpoints must have been made with the same token. Then
/// new requests are refused, and those that are running have so long to finish.
pub async fn serve(
    listener: TcpListener,
    directory: Directory,
    shutdown: CancellationToken,
    limit: Duration,
) {
    let site = Arc::new(Site {
        directory,
        shutdown: shutdown.clone(),
    });
    let stop = CancellationToken::new();
    let accepting = tokio::spawn(connection::accept(
        listener,
        TowerToHyperService::new(router(Arc::clone(&site))),
        stop.clone(),
    ));
    shutdown.cancelled().await;
    let endpoints = || site.directory.endpoints();
    let finished = join_all(endpoints().map(|endpoint| endpoint.finish()));
    if tokio::time::timeout(limit, finished).await.is_err() {
        tracing::warn!("calls are still running; their outcome is unknown");
        endpoints().for_each(|endpoint| endpoint.end());
    }
    stop.cancel();
    // It fails only if it panicked, and then there is nothing left to close.
    let _ = accepting.await;
}

fn router(site: Arc<Site>) -> Router {
    Router::new()
        .route("/mcp/{token}", any(mcp).layer(browser::layer(&site)))
        .route("/healthz", get(|| async { "alive\n" }))
        .route("/readyz", get(ready))
        .fallback(|| async { nothing() })
        .layer(middleware::from_fn(observe::observe))
        .with_state(site)
}

async fn mcp(
    State(site): State<Arc<Site>>,
    Path(token): Path<String>,
    request: Request,
) -> Response {
    match site.directory.find(&token) {
        Some(endpoint) => endpoint.handle(request).await,
        None => nothing(),
    }
}

async fn ready(State(site): State<Arc<Site>>) -> (StatusCode, &'static str) {
    if site.shutdown.is_cancelled() {
        (StatusCode::SERVICE_UNAVAILABLE, "shutting down\n")
    } else {
        (StatusCode::OK, "ready\n")
    }
}

fn nothing() -> Response {
    let content_type = [(header::CONTENT_TYPE, "application/json")];
    (StatusCode::NOT_FOUND, content_type, NOTHING).into_response()
}
