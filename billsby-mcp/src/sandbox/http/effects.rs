//! What happened, chosen and counted.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use crate::sandbox::contract;
use crate::sandbox::id::UniqueId;
use crate::sandbox::journal::{Effect, EffectKind};
use crate::sandbox::wire::Refusal;

/// Which effects are wanted; without anything, all.
#[derive(Debug, Default)]
pub(super) struct Wanted {
    kind: Option<EffectKind>,
    operation: Option<String>,
    customer: Option<UniqueId>,
    /// Only those behind this number.
    since: usize,
}

/// Effects, and how many there are of each kind.
#[derive(Debug, Serialize)]
pub(super) struct Report<'a> {
    counts: BTreeMap<EffectKind, usize>,
    effects: Vec<&'a Effect>,
}

impl Wanted {
    pub(super) fn read(query: &[(String, String)]) -> Result<Self, Refusal> {
        let mut wanted = Self::default();
        for (index, (name, value)) in query.iter().enumerate() {
            if query[..index].iter().any(|(earlier, _)| earlier == name) {
                return Err(Refusal::bad_request(format!(
                    "query `{}` is there more than once",
                    contract::shown(name)
                )));
            }
            let wrong = || Refusal::bad_request(format!("query `{name}` has no such value"));
            match name.as_str() {
                "kind" => {
                    let kind = serde_json::from_value(Value::from(value.as_str()));
                    wanted.kind = Some(kind.map_err(|_| wrong())?);
                }
                "operation" => wanted.operation = Some(value.clone()),
                "customerUniqueId" => {
                    wanted.customer = Some(value.parse().map_err(|_| wrong())?);
                }
                "since" => wanted.since = value.parse().map_err(|_| wrong())?,
                _ => {
                    return Err(Refusal::bad_request(
                        "the known queries are kind, operation, customerUniqueId, since",
                    ));
                }
            }
        }
        Ok(wanted)
    }

    pub(super) fn report<'a>(&self, effects: &'a [Effect]) -> Report<'a> {
        let behind = effects.get(self.since..).unwrap_or_default();
        let effects: Vec<&Effect> = behind.iter().filter(|effect| self.is(effect)).collect();
        let mut counts = BTreeMap::new();
        for effect in &effects {
            *counts.entry(effect.kind).or_default() += 1;
        }
        Report { counts, effects }
    }

    fn is(&self, effect: &Effect) -> bool {
        let customer = effect.about.customer_unique_id;
        self.kind.is_none_or(|kind| kind == effect.kind)
            && self
                .operation
                .as_ref()
                .is_none_or(|operation| *operation == effect.operation)
            && self.customer.is_none_or(|wanted| Some(wanted) == customer)
    }
}
