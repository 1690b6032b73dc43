//! Batches.

use billsby_mcp::store::{Batch, Change, Commit, StoreError};
use futures_util::future::join_all;

use crate::store::Home;
use crate::store::record::{
    account, api_token, at, batch, everything, hash, new_account, new_server, server,
    server_change, write,
};

pub(crate) async fn a_record_is_kept_as_it_is(home: &Home) {
    let store = home.open().await;
    let mut account = account();
    let mut server = server(account.id);
    let mut token = api_token(Some(server.id));
    let changes = [
        Change::Account(account.clone()),
        server_change(&server),
        Change::ApiToken(token.clone()),
    ];
    let generation = write(&*store, changes).await;
    (account.generation, server.generation, token.generation) =
        (generation, generation, generation);
    assert_eq!(store.account(account.id).await, Ok(Some(account.clone())));
    assert_eq!(store.server(server.id).await, Ok(Some(server.clone())));
    assert_eq!(store.api_token(token.id).await, Ok(Some(token.clone())));

    account.base_url = None;
    account.api_key = Vec::new();
    account.deleted_at = Some(at(7));
    server.name = String::from("Другое");
    (server.token, server.old_token, server.expires_at) = (None, None, None);
    server.revoked_at = Some(at(8));
    (token.hash, token.expires_at, token.revoked_at) = (None, None, Some(at(9)));
    let changes = [
        Change::Account(account.clone()),
        server_change(&server),
        Change::ApiToken(token.clone()),
    ];
    let later = write(&*store, changes).await;
    assert!(later > generation);
    (account.generation, server.generation, token.generation) = (later, later, later);
    assert_eq!(store.account(account.id).await, Ok(Some(account)));
    assert_eq!(store.server(server.id).await, Ok(Some(server)));
    assert_eq!(store.api_token(token.id).await, Ok(Some(token)));
}

pub(crate) async fn a_batch_is_written_as_a_whole_or_not_at_all(home: &Home) {
    let store = home.open().await;
    let kept = new_account(&*store).await;
    let (new, server) = (account(), server(kept.id));
    let again = account_as_new(&kept);
    for refused in [
        vec![Change::Account(new.clone()), server_change(&server), again],
        vec![
            Change::Account(new.clone()),
            Change::Keyring {
                expected: Some(vec![1]),
                wrapped: vec![2],
            },
        ],
    ] {
        assert_eq!(store.commit(batch(refused)).await, Ok(Commit::Overtaken));
        assert_eq!(store.account(new.id).await, Ok(None));
        assert_eq!(store.server(server.id).await, Ok(None));
    }
    let changes = store.changes_since(0).await.unwrap();
    assert_eq!(changes.generation, kept.generation);
    assert_eq!(changes.accounts, [kept]);
}

fn account_as_new(account: &billsby_mcp::record::AccountRecord) -> Change {
    let mut account = account.clone();
    account.generation = 0;
    Change::Account(account)
}

pub(crate) async fn an_overtaken_change_is_refused(home: &Home) {
    let store = home.open().await;
    let account = new_account(&*store).await;
    let server = new_server(&*store, server(account.id)).await;
    let mut token = api_token(None);
    token.generation = write(&*store, [Change::ApiToken(token.clone())]).await;

    let stale = || {
        [
            Change::Account(account.clone()),
            server_change(&server),
            Change::ApiToken(token.clone()),
        ]
    };
    write(&*store, stale()).await;
    for change in stale() {
        let commit = store.commit(batch([change])).await;
        assert_eq!(commit, Ok(Commit::Overtaken));
    }
    // What was never there cannot have been read.
    let mut unknown = api_token(None);
    unknown.generation = 1;
    let commit = store.commit(batch([Change::ApiToken(unknown)])).await;
    assert_eq!(commit, Ok(Commit::Overtaken));
}

pub(crate) async fn an_account_has_to_be_unchanged(home: &Home) {
    let store = home.open().await;
    let mut account = new_account(&*store).await;
    let with = |generation| Batch {
        unchanged: vec![(account.id, generation)],
        changes: vec![server_change(&server(account.id))],
        ..Batch::default()
    };
    let done = store.commit(with(account.generation)).await;
    assert!(matches!(done, Ok(Commit::Done(_))), "{done:?}");
    let other = store.commit(with(account.generation + 1)).await;
    assert_eq!(other, Ok(Commit::Overtaken));

    account.deleted_at = Some(at(5));
    let generation = write(&*store, [Change::Account(account.clone())]).await;
    let deleted = Batch {
        unchanged: vec![(account.id, generation)],
        ..Batch::default()
    };
    assert_eq!(store.commit(deleted).await, Ok(Commit::Overtaken));
}

