//! Standard input and output on one side, a remote server over streamable HTTP on the other, for clients
//! that can only start a program.
//!
//! Messages pass through as they are, in both directions: the bridge reads only what HTTP wants in
//! headers. So it serves clients of every protocol version, and what the two sides know and it does
//! not survives.

mod answer;
mod message;
mod output;
mod remote;
mod session;
mod target;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt as _;
use rmcp::model::RequestId;
use tokio::task::{AbortHandle, JoinSet};
use tokio_util::codec::FramedRead;
use tokio_util::sync::CancellationToken;

use super::LONGEST_CALL;
use super::line::{Line, Lines};
use super::message::{Refusal, read};
use message::Message;
use output::Output;
pub use remote::InvalidHeader;
use remote::Remote;
use session::Session;
pub use target::{InvalidTarget, Target};

/// How long an answer may take, also once the client has closed its end: a minute longer than the
/// longest call that a server can be set to allow.
const LONGEST_ANSWER: Duration = Duration::from_secs(LONGEST_CALL.as_secs() + 60);

/// The bridge cannot be set up. None of the messages shows the address.
#[derive(Debug, thiserror::Error)]
pub enum BridgeError {
    /// The address cannot be used.
    #[error(transparent)]
    Target(#[from] InvalidTarget),
    /// A header cannot be sent.
    #[error(transparent)]
    Header(#[from] InvalidHeader),
    /// There is no HTTP client, for example because the system has no certificates.
    #[error("HTTP cannot be set up")]
    Http,
}

/// Relays until the client closes its end or `shutdown` is cancelled, then waits for the requests
/// that are running and ends the session.
///
/// `headers` are sent with every request.
///
/// # Errors
///
/// The bridge cannot be set up. What goes wrong later is answered to the client.
pub async fn bridge(
    target: Target,
    headers: &[(String, String)],
    shutdown: CancellationToken,
) -> Result<(), BridgeError> {
    let output = Output::default();
    let remote = Remote::new(target, headers)?;
    let session = Arc::new(Session::new(remote, output.clone()));
    let mut relay = Relay {
        session,
        output,
        running: JoinSet::new(),
        cancellable: HashMap::new(),
        shutdown: shutdown.clone(),
    };
    let mut lines = FramedRead::new(tokio::io::stdin(), Lines::default());
    loop {
        let line = tokio::select! {
            biased;
            () = shutdown.cancelled() => break,
            Some(_) = relay.running.join_next() => continue,
            line = lines.next() => line,
        };
        match line {
            Some(Ok(line)) => relay.take(line).await,
            Some(Err(_)) | None => break,
        }
    }
    relay.finish().await;
    Ok(())
}

/// What has been read and not yet answered.
struct Relay {
    session: Arc<Session>,
    output: Output,
    running: JoinSet<()>,
    /// How to give up requests whose cancelling is not a message over HTTP.
    cancellable: HashMap<RequestId, AbortHandle>,
    shutdown: CancellationToken,
}

impl Relay {
    async fn take(&mut self, line: Line) {
        let text = match line {
            Line::TooLong => return self.refuse(Refusal::too_long()).await,
            Line::Text(text) if text.trim_ascii().is_empty() => return,
            Line::Text(text) => text.freeze(),
        };
        if let Err(refusal) = read(&text) {
            return self.refuse(refusal).await;
        }
        let message = Message::new(text);
        if let Some(id) = message.cancels()
            && let Some(request) = self.cancellable.remove(id)
        {
            // The remote server takes the end of the connection for a cancellation.
            return request.abort();
        }
        let session = Arc::clone(&self.session);
        if let Some(id) = message.id().cloned() {
            let is_modern = message.version().is_some();
            let request = self
                .running
                .spawn(async move { session.request(message).await });
            self.cancellable.retain(|_, request| !request.is_finished());
            if is_modern {
                self.cancellable.insert(id, request);
            }
        } else {
            // In order: what follows may depend on it. Nothing follows the wish to end.
            tokio::select! {
                () = self.shutdown.cancelled() => {}
                () = session.notify(message) => {}
            }
        }
    }

    async fn refuse(&self, refusal: Refusal) {
        self.output.write(&refusal.into_answer()).await;
    }

    async fn finish(mut self) {
        self.session.close_listeners();
        let answered = async { while self.running.join_next().await.is_some() {} };
        if tokio::time::timeout(LONGEST_ANSWER, answered)
            .await
            .is_err()
        {
            tracing::warn!("requests are still running; their outcome is unknown");
        }
        self.running.shutdown().await;
        self.session.end().await;
    }
}
