//! Nobody else may read the files.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use billsby_mcp::store::{Lock, StoreUrl, open};

use crate::store::record::new_account;

#[tokio::test]
async fn files_and_new_folders_are_private() {
    let base = tempfile::tempdir().unwrap();
    let folder = base.path().join("one/two");
    let path = folder.join("store.db");
    let url = StoreUrl::Sqlite(path.clone());
    let store = open(&url, Lock::Shared).await.unwrap();
    new_account(&*store).await;
    assert_eq!(mode(&base.path().join("one")), 0o700);
    assert_eq!(mode(&folder), 0o700);
    let mut names = Vec::new();
    for file in fs::read_dir(&folder).unwrap() {
        let file = file.unwrap();
        assert_eq!(mode(&file.path()), 0o600, "{file:?}");
        names.push(file.file_name().into_string().unwrap());
    }
    names.sort();
    assert_eq!(
        names,
        ["store.db", "store.db-shm", "store.db-wal", "store.db.lock"]
    );

    // A file that others could read is closed to them.
    drop(store);
    fs::set_permissions(&path, Permissions::from_mode(0o644)).unwrap();
    let _store = open(&url, Lock::Shared).await.unwrap();
    assert_eq!(mode(&path), 0o600);
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}
