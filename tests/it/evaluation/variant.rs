//! The agents that are tried, each with one habit, and what came of it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::agent::{Agent, GivenUp, Habit, Log};
use super::dice::Dice;
use super::state::{Outcome, State};
use super::task::Task;
use super::world::{Served, World, lost_answers};

/// An agent in its surroundings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Variant {
    pub(crate) name: &'static str,
    pub(crate) habit: Habit,
    /// Whether answers to writes are lost on the way.
    pub(crate) loses_answers: bool,
}

/// What came of one task.
#[derive(Debug, Clone)]
pub(crate) struct Trial {
    pub(crate) done: bool,
    pub(crate) gave_up: Option<GivenUp>,
    pub(crate) log: Log,
    /// Tokens of the instructions and the list of tools.
    pub(crate) list_tokens: usize,
    pub(crate) effects: Vec<Value>,
    /// The names of the tools that were called.
    pub(crate) called: BTreeSet<String>,
}

/// What came of a variant's tasks in all runs.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Tally {
    pub(crate) trials: usize,
    pub(crate) done: usize,
    /// Those in which the agent said that it could not finish.
    pub(crate) gave_up: usize,
    pub(crate) calls: usize,
    /// Calls beyond those that the oracle needs for the same.
    pub(crate) extra_calls: usize,
    pub(crate) mistakes: usize,
    pub(crate) list_tokens: usize,
    pub(crate) result_tokens: usize,
    pub(crate) wrong_effects: usize,
    pub(crate) duplicate_effects: usize,
}

/// Where an agent is let loose: a world, what it is like after a reset, and a server in front of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place<'a> {
    pub(crate) world: &'a World,
    pub(crate) before: &'a State,
    pub(crate) served: Served,
    /// Whether the state is read even when nothing is said to have happened, or nobody will look at it. That
    /// is slow.
    pub(crate) thorough: bool,
}

/// Lets an agent do a task after a reset.
pub(crate) async fn attempt(place: Place<'_>, task: &Task, variant: Variant, seed: u64) -> Trial {
    let Place { world, before, .. } = place;
    let faults = variant.loses_answers.then(|| lost_answers(seed));
    world.reset(faults.as_ref()).await;
    let client = world.client(place.served);
    let mut agent = Agent::new(client, variant.habit, Dice::new(seed));
    let result = agent.carry_out(&(task.plan)(before)).await;
    let effects = world.effects().await;
    if !effects.is_empty() {
        world.touch();
    }
    let same = !place.thorough && (effects.is_empty() || result.is_err());
    let outcome = Outcome {
        before: before.clone(),
        after: if same {
            before.clone()
        } else {
            world.state().await
        },
        effects,
        told: result.as_ref().ok().cloned().flatten(),
    };
    let hidden = outcome.effects.is_empty() && outcome.before.0 != outcome.after.0;
    assert!(!hidden, "{}: a change without an effect", task.name);
    Trial {
        done: result.is_ok() && (task.done)(&outcome),
        gave_up: result.err(),
        log: agent.log,
        list_tokens: client.tokens,
        effects: outcome.effects,
        called: agent.called,
    }
}

impl Tally {
    /// Adds a trial, beside the oracle's of the same task and seed.
    pub(crate) fn add(&mut self, trial: &Trial, oracle: &Trial) {
        let (wrong, duplicate) = superfluous(&trial.effects, &oracle.effects);
        self.trials += 1;
        self.done += usize::from(trial.done);
        self.gave_up += usize::from(trial.gave_up.is_some());
        self.calls += trial.log.calls;
        self.extra_calls += trial.log.calls.saturating_sub(oracle.log.calls);
        self.mistakes += trial.log.mistakes;
        self.list_tokens += trial.list_tokens;
        self.result_tokens += trial.log.tokens;
        self.wrong_effects += wrong;
        self.duplicate_effects += duplicate;
    }

    /// A part of the trials, in percent.
    pub(crate) fn percent(&self, part: usize) -> f64 {
        100.0 * ratio(part, self.trials)
    }

    pub(crate) fn merge(&mut self, other: &Self) {
        self.trials += other.trials;
        self.done += other.done;
        self.gave_up += other.gave_up;
        self.calls += other.calls;
        self.extra_calls += other.extra_calls;
        self.mistakes += other.mistakes;
        self.list_tokens += other.list_tokens;
        self.result_tokens += other.result_tokens;
        self.wrong_effects += other.wrong_effects;
        self.duplicate_effects += other.duplicate_effects;
    }
}

/// One number in relation to another.
pub(crate) fn ratio(part: usize, whole: usize) -> f64 {
    let number = |number: usize| f64::from(u32::try_from(number).unwrap_or(u32::MAX));
    number(part) / number(whole.max(1))
}

/// How many effects are wrong, and how many repeat what was to happen once.
fn superfluous(effects: &[Value], expected: &[Value]) -> (usize, usize) {
    let mut open: BTreeMap<String, usize> = BTreeMap::new();
    for effect in expected {
        *open.entry(effect.to_string()).or_default() += 1;
    }
    let mut left = Vec::new();
    for effect in effects {
        match open.get_mut(&effect.to_string()) {
            Some(number) if *number > 0 => *number -= 1,
            _ => left.push(effect),
        }
    }
    let expected_made = made(expected);
    let known: Vec<Value> = expected
        .iter()
        .map(|effect| essence(effect, &expected_made))
        .collect();
    let made = made(effects);
    let repeats = |effect: &&&Value| known.contains(&essence(effect, &made));
    let duplicates = left.iter().filter(repeats).count();
    (left.len() - duplicates, duplicates)
}

/// The numbers of the invoices and credit notes that came into being.
fn made(effects: &[Value]) -> BTreeSet<&str> {
    fn number(effect: &Value) -> Option<&str> {
        match effect["kind"].as_str() {
            Some("invoice_created") => effect["invoiceNumber"].as_str(),
            Some("credit_note_created") => effect["creditNoteNumber"].as_str(),
            _ => None,
        }
    }
    effects.iter().filter_map(number).collect()
}

/// An effect without the ids of what was made on the way, which are new every time.
fn essence(effect: &Value, made: &BTreeSet<&str>) -> Value {
    let mut effect = effect.clone();
    let kind = effect["kind"].as_str().unwrap_or_default().to_owned();
    let members = effect.as_object_mut().expect("an effect");
    for name in ["invoiceNumber", "creditNoteNumber"] {
        let number = members.get(name).and_then(Value::as_str);
        if number.is_some_and(|number| made.contains(number)) {
            members.shift_remove(name);
        }
    }
    let operation = members
        .get("operation")
        .and_then(Value::as_str)
        .unwrap_or_default();
    if kind.ends_with("_created")
        || operation.ends_with(".create")
        || operation.ends_with(".add_to_customer")
    {
        for name in ["customerUniqueId", "subscriptionUniqueId", "id"] {
            members.shift_remove(name);
        }
    }
    effect
}
