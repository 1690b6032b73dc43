//! Rules about the generator's own source that the compiler does not know.

use std::path::{Path, PathBuf};

use crate::support::read;

const LONGEST_FILE: usize = 500;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// Every source file: path below `src`, and text.
pub(crate) fn sources() -> Vec<(String, String)> {
    let mut waiting = vec![folder()];
    let mut sources = Vec::new();
    while let Some(next) = waiting.pop() {
        if next.is_dir() {
            let entries = std::fs::read_dir(&next).expect("the folder can be listed");
            waiting.extend(entries.map(|entry| entry.expect("the entry can be read").path()));
        } else {
            let name = next.strip_prefix(folder()).expect("it is below src");
            let name = name.to_string_lossy().replace('\\', "/");
            sources.push((name, read(&next)));
        }
    }
    sources.sort();
    assert!(
        sources.len() > 20,
        "the generator has more files than these"
    );
    sources
}

/// Fails for each line of a chosen file that mentions one of the words.
fn assert_free_of(words: &[&str], chosen: impl Fn(&str) -> bool) {
    let mut found = Vec::new();
    for (name, text) in sources().iter().filter(|(name, _)| chosen(name)) {
        for (index, line) in text.lines().enumerate() {
            if let Some(word) = words.iter().find(|word| mentions(line, word)) {
                found.push(format!("src/{name}:{} mentions {word}", index + 1));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// Whether a word occurs that is not part of a longer one, outside of comments.
fn mentions(line: &str, word: &str) -> bool {
    let code = line.split("//").next().unwrap_or_default();
    let is_part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    code.match_indices(word).any(|(start, _)| {
        let before = code[..start].chars().next_back();
        let after = code[start + word.len()..].chars().next();
        !is_part(before) && !is_part(after)
    })
}

#[test]
fn words_are_found_as_whole_words_in_code_only() {
    assert!(mentions("use std::fs::read;", "std::fs"));
    assert!(mentions("let a = Instant::now();", "Instant"));
    assert!(!mentions("let instantly = Instantly;", "Instant"));
    assert!(!mentions("x(); // no std::fs here", "std::fs"));
}

#[test]
fn the_generator_touches_nothing_but_its_arguments() {
    let outside = [
        "fs",
        "env",
        "net",
        "process",
        "thread",
        "io",
        "SystemTime",
        "Instant",
        "println",
        "eprintln",
    ];
    assert_free_of(&outside, |_| true);
}

#[test]
fn nothing_depends_on_the_order_of_a_hash() {
    assert_free_of(&["HashMap", "HashSet", "RandomState"], |_| true);
}

#[test]
fn the_plain_data_knows_neither_openapi_nor_rust_tokens() {
    assert_free_of(&["openapiv3", "quote", "proc_macro2", "syn"], |name| {
        name == "ir.rs"
    });
}

#[test]
fn only_check_and_lower_know_the_typed_document() {
    assert_free_of(&["openapiv3"], |name| {
        !name.starts_with("check/") && !name.starts_with("lower/")
    });
}

#[test]
fn only_emit_writes_rust() {
    assert_free_of(&["quote", "proc_macro2", "prettyplease", "syn"], |name| {
        !name.starts_with("emit/")
    });
}

#[test]
fn files_stay_readable() {
    for (name, text) in sources() {
        let lines = text.lines().count();
        assert!(
            lines <= LONGEST_FILE,
            "src/{name} has {lines} lines, {LONGEST_FILE} are allowed"
        );
    }
}
