//! Replies on their way to the client.
//!
//! Headers about rate limits have to be known when the head is sent. A reply in one piece waits for the
//! result anyway. One that is a stream, as every reply to a call in a session is, waits up to ten
//! seconds for its first message, which is the result unless the client asked for progress: then it is
//! the first sign of progress, it comes at once, and the headers cannot come. The result itself says
//! the limits in every case.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::http::{HeaderMap, header};
use axum::response::Response;
use futures_util::StreamExt as _;
use http_body::{Frame, SizeHint};
use http_body_util::{BodyExt as _, BodyStream, StreamBody};
use tokio_util::sync::CancellationToken;

/// How long the head of a reply waits for the call's result, so that it can say what the result
/// says about limits. A result that takes longer says it in its content only.
const PATIENCE: Duration = Duration::from_secs(10);

/// A body that holds on to something until it has been sent.
struct Reply<T> {
    first: VecDeque<Bytes>,
    rest: Body,
    _held: T,
}

/// Keeps what says that a request is running until its reply has been sent or given up.
pub(super) fn holding<T: Send + Unpin + 'static>(
    response: Response,
    first: VecDeque<Bytes>,
    held: T,
) -> Response {
    response.map(|rest| {
        Body::new(Reply {
            first,
            rest,
            _held: held,
        })
    })
}

/// Marks a reply that stays open for as long as the client likes, and that tells it nothing but news.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Listening;

/// Ends a reply in good order once `end` is cancelled, whatever is left of it.
pub(crate) fn until(response: Response, end: CancellationToken) -> Response {
    response.map(|body| {
        let frames = BodyStream::new(body).take_until(end.cancelled_owned());
        Body::new(StreamBody::new(frames))
    })
}

/// Waits for the first message of a reply that is a stream of events, and returns the part of the body that
/// was read. The stream begins before the call has run, and its headers cannot be changed once they
/// are sent.
pub(super) async fn first_message(response: &mut Response) -> VecDeque<Bytes> {
    let mut read = VecDeque::new();
    if !is_stream(response.headers()) {
        return read;
    }
    let body = response.body_mut();
    let wait = async {
        while let Some(Ok(frame)) = body.frame().await {
            let Ok(bytes) = frame.into_data() else { break };
            let is_message = has_message(&bytes);
            read.push_back(bytes);
            if is_message {
                break;
            }
        }
    };
    // After that it is too late to say it in the head.
    let _ = tokio::time::timeout(PATIENCE, wait).await;
    read
}

/// Whether a body is a stream of events.
pub(in crate::protocol) fn is_stream(headers: &HeaderMap) -> bool {
    let value = headers.get(header::CONTENT_TYPE);
    value.is_some_and(|value| value.as_bytes().starts_with(b"text/event-stream"))
}

/// Whether an event carries a message: the first one of a stream only says how to resume it.
fn has_message(event: &[u8]) -> bool {
    event
        .split(|byte| *byte == b'\n')
        .filter_map(|line| line.strip_prefix(b"data:"))
        .any(|data| !data.trim_ascii().is_empty())
}

impl<T: Unpin> HttpBody for Reply<T> {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        match self.first.pop_front() {
            Some(bytes) => Poll::Ready(Some(Ok(Frame::data(bytes)))),
            None => Pin::new(&mut self.rest).poll_frame(context),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.first.is_empty() && self.rest.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        if self.first.is_empty() {
            self.rest.size_hint()
        } else {
            // Only streams are read ahead, and nobody knows how long they are.
            SizeHint::default()
        }
    }
}

/// The MCP library's body, which never fails, as the HTTP library's.
pub(super) fn body<B>(body: B) -> Body
where
    B: HttpBody<Data = Bytes, Error = Infallible> + Send + 'static,
{
    Body::new(body)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;
    use futures_util::stream;
    use tokio_util::task::TaskTracker;

    use super::*;

    fn stream_of(events: &'static [&'static str]) -> Response {
        let events = stream::iter(events).map(|event| Ok::<_, Infallible>(*event));
        let mut response = Response::new(Body::from_stream(events.chain(stream::pending())));
        let value = HeaderValue::from_static("text/event-stream");
        response.headers_mut().insert(header::CONTENT_TYPE, value);
        response
    }

    #[tokio::test]
    async fn the_head_waits_for_the_first_message() {
        let mut response = stream_of(&["id: 0\ndata: \n\n", "data: {}\n\n", "data: []\n\n"]);
        let first = first_message(&mut response).await;
        assert_eq!(first, ["id: 0\ndata: \n\n", "data: {}\n\n"]);
        let running = TaskTracker::new();
        let mut body = holding(response, first, running.token()).into_body();
        let mut sent = Vec::new();
        for _ in 0..3 {
            let frame = body.frame().await.unwrap().unwrap();
            sent.push(frame.into_data().unwrap());
        }
        assert_eq!(sent, ["id: 0\ndata: \n\n", "data: {}\n\n", "data: []\n\n"]);
    }

    #[tokio::test]
    async fn a_reply_runs_until_it_is_gone() {
        let running = TaskTracker::new();
        let reply = holding(
            Response::new(Body::from("{}")),
            VecDeque::new(),
            running.token(),
        );
        assert_eq!(reply.body().size_hint().exact(), Some(2));
        assert_eq!(running.len(), 1);
        drop(reply);
        assert!(running.is_empty());
    }

    #[tokio::test]
    async fn a_reply_without_an_end_can_be_ended() {
        let end = CancellationToken::new();
        let response = until(stream_of(&["data: {}\n\n"]), end.clone());
        let mut body = response.into_body();
        assert!(body.frame().await.unwrap().is_ok());
        end.cancel();
        assert!(body.frame().await.is_none());
    }
}
