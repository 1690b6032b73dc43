//! Threads that have a connection each and do what they are sent, one thing after the other.

use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use rusqlite::Connection;
use tokio::sync::oneshot;

use crate::store::StoreError;

type Job = Box<dyn FnOnce(&mut Connection) + Send>;

/// Threads that share a queue. They end when this is dropped and the queue is empty.
pub(super) struct Workers(Sender<Job>);

impl Workers {
    /// Starts a thread for each connection.
    pub(super) fn start(connections: Vec<Connection>) -> Result<Self, StoreError> {
        let (jobs, queue) = mpsc::channel::<Job>();
        let queue = Arc::new(Mutex::new(queue));
        for mut connection in connections {
            let queue = Arc::clone(&queue);
            let thread = thread::Builder::new().name("sqlite".to_owned());
            let started = thread.spawn(move || {
                while let Some(job) = next(&queue) {
                    job(&mut connection);
                }
            });
            started.map_err(|error| {
                StoreError::Unreachable(format!("no thread can be started for it: {error}"))
            })?;
        }
        Ok(Self(jobs))
    }

    /// Has something done. It is done to its end even if nobody waits for it any longer.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> T + Send + 'static,
    ) -> Result<T, StoreError> {
        let (done, result) = oneshot::channel();
        let job = move |connection: &mut Connection| {
            // Nobody waits for it any longer.
            let _ = done.send(work(connection));
        };
        let stopped = || StoreError::Unreachable("its thread has ended".to_owned());
        self.0.send(Box::new(job)).map_err(|_| stopped())?;
        result.await.map_err(|_| stopped())
    }
}

/// The next thing to do; none when there will be no more. Whoever waits keeps the others from the queue,
/// which they would only wait at too.
fn next(queue: &Mutex<Receiver<Job>>) -> Option<Job> {
    let queue = queue.lock().unwrap_or_else(PoisonError::into_inner);
    queue.recv().ok()
}
