//! A disk without room, and one that may only be read: changes are refused clearly, and everything else
//! goes on.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use super::admin::{Admin, Failure, Reply, text};
use super::process::Setup;
use crate::support::can_run;

/// Room for a few servers.
const ROOM: &str = "size=4m";

/// A disk in memory, unmounted when it is dropped.
struct Disk {
    folder: tempfile::TempDir,
}

impl Disk {
    /// A small disk, or nothing if the test is to be skipped.
    fn mount(test: &str) -> Option<Self> {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let is_mounted = mount(&["-t", "tmpfs", "-o", ROOM, "tmpfs"], folder.path());
        let missing = "only root can mount a small disk";
        can_run(test, (!is_mounted).then_some(missing)).then_some(Self { folder })
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Fills what is left.
    fn fill(&self) {
        let file = self.path().join("filler");
        let mut size = 1 << 20;
        let mut content = Vec::new();
        while size >= 512 {
            content.resize(content.len() + size, 7_u8);
            if std::fs::write(&file, &content).is_err() {
                content.truncate(content.len() - size);
                size /= 2;
            }
        }
        // The last attempt may have left room for a page.
        let rest = std::fs::write(self.path().join("rest"), vec![7; 1 << 20]);
        rest.expect_err("a full disk");
    }

    fn make_room(&self) {
        for name in ["filler", "rest"] {
            std::fs::remove_file(self.path().join(name)).expect("a file");
        }
    }

    fn remount(&self, how: &str) {
        assert!(
            mount(&["-o", &format!("remount,{how}")], self.path()),
            "{how}"
        );
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // Also while a program still uses it.
        let unmounted = Command::new("umount")
            .arg("--lazy")
            .arg(self.path())
            .status();
        drop(unmounted);
    }
}

fn mount(options: &[&str], folder: &Path) -> bool {
    let mounted = Command::new("mount").args(options).arg(folder).output();
    mounted.is_ok_and(|output| output.status.success())
}

#[tokio::test]
async fn a_full_disk_refuses_changes_and_nothing_else() {
    let Some(disk) = Disk::mount("a_full_disk_refuses_changes_and_nothing_else") else {
        return;
    };
    let setup = Setup::sqlite(disk.path());
    let process = setup.start().await;
    let admin = setup.admin();
    let account = admin.account().await;
    let made = admin
        .create(&account, &json!({"name": "first"}), None)
        .await
        .expect("a server");

    disk.fill();
    let mut names = vec!["first".to_owned()];
    // What was allocated before may have room for some more.
    let problem = loop {
        let name = format!("server {}", names.len());
        // With a key the answer is kept as well, which takes more room.
        match admin
            .create(&account, &json!({"name": name}), Some(&name))
            .await
        {
            Ok(_) => names.push(name),
            refused => break unavailable(refused),
        }
        assert!(names.len() < 10_000, "the disk is never full");
    };
    assert!(problem["detail"].to_string().contains("full"), "{problem}");
    goes_on(&admin, &account, &made, &names).await;

    disk.make_room();
    admin
        .create(&account, &json!({"name": "after"}), None)
        .await
        .expect("a server");
    names.push("after".to_owned());
    goes_on(&admin, &account, &made, &names).await;

    // Nothing on the disk has suffered.
    process.kill().await;
    let _process = setup.start().await;
    goes_on(&admin, &account, &made, &names).await;
}

#[tokio::test]
async fn a_disk_that_may_only_be_read_refuses_changes_and_nothing_else() {
    let test = "a_disk_that_may_only_be_read_refuses_changes_and_nothing_else";
    let Some(disk) = Disk::mount(test) else {
        return;
    };
    let data = disk.path().join("data");
    std::fs::create_dir(&data).expect("a folder");
    let setup = Setup::sqlite(&data);
    let process = setup.start().await;
    let admin = setup.admin();
    let account = admin.account().await;
    let made = admin
        .create(&account, &json!({"name": "first"}), None)
        .await
        .expect("a server");
    process.kill().await;

    // Nobody has files open for writing now, so the disk can be made so.
    disk.remount("ro");
    let process = setup.start().await;
    let refused = admin
        .create(&account, &json!({"name": "second"}), None)
        .await;
    let problem = unavailable(refused);
    assert!(problem["detail"].to_string().contains("read"), "{problem}");
    goes_on(&admin, &account, &made, &["first".to_owned()]).await;
    process.kill().await;
    disk.remount("rw");
    let _process = setup.start().await;
    goes_on(&admin, &account, &made, &["first".to_owned()]).await;
    admin
        .create(&account, &json!({"name": "second"}), None)
        .await
        .expect("a server");
}

/// Reads work, and so does the server that was made first.
async fn goes_on(admin: &Admin, account: &str, first: &Value, names: &[String]) {
    assert!(admin.opens(&text(first, "token")).await);
    let mut all = admin
        .all(&format!("/integrated-account/{account}/mcp"))
        .await;
    all.reverse();
    let mut shown: Vec<_> = all.iter().map(|server| text(server, "name")).collect();
    // Those of one millisecond have no order.
    shown.sort_unstable();
    let mut names = names.to_vec();
    names.sort_unstable();
    assert_eq!(shown, names);
}

/// The problem of an answer that the store cannot do it now.
#[track_caller]
fn unavailable(reply: Reply) -> Value {
    match reply {
        Err(Failure::Refused(503 | 507, problem)) => {
            assert!(
                problem["title"].is_string() && problem["request_id"].is_string(),
                "{problem}"
            );
            problem
        }
        other => panic!("{other:?}"),
    }
}
