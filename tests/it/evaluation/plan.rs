//! What somebody wants done, in the words and with the facts of a person: no tool, no id, no argument.

use serde_json::Value;

/// One thing to be done. The steps of a task are done in their order.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    /// What to do: `refund an invoice`.
    pub(crate) wish: String,
    /// Which customer, which plan and so on; what is not said stays as it was chosen before.
    pub(crate) about: Vec<(String, Pick)>,
    /// What else is to be known: the amount, a new name.
    pub(crate) facts: Vec<(&'static str, Fact)>,
    /// Do it for all things of this kind that fit, not for one.
    pub(crate) each: Option<&'static str>,
    /// Look only at entries of the answer that fit.
    pub(crate) rows: Vec<String>,
    /// What the person wants to hear.
    pub(crate) tell: Option<Tell>,
}

/// Which one of several.
#[derive(Debug, Clone, Default)]
pub(crate) struct Pick {
    /// Words that must all stand somewhere in it.
    pub(crate) marks: Vec<String>,
    /// The newest of those that fit, instead of the first.
    pub(crate) latest: bool,
}

/// A fact that a step needs.
#[derive(Debug, Clone)]
pub(crate) enum Fact {
    /// This value.
    Given(Value),
    /// As much as there is.
    Everything,
    /// As it is now.
    Unchanged,
}

/// What the person wants to hear.
#[derive(Debug, Clone)]
pub(crate) enum Tell {
    /// The first value of this name.
    One(&'static str),
    /// The value of this name in every entry.
    Each(&'static str),
    /// How many entries there are.
    Count,
    /// The list of words that was read.
    Words,
}

/// A step that says only what to do.
pub(crate) fn step(wish: impl Into<String>) -> Step {
    Step {
        wish: wish.into(),
        about: Vec::new(),
        facts: Vec::new(),
        each: None,
        rows: Vec::new(),
        tell: None,
    }
}

/// The one with these words.
pub(crate) fn with(marks: &[&str]) -> Pick {
    Pick {
        marks: marks.iter().map(|&mark| mark.to_owned()).collect(),
        latest: false,
    }
}

/// The newest one with these words.
pub(crate) fn latest(marks: &[&str]) -> Pick {
    Pick {
        latest: true,
        ..with(marks)
    }
}

impl Step {
    pub(crate) fn about(mut self, noun: &str, pick: Pick) -> Self {
        self.about.push((noun.to_owned(), pick));
        self
    }

    pub(crate) fn fact(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.facts.push((name, Fact::Given(value.into())));
        self
    }

    pub(crate) fn everything(mut self, name: &'static str) -> Self {
        self.facts.push((name, Fact::Everything));
        self
    }

    pub(crate) fn unchanged(mut self, name: &'static str) -> Self {
        self.facts.push((name, Fact::Unchanged));
        self
    }

    /// Does it for every thing of this kind with these words.
    pub(crate) fn each(mut self, noun: &'static str, marks: &[&str]) -> Self {
        self.each = Some(noun);
        self.about(noun, with(marks))
    }

    pub(crate) fn rows(mut self, marks: &[&str]) -> Self {
        self.rows = marks.iter().map(|&mark| mark.to_owned()).collect();
        self
    }

    pub(crate) fn tell(mut self, what: Tell) -> Self {
        self.tell = Some(what);
        self
    }

    /// Which one of a kind is meant, if the step says so.
    pub(crate) fn pick(&self, noun: &str) -> Option<&Pick> {
        let found = self.about.iter().find(|(known, _)| *known == noun);
        found.map(|(_, pick)| pick)
    }
}
