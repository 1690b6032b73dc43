//! A full disk loses nothing.

use std::path::Path;
use std::sync::Arc;

use billsby_mcp::store::{Change, Commit, Lock, Store, StoreError, StoreUrl, open};

use super::child;
use crate::store::record::{account, batch, everything};
use crate::support::can_run;

/// Gives a process a small disk of its own, in the place of the folder that it is told.
const SMALL_DISK: &str =
    r#"mount -t tmpfs -o size=1m tmpfs "$BILLSBY_TEST_STORE_FOLDER" && exec "$@""#;
/// Lets no file grow beyond half a mebibyte.
const SMALL_FILES: &str = r#"trap "" XFSZ; ulimit -f 1024; exec "$@""#;

#[tokio::test]
async fn on_a_full_disk_one_can_read_and_later_write() {
    if let Some(folder) = child::folder() {
        let ballast = folder.join("ballast");
        std::fs::write(&ballast, vec![1; 256 * 1024]).unwrap();
        let store = opened(&folder).await;
        let (kept, error) = fill(&*store).await;
        assert_eq!(error, StoreError::Full);
        assert_eq!(
            store.accounts(everything()).await.unwrap().len(),
            kept.min(100)
        );
        std::fs::remove_file(ballast).unwrap();
        return goes_on(&*store).await;
    }
    let unshare = ["unshare", "--mount", "--map-root-user"];
    let mount = "mount -t tmpfs tmpfs /tmp";
    let works = child::succeeds(&[&unshare[..], &["sh", "-c", mount]].concat());
    let missing = (!works).then_some("this system lets nobody mount a disk of their own");
    if can_run("on_a_full_disk_one_can_read_and_later_write", missing) {
        let folder = tempfile::tempdir().unwrap();
        let front = [&unshare[..], &["sh", "-c", SMALL_DISK, "sh"]].concat();
        let test = "store::sqlite::full::on_a_full_disk_one_can_read_and_later_write";
        child::run(test, folder.path(), front);
    }
}

#[tokio::test]
async fn where_files_may_not_grow_one_can_read() {
    if let Some(folder) = child::folder() {
        let store = opened(&folder).await;
        let (kept, error) = fill(&*store).await;
        assert!(
            matches!(&error, StoreError::Unreachable(text) if text.contains("grow")),
            "{error}"
        );
        assert_eq!(
            store.accounts(everything()).await.unwrap().len(),
            kept.min(100)
        );
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let test = "store::sqlite::full::where_files_may_not_grow_one_can_read";
    child::run(test, folder.path(), ["sh", "-c", SMALL_FILES, "sh"]);
    // What was acknowledged is there, and the store is whole.
    goes_on(&*opened(folder.path()).await).await;
}

async fn opened(folder: &Path) -> Arc<dyn Store> {
    let url = StoreUrl::Sqlite(folder.join("store.db"));
    open(&url, Lock::Shared).await.expect("it opens")
}

/// Writes until nothing more can be written. Gives how much could, and why no more.
async fn fill(store: &dyn Store) -> (usize, StoreError) {
    for kept in 0..100_000 {
        let mut account = account();
        account.label = "x".repeat(3_000);
        match store.commit(batch([Change::Account(account)])).await {
            Ok(commit) => assert!(matches!(commit, Commit::Done(_))),
            Err(error) => {
                let changes = store.changes_since(0).await.expect("it can be read");
                assert_eq!(changes.accounts.len(), kept);
                assert!(kept > 10, "{kept}: {error}");
                return (kept, error);
            }
        }
    }
    panic!("the disk is never full");
}

async fn goes_on(store: &dyn Store) {
    let commit = store.commit(batch([Change::Account(account())])).await;
    assert!(matches!(commit, Ok(Commit::Done(_))), "{commit:?}");
}
