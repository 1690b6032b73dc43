//! Finding things in answers.

use std::borrow::Cow;

use serde_json::Value;

use crate::evaluation::plan::Pick;
use crate::evaluation::words::plain;

/// Something in an answer that has an id, with what it stands in.
#[derive(Debug, Clone)]
pub(crate) struct Entry<'a> {
    /// The innermost object, then the objects around it.
    pub(crate) objects: Vec<Cow<'a, Value>>,
}

/// Everything in an answer that has a member of this name.
pub(crate) fn entries<'a>(answer: &'a Value, name: &str) -> Vec<Entry<'a>> {
    let mut found = Vec::new();
    search(answer, name, &mut Vec::new(), &mut found);
    found
}

fn search<'a>(
    value: &'a Value,
    name: &str,
    around: &mut Vec<&'a Value>,
    found: &mut Vec<Entry<'a>>,
) {
    match value {
        Value::Array(items) => {
            for item in items {
                search(item, name, around, found);
            }
        }
        Value::Object(members) => {
            if member(value, name).is_some_and(is_scalar) {
                let objects = [value].into_iter().chain(around.iter().rev().copied());
                found.push(Entry {
                    objects: objects.map(Cow::Borrowed).collect(),
                });
            }
            around.push(value);
            for item in members.values() {
                search(item, name, around, found);
            }
            around.pop();
        }
        _ => {}
    }
}

impl Entry<'_> {
    /// The entry without its answer. Of what is around only the plain values are kept.
    pub(crate) fn into_owned(self) -> Entry<'static> {
        let mut objects = self.objects.into_iter();
        let inner = objects.next().map(|object| Cow::Owned(object.into_owned()));
        let around = objects.map(|object| {
            let members = object.as_object().into_iter().flatten();
            let plain = members.filter(|(_, value)| is_scalar(value));
            Cow::Owned(
                plain
                    .map(|(name, value)| (name.clone(), value.clone()))
                    .collect(),
            )
        });
        Entry {
            objects: inner.into_iter().chain(around).collect(),
        }
    }

    /// A value that the entry or something around it has.
    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        self.objects
            .iter()
            .find_map(|object| member(object, name).filter(|value| is_scalar(value)))
    }

    /// Whether all these words stand in it: anywhere in the entry itself, or directly in what is around.
    pub(crate) fn fits(&self, marks: &[String]) -> bool {
        let (inner, around) = self.objects.split_first().expect("the entry itself");
        marks.iter().all(|mark| {
            has_below(inner, mark) || around.iter().any(|object| has_directly(object, mark))
        })
    }

    fn age(&self) -> (String, u64) {
        let created = self
            .get("createdOn")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let number = self
            .get("invoiceNumber")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let count = number
            .rsplit('-')
            .next()
            .and_then(|count| count.parse().ok());
        (created.to_owned(), count.unwrap_or_default())
    }
}

/// The entry that is meant.
pub(crate) fn choose<'a>(entries: Vec<Entry<'a>>, pick: &Pick) -> Option<Entry<'a>> {
    let mut fitting = entries.into_iter().filter(|entry| entry.fits(&pick.marks));
    if pick.latest {
        fitting.max_by_key(Entry::age)
    } else {
        fitting.next()
    }
}

/// The list in an answer, whatever it is called.
pub(crate) fn rows(answer: &Value) -> Vec<Value> {
    let lists = answer
        .as_object()
        .into_iter()
        .flat_map(|members| members.values());
    let mut lists = lists.filter_map(Value::as_array);
    lists.next().cloned().unwrap_or_default()
}

/// Whether all these words stand in a value.
pub(crate) fn has_all(value: &Value, marks: &[String]) -> bool {
    marks.iter().all(|mark| has_below(value, mark))
}

/// The first value of this name, from the outside to the inside.
pub(crate) fn value_of(value: &Value, name: &str) -> Option<Value> {
    let mut level = vec![value];
    while !level.is_empty() {
        for value in &level {
            if let Some(found) = member(value, name).filter(|value| !value.is_null()) {
                return Some(found.clone());
            }
        }
        level = level.into_iter().flat_map(children).collect();
    }
    None
}

/// A member by its name, however that is written.
pub(crate) fn member<'a>(object: &'a Value, name: &str) -> Option<&'a Value> {
    let members = object.as_object()?;
    members.get(name).or_else(|| {
        let wanted = plain(name);
        let mut members = members.iter();
        members
            .find(|(known, _)| plain(known) == wanted)
            .map(|(_, value)| value)
    })
}

fn has_below(value: &Value, mark: &str) -> bool {
    has_directly(value, mark)
        || children(value)
            .into_iter()
            .any(|child| has_below(child, mark))
}

fn has_directly(value: &Value, mark: &str) -> bool {
    match value {
        Value::Object(members) => members.iter().any(|(name, value)| says(name, value, mark)),
        scalar => says("", scalar, mark),
    }
}

fn says(name: &str, value: &Value, mark: &str) -> bool {
    match value {
        Value::String(text) => text.eq_ignore_ascii_case(mark),
        Value::Number(number) => {
            number.to_string() == mark
                || unit(name, number.as_u64()).is_some_and(|unit| unit == mark)
        }
        _ => false,
    }
}

/// Units of time, which the API numbers from the shortest to the longest.
fn unit(name: &str, number: Option<u64>) -> Option<&'static str> {
    const UNITS: [&str; 4] = ["daily", "weekly", "monthly", "yearly"];
    let index = usize::try_from(number?.checked_sub(1)?).ok()?;
    UNITS
        .get(index)
        .copied()
        .filter(|_| name == "frequencyType")
}

fn children(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(items) => items.iter().collect(),
        Value::Object(members) => members.values().collect(),
        _ => Vec::new(),
    }
}

fn is_scalar(value: &Value) -> bool {
    matches!(value, Value::String(_) | Value::Number(_))
}
