//! The tasks: what somebody wants, and how to see in the sandbox that it was done.

mod catalogue;
mod collection;
mod customers;
mod extras;
mod scenarios;
mod subscriptions;

use super::plan::Step;
use super::state::{Outcome, State};

/// Something that somebody wants done.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Task {
    pub(crate) name: &'static str,
    /// The groups of tools that it takes.
    pub(crate) tags: &'static [&'static str],
    /// What is wanted. People know some facts of the company.
    pub(crate) plan: fn(&State) -> Vec<Step>,
    /// Whether it was done, and nothing else.
    pub(crate) done: fn(&Outcome) -> bool,
    /// The most calls that it may take, where that is given.
    pub(crate) most_calls: Option<usize>,
}

const DANA: &str = "dana.whitfield@example.com";
const OMAR: &str = "omar.haddad@example.com";
const LENA: &str = "lena.fischer@example.com";
const MARY: &str = "mary.quinn@example.com";
const PRIYA: &str = "priya.natarajan@example.com";
const TOM: &str = "tom.okafor@example.com";
const YUKI: &str = "yuki.tanaka@example.com";
const CARLOS: &str = "carlos.mendes@example.com";
const SOFIA: &str = "sofia.rossi@example.com";
const NORA: &str = "nora.lind@example.com";
const GRACE: &str = "grace.muller@example.com";

/// Everybody whom a task is about.
pub(crate) const CAST: [&str; 11] = [
    DANA, OMAR, LENA, MARY, PRIYA, TOM, YUKI, CARLOS, SOFIA, NORA, GRACE,
];

/// All tasks.
pub(crate) fn all() -> Vec<Task> {
    [
        scenarios::TASKS,
        customers::TASKS,
        subscriptions::TASKS,
        collection::TASKS,
        catalogue::TASKS,
        extras::TASKS,
    ]
    .concat()
}
