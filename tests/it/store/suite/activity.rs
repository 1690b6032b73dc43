//! Calls and usage.

use billsby_mcp::activity::{Entry, Usage};
use billsby_mcp::record::{AccountId, ActivityId, ServerId};
use billsby_mcp::store::{ActivityQuery, Page};
use billsby_sdk::Outcome;
use futures_util::future::join_all;

use crate::store::Home;
use crate::store::record::{at, entry, everything};

pub(super) fn all() -> ActivityQuery {
    ActivityQuery {
        server: None,
        account: None,
        tool: None,
        outcome: None,
        is_error: None,
        customer: None,
        invoice: None,
        from: None,
        until: None,
        page: everything(),
    }
}

pub(crate) async fn calls_are_kept_and_counted(home: &Home) {
    let stores = [home.open().await, home.open().await];
    let before = stores[0].changes_since(0).await.unwrap().generation;
    let server = ServerId::new(at(0)).unwrap();
    let write = Entry {
        account: Some(AccountId::new(at(0)).unwrap()),
        client_version: Some("1.2".to_owned()),
        is_write: true,
        is_error: true,
        outcome: Outcome::Unknown,
        status: Some(502),
        ..entry(Some(server), 2)
    };
    let entries = vec![entry(Some(server), 1), write, entry(None, 3)];
    stores[0].record(entries.clone()).await.unwrap();
    let kept = stores[1].activity(all()).await.unwrap();
    assert_eq!(kept, entries.iter().rev().cloned().collect::<Vec<_>>());
    let usage = Usage {
        last_used_at: Some(at(2)),
        calls: 2,
        errors: 1,
        writes: 1,
    };
    let never = ServerId::new(at(0)).unwrap();
    assert_eq!(
        stores[1].usage(&[never, server]).await,
        Ok(vec![(server, usage)])
    );
    assert_eq!(stores[1].usage(&[]).await, Ok(vec![]));

    // From several programs at once, and a late one does not turn the time back.
    let batches = (0..20).map(|n| stores[n % 2].record(vec![entry(Some(server), 0)]));
    for recorded in join_all(batches).await {
        recorded.unwrap();
    }
    let (_, usage) = stores[0].usage(&[server]).await.unwrap()[0];
    assert_eq!((usage.calls, usage.last_used_at), (22, Some(at(2))));
    let after = stores[0].changes_since(before).await.unwrap();
    assert_eq!(after.generation, before, "calls are no changes");
}

pub(crate) async fn calls_are_found_by_what_is_asked(home: &Home) {
    let store = home.open().await;
    let (server, account) = (
        ServerId::new(at(0)).unwrap(),
        AccountId::new(at(0)).unwrap(),
    );
    let special = Entry {
        account: Some(account),
        tool: "invoices.refund".to_owned(),
        is_error: true,
        outcome: Outcome::NotSent,
        keys: [
            ("customerUniqueId".to_owned(), "CUS2".to_owned()),
            ("invoiceNumber".to_owned(), "INV1".to_owned()),
        ]
        .into(),
        ..entry(Some(server), 5)
    };
    let (early, late) = (entry(None, 1), entry(None, 9));
    let entries = vec![special.clone(), early.clone(), late.clone()];
    store.record(entries).await.unwrap();

    let text = |text: &str| Some(text.to_owned());
    #[rustfmt::skip]
    let only_special = [
        ActivityQuery { server: Some(server), ..all() },
        ActivityQuery { account: Some(account), ..all() },
        ActivityQuery { tool: text("invoices.refund"), ..all() },
        ActivityQuery { outcome: Some(Outcome::NotSent), ..all() },
        ActivityQuery { is_error: Some(true), ..all() },
        ActivityQuery { customer: text("CUS2"), ..all() },
        ActivityQuery { invoice: text("INV1"), ..all() },
        ActivityQuery { from: Some(at(5)), until: Some(at(6)), ..all() },
        ActivityQuery { page: Page { after: Some(late.id), limit: 1 }, ..all() },
        ActivityQuery { server: Some(server), is_error: Some(true), customer: text("CUS2"), ..all() },
    ];
    for query in only_special {
        let found = store.activity(query.clone()).await;
        assert_eq!(found, Ok(vec![special.clone()]), "{query:?}");
    }
    #[rustfmt::skip]
    let others = [
        (ActivityQuery { is_error: Some(false), ..all() }, vec![late.clone(), early.clone()]),
        (ActivityQuery { customer: text("CUS1"), until: Some(at(9)), ..all() }, vec![early]),
        (ActivityQuery { invoice: text("INV2"), ..all() }, vec![]),
        (ActivityQuery { from: Some(at(6)), ..all() }, vec![late]),
    ];
    for (query, expected) in others {
        let found = store.activity(query.clone()).await;
        assert_eq!(found, Ok(expected), "{query:?}");
    }
}

pub(crate) async fn a_call_is_counted_once(home: &Home) {
    let store = home.open().await;
    let server = ServerId::new(at(0)).unwrap();
    let entry = entry(Some(server), 1);
    store.record(vec![entry.clone()]).await.unwrap();
    store
        .record(vec![entry.clone(), entry.clone()])
        .await
        .unwrap();
    assert_eq!(store.activity(all()).await, Ok(vec![entry]));
    assert_eq!(store.usage(&[server]).await.unwrap()[0].1.calls, 1);
}

pub(crate) async fn texts_of_clients_break_nothing(home: &Home) {
    let store = home.open().await;
    let odd = Entry {
        id: ActivityId::new(at(0)).unwrap(),
        client_name: Some("a\0b'; DROP TABLE activity; --\u{1f980}".to_owned()),
        client_version: Some(String::new()),
        keys: [("customerUniqueId".to_owned(), "C\0".to_owned())].into(),
        ..entry(None, 0)
    };
    store.record(vec![odd.clone()]).await.unwrap();
    let kept = store.activity(all()).await.unwrap();
    assert_eq!(kept.len(), 1);
    assert_eq!(
        kept[0].client_name.as_deref(),
        Some("a\u{fffd}b'; DROP TABLE activity; --\u{1f980}")
    );
    assert_eq!(kept[0].client_version, odd.client_version);
    assert_eq!(kept[0].keys, odd.keys);
}
