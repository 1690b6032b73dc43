//! The server goes away and comes back.

use std::time::{Duration, Instant};

use billsby_mcp::store::{Change, Commit, Lock, Store, StoreError, StoreUrl, open};

use super::line::Line;
use crate::store::record::{account, batch, new_account};
use crate::support::services::{Postgres, Stop};

/// Far longer than anything here takes.
const PATIENCE: Duration = Duration::from_secs(60);

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_stops_is_missed_and_found_again() {
    let test = "a_server_that_stops_is_missed_and_found_again";
    let Some(server) = Postgres::start(test) else {
        return;
    };
    let url: StoreUrl = server.url().parse().unwrap();
    let one = open(&url, Lock::Shared).await.unwrap();
    let other = open(&url, Lock::Shared).await.unwrap();
    for how in [Stop::Killed, Stop::Asked] {
        let kept = new_account(&*one).await;
        other.changes_since(0).await.unwrap();
        let losses = one.losses();
        server.stop(how);
        fails_cleanly(&*one).await;
        server.restart();
        works_again(&*one).await;
        works_again(&*other).await;
        // What is there now may be another copy.
        assert!(one.losses() > losses);
        assert_eq!(one.account(kept.id).await, Ok(Some(kept)));
        hears_of(&*one, &*other).await;
    }
    // The lock was taken again too.
    let alone = open(&url, Lock::Exclusive).await.err();
    assert!(matches!(alone, Some(StoreError::Busy(_))), "{alone:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_hangs_is_given_up_and_found_again() {
    let test = "a_server_that_hangs_is_given_up_and_found_again";
    let Some(server) = Postgres::start(test) else {
        return;
    };
    let line = Line::to(server.port()).await;
    let port = |port: u16| format!("127.0.0.1:{port}");
    let url = server
        .url()
        .replace(&port(server.port()), &port(line.port()));
    let store = open(&url.parse().unwrap(), Lock::Shared).await.unwrap();
    let kept = new_account(&*store).await;
    line.set(false);
    fails_cleanly(&*store).await;
    line.set(true);
    works_again(&*store).await;
    assert_eq!(store.account(kept.id).await, Ok(Some(kept)));
    let direct = open(&server.url().parse().unwrap(), Lock::Shared)
        .await
        .unwrap();
    hears_of(&*direct, &*store).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_is_kept_too_slowly_may_be_made() {
    let test = "a_change_that_is_kept_too_slowly_may_be_made";
    let Some(server) = Postgres::start(test) else {
        return;
    };
    let store = open(&server.url().parse().unwrap(), Lock::Shared)
        .await
        .unwrap();
    // Does its work only when the transaction is to be kept.
    server.sql(
        "postgres",
        "CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql
             AS 'BEGIN PERFORM pg_sleep(7); RETURN NULL; END';
         CREATE CONSTRAINT TRIGGER dawdle AFTER INSERT ON accounts
             DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION dawdle();",
    );
    let account = account();
    let commit = store.commit(batch([Change::Account(account.clone())]));
    let commit = tokio::time::timeout(PATIENCE, commit)
        .await
        .expect("an answer");
    assert!(matches!(commit, Err(StoreError::Unknown(_))), "{commit:?}");
    let began = Instant::now();
    while store.account(account.id).await.unwrap().is_none() {
        assert!(began.elapsed() < PATIENCE, "it was made in the end");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    server.sql("postgres", "DROP TRIGGER dawdle ON accounts");
    // New keys may take as long as they need.
    server.sql(
        "postgres",
        "CREATE CONSTRAINT TRIGGER dawdle AFTER UPDATE OF keyring ON store
             DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION dawdle();",
    );
    let keyring = Change::Keyring {
        expected: None,
        wrapped: vec![1],
    };
    let commit = store.commit(batch([keyring])).await;
    assert!(matches!(commit, Ok(Commit::Done(_))), "{commit:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_keeps_the_tables_locked_is_told_of() {
    let test = "whoever_keeps_the_tables_locked_is_told_of";
    let Some(server) = Postgres::start(test) else {
        return;
    };
    let store = open(&server.url().parse().unwrap(), Lock::Shared)
        .await
        .unwrap();
    let blocker = std::thread::spawn(move || {
        server.sql(
            "postgres",
            "BEGIN; LOCK TABLE store; SELECT pg_sleep(7); COMMIT",
        );
    });
    let began = Instant::now();
    let commit = loop {
        let commit = store.commit(batch([Change::Account(account())])).await;
        if commit.is_err() || began.elapsed() > PATIENCE {
            break commit;
        }
    };
    assert!(matches!(commit, Err(StoreError::Busy(_))), "{commit:?}");
    blocker.join().unwrap();
}

/// Reading and writing fail with what is the matter, instead of waiting for ever.
async fn fails_cleanly(store: &dyn Store) {
    let read = tokio::time::timeout(PATIENCE, store.changes_since(0)).await;
    let written = store.commit(batch([Change::Account(account())]));
    let written = tokio::time::timeout(PATIENCE, written).await;
    let checked = tokio::time::timeout(PATIENCE, store.check()).await;
    for error in [
        read.expect("an answer").err(),
        written.expect("an answer").err(),
        checked.expect("an answer").err(),
    ] {
        assert!(
            matches!(error, Some(StoreError::Unreachable(_))),
            "{error:?}"
        );
    }
}

async fn works_again(store: &dyn Store) {
    let began = Instant::now();
    loop {
        match store.commit(batch([Change::Account(account())])).await {
            Ok(commit) => return assert!(matches!(commit, Commit::Done(_))),
            Err(error) => assert!(began.elapsed() < PATIENCE, "{error}"),
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// What one writes wakes the other.
async fn hears_of(one: &dyn Store, other: &dyn Store) {
    let known = other.changes_since(0).await.unwrap().generation;
    let began = Instant::now();
    let waiting = other.changed(known, PATIENCE);
    let (account, ()) = tokio::join!(new_account(one), waiting);
    assert!(began.elapsed() < PATIENCE);
    assert_eq!(other.account(account.id).await, Ok(Some(account)));
}
