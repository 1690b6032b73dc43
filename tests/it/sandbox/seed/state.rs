//! The whole company as the sandbox shows it to tests.

use billsby_mcp::sandbox::Options;
use jiff::Timestamp;
use serde_json::Value;

use crate::sandbox::Running;

/// A company, and the time at which it was asked for.
pub(super) struct State {
    all: Value,
    pub(super) now: Timestamp,
}

impl State {
    /// The company of a sandbox that has just begun.
    pub(super) async fn of(options: Options) -> Self {
        let sandbox = Running::with(options).await;
        let all = sandbox.admin("GET", "/state").await;
        let clock = sandbox.admin("GET", "/clock").await;
        let now = time(&clock["now"]);
        Self { all, now }
    }

    pub(super) fn all(&self) -> &Value {
        &self.all
    }

    /// All things of a kind.
    pub(super) fn things(&self, kind: &str) -> impl Iterator<Item = &Value> {
        self.all[kind]
            .as_object()
            .expect("things by their ids")
            .values()
    }

    pub(super) fn customers(&self) -> impl Iterator<Item = &Value> {
        self.things("customers")
    }

    pub(super) fn subscriptions(&self) -> impl Iterator<Item = &Value> {
        self.things("subscriptions")
    }

    /// The thing of a kind that an id, text or number, names.
    #[track_caller]
    pub(super) fn thing(&self, kind: &str, id: &Value) -> &Value {
        let name = id.as_str().map_or_else(|| id.to_string(), str::to_owned);
        let found = self.all[kind].get(&name);
        found.unwrap_or_else(|| panic!("{kind} has no {id}"))
    }

    /// The things of a kind that ids name.
    pub(super) fn named<'a>(
        &'a self,
        kind: &'a str,
        ids: &'a Value,
    ) -> impl Iterator<Item = &'a Value> {
        list(ids).iter().map(move |id| self.thing(kind, id))
    }

    /// The customer with this name.
    pub(super) fn customer(&self, first: &str, last: &str) -> &Value {
        let mut found = self
            .customers()
            .filter(|one| one["first_name"] == first && one["last_name"] == last);
        let one = found.next().expect("somebody of this name");
        assert!(
            found.next().is_none(),
            "there are two of the name {first} {last}"
        );
        one
    }
}

#[track_caller]
pub(super) fn list(value: &Value) -> &[Value] {
    value
        .as_array()
        .unwrap_or_else(|| panic!("not a list: {value}"))
}

#[track_caller]
pub(super) fn number(value: &Value) -> i64 {
    value
        .as_i64()
        .unwrap_or_else(|| panic!("not a number: {value}"))
}

#[track_caller]
pub(super) fn time(value: &Value) -> Timestamp {
    let text = value
        .as_str()
        .unwrap_or_else(|| panic!("not a time: {value}"));
    text.parse().expect("a time")
}
