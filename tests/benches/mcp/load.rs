//! Keeps a number of calls in flight for a while.

use std::time::{Duration, Instant};

use tokio::task::JoinSet;

/// Somebody who makes calls. Clones share their connections.
pub(crate) trait Caller: Clone + Send + Sync + 'static {
    /// Makes one call, which has to succeed.
    fn call(&self) -> impl Future<Output = ()> + Send;
}

/// How many calls were made in which time.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Rate {
    pub(crate) calls: u32,
    time: Duration,
}

impl Rate {
    pub(crate) fn per_second(&self) -> f64 {
        f64::from(self.calls) / self.time.as_secs_f64()
    }
}

/// Makes calls for `time`, then waits for the last ones.
pub(crate) async fn run(caller: &impl Caller, in_flight: usize, time: Duration) -> Rate {
    let start = Instant::now();
    let mut tasks = JoinSet::new();
    for _ in 0..in_flight {
        let caller = caller.clone();
        tasks.spawn(async move {
            let mut calls = 0;
            while start.elapsed() < time {
                caller.call().await;
                calls += 1;
            }
            calls
        });
    }
    let calls = tasks.join_all().await.into_iter().sum();
    Rate {
        calls,
        time: start.elapsed(),
    }
}
