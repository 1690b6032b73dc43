//! Which request meets which fault.

use std::num::NonZeroU32;

use hyper::Response;
use rand::RngExt as _;
use serde::{Deserialize, Serialize};

use super::fault::Fault;
use super::limit::Limit;
use super::payload::Payload;
use crate::sandbox::contract::{self, Route};
use crate::sandbox::random::Random;

/// What the method of a rule can be, in whatever letters.
const METHODS: [&str; 7] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];

/// The faults of all requests, as they were set up.
#[derive(Debug)]
pub(crate) struct Faults {
    seed: u64,
    random: Random,
    limit: Option<Limit>,
    rules: Vec<Rule>,
}

/// How faults are set up and shown.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub(super) struct Settings {
    /// What all chances follow from.
    seed: u64,
    requests_per_second: Option<NonZeroU32>,
    /// The first one that applies to a request decides.
    rules: Vec<Rule>,
}

/// A fault and the requests that meet it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Rule {
    /// The id of an operation; without it every request is meant.
    #[serde(default)]
    operation: Option<String>,
    #[serde(default)]
    method: Option<String>,
    /// The share of these requests that meet the fault.
    #[serde(default = "always")]
    probability: f64,
    /// So many of these requests pass before.
    #[serde(default)]
    skip: u64,
    /// How often the fault is met, without it any number of times.
    #[serde(default)]
    times: Option<u64>,
    fault: Fault,
    /// How many of these requests there have been.
    #[serde(default, skip_deserializing)]
    seen: u64,
    /// How many of them have met the fault.
    #[serde(default, skip_deserializing)]
    met: u64,
}

const fn always() -> f64 {
    1.0
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            seed: 1,
            requests_per_second: None,
            rules: Vec::new(),
        }
    }
}

impl Default for Faults {
    fn default() -> Self {
        Self::new(Settings::default())
    }
}

impl Faults {
    fn new(settings: Settings) -> Self {
        Self {
            seed: settings.seed,
            random: Random::new(settings.seed),
            limit: settings.requests_per_second.map(Limit::new),
            rules: settings.rules,
        }
    }

    /// Sets up faults, or says everything that is wrong with them.
    pub(super) fn try_new(mut settings: Settings) -> Result<Self, String> {
        for rule in &mut settings.rules {
            rule.method = rule.method.as_deref().map(str::to_ascii_uppercase);
        }
        let wrong = settings
            .rules
            .iter()
            .enumerate()
            .filter_map(|(index, rule)| {
                let problem = rule.check().err()?;
                Some(format!("rules[{index}]: {problem}"))
            });
        let wrong: Vec<String> = wrong.collect();
        if wrong.is_empty() {
            Ok(Self::new(settings))
        } else {
            Err(wrong.join("; "))
        }
    }

    /// How they are set up, with the requests that were counted.
    pub(super) fn settings(&self) -> Settings {
        Settings {
            seed: self.seed,
            requests_per_second: self.limit.as_ref().map(Limit::per_second),
            rules: self.rules.clone(),
        }
    }

    /// What a request is answered that is one too many in its second.
    pub(super) fn over_limit(&self) -> Option<Response<Payload>> {
        self.limit.as_ref()?.refuse()
    }

    /// The fault that the next request meets.
    pub(super) fn next(&mut self, route: Option<&Route>, method: &str) -> Option<Fault> {
        let random = &mut self.random;
        let mut rules = self.rules.iter_mut();
        let rule = rules.find_map(|rule| rule.applies(route, method, random).then_some(rule))?;
        rule.met += 1;
        Some(rule.fault.clone())
    }
}

impl Rule {
    fn check(&self) -> Result<(), String> {
        if let Some(id) = &self.operation
            && contract::find_operation(id).is_none()
        {
            return Err("its operation is unknown".to_owned());
        }
        if let Some(method) = &self.method
            && !METHODS.contains(&method.as_str())
        {
            let known = METHODS.join(", ");
            return Err(format!("its method is none of {known}"));
        }
        if !(0.0..=1.0).contains(&self.probability) {
            return Err("its probability is not from 0 to 1".to_owned());
        }
        self.fault.check()
    }

    /// Whether a request meets the fault. Counts the requests that are meant.
    fn applies(&mut self, route: Option<&Route>, method: &str, random: &mut Random) -> bool {
        let is_operation = |id: &String| route.is_some_and(|route| route.id == *id);
        let is_meant = self.operation.as_ref().is_none_or(is_operation)
            && self.method.as_deref().is_none_or(|known| known == method);
        if !is_meant {
            return false;
        }
        self.seen += 1;
        let is_used_up = self.times.is_some_and(|times| self.met >= times);
        self.seen > self.skip
            && !is_used_up
            && (self.probability >= 1.0 || random.random_bool(self.probability))
    }
}
