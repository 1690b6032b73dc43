//! The body of a reply, sent whole or harmed on the way.

use std::pin::Pin;
use std::task::{Context, Poll};

use hyper::body::{Body, Bytes, Frame, SizeHint};

use super::Cut;

/// What is sent behind the head of a reply.
#[derive(Debug)]
pub(super) struct Payload {
    /// What is sent first.
    text: Option<Bytes>,
    end: End,
}

#[derive(Debug)]
enum End {
    /// That was all.
    Whole,
    /// So many blanks follow.
    Blanks(u64),
    /// The connection is cut, but not before the text has been sent.
    Cut { is_sent: bool },
}

/// Blanks are sent in pieces of this size.
const PIECE: &[u8] = &[b' '; 1 << 16];

impl Payload {
    pub(super) fn whole(text: impl Into<Bytes>) -> Self {
        Self {
            text: Some(text.into()),
            end: End::Whole,
        }
    }

    /// Takes the text away.
    pub(super) fn take_text(&mut self) -> Bytes {
        self.text.take().unwrap_or_default()
    }

    /// The text and as many blanks as it takes to have `length` bytes.
    pub(super) fn padded(text: Bytes, length: u64) -> Self {
        let blanks = length.saturating_sub(text.len() as u64);
        Self {
            text: Some(text),
            end: End::Blanks(blanks),
        }
    }

    /// The text, and then nothing where the head of the reply has announced more.
    pub(super) fn truncated(text: Bytes) -> Self {
        Self {
            text: Some(text),
            end: End::Cut { is_sent: false },
        }
    }
}

impl Body for Payload {
    type Data = Bytes;
    type Error = Cut;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Cut>>> {
        if let Some(text) = self.text.take()
            && !text.is_empty()
        {
            return Poll::Ready(Some(Ok(Frame::data(text))));
        }
        match &mut self.end {
            End::Whole | End::Blanks(0) => Poll::Ready(None),
            End::Blanks(left) => {
                let next = (*left).min(PIECE.len() as u64);
                *left -= next;
                let piece = Bytes::from_static(&PIECE[..usize::try_from(next).unwrap_or_default()]);
                Poll::Ready(Some(Ok(Frame::data(piece))))
            }
            End::Cut { is_sent: true } => Poll::Ready(Some(Err(Cut))),
            End::Cut { is_sent } => {
                // The server sends what it has while it waits for more.
                *is_sent = true;
                context.waker().wake_by_ref();
                Poll::Pending
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.text.as_ref().is_none_or(Bytes::is_empty) && matches!(self.end, End::Whole)
    }

    fn size_hint(&self) -> SizeHint {
        let text = self.text.as_ref().map_or(0, |text| text.len() as u64);
        match self.end {
            End::Whole => SizeHint::with_exact(text),
            End::Blanks(left) => SizeHint::with_exact(text + left),
            End::Cut { .. } => SizeHint::default(),
        }
    }
}
