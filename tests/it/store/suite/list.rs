//! Lists and look-ups.

use billsby_mcp::record::{AccountId, ServerId, ServerRecord, State};
use billsby_mcp::store::{Change, Page, ServerQuery, Store};

use crate::store::Home;
use crate::store::record::{
    account, api_token, at, everything, hash, new_account, new_server, server, server_change, write,
};

fn all() -> ServerQuery {
    ServerQuery {
        account: None,
        state: None,
        name: None,
        page: everything(),
    }
}

async fn names(store: &dyn Store, query: ServerQuery) -> Vec<String> {
    let servers = store.servers(query).await.unwrap();
    servers.into_iter().map(|server| server.name).collect()
}

fn named(account: AccountId, name: &str) -> ServerRecord {
    ServerRecord {
        name: name.to_owned(),
        ..server(account)
    }
}

pub(crate) async fn pages_stay_while_things_are_added(home: &Home) {
    let store = home.open().await;
    let mut ids = Vec::new();
    for second in 0..25 {
        let mut account = account();
        account.id = AccountId::new(at(second)).unwrap();
        ids.push(account.id);
        write(&*store, [Change::Account(account)]).await;
    }
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let page = store.accounts(Page { after, limit: 10 }).await.unwrap();
        // Something newer arrives between two pages.
        let mut newer = account();
        newer.id = AccountId::new(at(1_000)).unwrap();
        write(&*store, [Change::Account(newer)]).await;
        seen.extend(page.iter().map(|account| account.id));
        match page.last() {
            Some(last) => after = Some(last.id),
            None => break,
        }
    }
    ids.reverse();
    assert_eq!(seen, ids);
}

pub(crate) async fn servers_are_found_by_what_is_asked(home: &Home) {
    let store = home.open().await;
    let (one, two) = (new_account(&*store).await.id, new_account(&*store).await.id);
    let mut endless = named(one, "endless");
    endless.expires_at = None;
    let mut revoked = named(one, "revoked");
    revoked.revoked_at = Some(at(1));
    let mut both = named(one, "expired and revoked");
    (both.expires_at, both.revoked_at) = (Some(at(5)), Some(at(6)));
    for (second, mut server) in [
        endless,
        named(one, "an hour"),
        revoked,
        both,
        named(two, "other"),
    ]
    .into_iter()
    .enumerate()
    {
        server.id = ServerId::new(at(i64::try_from(second).unwrap())).unwrap();
        new_server(&*store, server).await;
    }
    for (account, state, expected) in [
        (
            None,
            None,
            "other, expired and revoked, revoked, an hour, endless",
        ),
        (Some(two), None, "other"),
        (
            Some(one),
            Some((State::Active, at(3_599))),
            "an hour, endless",
        ),
        (Some(one), Some((State::Active, at(3_600))), "endless"),
        (None, Some((State::Expired, at(3_599))), ""),
        (None, Some((State::Expired, at(3_600))), "other, an hour"),
        (
            None,
            Some((State::Revoked, at(0))),
            "expired and revoked, revoked",
        ),
    ] {
        let query = ServerQuery {
            account,
            state,
            ..all()
        };
        let found = names(&*store, query.clone()).await;
        assert_eq!(found.join(", "), expected, "{query:?}");
    }
    let second = ServerQuery {
        page: Page {
            after: Some(store.servers(all()).await.unwrap()[1].id),
            limit: 2,
        },
        ..all()
    };
    assert_eq!(names(&*store, second).await, ["revoked", "an hour"]);
}

pub(crate) async fn names_are_found_in_any_case_and_literally(home: &Home) {
    let store = home.open().await;
    let account = new_account(&*store).await.id;
    for name in ["ÜBER 50%", "über 500", "a_b", "aXb", r"back\slash", "'; --"] {
        new_server(&*store, named(account, name)).await;
    }
    for (asked, expected) in [
        ("Über", vec!["ÜBER 50%", "über 500"]),
        ("50%", vec!["ÜBER 50%"]),
        ("A_B", vec!["a_b"]),
        (r"K\S", vec![r"back\slash"]),
        ("';", vec!["'; --"]),
        ("nothing", vec![]),
    ] {
        let query = ServerQuery {
            name: Some(asked.to_owned()),
            ..all()
        };
        let mut found = names(&*store, query).await;
        found.sort();
        assert_eq!(found, expected, "{asked}");
    }
}

pub(crate) async fn what_has_ended_is_not_listed(home: &Home) {
    let store = home.open().await;
    let mut deleted = account();
    deleted.deleted_at = Some(at(1));
    let mut revoked = api_token(None);
    revoked.revoked_at = Some(at(1));
    let live = api_token(None);
    let changes = [
        Change::Account(deleted.clone()),
        Change::ApiToken(revoked.clone()),
        Change::ApiToken(live.clone()),
    ];
    write(&*store, changes).await;
    assert_eq!(store.accounts(everything()).await, Ok(vec![]));
    let listed = store.api_tokens(everything()).await.unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0].id, live.id);
    assert!(store.account(deleted.id).await.unwrap().is_some());
    assert!(store.api_token(revoked.id).await.unwrap().is_some());
}

pub(crate) async fn a_server_is_found_by_its_secrets(home: &Home) {
    let store = home.open().await;
    let account = new_account(&*store).await.id;
    let mut kept = new_server(&*store, server(account)).await;
    new_server(&*store, server(account)).await;
    let (current, old) = (
        kept.token.clone().unwrap().hash,
        kept.old_token.clone().unwrap().hash,
    );
    for hash in [current, old] {
        assert_eq!(store.server_by_token(hash).await, Ok(Some(kept.clone())));
    }
    kept.revoked_at = Some(at(1));
    kept.generation = write(&*store, [server_change(&kept)]).await;
    assert_eq!(store.server_by_token(current).await, Ok(Some(kept)));
    assert_eq!(store.server_by_token(hash()).await, Ok(None));
}
