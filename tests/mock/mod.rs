//! A strict Billsby in the same process.
//!
//! It knows the 58 operations from its own table (`operations/`), which was written from what is known
//! about the API and shares nothing with the document, the generator or the SDK. Whatever does not look
//! exactly like one of them is refused with a reason, in the header `x-mock-reason` and in the body.

mod answer;
mod check;
mod http;
pub(crate) mod operation;
pub(crate) mod percent;
mod schema;

use std::collections::{HashMap, VecDeque};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use tokio::io::BufReader;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

pub(crate) use answer::Answer;
use check::Refusal;
use http::RawRequest;

/// The path under which the mock serves the API, as the real host does.
pub(crate) const BASE_PATH: &str = "/api/v1/rest";
/// The only company there is.
pub(crate) const COMPANY_DOMAIN: &str = "widgets";
/// The only key that opens it.
pub(crate) const API_KEY: &str = "widgets_00000000000000000000000000c0ffee";

/// A running mock; it stops when it is dropped.
#[derive(Debug)]
pub(crate) struct Mock {
    address: SocketAddr,
    state: Arc<State>,
    task: JoinHandle<()>,
}

#[derive(Debug, Default)]
struct State {
    recorded: Mutex<Vec<Recorded>>,
    answers: Mutex<HashMap<String, VecDeque<Answer>>>,
}

/// A request that arrived, and what became of it.
#[derive(Debug, Clone)]
pub(crate) struct Recorded {
    pub(crate) method: String,
    /// The request target exactly as it was sent.
    pub(crate) target: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    /// The id of the operation, when the request was accepted.
    pub(crate) operation: Option<String>,
    /// Decoded path values by the name in the path template, when it was accepted.
    pub(crate) path_values: Vec<(String, String)>,
    /// Why it was refused, otherwise.
    pub(crate) refusal: Option<String>,
}

impl Mock {
    /// Starts a mock on a free port of this machine.
    pub(crate) async fn start() -> Self {
        // A slip in the tables should show here, not as a connection that breaks.
        let _ = operation::all();
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("a bound listener");
        let state = Arc::new(State::default());
        let task = tokio::spawn(accept(listener, Arc::clone(&state)));
        Self {
            address,
            state,
            task,
        }
    }

    /// The base URL to give to a client, without a slash at its end.
    pub(crate) fn url(&self) -> String {
        format!("http://{}{BASE_PATH}", self.address)
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// All requests so far, in order of arrival.
    pub(crate) fn recorded(&self) -> Vec<Recorded> {
        self.state.recorded.lock().expect("no panic inside").clone()
    }

    /// Removes and returns all requests so far.
    pub(crate) fn take_all(&self) -> Vec<Recorded> {
        std::mem::take(&mut *self.state.recorded.lock().expect("no panic inside"))
    }

    /// Removes and returns the only request; panics unless there is exactly one and it was accepted.
    #[track_caller]
    pub(crate) fn take_one(&self) -> Recorded {
        let mut all = self.take_all();
        assert!(all.len() == 1, "expected one request, got {all:#?}");
        let only = all.remove(0);
        if let Some(reason) = &only.refusal {
            panic!("{} {} was refused: {reason}", only.method, only.target);
        }
        only
    }

    /// Panics if anything has been sent.
    #[track_caller]
    pub(crate) fn assert_untouched(&self) {
        let all = self.recorded();
        assert!(all.is_empty(), "expected no request, got {all:#?}");
    }

    /// Answers the next accepted request of an operation with this instead of the documented answer.
    /// Several of them are used up in order.
    pub(crate) fn answer_with(&self, operation: &str, answer: Answer) {
        let id = operation::find(operation).id.clone();
        let mut answers = self.state.answers.lock().expect("no panic inside");
        answers.entry(id).or_default().push_back(answer);
    }
}

impl Drop for Mock {
    fn drop(&mut self) {
        // The connections are tasks of a set inside this task, so they end with it.
        self.task.abort();
    }
}

impl Recorded {
    /// The path below the base path, still encoded.
    pub(crate) fn path(&self) -> &str {
        let path = self.target.split('?').next().unwrap_or_default();
        path.strip_prefix(BASE_PATH).unwrap_or(path)
    }

    /// The decoded query pairs in the order of the wire; empty when the query cannot be decoded.
    pub(crate) fn query(&self) -> Vec<(String, String)> {
        let query = self.target.split_once('?').map(|(_, query)| query);
        query
            .and_then(|query| check::query_pairs(query).ok())
            .unwrap_or_default()
    }

    /// The decoded value of a path parameter.
    pub(crate) fn path_value(&self, name: &str) -> Option<&str> {
        let found = self.path_values.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The value of a header, whatever the case of its name.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        let found = headers.find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// The body as JSON; `None` when there is no body. Panics when it is something else.
    pub(crate) fn json(&self) -> Option<Value> {
        (!self.body.is_empty()).then(|| {
            serde_json::from_slice(&self.body)
                .unwrap_or_else(|error| panic!("the body is not JSON: {error}"))
        })
    }
}

async fn accept(listener: TcpListener, state: Arc<State>) {
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        connections.spawn(serve(stream, Arc::clone(&state)));
        // Forget the connections that have ended.
        while connections.try_join_next().is_some() {}
    }
}

/// Serves one connection until the client closes it or an answer says so.
async fn serve(stream: TcpStream, state: Arc<State>) {
    let mut stream = BufReader::new(stream);
    while let Ok(Some(request)) = http::read_request(&mut stream).await {
        // After a malformed message nobody knows where the next one begins.
        let mut close = request.malformed.is_some()
            || request
                .header_values("connection")
                .iter()
                .any(|value| value.eq_ignore_ascii_case("close"));
        let answer = state.answer(request);
        close |= answer.missing > 0;
        // Even a sleep of no time takes a millisecond.
        if !answer.delay.is_zero() {
            tokio::time::sleep(answer.delay).await;
        }
        if answer.cut {
            return;
        }
        let written = http::write_answer(&mut stream, &answer, close).await;
        if written.is_err() || close {
            return;
        }
    }
}

impl State {
    /// Records a request and says what to answer.
    fn answer(&self, request: RawRequest) -> Answer {
        let (answer, operation, path_values, refusal) = match check::check(&request) {
            Ok(accepted) => {
                let id = accepted.operation.id.clone();
                let mut answers = self.answers.lock().expect("no panic inside");
                let override_ = answers.get_mut(&id).and_then(VecDeque::pop_front);
                let answer = override_.unwrap_or_else(|| accepted.operation.answer.clone());
                (answer, Some(id), accepted.path_values, None)
            }
            Err(refusal) => {
                let answer = refusal_answer(&refusal);
                (answer, None, Vec::new(), Some(refusal.reason))
            }
        };
        let mut recorded = self.recorded.lock().expect("no panic inside");
        recorded.push(Recorded {
            method: request.method,
            target: request.target,
            headers: request.headers,
            body: request.body,
            operation,
            path_values,
            refusal,
        });
        answer
    }
}

fn refusal_answer(refusal: &Refusal) -> Answer {
    // A header value is visible ASCII; what was sent may be anything.
    let header: String = refusal
        .reason
        .chars()
        .flat_map(char::escape_default)
        .take(1000)
        .collect();
    Answer::json(refusal.status, &json!({ "reason": refusal.reason }))
        .header("x-mock-reason", &header)
}
