//! What has to be right before the server listens.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use serde_json::json;

use crate::mock::Mock;
use crate::support::{HttpClient, HttpServer};

const SECRET: &str = "0123456789-abcdefghijklmnopqrstuvwxyz";

/// A file in the folder for temporary files; it is removed when it is dropped.
pub(super) struct TokenFile(PathBuf);

impl TokenFile {
    pub(super) fn new(name: &str, text: &str, mode: u32) -> Self {
        let name = format!("billsby-mcp-test-{}-{name}", std::process::id());
        let path = std::env::temp_dir().join(name);
        fs::write(&path, text).expect("a file");
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).expect("a mode");
        Self(path)
    }

    pub(super) fn option(&self) -> String {
        format!("--token-file={}", self.0.display())
    }
}

impl Drop for TokenFile {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

#[tokio::test]
async fn the_token_can_come_from_a_file() {
    let mock = Mock::start().await;
    let file = TokenFile::new("good", &format!(" {SECRET}\n"), 0o640);
    let server = HttpServer::start(&mock, &[&file.option()]).await;
    // Whoever made the file knows it, and what a service prints is kept in logs.
    assert!(server.url.ends_with("/mcp/TOKEN"), "{}", server.url);
    let client = HttpClient::new(&server.page(&format!("/mcp/{SECRET}")));
    assert_eq!(client.modern("tools/list", &json!({})).await.status, 200);
    let log = server.stop().await;
    assert!(!log.contains(SECRET), "{log}");
}

/// The status of a server that does not begin, and what it says.
async fn refused(arguments: &[&str]) -> (Option<i32>, String) {
    let mut command = HttpServer::command();
    let output = command.arg("serve").args(arguments).output().await;
    let output = output.expect("the program runs");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!said.contains(SECRET), "{said}");
    (output.status.code(), said)
}

#[tokio::test]
async fn a_bad_token_file_is_refused() {
    for (name, text, mode, expected) in [
        ("open", SECRET, 0o644, "chmod 600"),
        ("blank", " \n", 0o600, "is blank"),
        ("short", &SECRET[..31], 0o600, "too short"),
        ("odd", &SECRET.replace('-', "/"), 0o600, "a character"),
    ] {
        let file = TokenFile::new(name, text, mode);
        let (status, said) = refused(&["--listen=127.0.0.1:0", &file.option()]).await;
        assert_eq!(status, Some(2), "{said}");
        assert!(said.contains(expected), "{said}");
    }
    let (status, said) = refused(&["--token-file=/no/such/file"]).await;
    assert_eq!(status, Some(2), "{said}");
    assert!(said.contains("cannot be read"), "{said}");
}

#[tokio::test]
async fn other_machines_are_let_in_on_purpose_only() {
    let (status, said) = refused(&["--listen=0.0.0.0:0"]).await;
    assert_eq!(status, Some(2), "{said}");
    assert!(said.contains("--allowed-host"), "{said}");
    let mock = Mock::start().await;
    let server = HttpServer::start(&mock, &["--listen=0.0.0.0:0", "--allowed-host=a.example"]);
    server.await.stop().await;
}

#[tokio::test]
async fn wrong_options_are_explained() {
    for (arguments, expected) in [
        (["--allowed-host=https://a.example"], "mcp.example.com"),
        (["--allowed-origin=a.example"], "https://app.example.com"),
        (["--public-url=a.example"], "https://mcp.example.com"),
        (["--listen=256.0.0.1:0"], "cannot listen"),
    ] {
        let (status, said) = refused(&arguments).await;
        assert_eq!(status, Some(2), "{said}");
        assert!(said.contains(expected), "{said}");
    }
}
