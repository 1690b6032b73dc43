//! Habits, and the slips that follow from them.

use serde_json::{Map, Value, json};

use super::Agent;
use super::toolbox::{Id, Tool};

/// What an agent does wrong, again and again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Habit {
    /// Nothing.
    None,
    /// Puts an id in another one's place.
    SwapsIds,
    /// Sends objects and lists as JSON text.
    Stringifies,
    /// Leaves `companyDomain` out.
    ForgetsDomain,
    /// Makes a company domain up.
    InventsDomain,
    /// Repeats a call whose outcome is unknown, although it is told not to.
    Repeats,
    /// Takes the first page for the whole list.
    IgnoresPages,
    /// Follows instructions that it finds in data.
    Obeys,
}

/// How often an id is put in another one's place.
const SWAPS: f64 = 0.3;
/// How often the company domain is forgotten or made up.
const FORGETS: f64 = 0.5;

impl Agent<'_> {
    /// What an agent really sends when it means something.
    pub(super) fn slip(
        &mut self,
        tool: &Tool,
        meant: &Map<String, Value>,
        attempt: usize,
    ) -> Map<String, Value> {
        let mut sent = meant.clone();
        match self.habit {
            Habit::SwapsIds if self.dice.happens(SWAPS) => self.swap(tool, &mut sent),
            Habit::Stringifies if attempt == 0 => {
                for value in sent
                    .values_mut()
                    .filter(|value| value.is_object() || value.is_array())
                {
                    *value = json!(value.to_string());
                }
            }
            Habit::ForgetsDomain if self.dice.happens(FORGETS) => {
                sent.shift_remove("companyDomain");
            }
            Habit::InventsDomain if self.dice.happens(FORGETS) => {
                if let Some(domain) = sent.get_mut("companyDomain") {
                    *domain = json!("acme");
                }
            }
            _ => {}
        }
        sent
    }

    /// Swaps two ids of a call. Where there is only one, another id takes its place.
    fn swap(&mut self, tool: &Tool, sent: &mut Map<String, Value>) {
        let is_id = |name: &&String| {
            tool.properties()
                .get(*name)
                .is_some_and(|schema| Id::of(schema).is_some())
        };
        let ids: Vec<String> = sent.keys().filter(is_id).cloned().collect();
        match ids.as_slice() {
            [] => {}
            [only] => {
                let other = self
                    .memory
                    .ids()
                    .filter(|(name, value)| *name != only && **value != sent[only]);
                let other: Vec<Value> = other.map(|(_, value)| value.clone()).collect();
                if !other.is_empty() {
                    sent[only] = other[self.dice.one_of(other.len())].clone();
                }
            }
            several => {
                let one = self.dice.one_of(several.len());
                let other = (one + 1 + self.dice.one_of(several.len() - 1)) % several.len();
                let kept = sent[&several[one]].clone();
                sent[&several[one]] = std::mem::replace(&mut sent[&several[other]], kept);
            }
        }
    }
}
