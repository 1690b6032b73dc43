//! Just enough HTTP/1.1 to see a request exactly as it was sent.
//!
//! HTTP libraries parse the request target into a URI and drop or tidy parts of it (a fragment, for
//! one). A judge of what is on the wire must see every byte, so requests are read by hand here.

use std::fmt::Write as _;
use std::io;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

use super::answer::Answer;

/// Longest request head (request line and headers) that is read, in bytes.
const MAX_HEAD: usize = 1 << 20;

/// A request as it came over the wire.
#[derive(Debug, Clone, Default)]
pub(crate) struct RawRequest {
    pub(crate) method: String,
    /// The request target, nothing decoded, nothing removed.
    pub(crate) target: String,
    /// Names and values in the order of arrival, names as they were spelt.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    /// What was wrong with the message itself, if it was not proper HTTP/1.1.
    pub(crate) malformed: Option<String>,
}

impl RawRequest {
    /// All values of a header, whatever the case of its name.
    pub(crate) fn header_values(&self, name: &str) -> Vec<&str> {
        self.headers
            .iter()
            .filter(|(header, _)| header.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
            .collect()
    }

    fn malformed(mut self, problem: impl Into<String>) -> Self {
        self.malformed = Some(problem.into());
        self
    }
}

/// Reads the next request of a connection; `None` when the client has closed it.
pub(crate) async fn read_request(
    stream: &mut BufReader<TcpStream>,
) -> io::Result<Option<RawRequest>> {
    let mut request = RawRequest::default();
    let mut head_length = 0;
    let mut first_line = true;
    loop {
        let mut line = Vec::new();
        let limit = (MAX_HEAD - head_length) as u64;
        let length = (&mut *stream)
            .take(limit)
            .read_until(b'\n', &mut line)
            .await?;
        if length == 0 && first_line {
            return Ok(None);
        }
        head_length += length;
        if head_length == MAX_HEAD {
            return Ok(Some(request.malformed("the request head is too long")));
        }
        let Some(line) = line.strip_suffix(b"\r\n") else {
            return Ok(Some(
                request.malformed("a line of the head does not end with CR LF"),
            ));
        };
        let line = String::from_utf8_lossy(line).into_owned();
        if first_line {
            first_line = false;
            let parts: Vec<&str> = line.split(' ').collect();
            let [method, target, version] = parts[..] else {
                request.target = line;
                return Ok(Some(
                    request.malformed("the request line is not `METHOD target HTTP/1.1`"),
                ));
            };
            method.clone_into(&mut request.method);
            target.clone_into(&mut request.target);
            if version != "HTTP/1.1" {
                let problem = format!("the protocol is `{version}`, not HTTP/1.1");
                return Ok(Some(request.malformed(problem)));
            }
        } else if line.is_empty() {
            break;
        } else if let Some((name, value)) = line.split_once(':')
            && !name.is_empty()
            && !name.contains(char::is_whitespace)
        {
            request
                .headers
                .push((name.to_owned(), value.trim().to_owned()));
        } else {
            let problem = format!("`{line}` is not a header");
            return Ok(Some(request.malformed(problem)));
        }
    }
    read_body(stream, request).await.map(Some)
}

async fn read_body(
    stream: &mut BufReader<TcpStream>,
    mut request: RawRequest,
) -> io::Result<RawRequest> {
    if !request.header_values("transfer-encoding").is_empty() {
        return Ok(request.malformed("bodies must have a Content-Length, not a Transfer-Encoding"));
    }
    let length = match request.header_values("content-length")[..] {
        [] => 0,
        [length] => match length.parse() {
            Ok(length) => length,
            Err(_) => return Ok(request.malformed("Content-Length is not a number")),
        },
        _ => return Ok(request.malformed("more than one Content-Length")),
    };
    request.body = vec![0; length];
    stream.read_exact(&mut request.body).await?;
    Ok(request)
}

/// Writes an answer; its headers need neither `content-length` nor `connection`.
pub(crate) async fn write_answer(
    stream: &mut BufReader<TcpStream>,
    answer: &Answer,
    close: bool,
) -> io::Result<()> {
    let (status, length) = (answer.status, answer.body.len());
    // The reason phrase is optional and nobody reads it.
    let mut head = format!("HTTP/1.1 {status} \r\ncontent-length: {length}\r\n");
    for (name, value) in &answer.headers {
        let _ = write!(head, "{name}: {value}\r\n");
    }
    if close {
        head.push_str("connection: close\r\n");
    }
    head.push_str("\r\n");
    // In one piece: the system would hold a second one back until the first has been acknowledged.
    let mut message = head.into_bytes();
    message.extend_from_slice(&answer.body[..length - answer.missing]);
    stream.write_all(&message).await?;
    stream.flush().await
}
