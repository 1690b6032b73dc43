//! Whatever is done in whatever order, and wherever the clock goes: exactly those secrets open a server
//! that a simple model says.

use std::sync::Arc;

use billsby_mcp::clock::Clock;
use billsby_mcp::protocol::http::HttpOptions;
use billsby_mcp::provision::{ProvisionError, ProvisionOptions, Provisioning, Server};
use billsby_mcp::record::{AccountId, ApiTokenId, ServerId};
use billsby_mcp::registry::{Found, GRACE, Registry, RegistryOptions};
use billsby_mcp::sandbox;
use billsby_mcp::secret::Keyring;
use billsby_mcp::store::{self, Lock, StoreUrl};
use jiff::{SignedDuration, Timestamp};
use rand::{RngExt as _, SeedableRng as _};
use rand_pcg::Pcg64;
use serde_json::json;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

const WORLDS: u64 = 50;
/// What is done in each world; after each step everything that matters is compared.
const STEPS: usize = 250;
const START: i64 = 1_795_348_800_000;

/// A server, or an API token, as the model sees it. Times are milliseconds.
#[derive(Debug)]
struct Modelled<I> {
    id: I,
    expires_at: Option<i64>,
    is_revoked: bool,
    /// Every secret that it ever had, with its end if it has been replaced.
    secrets: Vec<(String, Option<i64>)>,
}

impl<I> Modelled<I> {
    fn is_active(&self, now: i64) -> bool {
        !self.is_revoked && self.expires_at.is_none_or(|end| now < end)
    }

    fn is_open_to(&self, secret: usize, now: i64) -> bool {
        self.is_active(now) && self.secrets[secret].1.is_none_or(|end| now < end)
    }
}

struct World {
    random: Pcg64,
    clock: Clock,
    now: i64,
    registry: Arc<Registry>,
    provisioning: Provisioning,
    account: AccountId,
    servers: Vec<Modelled<ServerId>>,
    tokens: Vec<Modelled<ApiTokenId>>,
    compared: usize,
    open: usize,
}

#[tokio::test]
async fn the_end_of_everything_is_where_the_model_says() {
    let (mut compared, mut open) = (0, 0);
    for seed in 0..WORLDS {
        let mut world = World::new(seed).await;
        for _ in 0..STEPS {
            world.step().await;
            world.compare().await;
        }
        compared += world.compared;
        open += world.open;
    }
    let steps = WORLDS * STEPS as u64;
    println!("{steps} steps, {compared} secrets tried, of which {open} opened something");
    assert!(
        open > compared / 20 && open < compared * 19 / 20,
        "hardly anything was tried"
    );
}

impl World {
    async fn new(seed: u64) -> Self {
        let clock = Clock::standing(time(START));
        let store = store::open(&StoreUrl::Memory, Lock::Shared)
            .await
            .expect("a store");
        let options = RegistryOptions {
            clock: clock.clone(),
            http: HttpOptions::default(),
            timeout: Duration::from_secs(1),
            grace: GRACE,
            allowed_base_urls: Vec::new(),
            sandbox: Arc::new(sandbox::Host::running(([127, 0, 0, 1], 1).into())),
            recorder: None,
            token_store: None,
            shutdown: CancellationToken::new(),
        };
        let keyring = Keyring::generate().expect("random numbers");
        let registry = Registry::open(store, keyring, options)
            .await
            .expect("a registry");
        let provisioning = Provisioning::new(Arc::clone(&registry), ProvisionOptions::default());
        let body = json!({"company_domain": "widgets", "api_key": "model_key"});
        let account = provisioning
            .create_account(&body, None)
            .await
            .expect("an account");
        Self {
            random: Pcg64::seed_from_u64(seed),
            clock,
            now: START,
            registry,
            account: account.answer.id,
            provisioning,
            servers: Vec::new(),
            tokens: Vec::new(),
            compared: 0,
            open: 0,
        }
    }

    async fn step(&mut self) {
        match self.random.random_range(0..20) {
            0..3 => self.create().await,
            3 => self.create_token().await,
            4..7 => self.rotate().await,
            7..9 => self.patch().await,
            9 => self.revoke().await,
            10 => self.revoke_token().await,
            _ => self.move_clock(),
        }
    }

    async fn create(&mut self) {
        let expires_at = self.some_end();
        let body =
            json!({"name": "model", "expires_at": expires_at.map(|end| time(end).to_string())});
        let made = self
            .provisioning
            .create_server(self.account, &body, None)
            .await;
        if expires_at.is_some_and(|end| end < self.now + 60_000) {
            return refused(made.map(|made| made.answer));
        }
        let server = made.expect("a server").answer;
        self.servers.push(Modelled {
            id: server.id,
            expires_at,
            is_revoked: false,
            secrets: vec![(server.token.expect("a secret").0, None)],
        });
    }

