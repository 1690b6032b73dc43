//! What this server has to say about an answer.

use serde_json::{Map, Value, json};

use super::cost;

/// The member of a result in which this server speaks about the answer. No name of the API begins
/// with an underscore; if one did, the API's member would stay.
pub(super) const MEMBER: &str = "_mcp";

/// What this server has to say about an answer: how to get the next page, what is missing, and what to
/// do about it.
#[derive(Debug, Default)]
pub(super) struct Remarks {
    /// `page` and `pageSize` of the call that gives what comes next.
    pub(super) next_page: Option<(usize, usize)>,
    /// What was cut, the outermost last.
    pub(super) cuts: Vec<Cut>,
    pub(super) omitted: Names,
    pub(super) notes: Vec<String>,
}

/// Something of which only the beginning is shown.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Cut {
    pub(super) path: String,
    /// How many entries of a list, or characters of a text, are shown.
    pub(super) shown: usize,
    /// How many there are.
    pub(super) of: usize,
    /// Whether it is a text; else it is a list.
    pub(super) is_text: bool,
    /// The path of the rest of a list, for `fields`.
    pub(super) rest: Option<String>,
}

/// Paths of what is left out: each one once, and not too many of them.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Names {
    names: Vec<String>,
    more: usize,
}

impl Names {
    /// As much as may be said in names, in parts of a token.
    const MOST: usize = 100 * cost::PARTS;

    pub(super) fn add(&mut self, name: String) {
        if self.names.contains(&name) {
            return;
        }
        let said: usize = self.names.iter().map(|name| cost::of_text(name)).sum();
        if said + cost::of_text(&name) > Self::MOST {
            self.more += 1;
        } else {
            self.names.push(name);
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.names.is_empty() && self.more == 0
    }
}

impl Remarks {
    /// Of so many lists it is said how they were cut. More than one is rare.
    const MOST_CUTS: usize = 3;

    /// What it takes so far, in parts of a token, but for the cuts and the next page.
    pub(super) fn cost(&self) -> usize {
        let texts = self.omitted.names.iter().chain(&self.notes);
        texts
            .map(|text| cost::of_text(text) + cost::of_text("\"\","))
            .sum()
    }

    /// All of it as one JSON object; `None` when there is nothing to say.
    pub(super) fn into_value(self) -> Option<Value> {
        let mut said = Map::new();
        if let Some((page, size)) = self.next_page {
            said.insert(
                "nextPage".to_owned(),
                json!({"page": page, "pageSize": size}),
            );
        }
        if !self.cuts.is_empty() {
            let cuts = self.cuts.into_iter().rev().take(Self::MOST_CUTS);
            let cuts = cuts.map(Cut::into_value).collect();
            said.insert("cut".to_owned(), cuts);
        }
        if !self.omitted.is_empty() {
            said.insert("omitted".to_owned(), json!(self.omitted.names));
            if self.omitted.more > 0 {
                said.insert("omittedMore".to_owned(), json!(self.omitted.more));
            }
        }
        if !self.notes.is_empty() {
            said.insert("notes".to_owned(), json!(self.notes));
        }
        (!said.is_empty()).then_some(Value::Object(said))
    }
}

impl Cut {
    fn into_value(self) -> Value {
        let mut value = json!({"path": self.path, "shown": self.shown, "of": self.of});
        if let Some(rest) = self.rest {
            value["rest"] = Value::String(rest);
        }
        value
    }
}

/// The path of a member; what is below a list has no sign of it in its path.
pub(super) fn join(parent: &str, name: &str) -> String {
    if parent.is_empty() {
        name.to_owned()
    } else {
        format!("{parent}.{name}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_only_what_there_is_to_say() {
        assert_eq!(Remarks::default().into_value(), None);
        let next_page = Remarks {
            next_page: Some((3, 50)),
            ..Remarks::default()
        };
        let value = next_page.into_value().unwrap();
        assert_eq!(value, json!({"nextPage": {"page": 3, "pageSize": 50}}));
    }

    #[test]
    fn names_are_said_once_and_not_endlessly() {
        let mut names = Names::default();
        for _ in 0..3 {
            names.add("billingAddress".to_owned());
        }
        assert_eq!((names.names.len(), names.more), (1, 0));
        for index in 0..500 {
            names.add(format!("member{index}"));
        }
        assert!(
            (10..60).contains(&names.names.len()),
            "{}",
            names.names.len()
        );
        assert_eq!(names.names.len() + names.more, 501);
    }
}
