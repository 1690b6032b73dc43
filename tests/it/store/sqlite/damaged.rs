//! What is not a store is said to be none.

use std::fs;
use std::io::{Seek as _, SeekFrom, Write as _};

use billsby_mcp::store::{Lock, StoreError, StoreUrl, open};

use crate::store::Home;
use crate::store::record::new_account;

#[tokio::test]
async fn another_file_is_refused_and_stays_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let text = "This is a letter. ".repeat(1_000);
    fs::write(&path, &text).unwrap();
    let Err(StoreError::Unusable(error)) =
        open(&StoreUrl::Sqlite(path.clone()), Lock::Shared).await
    else {
        panic!("refused");
    };
    assert!(
        error.contains("not a SQLite database") && error.contains("store.db"),
        "{error}"
    );
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
}

#[tokio::test]
async fn a_damaged_file_is_noticed() {
    let home = Home::sqlite();
    let store = home.open().await;
    let account = new_account(&*store).await;
    drop(store);
    let Some(StoreUrl::Sqlite(path)) = home.url() else {
        panic!("a file");
    };
    home.sql("PRAGMA wal_checkpoint(TRUNCATE)");
    let length = fs::metadata(&path).unwrap().len();
    let mut file = fs::OpenOptions::new().write(true).open(&path).unwrap();
    file.seek(SeekFrom::Start(4_096)).unwrap();
    file.write_all(&vec![0x5a; usize::try_from(length).unwrap() - 4_096])
        .unwrap();
    let error = match home.try_open(Lock::Shared).await {
        Ok(store) => store.account(account.id).await.err(),
        Err(error) => Some(error),
    };
    let is_clear = matches!(&error, Some(StoreError::Unusable(text)) if text.contains("damaged"));
    assert!(is_clear, "{error:?}");
}

#[tokio::test]
async fn a_place_that_cannot_be_is_said() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let path = file.path().join("store.db");
    let Err(StoreError::Unreachable(error)) = open(&StoreUrl::Sqlite(path), Lock::Shared).await
    else {
        panic!("refused");
    };
    assert!(
        error.contains(&file.path().display().to_string()),
        "{error}"
    );
}
