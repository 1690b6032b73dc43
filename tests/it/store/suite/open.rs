//! Opening.

use billsby_mcp::store::{Change, Lock, StoreError};
use futures_util::future::join_all;

use crate::store::Home;
use crate::store::record::{entry, hash, new_account, new_server, server, write};

pub(crate) async fn everything_is_there_after_opening_again(home: &Home) {
    let store = home.open().await;
    let account = new_account(&*store).await;
    let server = new_server(&*store, server(account.id)).await;
    let admin = hash();
    write(&*store, [Change::AdminToken(admin)]).await;
    store.record(vec![entry(Some(server.id), 1)]).await.unwrap();
    let kind = store.check().await.unwrap();
    let generation = store.changes_since(0).await.unwrap().generation;
    drop(store);

    let store = home.open().await;
    let changes = store.changes_since(0).await.unwrap();
    assert_eq!(changes.generation, generation);
    assert_eq!(
        (changes.accounts, changes.servers),
        (vec![account], vec![server.clone()])
    );
    assert_eq!(store.admin_token().await, Ok(Some(admin)));
    assert_eq!(store.usage(&[server.id]).await.unwrap()[0].1.calls, 1);
    assert_eq!(store.check().await, Ok(kind));
    let known = match home {
        Home::Memory(_) => "memory",
        Home::Sqlite(_) => "sqlite",
        Home::Postgres(_) => "postgres",
    };
    assert_eq!(kind, known);
}

pub(crate) async fn an_exclusive_lock_excludes(home: &Home) {
    if home.url().is_none() {
        // In memory nobody else can have it.
        return;
    }
    let (one, other) = (home.open().await, home.open().await);
    let refused = home.try_open(Lock::Exclusive).await.err();
    assert!(matches!(refused, Some(StoreError::Busy(_))), "{refused:?}");
    drop((one, other));

    let alone = home.try_open(Lock::Exclusive).await.expect("nobody has it");
    new_account(&*alone).await;
    for lock in [Lock::Shared, Lock::Exclusive] {
        let refused = home.try_open(lock).await.err();
        assert!(matches!(refused, Some(StoreError::Busy(_))), "{refused:?}");
    }
    drop(alone);
    home.open().await;
}

pub(crate) async fn a_newer_structure_is_refused(home: &Home) {
    if home.url().is_none() {
        // What is in memory was made by this program.
        return;
    }
    drop(home.open().await);
    home.sql("UPDATE schema_version SET version = 1000");
    let Err(StoreError::Unusable(text)) = home.try_open(Lock::Shared).await else {
        panic!("refused");
    };
    assert!(
        text.contains("newer version") && text.contains("1000"),
        "{text}"
    );
}

pub(crate) async fn many_first_starts_at_once_work(home: &Home) {
    let stores = join_all((0..8).map(|_| home.try_open(Lock::Shared))).await;
    let stores: Vec<_> = stores
        .into_iter()
        .map(|store| store.expect("it opens"))
        .collect();
    let account = new_account(&*stores[0]).await;
    for store in stores {
        assert_eq!(store.account(account.id).await, Ok(Some(account.clone())));
    }
}
