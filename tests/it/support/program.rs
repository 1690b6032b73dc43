//! The program `billsby-mcp`, which another package builds.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;
use std::time::SystemTime;

static PROGRAM: LazyLock<PathBuf> = LazyLock::new(|| {
    // This test is target/debug/deps/it-0123…, the program is target/debug/billsby-mcp.
    let test = std::env::current_exe().expect("the path of this test");
    let folder = test.ancestors().nth(2).expect("a target folder");
    let program = folder.join(format!("billsby-mcp{}", std::env::consts::EXE_SUFFIX));
    if !is_fresh(&program) {
        build(folder);
    }
    program
});

/// Where the program is. Cargo builds it when it tests the whole workspace, but not when it tests this
/// package alone, so a missing or outdated one is built here.
pub(crate) fn program() -> &'static Path {
    &PROGRAM
}

/// Whether the program exists and is younger than all of its sources, which Cargo lists beside it.
fn is_fresh(program: &Path) -> bool {
    let Some(built) = modified(program) else {
        return false;
    };
    let Ok(sources) = fs::read_to_string(program.with_extension("d")) else {
        return false;
    };
    let Some((_, sources)) = sources.split_once(": ") else {
        return false;
    };
    sources
        .replace("\\ ", "\0")
        .split_whitespace()
        .all(|source| {
            let source = source.replace('\0', " ");
            modified(Path::new(&source)).is_some_and(|changed| changed <= built)
        })
}

fn modified(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).ok()?.modified().ok()
}

fn build(folder: &Path) {
    let mut cargo = Command::new(env!("CARGO"));
    cargo
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["build", "--quiet", "--package", "billsby-mcp"])
        .args(["--bin", "billsby-mcp", "--target-dir"])
        .arg(folder.parent().expect("a folder above the profile's"));
    if folder.ends_with("release") {
        cargo.arg("--release");
    }
    let status = cargo.status().expect("cargo runs");
    assert!(status.success(), "billsby-mcp cannot be built");
}
