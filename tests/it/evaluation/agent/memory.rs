//! What an agent remembers of a task.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::entry::Entry;

/// What an agent remembers of a task.
#[derive(Debug, Clone, Default)]
pub(crate) struct Memory {
    /// Ids that were chosen, by their names.
    chosen: BTreeMap<String, Value>,
    /// Ids that stood beside them.
    beside: BTreeMap<String, Value>,
    /// Where each chosen id was found.
    entries: BTreeMap<String, Entry<'static>>,
    /// Answers that still hold, because nothing was changed since.
    answers: Vec<(String, Map<String, Value>, Value)>,
}

impl Memory {
    /// Remembers a choice, and the ids beside it.
    pub(crate) fn choose(&mut self, name: &str, entry: Entry<'static>, names: &[String]) {
        for other in names {
            if let Some(value) = entry.get(other) {
                self.beside.insert(other.clone(), value.clone());
            }
        }
        if let Some(value) = entry.get(name).cloned() {
            self.chosen.insert(name.to_owned(), value);
            self.entries.insert(name.to_owned(), entry);
        }
    }

    /// Remembers the ids that a call has made.
    pub(crate) fn made(&mut self, answer: &Value, names: &[String]) {
        for name in names {
            if let Some(value) = answer
                .get(name)
                .filter(|value| value.is_string() || value.is_i64())
            {
                self.chosen.insert(name.clone(), value.clone());
            }
        }
    }

    /// The id to use where nobody says which.
    pub(crate) fn id(&self, name: &str) -> Option<&Value> {
        self.chosen.get(name).or_else(|| self.beside.get(name))
    }

    /// The thing that was chosen last with an id of this name.
    pub(crate) fn entry(&self, name: &str) -> Option<&Entry<'static>> {
        self.entries.get(name)
    }

    /// A value that stood where something was chosen.
    pub(crate) fn seen(&self, name: &str) -> Option<&Value> {
        let mut entries = self.entries.values();
        entries.find_map(|entry| entry.get(name))
    }

    /// All ids with their names.
    pub(crate) fn ids(&self) -> impl Iterator<Item = (&String, &Value)> {
        self.chosen.iter().chain(&self.beside)
    }

    /// What the same call answered before.
    pub(crate) fn answer(&self, tool: &str, arguments: &Map<String, Value>) -> Option<&Value> {
        let mut answers = self.answers.iter();
        answers
            .find(|(name, given, _)| name == tool && given == arguments)
            .map(|(_, _, answer)| answer)
    }

    pub(crate) fn keep(&mut self, tool: &str, arguments: &Map<String, Value>, answer: &Value) {
        self.answers
            .push((tool.to_owned(), arguments.clone(), answer.clone()));
    }

    /// Something was changed: what was read may no longer hold.
    pub(crate) fn forget_answers(&mut self) {
        self.answers.clear();
    }
}
