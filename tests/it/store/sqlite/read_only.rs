//! What may not be written to can still be read.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use billsby_mcp::store::{Change, Lock, Store, StoreError, StoreUrl, open};

use super::child;
use crate::store::record::{account, batch, everything, new_account};
use crate::support::can_run;

const TEST: &str = "store::sqlite::read_only::what_may_only_be_read_is_read_and_not_written";

#[tokio::test]
async fn what_may_only_be_read_is_read_and_not_written() {
    if let Some(folder) = child::folder() {
        return reads_and_does_not_write(&folder).await;
    }
    // Root may write everywhere, unless it gives that right away.
    let weakened = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"];
    let front: &[&str] = if is_root() { &weakened } else { &[] };
    let works = front.is_empty() || child::succeeds(&[front, &["true"]].concat());
    let missing = (!works).then_some("setpriv cannot take rights away; it is part of util-linux");
    if !can_run("what_may_only_be_read_is_read_and_not_written", missing) {
        return;
    }
    for (folder_mode, file_mode, is_open_elsewhere) in [
        (0o500, 0o400, false),
        (0o500, 0o400, true),
        (0o500, 0o600, false),
        (0o700, 0o400, false),
        (0o700, 0o400, true),
    ] {
        println!(
            "folder {folder_mode:o}, files {file_mode:o}, open elsewhere: {is_open_elsewhere}"
        );
        let folder = tempfile::tempdir().unwrap();
        let store = opened(folder.path()).await.unwrap();
        new_account(&*store).await;
        let store = is_open_elsewhere.then_some(store);
        for file in fs::read_dir(folder.path()).unwrap() {
            set_mode(&file.unwrap().path(), file_mode);
        }
        set_mode(folder.path(), folder_mode);
        child::run(TEST, folder.path(), front);
        set_mode(folder.path(), 0o700);
        drop(store);
    }
}

async fn reads_and_does_not_write(folder: &Path) {
    let store = opened(folder).await.expect("it can be read");
    assert_eq!(store.check().await, Ok("sqlite"));
    let before = store.changes_since(0).await.unwrap();
    assert_eq!(before.accounts.len(), 1);
    let written = store.commit(batch([Change::Account(account())])).await;
    assert_eq!(written, Err(StoreError::ReadOnly));
    let after = store.accounts(everything()).await.unwrap();
    assert_eq!(after, before.accounts);
}

async fn opened(folder: &Path) -> Result<std::sync::Arc<dyn Store>, StoreError> {
    open(&StoreUrl::Sqlite(folder.join("store.db")), Lock::Shared).await
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

fn is_root() -> bool {
    let file = tempfile::NamedTempFile::new().unwrap();
    set_mode(file.path(), 0o400);
    fs::OpenOptions::new().write(true).open(file.path()).is_ok()
}
