//! Reads what was asked for, and collects everything that is wrong with it.

use clap::ValueEnum;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value};

use super::Problem;
use crate::clock::whole_milliseconds;
use crate::tool::{is_invisible, nearest};

/// The most characters of a name.
const LONGEST_NAME: usize = 100;
/// The most values of a list, and the most characters of each.
const LONGEST_LIST: usize = 200;
/// How far ahead an end has to be at least.
const SHORTEST_LIFE: SignedDuration = SignedDuration::from_secs(60);

/// The members of an object, and where it is. A member that is `null` counts as absent.
pub(super) struct Fields<'a> {
    pointer: &'a str,
    members: &'a Map<String, Value>,
}

/// What is wrong so far.
#[derive(Debug, Default)]
pub(super) struct Problems(Vec<Problem>);

impl Problems {
    pub(super) fn add(&mut self, pointer: impl Into<String>, detail: impl Into<String>) {
        self.0.push(Problem::new(pointer, detail));
    }

    /// Everything that is wrong, if anything is.
    pub(super) fn finish(self) -> Result<(), super::ProvisionError> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(super::ProvisionError::Invalid(self.0))
        }
    }
}

impl<'a> Fields<'a> {
    /// The members of a value at a pointer. Anything but an object, and members that are not known, are
    /// wrong.
    pub(super) fn of(
        value: &'a Value,
        pointer: &'a str,
        known: &[&str],
        problems: &mut Problems,
    ) -> Option<Self> {
        let Value::Object(members) = value else {
            problems.add(pointer, format!("expected an object, not {}", kind(value)));
            return None;
        };
        for name in members
            .keys()
            .filter(|name| !known.contains(&name.as_str()))
        {
            let pointer = format!("{pointer}/{}", escaped(name));
            problems.add(pointer, unknown("field", name, known));
        }
        Some(Self { pointer, members })
    }

    pub(super) fn get(&self, name: &str) -> Option<&'a Value> {
        self.members.get(name).filter(|value| !value.is_null())
    }

    /// Whether a member is there, also as `null`.
    pub(super) fn has(&self, name: &str) -> bool {
        self.members.contains_key(name)
    }

    pub(super) fn at(&self, name: &str) -> String {
        format!("{}/{name}", self.pointer)
    }

    /// A text without the spaces round it.
    pub(super) fn text(&self, name: &str, problems: &mut Problems) -> Option<&'a str> {
        match self.get(name)? {
            Value::String(text) => Some(text.trim()),
            other => {
                problems.add(
                    self.at(name),
                    format!("expected a text, not {}", kind(other)),
                );
                None
            }
        }
    }

    /// A name that people give.
    pub(super) fn name(&self, name: &str, problems: &mut Problems) -> Option<String> {
        let text = self.text(name, problems)?;
        let length = text.chars().count();
        let problem = if length == 0 {
            "must not be blank".to_owned()
        } else if length > LONGEST_NAME {
            format!("has {length} characters; at most {LONGEST_NAME} are possible")
        } else if let Some(c) = text.chars().find(|&c| is_invisible(c)) {
            let number = c as u32;
            format!("has a character that cannot be seen (U+{number:04X}); leave it out")
        } else {
            return Some(text.to_owned());
        };
        problems.add(self.at(name), problem);
        None
    }

    /// A member that must be there, even though another problem with it may have been told.
    pub(super) fn required(&self, name: &str, what: &str, problems: &mut Problems) {
        if self.get(name).is_none() {
            problems.add(self.at(name), format!("is missing: {what}"));
        }
    }

    pub(super) fn flag(&self, name: &str, problems: &mut Problems) -> Option<bool> {
        let value = self.get(name)?;
        if value.as_bool().is_none() {
            let detail = format!("expected true or false, not {}", kind(value));
            problems.add(self.at(name), detail);
        }
        value.as_bool()
    }

    /// A whole number within bounds.
    pub(super) fn number(
        &self,
        name: &str,
        (least, most): (u32, u32),
        problems: &mut Problems,
    ) -> Option<u32> {
        let value = self.get(name)?;
        let number = value.as_u64().and_then(|number| u32::try_from(number).ok());
        let number = number.filter(|number| (least..=most).contains(number));
        if number.is_none() {
            problems.add(
                self.at(name),
                format!("expected a whole number from {least} to {most}"),
            );
        }
        number
    }

    /// One of the words of an enumeration.
    pub(super) fn word<T: ValueEnum>(&self, name: &str, problems: &mut Problems) -> Option<T> {
        let value = self.get(name)?;
        let words = words::<T>();
        let problem = match value {
            Value::String(text) => match T::from_str(text, false) {
                Ok(word) => return Some(word),
                Err(_) => not_a_word(text, &words),
            },
            other => format!("expected one of {}, not {}", words.join(", "), kind(other)),
        };
        problems.add(self.at(name), problem);
        None
    }

    /// A list of texts.
    pub(super) fn list(&self, name: &str, problems: &mut Problems) -> Option<Vec<String>> {
        let pointer = self.at(name);
        let value = self.get(name)?;
        let Value::Array(values) = value else {
            problems.add(
                pointer,
                format!("expected a list of texts, not {}", kind(value)),
            );
            return None;
        };
        if values.len() > LONGEST_LIST {
            let detail = format!(
                "has {} values; at most {LONGEST_LIST} are possible",
                values.len()
            );
            problems.add(pointer, detail);
            return None;
        }
        let mut list = Vec::new();
        for (index, value) in values.iter().enumerate() {
            match value {
                Value::String(text) if text.chars().count() <= LONGEST_LIST => {
                    list.push(text.clone());
                }
                Value::String(_) => {
                    let detail = format!("is longer than {LONGEST_LIST} characters");
                    problems.add(format!("{pointer}/{index}"), detail);
                }
                other => {
                    let detail = format!("expected a text, not {}", kind(other));
                    problems.add(format!("{pointer}/{index}"), detail);
                }
            }
        }
        (list.len() == values.len()).then_some(list)
    }

    /// An end that is far enough ahead.
    pub(super) fn end(
        &self,
        name: &str,
        now: Timestamp,
        problems: &mut Problems,
    ) -> Option<Timestamp> {
        let text = self.text(name, problems)?;
        let problem = match time(text) {
            Err(problem) => problem.to_owned(),
            Ok(end) if end <= now => format!("is in the past; it is {now} now"),
            Ok(end) if end.duration_since(now) < SHORTEST_LIFE => {
                format!("is less than 60 seconds ahead; it is {now} now")
            }
            Ok(end) => return Some(end),
        };
        problems.add(self.at(name), problem);
        None
    }
}

