//! The conversation with the remote server.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::body::Bytes;
use axum::http::{HeaderValue, StatusCode};
use futures_util::{Stream, StreamExt as _};
use reqwest::Response;
use sse_stream::SseStream;
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

use super::answer::{self, Failure};
use super::message::Message;
use super::output::Output;
use super::remote::{Handshake, Remote};
use crate::protocol::http::is_stream;

/// The longest answer in one piece, in bytes.
const LONGEST: usize = 64 * 1024 * 1024;
/// How long a message without an answer may take; the next one waits for it.
const NOTIFICATION: Duration = Duration::from_secs(30);
/// How long the end of a session may take.
const GOODBYE: Duration = Duration::from_secs(5);
/// How long to wait before a stream that broke off is opened again.
const AGAIN: Duration = Duration::from_secs(1);
/// How long to wait at most while it cannot be opened; each time twice as long as before.
const LONGEST_WAIT: Duration = Duration::from_secs(60);
/// How often an answer that broke off is asked for.
const RESUMES: usize = 3;

/// A session with the remote server, for clients that have one; for others just the way to it.
pub(super) struct Session {
    remote: Remote,
    output: Output,
    state: Mutex<State>,
    /// Held while a new session takes the place of one that is gone.
    renewing: tokio::sync::Mutex<()>,
    /// Once cancelled, requests end whose answer never does.
    closed: CancellationToken,
}

#[derive(Default)]
struct State {
    handshake: Handshake,
    /// What the client began with, to begin again.
    initialize: Option<Message>,
    initialized: Option<Message>,
    listener: Option<AbortOnDropHandle<()>>,
}

impl Session {
    pub(super) fn new(remote: Remote, output: Output) -> Self {
        Self {
            remote,
            output,
            state: Mutex::default(),
            renewing: tokio::sync::Mutex::default(),
            closed: CancellationToken::new(),
        }
    }

    /// Sends a request and passes on all that comes back, or says why nothing does.
    pub(super) async fn request(self: Arc<Self>, message: Message) {
        let Some(id) = message.id().cloned() else {
            return;
        };
        let result = if message.is_initialize() {
            self.initialize(&message).await
        } else if message.is_endless() {
            tokio::select! {
                () = self.closed.cancelled() => return,
                result = self.exchange(&message) => result,
            }
        } else {
            self.exchange(&message).await
        };
        if let Err(failure) = result {
            tracing::warn!(%failure, "a request failed");
            self.output.write(&failure.answer(&id)).await;
        }
    }

    /// Sends a message that expects no answer.
    pub(super) async fn notify(self: Arc<Self>, message: Message) {
        match tokio::time::timeout(NOTIFICATION, self.exchange(&message)).await {
            Ok(Ok(())) => {}
            Ok(Err(failure)) => tracing::warn!(%failure, "a notification was not delivered"),
            Err(_) => tracing::warn!("a notification was not accepted in time"),
        }
        if message.is_initialized() {
            self.state(|state| state.initialized = Some(message));
            self.listen();
        }
    }

    /// Ends what only the client's end can end.
    pub(super) fn close_listeners(&self) {
        self.closed.cancel();
        self.state(|state| state.listener = None);
    }

    /// Ends the session.
    pub(super) async fn end(&self) {
        let handshake = self.state(|state| std::mem::take(&mut state.handshake));
        if handshake.session.is_some() {
            let _ = tokio::time::timeout(GOODBYE, self.remote.delete(&handshake)).await;
        }
    }

