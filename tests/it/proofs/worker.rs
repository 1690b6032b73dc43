//! A client that makes and changes servers until it is interrupted, and then finds out what became of
//! the request that nobody answered.

use std::time::Duration;

use rand::{RngExt as _, SeedableRng as _};
use rand_pcg::Pcg64;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use super::admin::{Admin, Failure, Reply, text};
use super::ledger::{Known, Shape};

/// How long a store may take to be there again; far longer than it does.
const PATIENCE: Duration = Duration::from_secs(60);

/// A client with servers of its own.
pub(super) struct Worker {
    pub(super) name: String,
    account: String,
    random: Pcg64,
    number: u32,
    pub(super) servers: Vec<Known>,
    pub(super) acknowledged: u32,
    /// Requests that nobody answered, and how many of them had happened all the same.
    pub(super) unanswered: u32,
    pub(super) happened: u32,
}

/// A request that may have happened.
#[derive(Debug, Clone)]
enum Request {
    Create(Shape),
    Rotate { server: usize, overlaps: bool },
    Patch { server: usize, shape: Shape },
    Revoke { server: usize },
}

/// A request with the key under which it can be repeated.
#[derive(Debug, Clone)]
pub(super) struct Doubt {
    request: Request,
    key: String,
}

impl Worker {
    pub(super) fn new(account: &str, number: u64) -> Self {
        Self {
            name: format!("worker {number}"),
            account: account.to_owned(),
            random: Pcg64::seed_from_u64(number),
            number: 0,
            servers: Vec::new(),
            acknowledged: 0,
            unanswered: 0,
            happened: 0,
        }
    }

    /// Sends one request after the other until one is not answered, which it gives, or until it is told to stop.
    pub(super) async fn work(&mut self, admin: &Admin, stop: &CancellationToken) -> Option<Doubt> {
        while !stop.is_cancelled() {
            let doubt = self.next();
            match self.send(admin, &doubt).await {
                Ok(answer) => {
                    self.acknowledged += 1;
                    self.take_over(&doubt.request, &answer);
                }
                // A store that does not answer may have done it.
                Err(Failure::Broken | Failure::Refused(503, _)) => return Some(doubt),
                Err(refused) => panic!("{doubt:?}: {refused:?}"),
            }
        }
        None
    }

    /// Finds out what became of a request: it happened wholly or not at all, and repeating it does what it
    /// asked for once.
    pub(super) async fn settle(&mut self, admin: &Admin, doubt: Doubt) {
        self.unanswered += 1;
        if self.has_happened(admin, &doubt.request).await {
            self.happened += 1;
        }
        // What has no answer worth waiting for stays as it is.
        if let Request::Create(_) | Request::Rotate { .. } = doubt.request {
            let answer = self.repeat(admin, &doubt).await;
            let again = self.repeat(admin, &doubt).await;
            assert_eq!(answer, again, "{doubt:?}");
            self.take_over(&doubt.request, &answer);
        }
    }

    /// Sends a request until the store has found its way back.
    async fn repeat(&self, admin: &Admin, doubt: &Doubt) -> Value {
        let began = Instant::now();
        loop {
            match self.send(admin, doubt).await {
                Ok(answer) => return answer,
                Err(Failure::Refused(503, _)) if began.elapsed() < PATIENCE => {
                    sleep(Duration::from_millis(20)).await;
                }
                Err(refused) => panic!("{doubt:?}: {refused:?}"),
            }
        }
    }

    async fn has_happened(&mut self, admin: &Admin, request: &Request) -> bool {
        let Some((server, after)) = self.outcome(request) else {
            return self.was_created(admin, request).await;
        };
        let before = self.servers[server].clone();
        let shown = admin.get(&before.path).await.expect("the server");
        if before.is_shown(&self.name, &shown) {
            before.verify_secrets(admin).await;
            return false;
        }
        match (request, after) {
            (Request::Rotate { overlaps, .. }, _) => {
                // The new secret is not known yet; what became of those before is.
                assert!(before.state_is_shown(&self.name, &shown), "{shown}");
                assert_eq!(admin.opens(&before.token).await, *overlaps, "{shown}");
                for token in before.old.iter().chain(&before.gone) {
                    assert!(!admin.opens(token).await, "{before:?}");
                }
            }
            (_, after) => {
                after.verify(admin, &self.name).await;
                self.servers[server] = after;
            }
        }
        true
    }

