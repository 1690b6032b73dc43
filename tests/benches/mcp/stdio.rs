//! Calls through `billsby-mcp stdio`: all of them over one pair of pipes.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::process::ChildStdin;
use tokio::sync::{mpsc, oneshot};

use crate::load::Caller;
use crate::process::Server;
use crate::upstream::{COMPANY_DOMAIN, CUSTOMER, Upstream};

pub(crate) async fn start(upstream: &Upstream, in_flight: usize) -> (Server, Stdio) {
    let mut server = Server::start(upstream, &["stdio"]);
    let input = server.child.stdin.take().expect("a pipe");
    let output = server.child.stdout.take().expect("a pipe");
    let (messages, queue) = mpsc::channel(in_flight);
    let waiting = Waiting::default();
    tokio::spawn(write(input, queue));
    tokio::spawn({
        let waiting = Arc::clone(&waiting);
        async move {
            let mut lines = BufReader::new(output).lines();
            while let Ok(Some(line)) = lines.next_line().await {
                let answer: Value = serde_json::from_str(&line).expect("JSON");
                let caller = answer["id"]
                    .as_u64()
                    .and_then(|id| lock(&waiting).remove(&id));
                if let Some(caller) = caller {
                    caller.send(answer).expect("a waiting caller");
                }
            }
        }
    });
    let caller = Stdio { messages, waiting };
    let hello = json!({
        "protocolVersion": "2025-11-25",
        "capabilities": {},
        "clientInfo": {"name": "bench", "version": "0"},
    });
    caller.request("initialize", hello).await;
    let begin = json!({"jsonrpc": "2.0", "method": "notifications/initialized"});
    caller.messages.send(begin).await.expect("a running server");
    (server, caller)
}

/// Seconds from the start of the program until it has listed its tools.
pub(crate) async fn time_to_first_list(upstream: &Upstream) -> f64 {
    let start_time = Instant::now();
    let (_server, caller) = start(upstream, 1).await;
    let answer = caller.request("tools/list", json!({})).await;
    assert!(answer["result"]["tools"][0].is_object(), "{answer}");
    start_time.elapsed().as_secs_f64()
}

/// Those who wait for an answer, by the number of their request.
type Waiting = Arc<Mutex<HashMap<u64, oneshot::Sender<Value>>>>;

fn lock(waiting: &Waiting) -> std::sync::MutexGuard<'_, HashMap<u64, oneshot::Sender<Value>>> {
    waiting.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Writes messages until nobody sends any more.
async fn write(mut input: ChildStdin, mut queue: mpsc::Receiver<Value>) {
    while let Some(message) = queue.recv().await {
        let line = format!("{message}\n");
        input
            .write_all(line.as_bytes())
            .await
            .expect("a running server");
    }
}

/// A client of the server. Clones share its pipes.
#[derive(Clone)]
pub(crate) struct Stdio {
    messages: mpsc::Sender<Value>,
    waiting: Waiting,
}

impl Stdio {
    async fn request(&self, method: &str, params: Value) -> Value {
        let (answered, answer) = oneshot::channel();
        let id = {
            /// Numbers need to be unique only among the requests of one server.
            static NEXT: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(1);
            NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed)
        };
        lock(&self.waiting).insert(id, answered);
        let message = json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params});
        self.messages.send(message).await.expect("a running server");
        answer.await.expect("an answer")
    }
}

impl Caller for Stdio {
    async fn call(&self) {
        let arguments = json!({"companyDomain": COMPANY_DOMAIN, "customerUniqueId": CUSTOMER});
        let params = json!({"name": "get_customer", "arguments": arguments});
        let answer = self.request("tools/call", params).await;
        let found = &answer["result"]["structuredContent"]["customerUniqueId"];
        assert_eq!(found, CUSTOMER, "{answer}");
    }
}
