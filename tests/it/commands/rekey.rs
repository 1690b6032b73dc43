//! `billsby-mcp rekey`: another master key, and the same store.

use std::path::{Path, PathBuf};
use std::time::Duration;

use billsby_mcp::provision;
use billsby_mcp::secret::MasterKey;
use billsby_mcp::store::{self, Lock, Page, StoreUrl};

use super::{Ended, Home, Serving, ended};

/// How often the program is killed.
const KILLS: u32 = 12;

/// A home with a store that has accounts in it.
async fn with_accounts(count: usize) -> (Home, String) {
    let home = Home::new();
    let server = home.serve(&[]).await;
    let token = server.admin_token().expect("a new token").to_owned();
    for index in 0..count {
        let mut command = home.command(&["account", "create", "--company-domain=widgets"]);
        command
            .env("BILLSBY_MCP_API", server.api())
            .env("BILLSBY_MCP_ADMIN_TOKEN", &token)
            .env("BILLSBY_API_KEY", format!("the-key-of-{index}"));
        ended(command, "").await.good();
    }
    server.stop().await;
    (home, token)
}

async fn rekey(home: &Home, old: Option<&Path>, new: &Path) -> Ended {
    let mut command = home.command(&["rekey", "--new-master-key-file"]);
    command.arg(new);
    if let Some(old) = old {
        command.arg("--master-key-file").arg(old);
    }
    ended(command, "").await
}

/// Whether a key opens the store, and every API key in it.
async fn opens(home: &Home, key: &Path) -> bool {
    let Ok(key) = std::fs::read_to_string(key) else {
        return false;
    };
    let key: MasterKey = key.parse().expect("a whole key");
    let url = StoreUrl::Sqlite(home.data().join("billsby-mcp.sqlite3"));
    let store = store::open(&url, Lock::Shared).await.expect("a store");
    let Ok(keyring) = provision::unlock(&*store, &key).await else {
        return false;
    };
    let page = Page {
        after: None,
        limit: 100,
    };
    let accounts = store.accounts(page).await.expect("accounts");
    assert!(!accounts.is_empty());
    for account in accounts {
        let key = keyring.open(&account.api_key, &account.id.to_string());
        assert!(key.expect("its own keyring").starts_with(b"the-key-of-"));
    }
    true
}

#[tokio::test]
async fn the_new_key_opens_what_the_old_one_opened() {
    let (home, token) = with_accounts(3).await;
    let (old, new) = (home.data().join("master.key"), home.path().join("new.key"));
    let told = rekey(&home, None, &new).await;
    assert!(!told.stderr.contains("the-key-of-"), "{}", told.stderr);
    let told = told.good();
    assert!(
        told.contains("3 accounts") && told.contains("--master-key-file"),
        "{told}"
    );
    assert!(opens(&home, &new).await && !opens(&home, &old).await);
    let said = home.refused(&[], &[]).await;
    assert!(said.contains("does not open this store"), "{said}");
    let option = format!("--master-key-file={}", new.display());
    let server = home.serve(&[&option]).await;
    assert_eq!(server.admin_token(), None, "{}", server.announcement);
    let mut command = home.command(&["account", "list"]);
    command
        .env("BILLSBY_MCP_API", server.api())
        .env("BILLSBY_MCP_ADMIN_TOKEN", &token);
    ended(command, "").await.good();
    server.stop().await;
}

#[tokio::test]
async fn what_cannot_be_done_changes_nothing() {
    let (home, _) = with_accounts(1).await;
    let (old, new) = (home.data().join("master.key"), home.path().join("new.key"));
    let refused = async |old: Option<&Path>, new: &Path, expected: &str| {
        let ended = rekey(&home, old, new).await;
        assert_eq!(ended.status, Some(2), "{}", ended.stderr);
        assert!(ended.stderr.contains(expected), "{}", ended.stderr);
        assert_eq!(ended.stdout, "");
    };
    let server: Serving = home.serve(&[]).await;
    refused(None, &new, "end every server").await;
    assert!(!new.exists());
    server.stop().await;
    refused(None, &old, "name another one").await;
    refused(Some(Path::new("/no/such/file")), &new, "cannot be read").await;
    refused(None, Path::new("/dev/null/key"), "cannot be written").await;
    let wrong = home.path().join("wrong.key");
    let text = MasterKey::generate().expect("random numbers").reveal();
    std::fs::write(&wrong, text.as_bytes()).expect("a file");
    let only_mine = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    std::fs::set_permissions(&wrong, only_mine).expect("a mode");
    refused(Some(&wrong), &new, "does not open this store").await;
    assert!(opens(&home, &old).await);
    let empty = Home::new();
    let ended = rekey(&empty, None, &new).await;
    assert_eq!(ended.status, Some(2));
    assert!(ended.stderr.contains("never been used"), "{}", ended.stderr);
    assert!(!empty.data().exists() && !new.exists());
}

#[tokio::test]
async fn killed_at_any_moment_one_of_the_two_keys_opens() {
    let (home, _) = with_accounts(3).await;
    let mut current: PathBuf = home.data().join("master.key");
    let mut changed = 0;
    for round in 0..KILLS {
        let new = home.path().join(format!("new-{round}.key"));
        let mut command = home.command(&["rekey", "--new-master-key-file"]);
        command.arg(&new).arg("--master-key-file").arg(&current);
        let mut child = command.spawn().expect("it starts");
        tokio::time::sleep(Duration::from_millis(u64::from(round) * 7)).await;
        child.kill().await.expect("it can be killed");
        let (by_old, by_new) = (opens(&home, &current).await, opens(&home, &new).await);
        assert!(by_old != by_new, "round {round}: {by_old} {by_new}");
        if by_new {
            current = new;
            changed += 1;
        }
    }
    // However slow the machine is, one that is not killed does it.
    let last = home.path().join("last.key");
    rekey(&home, Some(&current), &last).await.good();
    assert!(opens(&home, &last).await, "after {changed} changes");
}
