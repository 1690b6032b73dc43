//! The Model Context Protocol. The only module that names the MCP library.

mod convert;
mod server;

use std::sync::Arc;

use rmcp::ServiceExt as _;
use rmcp::service::ServerInitializeError;

use crate::account::Account;
use server::Server;

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

/// Serves an account over standard input and output until the client closes its end, then waits
/// for the calls that are still running.
///
/// # Errors
///
/// The client never began a session, or the server stopped unexpectedly.
pub async fn serve_stdio(account: Arc<Account>) -> Result<(), ServeError> {
    let server = Server::new(Arc::clone(&account));
    let running = match server.serve(rmcp::transport::stdio_pipes()).await {
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