pub(crate) async fn the_servers_of_an_account_are_revoked(home: &Home) {
    let store = home.open().await;
    let (account, other) = (new_account(&*store).await, new_account(&*store).await);
    let live = new_server(&*store, server(account.id)).await;
    let mut expired = server(account.id);
    expired.expires_at = Some(at(2));
    let expired = new_server(&*store, expired).await;
    let mut ended = server(account.id);
    ended.revoked_at = Some(at(3));
    let ended = new_server(&*store, ended).await;
    let foreign = new_server(&*store, server(other.id)).await;

    let revoke = Batch {
        revoke_servers: Some((account.id, at(10))),
        ..Batch::default()
    };
    let Ok(Commit::Done(generation)) = store.commit(revoke).await else {
        panic!("nothing stands against it");
    };
    for before in [live, expired] {
        let mut now = before.clone();
        (now.revoked_at, now.updated_at) = (Some(at(10)), at(10));
        now.generation = generation;
        assert_eq!(store.server(before.id).await, Ok(Some(now)));
    }
    for untouched in [ended, foreign] {
        let now = store.server(untouched.id).await;
        assert_eq!(now, Ok(Some(untouched)));
    }
}

pub(crate) async fn the_keyring_and_the_admin_token_are_set_once(home: &Home) {
    let store = home.open().await;
    assert_eq!(store.keyring().await, Ok(None));
    assert_eq!(store.admin_token().await, Ok(None));

    let set = |expected: Option<&[u8]>, wrapped: &[u8]| Change::Keyring {
        expected: expected.map(<[u8]>::to_vec),
        wrapped: wrapped.to_vec(),
    };
    write(&*store, [set(None, b"one")]).await;
    for refused in [set(None, b"two"), set(Some(b"other"), b"two")] {
        let commit = store.commit(batch([refused])).await;
        assert_eq!(commit, Ok(Commit::Overtaken));
    }
    write(&*store, [set(Some(b"one"), b"two")]).await;
    assert_eq!(store.keyring().await, Ok(Some(b"two".to_vec())));

    let token = hash();
    write(&*store, [Change::AdminToken(token)]).await;
    let second = store.commit(batch([Change::AdminToken(hash())])).await;
    assert_eq!(second, Ok(Commit::Overtaken));
    assert_eq!(store.admin_token().await, Ok(Some(token)));
}

pub(crate) async fn of_many_writers_one_wins(home: &Home) {
    let stores = [home.open().await, home.open().await];
    let account = new_account(&*stores[0]).await;
    let writers = (0..16).map(|writer| {
        let (store, mut account) = (&stores[writer % 2], account.clone());
        account.label = format!("of writer {writer}");
        async move {
            let commit = store.commit(batch([Change::Account(account)])).await;
            matches!(commit.expect("an answer"), Commit::Done(_)).then_some(writer)
        }
    });
    let winners: Vec<_> = join_all(writers).await.into_iter().flatten().collect();
    assert_eq!(winners.len(), 1, "{winners:?}");
    let kept = stores[0].account(account.id).await.unwrap().unwrap();
    assert_eq!(kept.label, format!("of writer {}", winners[0]));
    assert_eq!(kept.generation, account.generation + 1);
}

pub(crate) async fn a_record_that_refers_to_nothing_is_refused(home: &Home) {
    let store = home.open().await;
    let lost = server(account().id);
    let commit = store.commit(batch([server_change(&lost)])).await;
    assert!(matches!(commit, Err(StoreError::Unusable(_))), "{commit:?}");
    assert_eq!(store.server(lost.id).await, Ok(None));
    // The store goes on.
    new_account(&*store).await;
}

pub(crate) async fn what_needs_another_keyring_is_refused(home: &Home) {
    let store = home.open().await;
    let with = |keyring: Option<&[u8]>| Batch {
        keyring: keyring.map(<[u8]>::to_vec),
        ..batch([Change::Account(account())])
    };
    assert_eq!(store.commit(with(Some(b"old"))).await, Ok(Commit::Rekeyed));
    let set = Change::Keyring {
        expected: None,
        wrapped: b"new".to_vec(),
    };
    let generation = write(&*store, [set]).await;
    assert_eq!(store.commit(with(Some(b"old"))).await, Ok(Commit::Rekeyed));
    assert_eq!(store.accounts(everything()).await, Ok(Vec::new()));
    for (count, keyring) in [(1, Some(&b"new"[..])), (2, None)] {
        let commit = store.commit(with(keyring)).await;
        assert_eq!(commit, Ok(Commit::Done(generation + count)));
    }
}
