//! `cargo xtask` as it is called, on copies of the repository.

mod checkout;
mod diff;
mod import;
mod refused;
mod regen;
mod upstream;

use std::path::Path;

/// The generated files that are committed are what the committed inputs give.
#[test]
fn committed_files_are_fresh() {
    let outcome = checkout::xtask(&["regen", "--check"]);
    assert_eq!(outcome.code, 0, "{}{}", outcome.stderr, outcome.stdout);
}

#[test]
fn help_lists_the_tasks_and_the_exit_codes() {
    let outcome = checkout::xtask(&["help"]);
    assert_eq!(outcome.code, 0);
    for word in ["import", "regen", "diff", "Exit codes"] {
        assert!(outcome.stdout.contains(word), "{word}");
    }
    assert!(
        !outcome.stdout.contains("--repository"),
        "it is for tests only"
    );
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a path of plain text")
}
