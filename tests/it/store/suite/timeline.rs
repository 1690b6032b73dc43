//! Calls over time.

use billsby_mcp::activity::Entry;
use billsby_mcp::record::{AccountId, ActivityId, ServerId};
use billsby_mcp::store::{ActivityQuery, Bucket};
use billsby_sdk::Outcome;
use jiff::Timestamp;

use super::activity::all;
use crate::store::Home;
use crate::store::record::at;

/// A call at a time in milliseconds after the first one, which took so long.
fn call(millisecond: i64, milliseconds: u32) -> Entry {
    let at = after(millisecond);
    Entry {
        id: ActivityId::new(at).expect("random numbers"),
        at,
        milliseconds,
        ..crate::store::record::entry(None, 0)
    }
}

fn after(millisecond: i64) -> Timestamp {
    let time = at(0).as_millisecond() + millisecond;
    Timestamp::from_millisecond(time).expect("a time")
}

fn span(from: i64, until: i64) -> ActivityQuery {
    ActivityQuery {
        from: Some(after(from)),
        until: Some(after(until)),
        ..all()
    }
}

/// Which steps there are, with how many calls.
fn counts(buckets: &[Bucket]) -> Vec<(u64, u64)> {
    let counts = buckets.iter().map(|bucket| (bucket.index, bucket.calls));
    counts.collect()
}

pub(crate) async fn calls_are_counted_in_their_steps(home: &Home) {
    let store = home.open().await;
    assert_eq!(store.timeline(span(0, 1_000), 10).await, Ok(vec![]));
    let write = Entry {
        is_write: true,
        ..call(2_500, 8)
    };
    let error = Entry {
        is_error: true,
        ..call(2_999, 7)
    };
    let entries = [0, 999, 1_000, 4_321, 9_999, 10_000];
    let mut entries: Vec<Entry> = entries.map(|at| call(at, 12)).into();
    entries.extend([write, error]);
    store.record(entries).await.unwrap();

    let buckets = store.timeline(span(0, 10_000), 1_000).await.unwrap();
    assert_eq!(counts(&buckets), [(0, 2), (1, 1), (2, 2), (4, 1), (9, 1)]);
    let expected = Bucket {
        index: 2,
        calls: 2,
        errors: 1,
        writes: 1,
        p50: 7,
        p95: 8,
    };
    assert_eq!(buckets[2], expected);
    // Steps begin where the span begins, wherever that is.
    let buckets = store.timeline(span(999, 4_322), 1_001).await.unwrap();
    assert_eq!(counts(&buckets), [(0, 2), (1, 2), (3, 1)]);
    // Without an end there is none.
    let query = ActivityQuery {
        until: None,
        ..span(1, 0)
    };
    let buckets = store.timeline(query, 1_000_000).await.unwrap();
    assert_eq!(counts(&buckets), [(0, 7)]);
}

pub(crate) async fn percentiles_are_of_calls_that_there_were(home: &Home) {
    let store = home.open().await;
    // In each second one call more than in the one before; some take equally long.
    let took = |second: i64, n: i64| u32::try_from((n * 7919 + second) % 50).expect("small");
    let mut entries = Vec::new();
    for second in 0..45 {
        for n in 0..=second {
            entries.push(call(second * 1_000 + n, took(second, n)));
        }
    }
    store.record(entries).await.unwrap();
    let buckets = store.timeline(span(0, 45_000), 1_000).await.unwrap();
    assert_eq!(buckets.len(), 45);
    for (second, bucket) in (0..45).zip(&buckets) {
        let mut all: Vec<u32> = (0..=second).map(|n| took(second, n)).collect();
        all.sort_unstable();
        let rank = |percent: usize| all[(all.len() * percent).div_ceil(100) - 1];
        assert_eq!(
            (bucket.p50, bucket.p95),
            (rank(50), rank(95)),
            "of {}",
            all.len()
        );
    }
}

pub(crate) async fn only_what_is_asked_for_is_counted(home: &Home) {
    let store = home.open().await;
    let server = ServerId::new(at(0)).unwrap();
    let account = AccountId::new(at(0)).unwrap();
    let special = Entry {
        server: Some(server),
        account: Some(account),
        tool: "invoices.refund".to_owned(),
        is_error: true,
        outcome: Outcome::NotSent,
        keys: [
            ("customerUniqueId".to_owned(), "CUS2".to_owned()),
            ("invoiceNumber".to_owned(), "INV1".to_owned()),
        ]
        .into(),
        ..call(5_000, 77)
    };
    let other = Entry {
        server: Some(ServerId::new(at(0)).unwrap()),
        ..call(5_001, 1)
    };
    store.record(vec![special, other]).await.unwrap();
    let text = |text: &str| Some(text.to_owned());
    let span = || span(0, 10_000);
    #[rustfmt::skip]
    let only_special = [
        ActivityQuery { server: Some(server), ..span() },
        ActivityQuery { account: Some(account), ..span() },
        ActivityQuery { tool: text("invoices.refund"), ..span() },
        ActivityQuery { outcome: Some(Outcome::NotSent), ..span() },
        ActivityQuery { is_error: Some(true), ..span() },
        ActivityQuery { customer: text("CUS2"), ..span() },
        ActivityQuery { invoice: text("INV1"), ..span() },
        ActivityQuery { until: Some(after(5_001)), ..span() },
        ActivityQuery { server: Some(server), account: Some(account), is_error: Some(true), ..span() },
    ];
    for query in only_special {
        let buckets = store.timeline(query.clone(), 1_000).await.unwrap();
        assert_eq!(counts(&buckets), [(5, 1)], "{query:?}");
        assert_eq!(buckets[0].p50, 77, "{query:?}");
    }
    let both = store.timeline(span(), 1_000).await.unwrap();
    assert_eq!(counts(&both), [(5, 2)]);
    let neither = ActivityQuery {
        server: Some(server),
        is_error: Some(false),
        ..span()
    };
    assert_eq!(store.timeline(neither, 1_000).await, Ok(vec![]));
}
