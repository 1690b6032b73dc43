//! The file that a sandbox begins with and leaves behind.

use std::fs;
use std::path::{Path, PathBuf};

use billsby_mcp::sandbox::{Options, Sandbox};
use serde_json::{Value, json};

use super::{Running, standing};

/// A folder of its own for a test, gone when it is dropped.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("billsby-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).expect("a folder");
        Self(path)
    }

    fn file(&self) -> PathBuf {
        self.0.join("company.json")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn with_snapshot(path: &Path) -> Options {
    Options {
        snapshot: Some(path.to_owned()),
        ..standing()
    }
}

async fn everything(sandbox: &Running) -> [Value; 3] {
    [
        sandbox.admin("GET", "/state").await,
        sandbox.admin("GET", "/effects").await,
        sandbox.admin("GET", "/clock").await,
    ]
}

#[tokio::test]
async fn a_company_goes_on_where_it_ended() {
    let folder = Folder::new("goes-on");
    let sandbox = Running::with(with_snapshot(&folder.file())).await;
    sandbox
        .admin_with("POST", "/clock", &json!({"advance": "P40D"}))
        .await;
    let before = everything(&sandbox).await;
    assert_ne!(before[1]["effects"], json!([]));
    sandbox.stop().await;

    let again = Running::with(with_snapshot(&folder.file())).await;
    assert_eq!(everything(&again).await, before);
    // What is random goes on as well: two sandboxes that were one give the same ids.
    let other = Running::with(with_snapshot(&folder.file())).await;
    let rule = json!({"advance": "P40D"});
    again.admin_with("POST", "/clock", &rule).await;
    other.admin_with("POST", "/clock", &rule).await;
    assert_eq!(everything(&again).await, everything(&other).await);
}

#[tokio::test]
async fn a_snapshot_can_be_written_at_any_time() {
    let folder = Folder::new("any-time");
    let sandbox = Running::with(with_snapshot(&folder.file())).await;
    assert!(!folder.file().exists());
    sandbox
        .admin_with("POST", "/clock", &json!({"advance": "P1D"}))
        .await;
    let written = sandbox.admin("POST", "/snapshot").await;
    let length = fs::metadata(folder.file()).expect("a file").len();
    assert_eq!(written["bytes"], length);
    let files = fs::read_dir(&folder.0).expect("a folder").count();
    assert_eq!(files, 1, "something else was left behind");
}

#[cfg(unix)]
#[tokio::test]
async fn only_its_owner_can_read_a_snapshot() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = Folder::new("owner");
    let sandbox = Running::with(with_snapshot(&folder.file())).await;
    sandbox.admin("POST", "/snapshot").await;
    let mode = fs::metadata(folder.file())
        .expect("a file")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[tokio::test]
async fn a_file_that_is_no_snapshot_is_refused_and_stays_as_it_is() {
    let folder = Folder::new("refused");
    let path = folder.file();
    let sandbox = Running::with(with_snapshot(&path)).await;
    sandbox.stop().await;
    let right = fs::read_to_string(&path).expect("a snapshot");
    let half = &right[..right.len() / 2];
    let newer = right.replacen("\"version\":1", "\"version\":2", 1);
    let other = right.replacen("billsby-sandbox", "something-else", 1);
    for (text, told) in [
        ("", "damaged, or no snapshot: EOF"),
        ("{}", "damaged, or no snapshot: missing field"),
        (half, "damaged, or no snapshot: EOF"),
        (newer.as_str(), "has format 2; this program reads format 1"),
        (other.as_str(), "its format is not billsby-sandbox"),
    ] {
        fs::write(&path, text).expect("a file");
        let error = Sandbox::new(with_snapshot(&path)).unwrap_err().to_string();
        assert!(error.contains(told), "{error}");
        assert!(error.contains("company.json"), "{error}");
        assert_eq!(fs::read_to_string(&path).expect("a file"), text);
    }
}

#[tokio::test]
async fn a_reset_goes_back_to_the_start_whatever_the_file_says_by_then() {
    let folder = Folder::new("reset");
    let later = json!({"advance": "P40D"});
    for start in ["2026-03-02T08:00:00Z", "2026-04-11T08:00:00Z"] {
        // The first one is seeded, the second one begins with what the first one leaves.
        let sandbox = Running::with(with_snapshot(&folder.file())).await;
        let [before, _, clock] = everything(&sandbox).await;
        assert_eq!(clock["now"], start);
        sandbox.admin_with("POST", "/clock", &later).await;
        sandbox.admin("POST", "/snapshot").await;
        let moved = everything(&sandbox).await;
        assert_ne!(moved[0], before);
        sandbox.admin("POST", "/reset").await;
        let [after, effects, clock] = everything(&sandbox).await;
        assert!(after == before, "the company is not as at the start");
        assert_eq!(effects["effects"], json!([]));
        assert_eq!(clock["now"], start);
        fs::write(folder.file(), "damaged").expect("a file");
        sandbox.admin("POST", "/reset").await;
        sandbox.admin_with("POST", "/clock", &later).await;
        sandbox.stop().await;
    }
}

#[tokio::test]
async fn a_place_that_cannot_be_written_is_refused_at_the_start() {
    let folder = Folder::new("unwritable");
    let path = folder.0.join("nowhere").join("company.json");
    let error = Sandbox::new(with_snapshot(&path)).unwrap_err().to_string();
    assert!(error.contains("cannot be written"), "{error}");
    assert!(error.contains("company.json"), "{error}");
}

#[tokio::test]
async fn what_a_killed_sandbox_left_behind_is_cleared_away_and_nothing_else() {
    let folder = Folder::new("left");
    let left = folder.0.join(".company.json.x7Gq2a.unfinished");
    let others = [".company.json.swp", ".other.json.x7Gq2a.unfinished"];
    let others = others.map(|name| folder.0.join(name));
    for path in others.iter().chain([&left]) {
        fs::write(path, "half").expect("a file");
    }
    Sandbox::new(with_snapshot(&folder.file())).expect("a sandbox");
    assert!(!left.exists());
    assert!(others.iter().all(|path| path.exists()));
    assert_eq!(fs::read_dir(&folder.0).expect("a folder").count(), 2);
}

#[cfg(unix)]
#[tokio::test]
async fn a_symbolic_link_stays_one() {
    let folder = Folder::new("link");
    let elsewhere = Folder::new("link-target");
    Running::with(with_snapshot(&elsewhere.file()))
        .await
        .stop()
        .await;
    std::os::unix::fs::symlink(elsewhere.file(), folder.file()).expect("a link");
    let before = fs::read(elsewhere.file()).expect("a snapshot");
    let sandbox = Running::with(with_snapshot(&folder.file())).await;
    sandbox
        .admin_with("POST", "/clock", &json!({"advance": "P1D"}))
        .await;
    sandbox.stop().await;
    assert!(folder.file().is_symlink());
    assert_ne!(fs::read(elsewhere.file()).expect("a snapshot"), before);
}
