//! Scripted agents that do whole tasks with the tools, on the sandbox.
//!
//! Nothing here is a language model. The agents are rules that know what an MCP client gets, each with one
//! habit that models have; the tasks are checked on what the sandbox did.

mod agent;
mod client;
mod dice;
mod injection;
mod plan;
mod plant;
mod report;
mod run;
mod state;
mod task;
mod tokens;
mod variant;
mod words;
mod world;

use std::collections::BTreeSet;
use std::path::Path;

use run::{CAREFUL, CONFUSED, OBEYS_READS, ORACLE, Runs};

/// Where the figures are kept. Everything in them follows from seeds, so they are the same everywhere.
const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/EVALUATION.md");

/// The tools that billing teams need most.
const HEROES: [&str; 5] = [
    "list_all_billsby_customer_subscriptions",
    "billsby_invoices_refund_invoice",
    "billsby_subscriptions_change_plan",
    "billsby_invoices_reattempt_invoice_payment",
    "create_a_billsby_one_time_charge",
];

/// As many as an ordinary test run has time for.
const USUAL: Runs = Runs {
    oracle: 20,
    others: 3,
};

/// Every promise about agents holds, and the figures in the file are what came out.
///
/// `BILLSBY_EVALUATION_RUNS` sets another number of runs, whose figures are only printed;
/// `BILLSBY_EVALUATION_WRITE` lets the file be written.
#[tokio::test(flavor = "multi_thread")]
async fn agents_do_their_tasks() {
    let asked = std::env::var("BILLSBY_EVALUATION_RUNS").ok();
    let runs = asked.map_or(USUAL, |number| {
        let number = number.parse().expect("a number of runs");
        Runs {
            oracle: number,
            others: number,
        }
    });
    let results = run::run(runs).await;
    let report = report::write(&results, runs);
    println!("{report}");

    let tally = |variant: run::Variant| results.tallies[variant.name];
    assert_eq!(tally(ORACLE).done, tally(ORACLE).trials);
    let confused = tally(CONFUSED);
    assert!(confused.mistakes > 0);
    assert!(confused.percent(confused.done) >= 99.0, "{confused:?}");
    assert!(confused.extra_calls <= confused.mistakes, "{confused:?}");
    assert_eq!((confused.wrong_effects, confused.duplicate_effects), (0, 0));
    assert_eq!(tally(CAREFUL).duplicate_effects, 0);
    assert_eq!(tally(OBEYS_READS).wrong_effects, 0);

    for hero in HEROES {
        assert!(results.called.contains(hero), "{hero} is never called");
    }
    // The oracle's effects are what all others are compared with, so they are kept to be read.
    insta::assert_json_snapshot!("effects", results.effects);

    if runs == USUAL {
        assert!(results.payloads.len() >= 200, "{}", results.payloads.len());
        keep(&report);
    }
}

/// Writes the file if that is wanted, else compares it.
fn keep(report: &str) {
    if std::env::var_os("BILLSBY_EVALUATION_WRITE").is_some() {
        std::fs::write(FILE, report).expect("the file can be written");
        return;
    }
    let kept = std::fs::read_to_string(Path::new(FILE)).unwrap_or_default();
    assert_eq!(
        kept, report,
        "tests/EVALUATION.md is not what came out: run `cargo xtask eval --write`"
    );
}

#[test]
fn the_tasks_are_of_all_groups_of_tools() {
    let tasks = task::all();
    let used: BTreeSet<&str> = tasks.iter().flat_map(|task| task.tags).copied().collect();
    let groups: BTreeSet<&str> = billsby_mcp::tools().map(|tool| tool.tag).collect();
    assert_eq!(used, groups);
    let names: BTreeSet<&str> = tasks.iter().map(|task| task.name).collect();
    assert_eq!(names.len(), tasks.len());
}
