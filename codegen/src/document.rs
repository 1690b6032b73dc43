//! A document as text and as a JSON value: reading, canonical order, writing.

use std::cell::Cell;
use std::fmt;

use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use crate::diagnostic::{Diagnostic, Diagnostics, Pointer};

/// A few lines of YAML aliases can stand for billions of values. The largest published API documents have fewer than this.
const MOST_VALUES: usize = 2_000_000;

/// A named text: the name is what diagnostics print.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// Path or other name of the text.
    pub name: &'a str,
    /// YAML or JSON.
    pub text: &'a str,
}

/// Reads YAML or JSON. Object keys that occur twice are an error: a parser that keeps the last one hides a mistake.
pub(crate) fn parse(source: Source<'_>) -> Result<Value, Vec<Diagnostic>> {
    let left = Cell::new(MOST_VALUES);
    let values = UniqueKeys { left: &left };
    let text = source.text.trim_start_matches('\u{feff}');
    let is_json = text.trim_start().starts_with(['{', '[']);
    let parsed = if is_json {
        let mut deserializer = serde_json::Deserializer::from_str(text);
        values
            .deserialize(&mut deserializer)
            .and_then(|value| deserializer.end().map(|()| value))
            .map_err(|error| error.to_string())
    } else {
        values
            .deserialize(yaml_serde::Deserializer::from_str(text))
            .map_err(|error| error.to_string())
    };
    parsed.map_err(|message| {
        let mut diagnostics = Diagnostics::new(source.name);
        diagnostics.error(
            "syntax",
            &Pointer::root(),
            format!("not readable as YAML or JSON: {message}"),
            "repair the syntax at the line and column named in the message",
        );
        diagnostics.into_vec()
    })
}

/// Number of levels of a value; a scalar is one.
pub(crate) fn levels(value: &Value) -> usize {
    let below = match value {
        Value::Object(map) => map.values().map(levels).max(),
        Value::Array(items) => items.iter().map(levels).max(),
        _ => None,
    };
    1 + below.unwrap_or_default()
}

/// Writes a value as block-style YAML.
pub(crate) fn to_yaml(value: &Value) -> String {
    // A JSON value has text keys and finite numbers only, which is all that YAML output could refuse.
    yaml_serde::to_string(value).unwrap_or_default()
}

/// Reads any value, refusing duplicate keys and turning YAML's scalar keys (`200:`) into text.
#[derive(Clone, Copy)]
struct UniqueKeys<'a> {
    left: &'a Cell<usize>,
}

impl<'de> DeserializeSeed<'de> for UniqueKeys<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        let left = self.left.get().checked_sub(1);
        let left = left.ok_or_else(|| {
            de::Error::custom(format!(
                "it has more than {MOST_VALUES} values, aliases included"
            ))
        })?;
        self.left.set(left);
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for UniqueKeys<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON-compatible value")
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value)
            .map(Value::Number)
            .ok_or_else(|| E::custom("numbers must be finite"))
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_unit<E: de::Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E: de::Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(self)? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(key) = entries.next_key_seed(self)? {
            let key = match key {
                Value::String(text) => text,
                Value::Number(_) | Value::Bool(_) => key.to_string(),
                _ => return Err(de::Error::custom("object keys must be text")),
            };
            let value = entries.next_value_seed(self)?;
            if map.insert(key.clone(), value).is_some() {
                return Err(de::Error::custom(format!("the key `{key}` occurs twice")));
            }
        }
        Ok(Value::Object(map))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Value, String> {
        parse(Source {
            name: "a.yaml",
            text,
        })
        .map_err(|found| found[0].message.clone())
    }

    #[test]
    fn yaml_and_json_give_the_same_value() {
        assert_eq!(
            read("a:\n  200: [1, x]\n").unwrap(),
            read(r#"{"a": {"200": [1, "x"]}}"#).unwrap()
        );
    }

    #[test]
    fn a_key_that_occurs_twice_is_refused_in_both_notations() {
        assert!(
            read("a: 1\na: 2\n")
                .unwrap_err()
                .contains("`a` occurs twice")
        );
        assert!(
            read(r#"{"a": 1, "a": 2}"#)
                .unwrap_err()
                .contains("`a` occurs twice")
        );
    }

    #[test]
    fn broken_text_is_a_diagnostic() {
        for text in ["a: [", "{", "\t- : :", "{\"a\": 1} trailing", ".nan"] {
            assert!(
                read(text).unwrap_err().starts_with("not readable"),
                "{text:?}"
            );
        }
    }
}
