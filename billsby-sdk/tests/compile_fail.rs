//! Mistakes that do not compile, and what the compiler says about them.
//!
//! Every release of the compiler words its messages anew, so they are compared with one release only.
//! `TRYBUILD=overwrite` in the environment writes them again.

use std::process::Command;

/// The release whose messages are kept.
const RELEASE: &str = "rustc 1.95.";

#[test]
fn mistakes_do_not_compile() {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let version = Command::new(rustc)
        .arg("--version")
        .output()
        .expect("a compiler");
    let version = String::from_utf8_lossy(&version.stdout);
    if !version.starts_with(RELEASE) {
        println!(
            "skipped mistakes_do_not_compile: the messages are those of {RELEASE}x, not {version}"
        );
        return;
    }
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}