/// A time of RFC 3339.
pub(super) fn time(text: &str) -> Result<Timestamp, &'static str> {
    const EXPECTED: &str =
        "expected a time with its offset as RFC 3339 has it, such as 2026-12-31T23:59:59Z";
    let has_t = matches!(text.as_bytes().get(10), Some(b'T' | b't'));
    if !has_t || text.contains('[') {
        return Err(EXPECTED);
    }
    let time: Timestamp = text.parse().map_err(|_| EXPECTED)?;
    Ok(whole_milliseconds(time))
}

/// The words of an enumeration.
pub(super) fn words<T: ValueEnum>() -> Vec<String> {
    let values = T::value_variants().iter().filter_map(T::to_possible_value);
    values.map(|value| value.get_name().to_owned()).collect()
}

/// What to say of a text that is none of the words.
pub(super) fn not_a_word(text: &str, words: &[String]) -> String {
    let near = nearest(text, words.iter().map(String::as_str));
    let near = near.map_or(String::new(), |near| format!("; did you mean {near}?"));
    format!("expected one of {}{near}", words.join(", "))
}

/// What to say of a name that is not known.
pub(super) fn unknown(what: &str, name: &str, known: &[&str]) -> String {
    match nearest(name, known.iter().copied()) {
        Some(near) => format!("there is no such {what}; did you mean {near}?"),
        None if known.is_empty() => format!("there is no such {what}, and no other"),
        None => format!("there is no such {what}; there are {}", known.join(", ")),
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// A name as a part of a JSON pointer; names that nobody would write are cut.
fn escaped(name: &str) -> String {
    let shown: String = name.chars().take(64).collect();
    shown.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_has_an_offset() {
        for text in [
            "2026-12-31T23:59:59Z",
            "2026-12-31t23:59:59z",
            "2027-01-01T00:59:59+01:00",
            "2026-12-31T23:59:59.0004Z",
        ] {
            let time = time(text).unwrap();
            assert_eq!(time.to_string(), "2026-12-31T23:59:59Z", "{text}");
        }
        for text in [
            "",
            "2026-12-31",
            "2026-12-31T23:59:59",
            "2026-12-31 23:59:59Z",
            "2026-12-31T23:59:59+00:00[UTC]",
            "1798761599",
            "tomorrow, I hope",
        ] {
            assert!(time(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_strange_name_of_a_field_is_escaped_and_short() {
        assert_eq!(escaped("a/b~c"), "a~1b~0c");
        assert_eq!(escaped(&"x".repeat(1_000)).len(), 64);
    }
}
