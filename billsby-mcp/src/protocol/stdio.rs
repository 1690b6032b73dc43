//! Messages over standard input and output, one on each line.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;

use futures_util::StreamExt as _;
use rmcp::model::{
    ClientJsonRpcMessage, ClientRequest, GetExtensions as _, GetMeta as _, JsonRpcMessage,
    ProtocolVersion, ServerJsonRpcMessage,
};
use rmcp::service::RoleServer;
use rmcp::transport::Transport;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _};
use tokio::sync::Mutex;
use tokio_util::codec::FramedRead;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::line::{Line, Lines};
use super::message::{self, Refusal};

/// What the MCP library asks of a connection. Its own one stays silent on a line that is not JSON, and
/// gives running calls five seconds once the client has closed its end.
pub(super) struct Stdio<R, W> {
    input: FramedRead<R, Lines>,
    output: Arc<Mutex<W>>,
    /// Requests that are being handled: each carries a token of this tracker until it is done with.
    running: TaskTracker,
    /// Asks for the end as if the client had closed its end.
    shutdown: CancellationToken,
    /// The answer to a line that could not be used, while it is on its way. Kept here, because the
    /// library drops a read that is under way and begins it anew.
    refusal: Option<Writing>,
    /// Whether the client has begun to work.
    begun: bool,
}

type Writing = Pin<Box<dyn Future<Output = io::Result<()>> + Send>>;

impl<R, W> Stdio<R, W>
where
    R: AsyncRead + Send + Unpin,
    W: AsyncWrite + Send + Unpin + 'static,
{
    pub(super) fn new(input: R, output: W, shutdown: CancellationToken) -> Self {
        Self {
            input: FramedRead::new(input, Lines::default()),
            output: Arc::new(Mutex::new(output)),
            running: TaskTracker::new(),
            shutdown,
            refusal: None,
            begun: false,
        }
    }

    /// The next line; none once the client has closed its end or the end was asked for.
    async fn line(&mut self) -> Option<Line> {
        tokio::select! {
            biased;
            () = self.shutdown.cancelled() => None,
            line = self.input.next() => line?.inspect_err(|error| {
                tracing::error!(kind = %error.kind(), "standard input cannot be read");
            }).ok(),
        }
    }

    /// Whether the message is for the library. Until a request has begun the work, it takes anything but
    /// a request for a sign that the client cannot speak the protocol, and gives up.
    fn admit(&mut self, message: &mut ClientJsonRpcMessage) -> bool {
        let JsonRpcMessage::Request(request) = message else {
            return self.begun;
        };
        self.begun |= begins(&request.request);
        request
            .request
            .extensions_mut()
            .insert(self.running.token());
        true
    }
}

/// Whether the library takes a request for the beginning: of a session, or of work without one.
fn begins(request: &ClientRequest) -> bool {
    match request {
        ClientRequest::InitializeRequest(_) => true,
        ClientRequest::PingRequest(_) | ClientRequest::DiscoverRequest(_) => false,
        other => {
            let meta = other.get_meta();
            let version = meta.protocol_version();
            meta.missing_required_keys(&ProtocolVersion::V_2026_07_28)
                .is_empty()
                && version.is_some_and(|version| ProtocolVersion::KNOWN_VERSIONS.contains(&version))
        }
    }
}

impl<R, W> Transport<RoleServer> for Stdio<R, W>
where
    R: AsyncRead + Send + Unpin,
    W: AsyncWrite + Send + Unpin + 'static,
{
    type Error = io::Error;

    fn send(
        &mut self,
        message: ServerJsonRpcMessage,
    ) -> impl Future<Output = io::Result<()>> + Send + 'static {
        let output = Arc::clone(&self.output);
        async move { write(&output, &message).await }
    }

    async fn receive(&mut self) -> Option<ClientJsonRpcMessage> {
        loop {
            if let Some(refusal) = &mut self.refusal {
                let written = refusal.await;
                self.refusal = None;
                written.ok()?;
            }
            let read = match self.line().await {
                None => break,
                Some(Line::TooLong) => Err(Refusal::too_long()),
                Some(Line::Text(text)) if text.trim_ascii().is_empty() => continue,
                Some(Line::Text(text)) => message::read(&text),
            };
            match read {
                Ok(mut message) => {
                    if self.admit(&mut message) {
                        return Some(message);
                    }
                }
                Err(refusal) => {
                    let output = Arc::clone(&self.output);
                    self.refusal = Some(Box::pin(async move {
                        write(&output, &refusal.into_answer()).await
                    }));
                }
            }
        }
        self.running.close();
        self.running.wait().await;
        None
    }

    async fn close(&mut self) -> io::Result<()> {
        self.output.lock().await.shutdown().await
    }
}

async fn write<W: AsyncWrite + Unpin>(
    output: &Mutex<W>,
    message: &ServerJsonRpcMessage,
) -> io::Result<()> {
    let mut line = serde_json::to_vec(message)?;
    line.push(b'\n');
    let mut output = output.lock().await;
    output.write_all(&line).await?;
    output.flush().await
}
