//! The Model Context Protocol. The only module that names the MCP library.

pub mod bridge;
pub mod http;

mod completion;
mod convert;
mod instructions;
mod line;
mod message;
mod progress;
mod prompt;
mod resource;
mod scene;
mod server;
mod stdio;

use std::sync::Arc;
use std::time::Duration;

use rmcp::ServiceExt as _;
use rmcp::service::ServerInitializeError;
use tokio_util::sync::CancellationToken;

use crate::account::Account;
use server::Server;
use stdio::Stdio;

/// The longest time limit that a call may be given. Whatever waits for calls waits longer.
pub const LONGEST_CALL: Duration = Duration::from_secs(600);

/// The protocol could not be spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ServeError {
    /// The client did not begin as the protocol demands.
    #[error(
        "the client did not begin a session: this command is meant to be started by an MCP client"
    )]
    Handshake,
    /// The server stopped unexpectedly.
    #[error("the server stopped unexpectedly")]
    Stopped,
}

/// Serves an account over standard input and output until the client closes its end or `shutdown` is
/// cancelled, then waits for the calls that are still running.
///
/// # Errors
///
/// The client never began a session, or the server stopped unexpectedly.
pub async fn serve_stdio(
    account: Arc<Account>,
    shutdown: CancellationToken,
) -> Result<(), ServeError> {
    let server = Server::new(Arc::clone(&account));
    let (input, output) = rmcp::transport::stdio_pipes();
    let running = match server.serve(Stdio::new(input, output, shutdown)).await {
        Ok(running) => running,
        // A client that closes its end before it says anything has done no wrong.
        Err(ServerInitializeError::ConnectionClosed(_)) => return Ok(()),
        // The library's error quotes the message it could not use.
        Err(_) => return Err(ServeError::Handshake),
    };
    let ended = running.waiting().await;
    account.finished().await;
    ended.map(|_| ()).map_err(|_| ServeError::Stopped)
}
