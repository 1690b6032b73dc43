//! Following what changes.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use billsby_mcp::record::{
    AccountId, AccountRecord, ApiTokenId, ApiTokenRecord, ServerId, ServerRecord,
};
use billsby_mcp::store::{Batch, Change, Changes, Store, Sweep};
use rand::{RngExt as _, SeedableRng as _};
use rand_pcg::Pcg64;

use crate::store::Home;
use crate::store::record::{
    account, api_token, at, batch, hash, new_account, new_server, server, server_change, write,
};

/// Far longer than it takes for a change to be heard of.
const PATIENCE: Duration = Duration::from_secs(20);

/// Copies of everything that has not ended.
#[derive(Debug, Default, PartialEq)]
struct Image {
    generation: u64,
    accounts: BTreeMap<AccountId, AccountRecord>,
    servers: BTreeMap<ServerId, ServerRecord>,
    api_tokens: BTreeMap<ApiTokenId, ApiTokenRecord>,
}

impl Image {
    async fn follow(&mut self, store: &dyn Store) {
        let changes = store.changes_since(self.generation).await.unwrap();
        self.apply(changes);
    }

    fn apply(&mut self, changes: Changes) {
        self.generation = changes.generation;
        for account in changes.accounts {
            self.accounts.insert(account.id, account);
        }
        for server in changes.servers {
            self.servers.insert(server.id, server);
        }
        for token in changes.api_tokens {
            self.api_tokens.insert(token.id, token);
        }
        self.accounts
            .retain(|_, account| account.deleted_at.is_none());
        self.servers.retain(|_, server| server.revoked_at.is_none());
        self.api_tokens
            .retain(|_, token| token.revoked_at.is_none());
    }

    async fn fresh(store: &dyn Store) -> Self {
        let mut image = Self::default();
        let changes = store.changes_since(0).await.unwrap();
        assert!(
            changes
                .accounts
                .iter()
                .all(|account| account.deleted_at.is_none())
        );
        assert!(
            changes
                .servers
                .iter()
                .all(|server| server.revoked_at.is_none())
        );
        assert!(
            changes
                .api_tokens
                .iter()
                .all(|token| token.revoked_at.is_none())
        );
        image.apply(changes);
        image
    }
}

pub(crate) async fn whoever_follows_has_what_a_fresh_reader_has(home: &Home) {
    let stores = [home.open().await, home.open().await];
    let mut random = Pcg64::seed_from_u64(6);
    let mut image = Image::default();
    for step in 0..150 {
        let store = &stores[random.random_range(0..2)];
        let batch = random_batch(&mut random, &Image::fresh(&**store).await, step);
        let _ = store.commit(batch).await.unwrap();
        if random.random_ratio(1, 20) {
            let sweep = Sweep {
                now: at(step),
                ended: at(step - 30),
                activity: at(0),
            };
            store.sweep(sweep).await.unwrap();
        }
        if random.random_ratio(1, 3) {
            image.follow(&*stores[0]).await;
            assert_eq!(image, Image::fresh(&*stores[1]).await, "at step {step}");
        }
    }
    assert!(
        image.generation > 100 && image.servers.len() > 5,
        "{image:?}"
    );
}

