//! All variants do all tasks, in one company after the other.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::{StreamExt as _, stream};

use super::agent::Habit;
use super::plant::plant;
use super::task::{self, Task};
pub(crate) use super::variant::Variant;
use super::variant::{Place, Tally, Trial, attempt};
use super::world::{Served, World};

/// How many runs there are: the oracle's, and everybody else's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Runs {
    pub(crate) oracle: u64,
    pub(crate) others: u64,
}

/// What came of everything.
#[derive(Debug, Default)]
pub(crate) struct Results {
    /// By the name of the variant.
    pub(crate) tallies: BTreeMap<&'static str, Tally>,
    pub(crate) tasks: usize,
    /// How many instructions were written into data, and into which fields.
    pub(crate) planted: usize,
    pub(crate) fields: BTreeSet<String>,
    /// The kinds of these instructions, by their numbers.
    pub(crate) payloads: BTreeSet<usize>,
    /// The names of all tools that the oracle has called.
    pub(crate) called: BTreeSet<String>,
    /// What the oracle brings about with each task in the first company, by kinds.
    pub(crate) effects: BTreeMap<&'static str, BTreeMap<String, usize>>,
}

/// So many companies are tried at once.
const AT_ONCE: usize = 3;

pub(crate) const ORACLE: Variant = variant("oracle", Habit::None);
pub(crate) const CONFUSED: Variant = variant("swaps ids", Habit::SwapsIds);
pub(crate) const CAREFUL: Variant = Variant {
    loses_answers: true,
    ..variant("stops when an outcome is unknown", Habit::None)
};
pub(crate) const REPEATING: Variant = Variant {
    loses_answers: true,
    ..variant("repeats when an outcome is unknown", Habit::Repeats)
};
/// The variants that meet the company as it is.
pub(crate) const VARIANTS: [Variant; 8] = [
    ORACLE,
    CONFUSED,
    variant("stringifies nested arguments", Habit::Stringifies),
    variant("forgets companyDomain", Habit::ForgetsDomain),
    variant("invents a companyDomain", Habit::InventsDomain),
    variant("ignores pages", Habit::IgnoresPages),
    CAREFUL,
    REPEATING,
];
pub(crate) const AMONG_INSTRUCTIONS: Variant = variant("oracle among instructions", Habit::None);
pub(crate) const OBEYS_ALL: Variant = variant("obeys instructions, all tools", Habit::Obeys);
pub(crate) const OBEYS_TAGS: Variant =
    variant("obeys instructions, tags of the task", Habit::Obeys);
pub(crate) const OBEYS_READS: Variant = variant("obeys instructions, reads only", Habit::Obeys);

/// All of them, as they are reported.
pub(crate) const ORDER: [Variant; 12] = [
    VARIANTS[0],
    VARIANTS[1],
    VARIANTS[2],
    VARIANTS[3],
    VARIANTS[4],
    VARIANTS[5],
    VARIANTS[6],
    VARIANTS[7],
    AMONG_INSTRUCTIONS,
    OBEYS_ALL,
    OBEYS_TAGS,
    OBEYS_READS,
];

const fn variant(name: &'static str, habit: Habit) -> Variant {
    Variant {
        name,
        habit,
        loses_answers: false,
    }
}

/// Does everything.
pub(crate) async fn run(runs: Runs) -> Results {
    let plain = (1..=runs.oracle).map(|seed| (seed, false));
    let planted = (1..=runs.others).map(|seed| (seed, true));
    let jobs = plain.chain(planted).map(|(seed, planted)| {
        tokio::spawn(async move {
            if planted {
                among_instructions(seed).await
            } else {
                as_it_is(seed, seed <= runs.others).await
            }
        })
    });
    let mut results = Results {
        tasks: task::all().len(),
        ..Results::default()
    };
    let mut done = stream::iter(jobs).buffer_unordered(AT_ONCE);
    while let Some(part) = done.next().await {
        results.merge(part.expect("a run that ends"));
    }
    results
}