    async fn rotate(&mut self) {
        let Some(at) = self.some_server() else { return };
        let overlap = [0, 1, 60, 3_600, 604_800][self.random.random_range(0..5)];
        let body = json!({"overlap_seconds": overlap});
        let id = self.servers[at].id;
        let rotated = self
            .provisioning
            .rotate_server(self.account, id, &body, None)
            .await;
        let server = &mut self.servers[at];
        if !server.is_active(self.now) {
            return refused(rotated.map(|made| made.answer));
        }
        let token = rotated.expect("a secret").answer.token.expect("a secret").0;
        for (_, end) in &mut server.secrets {
            // One that was replaced before ends now; the last one has its overlap.
            *end = Some(match *end {
                None if overlap > 0 => self.now + 1_000 * overlap,
                _ => i64::MIN,
            });
        }
        server.secrets.push((token, None));
    }

    async fn patch(&mut self) {
        let Some(at) = self.some_server() else { return };
        let expires_at = self.some_end();
        let body = json!({"expires_at": expires_at.map(|end| time(end).to_string())});
        let id = self.servers[at].id;
        let patched = self
            .provisioning
            .change_server(self.account, id, &body)
            .await;
        let server = &mut self.servers[at];
        let is_too_soon = expires_at.is_some_and(|end| end < self.now + 60_000);
        // What stays as it is need not be ahead.
        let is_same = expires_at == server.expires_at;
        if server.is_revoked || (is_too_soon && !is_same) {
            return refused(patched);
        }
        patched.expect("a server");
        server.expires_at = expires_at;
    }

    async fn revoke(&mut self) {
        let Some(at) = self.some_server() else { return };
        let server = &mut self.servers[at];
        let revoked = self
            .provisioning
            .revoke_server(self.account, server.id)
            .await;
        revoked.expect("an end");
        server.is_revoked = true;
    }

    async fn create_token(&mut self) {
        let expires_at = self.some_end().filter(|end| *end >= self.now + 60_000);
        let body =
            json!({"name": "model", "expires_at": expires_at.map(|end| time(end).to_string())});
        let made = self.provisioning.create_api_token(&body, None).await;
        let token = made.expect("a token").answer;
        self.tokens.push(Modelled {
            id: token.id,
            expires_at,
            is_revoked: false,
            secrets: vec![(token.token.expect("a secret").0, None)],
        });
    }

    async fn revoke_token(&mut self) {
        let count = self.tokens.len();
        if count == 0 {
            return;
        }
        let at = self.random.random_range(0..count);
        let revoked = self.provisioning.revoke_api_token(self.tokens[at].id).await;
        revoked.expect("an end");
        self.tokens[at].is_revoked = true;
    }

    /// To just before, at and just behind an end, or anywhere, forwards or backwards.
    fn move_clock(&mut self) {
        let servers = self.servers.iter().flat_map(|server| {
            let replaced = server.secrets.iter().filter_map(|(_, end)| *end);
            server.expires_at.into_iter().chain(replaced)
        });
        let ends = servers.chain(self.tokens.iter().filter_map(|token| token.expires_at));
        let ends: Vec<i64> = ends.filter(|end| *end > 0).collect();
        self.now = if ends.is_empty() || self.random.random_ratio(1, 4) {
            self.now + self.random.random_range(-3_600_000..=3_600_000)
        } else {
            ends[self.random.random_range(0..ends.len())] + self.random.random_range(-1..=1)
        };
        self.clock.set(time(self.now));
    }

    /// Tries the secrets of the last servers, and of one more.
    async fn compare(&mut self) {
        let count = self.servers.len();
        let mut tried: Vec<usize> = (count.saturating_sub(3)..count).collect();
        tried.extend(self.some_server());
        for at in tried {
            let server = &self.servers[at];
            for (secret, (text, _)) in server.secrets.iter().enumerate() {
                let is_open = match self.registry.find(text).await {
                    Found::Server(live) => {
                        assert_eq!(live.record.id, server.id);
                        true
                    }
                    Found::Nothing => false,
                    Found::Unavailable => panic!("{server:?} is unavailable"),
                };
                let expected = server.is_open_to(secret, self.now);
                assert_eq!(
                    is_open, expected,
                    "secret {secret} at {}: {server:?}",
                    self.now
                );
                self.compared += 1;
                self.open += usize::from(is_open);
            }
            for token in &self.tokens {
                let is_open = self.registry.opens(&token.secrets[0].0, server.id);
                assert_eq!(
                    is_open,
                    token.is_active(self.now),
                    "at {}: {token:?}",
                    self.now
                );
            }
        }
    }

    fn some_server(&mut self) -> Option<usize> {
        let count = self.servers.len();
        (count > 0).then(|| self.random.random_range(0..count))
    }

    /// An end, or none; some are too soon, or over.
    fn some_end(&mut self) -> Option<i64> {
        match self.random.random_range(0..10) {
            0 | 1 => None,
            2 => Some(self.now + self.random.random_range(-100_000..60_000)),
            3 => Some(self.now + 60_000),
            _ => Some(self.now + self.random.random_range(60_000..7_200_000)),
        }
    }
}

fn time(milliseconds: i64) -> Timestamp {
    let time = Timestamp::UNIX_EPOCH + SignedDuration::from_millis(milliseconds);
    assert_eq!(time.as_millisecond(), milliseconds);
    time
}

#[track_caller]
fn refused(result: Result<Server, ProvisionError>) {
    result.expect_err("it should have been refused");
}
