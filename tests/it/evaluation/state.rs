//! The company as it really is, for those who check: the sandbox's own state and journal.

use std::sync::Arc;

use serde_json::{Map, Value};

/// What is not there.
static NOTHING: Value = Value::Null;

/// All of a company's data. What is asked for and is not there is null.
#[derive(Debug, Clone)]
pub(crate) struct State(pub(crate) Arc<Value>);

/// What an agent left behind.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) before: State,
    pub(crate) after: State,
    /// What happened in between, as the journal has it.
    pub(crate) effects: Vec<Value>,
    /// What the agent told.
    pub(crate) told: Option<Value>,
}

impl State {
    /// Things of one kind: `customers`, `plans`.
    pub(crate) fn all(&self, kind: &str) -> impl Iterator<Item = &Value> {
        let things = self.0[kind].as_object().into_iter();
        things.flat_map(Map::values)
    }

    /// The only thing with this value.
    pub(crate) fn one(&self, kind: &str, name: &str, value: &str) -> &Value {
        self.all(kind)
            .find(|thing| thing[name] == value)
            .unwrap_or(&NOTHING)
    }

    pub(crate) fn count(&self, kind: &str, fits: impl Fn(&Value) -> bool) -> usize {
        self.all(kind).filter(|thing| fits(thing)).count()
    }

    /// A customer by the address `first.last@example.com`.
    pub(crate) fn customer(&self, email: &str) -> &Value {
        self.one("customers", "email", email)
    }

    pub(crate) fn plan(&self, name: &str) -> &Value {
        self.one("plans", "name", name)
    }

    /// A customer's things of one kind, the oldest first.
    pub(crate) fn of(&self, email: &str, kind: &str) -> Vec<&Value> {
        let ids = list(&self.customer(email)[kind]).iter();
        ids.filter_map(|id| self.0[kind].get(id.as_str()?))
            .collect()
    }

    /// A customer's subscription to a plan.
    pub(crate) fn subscription(&self, email: &str, plan: &str) -> &Value {
        let plan = &self.plan(plan)["id"];
        let subscriptions = self.of(email, "subscriptions");
        let mut found = subscriptions
            .into_iter()
            .filter(|subscription| subscription["plan_id"] == *plan);
        found.next().unwrap_or(&NOTHING)
    }

    /// The name of a subscription's plan.
    pub(crate) fn plan_name(&self, subscription: &Value) -> &Value {
        &self.0["plans"][subscription["plan_id"].to_string()]["name"]
    }

    /// A cycle of a plan, by the unit of its period.
    pub(crate) fn cycle(&self, plan: &str, unit: &str) -> &Value {
        let mut cycles = list(&self.plan(plan)["cycles"]).iter();
        cycles
            .find(|cycle| cycle["period"]["unit"] == unit)
            .unwrap_or(&NOTHING)
    }
}

impl Outcome {
    /// How many effects of this kind there were.
    pub(crate) fn happened(&self, kind: &str) -> usize {
        self.effects
            .iter()
            .filter(|effect| effect["kind"] == kind)
            .count()
    }

    /// The amounts of all effects of this kind together.
    pub(crate) fn amount(&self, kind: &str) -> i64 {
        let effects = self.effects.iter().filter(|effect| effect["kind"] == kind);
        effects.filter_map(|effect| effect["amount"].as_i64()).sum()
    }

    /// Whether an agent told this, whether as a number or as text.
    pub(crate) fn told(&self, expected: impl Into<Value>) -> bool {
        let as_text = |value: &Value| {
            value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned)
        };
        self.told.as_ref().map(as_text) == Some(as_text(&expected.into()))
    }

    /// Whether an agent told these, in any order.
    pub(crate) fn told_all(&self, expected: impl IntoIterator<Item = Value>) -> bool {
        let sorted = |values: Vec<Value>| {
            let mut texts: Vec<String> = values.iter().map(Value::to_string).collect();
            texts.sort();
            texts
        };
        let told = self.told.as_ref().and_then(Value::as_array).cloned();
        told.map(sorted) == Some(sorted(expected.into_iter().collect()))
    }

    /// Whether nothing happened.
    pub(crate) fn nothing_happened(&self) -> bool {
        self.effects.is_empty()
    }
}

/// The entries of a list.
pub(crate) fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}