/// All variants in the company of one seed, or the oracle alone.
async fn as_it_is(seed: u64, all_variants: bool) -> Results {
    let world = World::start(seed, &[Served::Everything], None).await;
    let before = world.state().await;
    let place = Place {
        world: &world,
        before: &before,
        served: Served::Everything,
        thorough: seed == 1,
    };
    let mut results = Results::default();
    for (index, task) in task::all().iter().enumerate() {
        let dice = seed * 1000 + u64::try_from(index).expect("few tasks");
        let oracle = attempt(place, task, ORACLE, dice).await;
        check_oracle(task, &oracle, seed);
        results.add(ORACLE, &oracle, &oracle);
        results.called.extend(oracle.called.iter().cloned());
        if seed == 1 {
            results.effects.insert(task.name, kinds(&oracle));
        }
        for variant in VARIANTS.iter().skip(1).filter(|_| all_variants) {
            let trial = attempt(place, task, *variant, dice).await;
            if *variant == CONFUSED {
                check_confused(task, &trial, &oracle, seed);
            }
            results.add(*variant, &trial, &oracle);
        }
    }
    results
}

/// Obedient agents in a company whose data is full of instructions.
async fn among_instructions(seed: u64) -> Results {
    let tasks = task::all();
    let mut served = vec![Served::Everything, Served::ReadsOnly];
    served.extend(tasks.iter().map(|task| Served::Tags(task.tags)));
    served.sort_unstable();
    served.dedup();
    let folder = tempfile::tempdir().expect("a folder");
    let snapshot = folder.path().join("company.json");
    let garden = World::start(seed, &[], Some(&snapshot)).await;
    let planted = plant(&garden, &garden.state().await, seed).await;
    garden.keep().await;
    let world = World::start(seed, &served, Some(&snapshot)).await;
    // Planting has had effects, which a reset forgets.
    world.touch();
    let before = world.state().await;
    let place = Place {
        world: &world,
        before: &before,
        served: Served::Everything,
        thorough: false,
    };
    let mut results = Results {
        planted: planted.fields.len(),
        fields: planted.fields.into_iter().collect(),
        payloads: planted.payloads.into_iter().collect(),
        ..Results::default()
    };
    for (index, task) in tasks.iter().enumerate() {
        let dice = seed * 1000 + u64::try_from(index).expect("few tasks");
        let oracle = attempt(place, task, AMONG_INSTRUCTIONS, dice).await;
        check_oracle(task, &oracle, seed);
        results.add(AMONG_INSTRUCTIONS, &oracle, &oracle);
        for (variant, served) in [
            (OBEYS_ALL, Served::Everything),
            (OBEYS_TAGS, Served::Tags(task.tags)),
            (OBEYS_READS, Served::ReadsOnly),
        ] {
            let trial = attempt(Place { served, ..place }, task, variant, dice).await;
            if served == Served::ReadsOnly {
                assert!(
                    trial.effects.is_empty(),
                    "{}, seed {seed}: {:?}",
                    task.name,
                    trial.effects
                );
            }
            results.add(variant, &trial, &oracle);
        }
    }
    results
}

/// How many effects of each kind there were.
fn kinds(trial: &Trial) -> BTreeMap<String, usize> {
    let mut kinds = BTreeMap::new();
    for effect in &trial.effects {
        let kind = effect["kind"].as_str().unwrap_or_default().to_owned();
        *kinds.entry(kind).or_default() += 1;
    }
    kinds
}

fn check_oracle(task: &Task, trial: &Trial, seed: u64) {
    assert!(trial.done, "{}, seed {seed}: {trial:?}", task.name);
    if let Some(most) = task.most_calls {
        assert!(
            trial.log.calls <= most,
            "{}, seed {seed}: {trial:?}",
            task.name
        );
    }
}

/// A mistake costs one call at most, and no wrong id has an effect.
fn check_confused(task: &Task, trial: &Trial, oracle: &Trial, seed: u64) {
    let most = oracle.log.calls + trial.log.mistakes;
    assert!(
        trial.log.calls <= most,
        "{}, seed {seed}: {trial:?}",
        task.name
    );
    if trial.done {
        assert_eq!(trial.effects, oracle.effects, "{}, seed {seed}", task.name);
    } else {
        let known = |effect| oracle.effects.contains(effect);
        assert!(
            trial.effects.iter().all(known),
            "{}, seed {seed}: {trial:?}",
            task.name
        );
    }
}

impl Results {
    fn add(&mut self, variant: Variant, trial: &Trial, oracle: &Trial) {
        self.tallies
            .entry(variant.name)
            .or_default()
            .add(trial, oracle);
    }

    fn merge(&mut self, other: Self) {
        for (name, tally) in other.tallies {
            self.tallies.entry(name).or_default().merge(&tally);
        }
        self.planted += other.planted;
        self.fields.extend(other.fields);
        self.payloads.extend(other.payloads);
        self.called.extend(other.called);
        self.effects.extend(other.effects);
    }
}
