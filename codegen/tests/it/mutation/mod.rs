//! The real document, broken at random: whatever comes in, the generator answers and never panics.
//!
//! `BILLSBY_MUTATION_CASES` sets how many documents are tried, `BILLSBY_MUTATION_SEED` where to begin. A failure names
//! the seed of its case; with that and one case it is repeated alone.

mod change;
mod sample;

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::thread;

use billsby_codegen::{CORRECTED_DOCUMENT, Generation, Severity};
use serde_json::Value;

use crate::diagnostics::codes;
use crate::random::Random;
use crate::support::{files, printed, repository_file, run, unreadable, value};

const CASES: u64 = 2_000;
/// After so many failures the rest would say the same.
const ENOUGH_FAILURES: usize = 20;

static DOCUMENT: LazyLock<Value> = LazyLock::new(|| value(&repository_file(CORRECTED_DOCUMENT)));

static CODES: LazyLock<BTreeSet<String>> = LazyLock::new(codes);

#[test]
fn a_sample_without_mutations_is_generated() {
    for seed in 0..10 {
        let sample = sample::sample(&DOCUMENT, &mut Random::new(seed));
        let generation = run(&sample.to_string(), &[]);
        assert_eq!(printed(&generation), "", "seed {seed}");
        assert!(generation.report.operations > 0);
        assert_eq!(problem(&sample, &generation), None, "seed {seed}");
    }
}

#[test]
fn no_mutation_makes_the_generator_panic() {
    let cases = setting("BILLSBY_MUTATION_CASES").unwrap_or(CASES);
    let first = setting("BILLSBY_MUTATION_SEED").unwrap_or(0);
    let next = AtomicU64::new(0);
    let generated = AtomicUsize::new(0);
    let workers = thread::available_parallelism().map_or(1, |count| count.get().min(4));
    let failures: Vec<String> = thread::scope(|scope| {
        let work = || {
            let mut failures = Vec::new();
            while failures.len() < ENOUGH_FAILURES {
                let case = next.fetch_add(1, Ordering::Relaxed);
                if case >= cases {
                    break;
                }
                match try_case(first + case) {
                    Ok(true) => _ = generated.fetch_add(1, Ordering::Relaxed),
                    Ok(false) => {}
                    Err(failure) => failures.push(failure),
                }
            }
            failures
        };
        let threads: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        let failures = threads
            .into_iter()
            .map(|thread| thread.join().expect("workers catch panics"));
        failures.flatten().collect()
    });
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
    let generated = generated.into_inner();
    println!("{cases} documents from seed {first}: {generated} were generated, the others refused");
    if cases >= 100 {
        let share = generated * 100 / usize::try_from(cases).unwrap_or(usize::MAX);
        assert!(
            (5..=95).contains(&share),
            "{share} % were generated: the mutations do not probe much"
        );
    }
}

fn setting(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    Some(
        text.parse()
            .unwrap_or_else(|_| panic!("{name} must be a number")),
    )
}

/// Whether files came out, or what went wrong.
fn try_case(seed: u64) -> Result<bool, String> {
    let mut random = Random::new(seed);
    let mut document = sample::sample(&DOCUMENT, &mut random);
    let count = *random.pick(&[1, 1, 1, 1, 2, 2, 3, 4]);
    let changes: Vec<String> = (0..count)
        .map(|_| change::apply(&mut document, &mut random))
        .collect();
    let text = document.to_string();
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        let generation = run(&text, &[]);
        problem(&document, &generation).map_or_else(|| Ok(generation.files.is_some()), Err)
    }));
    let what = match outcome {
        Ok(Ok(generated)) => return Ok(generated),
        Ok(Err(problem)) => problem,
        Err(panic) => format!("it panicked: {}", message(panic.as_ref())),
    };
    let again = format!("BILLSBY_MUTATION_SEED={seed} BILLSBY_MUTATION_CASES=1");
    Err(format!("{again}\n{}\n{what}", changes.join("\n")))
}

fn message(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("no message")
        .to_owned()
}

/// What contradicts the promise: errors and nothing else, or files that can be read.
fn problem(document: &Value, generation: &Generation) -> Option<String> {
    if let Some(found) = generation
        .diagnostics
        .iter()
        .find(|found| !CODES.contains(found.code))
    {
        return Some(format!("the search for codes does not find {}", found.code));
    }
    let has_errors = generation
        .diagnostics
        .iter()
        .any(|found| found.severity == Severity::Error);
    if has_errors != generation.files.is_none() {
        return Some(format!(
            "errors or files, not both and not neither:\n{}",
            printed(generation)
        ));
    }
    if has_errors {
        return None;
    }
    for (path, text) in files(generation) {
        if let Some(error) = unreadable(path, text) {
            return Some(format!("{path} cannot be read: {error}\n{text}"));
        }
    }
    let written = value(&files(generation)[CORRECTED_DOCUMENT]);
    (written != *document).then(|| "the document is not what was read".to_owned())
}
