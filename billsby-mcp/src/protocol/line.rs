//! Lines of bounded length.

use std::io;

use tokio_util::bytes::{Buf as _, BytesMut};
use tokio_util::codec::Decoder;

use super::message::LIMIT;

/// A line without its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Line {
    Text(BytesMut),
    /// A line longer than the limit. Its content has been thrown away.
    TooLong,
}

/// Splits bytes into lines and never keeps more than one line's limit of them.
#[derive(Debug, Default)]
pub(super) struct Lines {
    /// How many bytes at the beginning of the buffer are known to hold no line end.
    searched: usize,
    /// Whether the rest of a line that was too long is still to come.
    discarding: bool,
}

impl Lines {
    /// Takes the text of a line whose end is `end` off the buffer.
    fn take(&mut self, buffer: &mut BytesMut, end: usize) -> Line {
        let mut text = buffer.split_to(end);
        self.searched = 0;
        if text.len() > LIMIT {
            return Line::TooLong;
        }
        if text.last() == Some(&b'\r') {
            text.truncate(text.len() - 1);
        }
        Line::Text(text)
    }
}

impl Decoder for Lines {
    type Item = Line;
    type Error = io::Error;

    fn decode(&mut self, buffer: &mut BytesMut) -> io::Result<Option<Line>> {
        while let Some(offset) = buffer[self.searched..]
            .iter()
            .position(|byte| *byte == b'\n')
        {
            let line = self.take(buffer, self.searched + offset);
            buffer.advance(1);
            if !std::mem::take(&mut self.discarding) {
                return Ok(Some(line));
            }
        }
        if self.discarding {
            buffer.clear();
        } else if buffer.len() > LIMIT {
            buffer.clear();
            self.searched = 0;
            self.discarding = true;
            return Ok(Some(Line::TooLong));
        }
        self.searched = buffer.len();
        Ok(None)
    }

    /// The last line counts even if nothing ends it.
    fn decode_eof(&mut self, buffer: &mut BytesMut) -> io::Result<Option<Line>> {
        if let Some(line) = self.decode(buffer)? {
            return Ok(Some(line));
        }
        Ok(if buffer.is_empty() {
            None
        } else {
            let end = buffer.len();
            Some(self.take(buffer, end))
        })
    }
}

#[cfg(test)]
mod tests {
    use futures_util::StreamExt as _;
    use tokio_util::codec::FramedRead;

    use super::*;

    async fn lines(bytes: &[u8]) -> Vec<Line> {
        let lines = FramedRead::new(bytes, Lines::default());
        lines.map(Result::unwrap).collect().await
    }

    fn text(text: &[u8]) -> Line {
        Line::Text(BytesMut::from(text))
    }

    #[tokio::test]
    async fn every_kind_of_line_end_is_taken_off() {
        assert_eq!(
            lines(b"one\ntwo\r\n\nthree").await,
            [text(b"one"), text(b"two"), text(b""), text(b"three")]
        );
        assert_eq!(lines(b"").await, []);
    }

    #[tokio::test]
    async fn a_line_that_is_too_long_does_not_spoil_the_next() {
        let longest = vec![b'a'; LIMIT];
        let too_long = vec![b'a'; LIMIT + 1];
        let far_too_long = vec![b'a'; 3 * LIMIT];
        for (bytes, expected) in [
            (&longest, text(&longest)),
            (&too_long, Line::TooLong),
            (&far_too_long, Line::TooLong),
        ] {
            let bytes = [bytes.as_slice(), b"\nnext\n"].concat();
            let lines = lines(&bytes).await;
            assert_eq!(lines.len(), 2);
            assert!(lines[0] == expected, "{} bytes", bytes.len());
            assert_eq!(lines[1], text(b"next"));
        }
    }

    #[tokio::test]
    async fn no_more_than_a_line_is_kept() {
        let mut lines = Lines::default();
        let mut buffer = BytesMut::new();
        for _ in 0..100 {
            buffer.extend_from_slice(&vec![b'a'; LIMIT / 4]);
            let _ = lines.decode(&mut buffer).unwrap();
            assert!(buffer.len() <= LIMIT);
        }
    }
}