fn random_batch(random: &mut Pcg64, image: &Image, step: i64) -> Batch {
    let accounts: Vec<_> = image.accounts.values().cloned().collect();
    let servers: Vec<_> = image.servers.values().cloned().collect();
    let mut made = batch([]);
    for _ in 0..random.random_range(1..4) {
        let account =
            (!accounts.is_empty()).then(|| &accounts[random.random_range(0..accounts.len())]);
        let existing =
            (!servers.is_empty()).then(|| &servers[random.random_range(0..servers.len())]);
        match (random.random_range(0..10), account, existing) {
            (0..=1, ..) | (_, None, _) => made.changes.push(Change::Account(self::account())),
            (2..=5, Some(account), _) | (_, Some(account), None) => {
                let mut server = server(account.id);
                server.expires_at = Some(at(step + 20));
                made.changes.push(server_change(&server));
            }
            (6, _, Some(existing)) => {
                let mut server = existing.clone();
                server.revoked_at = Some(at(step));
                made.changes.push(server_change(&server));
            }
            (7, _, Some(existing)) => {
                made.changes
                    .push(Change::ApiToken(api_token(Some(existing.id))));
            }
            (8, _, Some(_)) if !image.api_tokens.is_empty() => {
                let mut token = image.api_tokens.values().next().unwrap().clone();
                token.revoked_at = Some(at(step));
                made.changes.push(Change::ApiToken(token));
            }
            (_, Some(account), _) if step % 10 == 0 => {
                let mut account = account.clone();
                account.deleted_at = Some(at(step));
                made.revoke_servers = Some((account.id, at(step)));
                made.changes.push(Change::Account(account));
            }
            (_, _, Some(existing)) => {
                let mut server = existing.clone();
                server
                    .token
                    .as_mut()
                    .into_iter()
                    .for_each(|token| token.hash = hash());
                made.changes.push(server_change(&server));
            }
        }
    }
    made
}

pub(crate) async fn a_generation_of_the_future_is_not_there(home: &Home) {
    let store = home.open().await;
    let generation = new_account(&*store).await.generation;
    let same = store.changes_since(generation).await.unwrap();
    assert_eq!((same.generation, same.accounts.len()), (generation, 0));
    let future = store.changes_since(generation + 1).await.unwrap();
    assert_eq!((future.generation, future.accounts.len()), (generation, 0));
}

pub(crate) async fn handles_hear_of_each_other(home: &Home) {
    let (writer, reader) = (home.open().await, home.open().await);
    let before = reader.changes_since(0).await.unwrap().generation;
    let waiting = Arc::clone(&reader);
    let waiting = tokio::spawn(async move {
        let began = Instant::now();
        waiting.changed(before, PATIENCE).await;
        began.elapsed()
    });
    tokio::time::sleep(Duration::from_millis(50)).await;
    let account = new_account(&*writer).await;
    assert!(waiting.await.unwrap() < PATIENCE);
    let changes = reader.changes_since(before).await.unwrap();
    assert_eq!(changes.accounts, [account]);
}

pub(crate) async fn nothing_is_missed_between_two_questions(home: &Home) {
    let (writer, reader) = (home.open().await, home.open().await);
    let mut image = Image::default();
    image.follow(&*reader).await;
    for _ in 0..5 {
        // Written before anybody waits.
        new_account(&*writer).await;
        let began = Instant::now();
        reader.changed(image.generation, PATIENCE).await;
        assert!(began.elapsed() < PATIENCE);
        image.follow(&*reader).await;
    }
    assert_eq!(image.accounts.len(), 5);
    // And when there is nothing, one waits as long as was asked.
    let limit = Duration::from_millis(10);
    reader.changed(image.generation, limit).await;
}

pub(crate) async fn readers_see_whole_batches(home: &Home) {
    let (writer, reader) = (home.open().await, home.open().await);
    let account = new_account(&*writer).await;
    let servers = [
        new_server(&*writer, server(account.id)).await,
        new_server(&*writer, server(account.id)).await,
    ];
    let writing = tokio::spawn(async move {
        let mut servers = servers;
        for round in 0..60 {
            for server in &mut servers {
                server.name = format!("round {round}");
            }
            let generation = write(&*writer, servers.iter().map(server_change)).await;
            for server in &mut servers {
                server.generation = generation;
            }
        }
    });
    let mut image = Image::default();
    while !writing.is_finished() {
        image.follow(&*reader).await;
        let names: Vec<_> = image.servers.values().map(|server| &server.name).collect();
        assert_eq!(names[0], names[1]);
        let newest = image.servers.values().map(|server| server.generation).max();
        assert_eq!(newest, Some(image.generation));
    }
    writing.await.unwrap();
}
