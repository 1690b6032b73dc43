//! A server for one connection, on this machine.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread::{self, JoinHandle};
use std::time::Duration;

pub(super) struct Loopback {
    pub(super) base_url: String,
    thread: JoinHandle<String>,
}

impl Loopback {
    /// Answers the first request with these bytes, and then closes the connection.
    pub(super) fn answering(answer: impl Into<Vec<u8>>) -> Self {
        let answer = answer.into();
        Self::start(move |stream| stream.write_all(&answer).unwrap())
    }

    /// Takes a request and never answers.
    pub(super) fn silent() -> Self {
        Self::start(|stream| {
            stream
                .set_read_timeout(Some(Duration::from_secs(10)))
                .unwrap();
            // Until the client gives up and closes the connection.
            let _ = stream.read(&mut [0]);
        })
    }

    fn start(then: impl FnOnce(&mut TcpStream) + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base_url = format!("http://{}/rest", listener.local_addr().unwrap());
        let thread = thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let request = read_request(&mut stream);
            then(&mut stream);
            request
        });
        Self { base_url, thread }
    }

    /// The request as it came, with the address taken out.
    pub(super) fn request(self) -> String {
        let host = self.base_url["http://".len()..].trim_end_matches("/rest");
        let request = self.thread.join().unwrap();
        request.replace(host, "HOST").replace('\r', "")
    }
}

fn read_request(stream: &mut TcpStream) -> String {
    let mut request = String::new();
    while !is_complete(&request) {
        let mut bytes = [0; 4096];
        let count = stream.read(&mut bytes).unwrap();
        assert_ne!(count, 0, "the request ended early: {request}");
        request.push_str(std::str::from_utf8(&bytes[..count]).unwrap());
    }
    request
}

fn is_complete(request: &str) -> bool {
    let Some((head, body)) = request.split_once("\r\n\r\n") else {
        return false;
    };
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))
        .map_or(0, |length| length.parse().unwrap());
    body.len() >= length
}

/// An answer with a body of the right length.
pub(super) fn answer(status: &str, content_type: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\ncontent-type: {content_type}\r\ncontent-length: {length}\r\n\r\n{body}"
    )
}
