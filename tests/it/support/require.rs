//! What tests need beyond Rust and this repository.

/// Whether a test can run. If something is missing, it says so on standard output and the test is to
/// pass without doing anything; with `BILLSBY_REQUIRE_ALL=1` it fails instead.
///
/// `missing` says what is missing and how to get it.
pub(crate) fn can_run(test: &str, missing: Option<&str>) -> bool {
    let Some(missing) = missing else {
        return true;
    };
    let required = std::env::var_os("BILLSBY_REQUIRE_ALL").is_some_and(|value| value == "1");
    assert!(!required, "{test} cannot run: {missing}");
    println!("skipped: {test} ({missing})");
    false
}
