//! What is in use, and what is no longer.

use jiff::Timestamp;

use super::*;
use crate::record::{Environment, ServerConfig, UrlToken};
use crate::secret::SecretToken;
use crate::store::{self, Batch, Change, Commit, Lock, StoreUrl};

/// So long nobody has to use a server for it to go.
const AT_ONCE: Duration = Duration::ZERO;

struct Scene {
    registry: Arc<Registry>,
    tokens: Vec<SecretToken>,
}

impl Scene {
    /// So many servers of one account.
    async fn of(servers: usize) -> Self {
        let store = store::open(&StoreUrl::Memory, Lock::Shared).await.unwrap();
        let clock = Clock::standing("2026-11-22T12:00:00Z".parse().unwrap());
        let shutdown = CancellationToken::new();
        let sandbox = sandbox::Host::lazy(sandbox::Options::default(), shutdown.clone());
        let options = RegistryOptions {
            clock: clock.clone(),
            http: HttpOptions::default(),
            timeout: Duration::from_secs(1),
            grace: GRACE,
            allowed_base_urls: Vec::new(),
            sandbox: Arc::new(sandbox),
            recorder: None,
            token_store: None,
            shutdown,
        };
        let keyring = Keyring::generate().unwrap();
        let account = account(&keyring, clock.now());
        let tokens: Vec<_> = (0..servers)
            .map(|_| SecretToken::generate(TokenKind::Server).unwrap())
            .collect();
        let records = tokens
            .iter()
            .map(|token| server(&keyring, account.id, token, clock.now()))
            .map(|record| Change::Server(Box::new(record)));
        let servers: Vec<_> = records.collect();
        let mut changes = vec![Change::Account(account)];
        changes.extend(servers);
        let batch = Batch {
            changes,
            ..Batch::default()
        };
        let done = store.commit(batch).await.unwrap();
        assert!(matches!(done, Commit::Done(_)));
        Self {
            registry: Registry::open(store, keyring, options).await.unwrap(),
            tokens,
        }
    }

    async fn find(&self, index: usize) -> Arc<LiveServer> {
        match self.registry.find(self.tokens[index].reveal()).await {
            Found::Server(live) => live,
            other => panic!("{other:?}"),
        }
    }
}

fn account(keyring: &Keyring, now: Timestamp) -> AccountRecord {
    let id = AccountId::new(now).unwrap();
    AccountRecord {
        id,
        label: "Acme".to_owned(),
        company_domain: "acme".to_owned(),
        environment: Environment::Live,
        base_url: None,
        api_key: keyring.seal(b"acme_key", &id.to_string()).unwrap(),
        created_at: now,
        updated_at: now,
        deleted_at: None,
        generation: 0,
    }
}

fn server(
    keyring: &Keyring,
    account: AccountId,
    token: &SecretToken,
    now: Timestamp,
) -> ServerRecord {
    ServerRecord {
        id: ServerId::new(now).unwrap(),
        account,
        name: "One".to_owned(),
        config: ServerConfig::default(),
        token: Some(UrlToken {
            hash: keyring.hash(token.reveal()),
            hint: token.hint(),
        }),
        old_token: None,
        created_at: now,
        updated_at: now,
        expires_at: None,
        revoked_at: None,
        generation: 0,
    }
}

#[tokio::test]
async fn a_server_is_made_ready_once() {
    let scene = Scene::of(2).await;
    assert_eq!(scene.registry.status().in_use, 0);
    let (first, again) = (scene.find(0).await, scene.find(0).await);
    assert!(Arc::ptr_eq(&first.endpoint, &again.endpoint));
    let other = scene.find(1).await;
    assert!(!Arc::ptr_eq(&first.endpoint, &other.endpoint));
    let status = scene.registry.status();
    assert_eq!((status.in_use, status.servers, status.accounts), (2, 2, 1));
}

#[tokio::test]
async fn a_server_that_nobody_uses_goes_and_comes_back() {
    let scene = Scene::of(1).await;
    let live = scene.find(0).await;
    // Somebody is about to use it.
    scene.registry.settle_after(AT_ONCE);
    assert_eq!(scene.registry.status().in_use, 1);
    let id = live.record.id;
    drop(live);
    scene.registry.settle_after(Duration::from_secs(60));
    assert_eq!(scene.registry.status().in_use, 1);
    scene.registry.settle_after(AT_ONCE);
    assert_eq!(scene.registry.status().in_use, 0);
    assert_eq!(scene.find(0).await.record.id, id);
}

#[tokio::test]
async fn what_is_no_secret_finds_nothing() {
    let scene = Scene::of(1).await;
    let unknown = SecretToken::generate(TokenKind::Server).unwrap();
    let api = SecretToken::generate(TokenKind::Api).unwrap();
    let known = scene.tokens[0].reveal();
    for text in ["", "bmcp_", unknown.reveal(), api.reveal(), &known[1..]] {
        assert!(matches!(scene.registry.find(text).await, Found::Nothing));
    }
    let debug = format!("{:?} {:?}", scene.registry, scene.find(0).await);
    assert!(
        !debug.contains("acme_key") && !debug.contains(known),
        "{debug}"
    );
}

/// Whoever has looked a moment too early does not undo what has happened since.
#[tokio::test]
async fn an_earlier_state_never_takes_the_place_of_a_later_one() {
    let scene = Scene::of(1).await;
    let registry = &scene.registry;
    let id = scene.find(0).await.record.id;
    let (row, account) = read(&registry.image).by_id(id).unwrap();
    let earlier = registry
        .build(Arc::clone(&row), Arc::clone(&account))
        .await
        .unwrap();
    let mut record = row.record();
    record.config.exclude_tools = vec!["get_customer".to_owned()];
    let batch = Batch {
        changes: vec![Change::Server(Box::new(record))],
        ..Batch::default()
    };
    let done = registry.store().commit(batch).await.unwrap();
    assert!(matches!(done, Commit::Done(_)));
    registry.catch_up().await.unwrap();
    let later = scene.find(0).await;
    assert!(later.record.generation > row.record().generation);
    assert!(Arc::ptr_eq(&registry.live.put(earlier), &later));
    let Found::Server(found) = registry.ready(row, account).await else {
        panic!("it can be used");
    };
    assert!(Arc::ptr_eq(&found, &later));
    assert!(Arc::ptr_eq(&scene.find(0).await, &later));
}

/// The operator may think better of it after the account was made.
#[tokio::test]
async fn a_key_is_sent_nowhere_but_where_the_operator_allows_it() {
    let keyring = Keyring::generate().unwrap();
    let now = "2026-11-22T12:00:00Z".parse().unwrap();
    let mut account = account(&keyring, now);
    account.base_url = Some("https://billsby.example.com".to_owned());
    let account = Arc::new(account);
    let client = async |allowed: &[&str]| {
        let host = sandbox::Host::running(([127, 0, 0, 1], 1).into());
        let allowed = allowed.iter().map(|url| (*url).to_owned()).collect();
        let timeout = Duration::from_secs(1);
        let clients = Clients::new(keyring.clone(), Arc::new(host), timeout, allowed);
        clients.of(&account).await
    };
    assert!(client(&["https://billsby.example.com"]).await.is_ok());
    for allowed in [&[] as &[&str], &["https://billsby.example.com.test"]] {
        let error = client(allowed).await.unwrap_err();
        assert!(matches!(error, ClientError::NotAllowed(_)), "{error}");
    }
}