    /// A server that was being made is there wholly or not at all, and once.
    async fn was_created(&self, admin: &Admin, request: &Request) -> bool {
        let Request::Create(shape) = request else {
            unreachable!("every other request names a server")
        };
        let name = text(&shape.body(&self.name), "name");
        let query = name.replace(' ', "%20");
        let path = format!("/integrated-account/{}/mcp?name={query}", self.account);
        let found = admin.get(&path).await.expect("a list");
        let found = found["result"].as_array().expect("a list");
        // The name of another server may begin like this one's.
        let mut found = found
            .iter()
            .filter(|server| server["name"] == name.as_str());
        let Some(server) = found.next() else {
            return false;
        };
        assert!(shape.is_in(&self.name, server), "{server}");
        assert!(found.next().is_none(), "two servers {name}");
        true
    }

    /// Everything that was acknowledged since the beginning.
    pub(super) async fn verify_all(&self, admin: &Admin) {
        for server in &self.servers {
            server.verify(admin, &self.name).await;
        }
    }

    /// What was changed last, and a few of the others.
    pub(super) async fn verify_some(&mut self, admin: &Admin) {
        let count = self.servers.len();
        for at in count.saturating_sub(3)..count {
            self.servers[at].verify(admin, &self.name).await;
        }
        for _ in 0..3.min(count) {
            let at = self.random.random_range(0..count);
            self.servers[at].verify(admin, &self.name).await;
        }
    }

    fn next(&mut self) -> Doubt {
        self.number += 1;
        let shape = Shape {
            number: self.number,
        };
        let open: Vec<usize> = (0..self.servers.len())
            .rev()
            .filter(|&at| !self.servers[at].is_revoked)
            .take(5)
            .collect();
        let request = if open.is_empty() {
            Request::Create(shape)
        } else {
            let server = open[self.random.random_range(0..open.len())];
            match self.random.random_range(0..6) {
                0 | 1 => Request::Create(shape),
                2 | 3 => Request::Rotate {
                    server,
                    overlaps: self.random.random(),
                },
                4 => Request::Patch { server, shape },
                _ => Request::Revoke { server },
            }
        };
        Doubt {
            request,
            key: format!("{} {}", self.name, self.number),
        }
    }

    async fn send(&self, admin: &Admin, doubt: &Doubt) -> Reply {
        let path = |server: &usize| self.servers[*server].path.as_str();
        match &doubt.request {
            Request::Create(shape) => {
                let body = shape.body(&self.name);
                admin.create(&self.account, &body, Some(&doubt.key)).await
            }
            Request::Rotate { server, overlaps } => {
                let body = json!({"overlap_seconds": if *overlaps { 600_000 } else { 0 }});
                let path = format!("{}/rotate", path(server));
                admin.post(&path, &body, Some(&doubt.key)).await
            }
            Request::Patch { server, shape } => {
                admin.patch(path(server), &shape.body(&self.name)).await
            }
            Request::Revoke { server } => admin.delete(path(server)).await,
        }
    }

    /// What a request to a server makes of it. The secret of a rotation comes with the answer.
    fn outcome(&self, request: &Request) -> Option<(usize, Known)> {
        let of = |server: usize| &self.servers[server];
        match request {
            Request::Create(_) => None,
            Request::Rotate { server, overlaps } => {
                Some((*server, of(*server).rotated(String::new(), *overlaps)))
            }
            Request::Patch { server, shape } => Some((*server, of(*server).patched(shape.clone()))),
            Request::Revoke { server } => Some((*server, of(*server).revoked())),
        }
    }

    fn take_over(&mut self, request: &Request, answer: &Value) {
        match self.outcome(request) {
            None => {
                let Request::Create(shape) = request else {
                    unreachable!("every other request has an outcome")
                };
                let made = Known::new(&self.account, shape.clone(), answer);
                self.servers.push(made);
            }
            Some((server, mut after)) => {
                if let Request::Rotate { .. } = request {
                    after.token = text(answer, "token");
                }
                self.servers[server] = after;
            }
        }
    }
}
