//! Parts of tests that run in a process of their own, which may do less than this one.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Says to a process where the store is, and by that, that it is such a part.
const FOLDER: &str = "BILLSBY_TEST_STORE_FOLDER";

/// The folder of the store, in such a part.
pub(super) fn folder() -> Option<PathBuf> {
    std::env::var_os(FOLDER).map(PathBuf::from)
}

/// Runs the part of a test, by its whole name, with the words of another program in front. It must succeed.
pub(super) fn run<A: AsRef<OsStr>>(test: &str, folder: &Path, front: impl IntoIterator<Item = A>) {
    let program = std::env::current_exe().expect("this program");
    let mut words: Vec<_> = front
        .into_iter()
        .map(|word| word.as_ref().to_owned())
        .collect();
    words.push(program.into());
    let output = Command::new(&words[0])
        .args(&words[1..])
        .args([test, "--exact", "--nocapture", "--test-threads=1"])
        .env(FOLDER, folder)
        .output()
        .expect("it starts");
    let shown = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{shown}{errors}");
    assert!(shown.contains("1 passed"), "it ran nothing: {shown}");
}

/// Whether a program can do something here.
pub(super) fn succeeds(words: &[&str]) -> bool {
    let status = Command::new(words[0]).args(&words[1..]).output();
    status.is_ok_and(|output| output.status.success())
}
