//! Tidying.

use billsby_mcp::store::{ActivityQuery, Batch, Change, Claim, Commit, Sweep};

use crate::store::Home;
use crate::store::record::{
    api_token, at, entry, everything, new_account, new_server, server, write,
};

pub(crate) async fn only_what_is_over_is_forgotten(home: &Home) {
    let store = home.open().await;
    let account = new_account(&*store).await;
    let claim = |key, until| Claim {
        key: [key; 32],
        request: [0; 32],
        answer: Vec::new(),
        until: at(until),
    };
    for claim in [claim(1, 100), claim(2, 101)] {
        let batch = Batch {
            claim: Some(claim),
            ..Batch::default()
        };
        assert!(matches!(store.commit(batch).await, Ok(Commit::Done(_))));
    }
    let mut live = server(account.id);
    live.old_token.as_mut().unwrap().valid_until = at(101);
    let live = new_server(&*store, live).await;
    let rotated = new_server(&*store, server(account.id)).await;
    let mut revoked = server(account.id);
    revoked.revoked_at = Some(at(49));
    let revoked = new_server(&*store, revoked).await;
    let mut expired = server(account.id);
    expired.expires_at = Some(at(49));
    let expired = new_server(&*store, expired).await;
    let mut recent = server(account.id);
    (recent.expires_at, recent.old_token) = (Some(at(50)), None);
    let recent = new_server(&*store, recent).await;
    let (kept_token, mut ended_token) = (api_token(None), api_token(None));
    ended_token.revoked_at = Some(at(49));
    let tokens = [&kept_token, &ended_token];
    write(&*store, tokens.map(|token| Change::ApiToken(token.clone()))).await;
    let calls: Vec<_> = (0..2_500)
        .map(|n| entry(None, if n < 2_490 { 9 } else { 10 }))
        .collect();
    store.record(calls).await.unwrap();

    let known = store.changes_since(0).await.unwrap().generation;
    let sweep = Sweep {
        now: at(100),
        ended: at(50),
        activity: at(10),
    };
    store.sweep(sweep).await.unwrap();

    assert_eq!(store.claimed(&[1; 32], at(0)).await, Ok(None));
    assert!(store.claimed(&[2; 32], at(0)).await.unwrap().is_some());
    for untouched in [live, recent] {
        let now = store.server(untouched.id).await;
        assert_eq!(now, Ok(Some(untouched)));
    }
    let changes = store.changes_since(known).await.unwrap();
    assert_eq!(changes.generation, known + 1);
    assert_eq!((changes.servers.len(), changes.api_tokens.len()), (3, 1));
    for swept in changes.servers {
        let keeps_token = swept.id == rotated.id;
        assert_eq!(swept.token.is_some(), keeps_token);
        assert_eq!(swept.old_token, None);
        let mut before = [&rotated, &revoked, &expired].into_iter();
        let before = before
            .find(|server| server.id == swept.id)
            .expect("one of them");
        assert_eq!(
            store
                .server_by_token(before.old_token.clone().unwrap().hash)
                .await,
            Ok(None)
        );
        assert_eq!(swept.revoked_at, before.revoked_at);
    }
    assert_eq!(
        store.api_token(ended_token.id).await.unwrap().unwrap().hash,
        None
    );
    assert_eq!(
        store.api_token(kept_token.id).await.unwrap().unwrap().hash,
        kept_token.hash
    );
    let query = ActivityQuery {
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
    };
    let calls = store.activity(query).await.unwrap();
    assert_eq!(calls.len(), 10);
    assert!(calls.iter().all(|call| call.at == at(10)));
}

pub(crate) async fn a_sweep_without_effect_is_no_generation(home: &Home) {
    let store = home.open().await;
    let account = new_account(&*store).await;
    let claim = Claim {
        key: [1; 32],
        request: [0; 32],
        answer: Vec::new(),
        until: at(1),
    };
    let batch = Batch {
        claim: Some(claim),
        ..Batch::default()
    };
    assert_eq!(
        store.commit(batch).await,
        Ok(Commit::Done(account.generation + 1))
    );
    let sweep = Sweep {
        now: at(100),
        ended: at(50),
        activity: at(10),
    };
    for _ in 0..2 {
        store.sweep(sweep).await.unwrap();
        let changes = store.changes_since(0).await.unwrap();
        assert_eq!(changes.generation, account.generation + 1);
        assert_eq!(store.claimed(&[1; 32], at(0)).await, Ok(None));
    }
}
