//! Requests that must have their effect once.

use billsby_mcp::store::{Batch, Change, Claim, Commit};
use futures_util::future::join_all;

use crate::store::Home;
use crate::store::record::{account, at, everything, new_account};

fn claim(answer: &[u8]) -> Claim {
    Claim {
        key: [7; 32],
        request: [8; 32],
        answer: answer.to_vec(),
        until: at(100),
    }
}

fn creation(answer: &[u8]) -> Batch {
    Batch {
        claim: Some(claim(answer)),
        changes: vec![Change::Account(account())],
        ..Batch::default()
    }
}

pub(crate) async fn a_claim_counts_once(home: &Home) {
    let store = home.open().await;
    assert_eq!(store.claimed(&[7; 32], at(0)).await, Ok(None));
    let first = store.commit(creation(b"first")).await;
    assert!(matches!(first, Ok(Commit::Done(_))), "{first:?}");
    let second = store.commit(creation(b"second")).await;
    assert_eq!(second, Ok(Commit::Claimed(claim(b"first"))));
    assert_eq!(store.accounts(everything()).await.unwrap().len(), 1);

    assert_eq!(
        store.claimed(&[7; 32], at(99)).await,
        Ok(Some(claim(b"first")))
    );
    assert_eq!(store.claimed(&[7; 32], at(100)).await, Ok(None));
    assert_eq!(store.claimed(&[6; 32], at(0)).await, Ok(None));
}

pub(crate) async fn of_many_claims_one_wins(home: &Home) {
    let stores = [home.open().await, home.open().await];
    let commits = (0..16_u8).map(|n| stores[usize::from(n % 2)].commit(creation(&[n])));
    let commits = join_all(commits)
        .await
        .into_iter()
        .map(|commit| commit.unwrap());
    let (done, claimed): (Vec<_>, Vec<_>) = commits.partition(|c| matches!(c, Commit::Done(_)));
    assert_eq!((done.len(), claimed.len()), (1, 15));
    assert!(claimed.iter().all(|commit| *commit == claimed[0]));
    assert_eq!(stores[1].accounts(everything()).await.unwrap().len(), 1);
}

pub(crate) async fn a_claim_of_a_refused_batch_is_not_kept(home: &Home) {
    let store = home.open().await;
    let account = new_account(&*store).await;
    let refused = Batch {
        unchanged: vec![(account.id, account.generation + 1)],
        ..creation(b"refused")
    };
    assert_eq!(store.commit(refused).await, Ok(Commit::Overtaken));
    assert_eq!(store.claimed(&[7; 32], at(0)).await, Ok(None));
    let again = store.commit(creation(b"again")).await;
    assert!(matches!(again, Ok(Commit::Done(_))), "{again:?}");
}

pub(crate) async fn a_claim_that_is_over_does_not_count(home: &Home) {
    let store = home.open().await;
    let first = store.commit(creation(b"first")).await;
    assert!(matches!(first, Ok(Commit::Done(_))), "{first:?}");
    let at_time = |second| Batch {
        now: Some(at(second)),
        ..creation(b"second")
    };
    let before = store.commit(at_time(99)).await;
    assert_eq!(before, Ok(Commit::Claimed(claim(b"first"))));
    let after = store.commit(at_time(100)).await;
    assert!(matches!(after, Ok(Commit::Done(_))), "{after:?}");
    assert_eq!(
        store.claimed(&[7; 32], at(99)).await,
        Ok(Some(claim(b"second")))
    );
}
