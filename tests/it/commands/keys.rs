//! The master key: wrong, lost, readable by everybody, or no key at all.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use billsby_mcp::secret::MasterKey;

use super::{Home, ended};

/// A key file with this text and mode.
pub(super) fn key_file(home: &Home, name: &str, text: &str, mode: u32) -> PathBuf {
    let path = home.path().join(name);
    fs::write(&path, text).expect("a file");
    fs::set_permissions(&path, fs::Permissions::from_mode(mode)).expect("a mode");
    path
}

pub(super) fn new_key() -> String {
    MasterKey::generate()
        .expect("random numbers")
        .reveal()
        .to_string()
}

fn option(path: &Path) -> String {
    format!("--master-key-file={}", path.display())
}

#[tokio::test]
async fn a_wrong_key_opens_nothing_and_changes_nothing() {
    let home = Home::new();
    home.serve(&[]).await.stop().await;
    let wrong = new_key();
    let file = key_file(&home, "wrong.key", &wrong, 0o600);
    for (arguments, environment) in [
        (vec![option(&file)], vec![]),
        (vec![], vec![("BILLSBY_MCP_MASTER_KEY", wrong.as_str())]),
    ] {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let said = home.refused(&arguments, &environment).await;
        assert!(
            said.contains("this master key does not open this store"),
            "{said}"
        );
        assert!(said.contains("nothing was changed"), "{said}");
        assert!(!said.contains(&wrong), "{said}");
    }
    let server = home.serve(&[]).await;
    assert_eq!(server.admin_token(), None, "{}", server.announcement);
    server.stop().await;
}

#[tokio::test]
async fn a_lost_key_is_not_replaced_by_a_new_one() {
    let home = Home::new();
    home.serve(&[]).await.stop().await;
    let (kept, away) = (home.data().join("master.key"), home.path().join("away"));
    fs::rename(&kept, &away).expect("a file");
    let said = home.refused(&[], &[]).await;
    assert!(
        said.contains("the master key of this store is gone"),
        "{said}"
    );
    assert!(!kept.exists());
    home.serve(&[&option(&away)]).await.stop().await;
    let text = fs::read_to_string(&away).expect("a key");
    let mut command = home.command(&["serve", "--listen=127.0.0.1:0"]);
    command.env("BILLSBY_MCP_MASTER_KEY", text.trim());
    let server = super::Serving::start(command).await;
    assert_eq!(
        server.value("Master key"),
        Some("the one in BILLSBY_MCP_MASTER_KEY")
    );
    server.stop().await;
}

#[tokio::test]
async fn a_key_that_cannot_be_used_is_refused() {
    let home = Home::new();
    let key = new_key();
    for (name, text, mode, expected) in [
        ("open", &*key, 0o644, "chmod 600"),
        ("writable", &key, 0o602, "chmod 600"),
        ("readable-for-a-group", &key, 0o640, "chmod 600"),
        ("writable-for-a-group", &key, 0o660, "chmod 600"),
        ("blank", " \n", 0o600, "is blank"),
        ("garbage", "garbage", 0o600, "32 random bytes"),
        ("short", &key[..40], 0o600, "32 random bytes"),
    ] {
        let file = key_file(&home, name, text, mode);
        let said = home.refused(&[&option(&file)], &[]).await;
        assert!(said.contains(expected), "{name}: {said}");
        assert!(!said.contains(&key[..40]), "{said}");
    }
    let said = home
        .refused(&["--master-key-file=/no/such/file"], &[])
        .await;
    assert!(
        said.contains("cannot be read") && said.contains("openssl"),
        "{said}"
    );
    let said = home
        .refused(&[], &[("BILLSBY_MCP_MASTER_KEY", "garbage")])
        .await;
    assert!(
        said.contains("BILLSBY_MCP_MASTER_KEY cannot be used"),
        "{said}"
    );
    let file = key_file(&home, "good", &key, 0o600);
    let both = [("BILLSBY_MCP_MASTER_KEY", &*key)];
    let said = home.refused(&[&option(&file)], &both).await;
    assert!(said.contains("two master keys"), "{said}");
    // Nothing of all that has left anything behind that a good key would not open.
    home.serve(&[&option(&file)]).await.stop().await;
    assert!(!home.data().join("master.key").exists());
}

#[tokio::test]
async fn a_key_beside_the_data_is_looked_at_as_well() {
    let home = Home::new();
    home.serve(&[]).await.stop().await;
    let path = home.data().join("master.key");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).expect("a mode");
    let said = home.refused(&[], &[]).await;
    assert!(said.contains("chmod 600"), "{said}");
}

#[tokio::test]
async fn a_shared_store_does_not_get_a_key_of_its_own() {
    let home = Home::new();
    let store = "postgres://billsby:hunter2@127.0.0.1:1/data";
    let said = home.refused(&[], &[("BILLSBY_MCP_STORE", store)]).await;
    assert!(
        said.contains("openssl rand -base64 32 > master.key"),
        "{said}"
    );
    assert!(!said.contains("hunter2"), "{said}");
}

/// As if it were not there, another secret would be made, and what the operator has would open nothing.
#[tokio::test]
async fn a_secret_that_is_no_text_is_not_overlooked() {
    let home = Home::new();
    for name in ["BILLSBY_MCP_MASTER_KEY", "BILLSBY_MCP_ADMIN_TOKEN"] {
        let mut command = home.command(&["serve", "--listen=127.0.0.1:0"]);
        command.env(
            name,
            OsStr::from_bytes(b"canary-\xff-and-more-than-32-characters"),
        );
        let ended = ended(command, "").await;
        assert_eq!(ended.status, Some(2), "{}{}", ended.stdout, ended.stderr);
        assert_eq!(ended.stdout, "");
        assert!(ended.stderr.contains(name), "{}", ended.stderr);
        assert!(
            ended.stderr.contains("not valid Unicode"),
            "{}",
            ended.stderr
        );
        assert!(!ended.stderr.contains("canary"), "{}", ended.stderr);
    }
}