    fn state<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        change(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Begins a session.
    async fn initialize(&self, message: &Message) -> Result<(), Failure> {
        let (handshake, answer) = self.open(message).await?;
        self.state(|state| {
            state.handshake = handshake;
            state.initialize = Some(message.clone());
        });
        self.relay(&answer).await
    }

    /// Sends `initialize` and gives the session with the answer.
    async fn open(&self, message: &Message) -> Result<(Handshake, Bytes), Failure> {
        let response = self.remote.post(message, &Handshake::default()).await?;
        let response = Failure::check(response).await?;
        let mut handshake = Handshake::of(&response);
        let answer = only_answer(response, message).await?;
        let version = answer::version(&answer);
        handshake.version = version.and_then(|version| HeaderValue::try_from(version).ok());
        Ok((handshake, answer))
    }

    /// Sends a message, once more if the session turns out to be gone: the server has not looked at it.
    async fn exchange(self: &Arc<Self>, message: &Message) -> Result<(), Failure> {
        if message.version().is_some() {
            return self.send(message, &Handshake::default()).await;
        }
        let handshake = self.state(|state| state.handshake.clone());
        match self.send(message, &handshake).await {
            Err(failure) if failure.is_not_found() && handshake.session.is_some() => {
                let handshake = self.renew(&handshake).await?;
                self.send(message, &handshake).await
            }
            result => result,
        }
    }

    /// Begins a new session in the place of `old`, unless another request has done so.
    async fn renew(self: &Arc<Self>, old: &Handshake) -> Result<Handshake, Failure> {
        let _renewing = self.renewing.lock().await;
        let (now, initialize, initialized) = self.state(|state| {
            let State {
                handshake,
                initialize,
                initialized,
                ..
            } = state;
            (handshake.clone(), initialize.clone(), initialized.clone())
        });
        if now != *old {
            return Ok(now);
        }
        let initialize = initialize.ok_or(Failure::NoSession)?;
        let (handshake, _) = self
            .open(&initialize)
            .await
            .map_err(|_| Failure::NoSession)?;
        if let Some(initialized) = initialized {
            self.send(&initialized, &handshake).await?;
        }
        tracing::info!("the session was gone; a new one has been opened");
        self.state(|state| state.handshake = handshake.clone());
        self.listen();
        Ok(handshake)
    }

    /// Sends a message and passes on what comes back.
    async fn send(&self, message: &Message, handshake: &Handshake) -> Result<(), Failure> {
        let response = self.remote.post(message, handshake).await?;
        let response = Failure::check(response).await?;
        if is_stream(response.headers()) {
            return self.pass_on(response, message, handshake).await;
        }
        let is_empty = matches!(
            response.status(),
            StatusCode::ACCEPTED | StatusCode::NO_CONTENT
        );
        match (message.id(), is_empty) {
            (None, _) => Ok(()),
            (Some(_), true) => Err(Failure::NotAMessage),
            (Some(_), false) => self.relay(&whole_answer(response, message).await?).await,
        }
    }

    /// Passes on the messages of a stream until the answer has been among them. A stream that breaks
    /// off before is asked for the rest. The server has had the message by then, so whatever goes
    /// wrong from here on leaves the outcome open.
    async fn pass_on(
        &self,
        response: Response,
        message: &Message,
        handshake: &Handshake,
    ) -> Result<(), Failure> {
        let mut last_event = None;
        let is_answered = self.pass_on_part(response, message, &mut last_event);
        if is_answered.await? || message.id().is_none() || message.is_endless() {
            return Ok(());
        }
        if handshake.session.is_none() {
            return Err(Failure::Lost);
        }
        for _ in 0..RESUMES {
            let Some(event) = last_event.clone() else {
                break;
            };
            tokio::time::sleep(AGAIN).await;
            let rest = match self.stream(handshake, Some(&event)).await {
                Ok(rest) => rest,
                Err(failure) if failure.is_final_for_streams() => break,
                Err(_) => continue,
            };
            if self.pass_on_part(rest, message, &mut last_event).await? {
                return Ok(());
            }
        }
        Err(Failure::Lost)
    }

    /// Passes on the messages of a stream to its end; gives whether the answer was among them.
    async fn pass_on_part(
        &self,
        response: Response,
        message: &Message,
        last_event: &mut Option<String>,
    ) -> Result<bool, Failure> {
        let mut events = messages(response, last_event);
        let mut is_answered = false;
        while let Some(data) = events.next().await {
            is_answered |= message.id().is_some_and(|id| answer::answers(&data, id));
            self.relay(&data).await?;
        }
        Ok(is_answered)
    }

    /// A stream of the server's, from the beginning or from an event on.
    async fn stream(
        &self,
        handshake: &Handshake,
        last_event: Option<&str>,
    ) -> Result<Response, Failure> {
        let response = self.remote.listen(handshake, last_event).await?;
        let response = Failure::check(response).await?;
        if is_stream(response.headers()) {
            Ok(response)
        } else {
            Err(Failure::NoStream)
        }
    }

    async fn relay(&self, message: &[u8]) -> Result<(), Failure> {
        let is_relayed = self.output.relay(message).await;
        is_relayed.then_some(()).ok_or(Failure::NotAMessage)
    }

    /// Opens the stream on which the server speaks first, for as long as the session lasts.
    fn listen(self: &Arc<Self>) {
        let handshake = self.state(|state| state.handshake.clone());
        if handshake.session.is_none() || self.closed.is_cancelled() {
            return;
        }
        let session = Arc::clone(self);
        let task = tokio::spawn(async move { session.hear(&handshake).await });
        self.state(|state| state.listener = Some(AbortOnDropHandle::new(task)));
    }

    /// Passes on what the server says first, until it has no such stream or no longer this session.
    async fn hear(&self, handshake: &Handshake) {
        let mut last_event = None;
        let mut wait = AGAIN;
        loop {
            match self.stream(handshake, last_event.as_deref()).await {
                Ok(response) => {
                    let mut events = messages(response, &mut last_event);
                    while let Some(data) = events.next().await {
                        let _ = self.relay(&data).await;
                    }
                    wait = AGAIN;
                }
                Err(failure) if failure.is_final_for_streams() => return,
                Err(failure) => {
                    let asked = failure.retry_after().unwrap_or_default();
                    wait = (wait * 2).max(asked).min(LONGEST_WAIT);
                }
            }
            tokio::time::sleep(wait).await;
        }
    }
}

/// The messages in a stream of events; keeps the id of the last event.
fn messages(
    response: Response,
    last_event: &mut Option<String>,
) -> impl Stream<Item = Vec<u8>> + Unpin {
    let events = SseStream::from_bytes_stream(response.bytes_stream());
    let events = events.take_while(|event| std::future::ready(event.is_ok()));
    Box::pin(events.filter_map(move |event| {
        let event = event.ok();
        if let Some(id) = event.as_ref().and_then(|event| event.id.clone()) {
            *last_event = Some(id);
        }
        let data = event.and_then(|event| event.data);
        let data = data.filter(|data| !data.trim().is_empty());
        std::future::ready(data.map(String::into_bytes))
    }))
}

/// The answer to a request where it comes in one piece.
async fn whole_answer(response: Response, message: &Message) -> Result<Bytes, Failure> {
    let body = answer::body(response, LONGEST).await?;
    let is_answer = message.id().is_some_and(|id| answer::answers(&body, id));
    is_answer.then_some(body).ok_or(Failure::NotAMessage)
}

/// The answer to a request, without what comes before it.
async fn only_answer(response: Response, message: &Message) -> Result<Bytes, Failure> {
    if !is_stream(response.headers()) {
        return whole_answer(response, message).await;
    }
    let mut last_event = None;
    let mut events = messages(response, &mut last_event);
    while let Some(data) = events.next().await {
        if message.id().is_some_and(|id| answer::answers(&data, id)) {
            return Ok(data.into());
        }
    }
    Err(Failure::Lost)
}
