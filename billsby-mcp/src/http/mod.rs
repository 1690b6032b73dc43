//! The HTTP server: which request goes where, what is logged of it, and how it all ends.

pub mod admin;
pub(crate) mod attempts;
mod browser;
pub(crate) mod connection;
mod directory;
mod gate;
mod observe;
mod provisioned;
mod token;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::middleware;
use axum::response::Response;
use axum::routing::{any, get};
use futures_util::future::join_all;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

pub use connection::Peer;
pub use directory::Directory;
pub use gate::{Admitted, Gate, GateOptions};
pub use token::{InvalidToken, Token};

use crate::protocol::http::{Access, nothing};
use crate::registry::Registry;

/// Everything that one server serves.
#[derive(Debug, Default)]
pub struct Site {
    /// The endpoints that the program was started with.
    pub directory: Directory,
    /// Those that were provisioned.
    pub registry: Option<Arc<Registry>>,
    /// Who may use those.
    pub gate: Gate,
    /// The pages for whoever runs the server. It must not have a fallback of its own.
    pub admin: Option<Router>,
}

/// What the routes share.
#[derive(Debug)]
struct Shared {
    directory: Directory,
    registry: Option<Arc<Registry>>,
    gate: Gate,
    shutdown: CancellationToken,
}

impl From<Directory> for Site {
    fn from(directory: Directory) -> Self {
        Self {
            directory,
            ..Self::default()
        }
    }
}

/// Serves until `shutdown` is cancelled; the endpoints and the registry must have been made with the same
/// token. Then new requests are refused, and those that are running have so long to finish.
pub async fn serve(
    listener: TcpListener,
    site: impl Into<Site>,
    shutdown: CancellationToken,
    limit: Duration,
) {
    let Site {
        directory,
        registry,
        gate,
        admin,
    } = site.into();
    let shared = Arc::new(Shared {
        directory,
        registry,
        gate,
        shutdown: shutdown.clone(),
    });
    let stop = CancellationToken::new();
    let accepting = tokio::spawn(connection::accept(
        listener,
        TowerToHyperService::new(router(&shared, admin)),
        stop.clone(),
    ));
    shutdown.cancelled().await;
    if tokio::time::timeout(limit, shared.finish()).await.is_err() {
        tracing::warn!("calls are still running; their outcome is unknown");
        shared.end();
    }
    stop.cancel();
    // It fails only if it panicked, and then there is nothing left to close.
    let _ = accepting.await;
}

impl Shared {
    /// Waits for what is running, then ends everything.
    async fn finish(&self) {
        let fixed = join_all(self.directory.endpoints().map(|endpoint| endpoint.finish()));
        let provisioned = async {
            if let Some(registry) = &self.registry {
                registry.finish().await;
            }
        };
        tokio::join!(fixed, provisioned);
    }

    /// Ends everything at once.
    fn end(&self) {
        self.directory
            .endpoints()
            .for_each(|endpoint| endpoint.end());
        if let Some(registry) = &self.registry {
            registry.end();
        }
    }
}

fn router(shared: &Arc<Shared>, admin: Option<Router>) -> Router {
    let pages = Router::new()
        .route("/mcp/{token}", any(mcp).layer(browser::layer(shared)))
        .route(
            &format!("{}/{{*rest}}", gate::METADATA),
            get(provisioned::metadata),
        )
        .route("/healthz", get(|| async { "alive\n" }))
        .route("/readyz", get(ready))
        .with_state(Arc::clone(shared));
    pages
        .merge(admin.unwrap_or_default())
        .fallback(|| async { nothing() })
        .layer(middleware::from_fn(observe::observe))
}

async fn mcp(
    State(shared): State<Arc<Shared>>,
    Path(token): Path<String>,
    request: Request,
) -> Response {
    if let Some(endpoint) = shared.directory.find(&token) {
        return endpoint.handle(request, Access::All).await;
    }
    match &shared.registry {
        Some(registry) => provisioned::handle(registry, &shared.gate, &token, request).await,
        None => nothing(),
    }
}

/// Whether requests should be sent here. Once the store has been away for longer than servers go on from memory,
/// every provisioned URL answers 503, and another replica may do better.
async fn ready(State(shared): State<Arc<Shared>>) -> (StatusCode, &'static str) {
    let registry = shared.registry.as_ref();
    if shared.shutdown.is_cancelled() {
        (StatusCode::SERVICE_UNAVAILABLE, "shutting down\n")
    } else if registry.is_some_and(|registry| !registry.status().is_available) {
        (
            StatusCode::SERVICE_UNAVAILABLE,
            "the store does not answer\n",
        )
    } else {
        (StatusCode::OK, "ready\n")
    }
}
