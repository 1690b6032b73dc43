//! Reads an answer that is right in substance and loose in form.
//!
//! The published types are not reliable: numbers arrive as text, text as numbers, and `null`
//! anywhere. All of that is settled here, between the JSON value and the derived code, so that the
//! models stay plain.

use serde::de::value::BorrowedStrDeserializer;
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, SeqAccess,
    Visitor,
};
use serde::forward_to_deserialize_any;
use serde_json::{Map, Value};

use super::mismatch::{Mismatch, Segment};

/// How many single members are dropped before an answer counts as unreadable.
const REPAIRS: u32 = 256;

/// Reads a value of any type out of an answer.
///
/// An empty text where something other than text belongs counts as absent, and so does a member
/// that repeats another one under a second name.
pub(crate) fn decode<T: DeserializeOwned>(value: &mut Value) -> Result<T, Mismatch> {
    let mut repairs = 0;
    loop {
        match T::deserialize(Lenient(value)) {
            Err(mismatch) if repairs < REPAIRS && mismatch.repair(value) => repairs += 1,
            result => return result,
        }
    }
}

/// A `Deserializer` over a JSON value.
#[derive(Clone, Copy)]
struct Lenient<'de>(&'de Value);

impl<'de> Lenient<'de> {
    fn integer<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        let whole = match self.0 {
            Value::Number(number) => match number.as_u64() {
                Some(number) => return visitor.visit_u64(number),
                None => parse_whole(&number.to_string()),
            },
            Value::String(text) => parse_whole(text),
            _ => None,
        };
        match whole {
            Some(number) => visitor.visit_i64(number),
            None => Err(self.mismatch("a whole number")),
        }
    }

    fn float<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        let number = match self.0 {
            Value::Number(number) => number.as_f64(),
            Value::String(text) => text.trim().parse().ok().filter(|n: &f64| n.is_finite()),
            _ => None,
        };
        match number {
            Some(number) => visitor.visit_f64(number),
            None => Err(self.mismatch("a number")),
        }
    }

    fn boolean<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        let text = match self.0 {
            Value::Bool(value) => return visitor.visit_bool(*value),
            Value::Number(number) => number.to_string(),
            Value::String(text) => text.trim().to_ascii_lowercase(),
            _ => String::new(),
        };
        match text.as_str() {
            "true" | "1" => visitor.visit_bool(true),
            "false" | "0" => visitor.visit_bool(false),
            _ => Err(self.mismatch("true or false")),
        }
    }

    fn text<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        match self.0 {
            Value::String(text) => visitor.visit_borrowed_str(text),
            Value::Number(number) => visitor.visit_string(number.to_string()),
            Value::Bool(value) => visitor.visit_str(if *value { "true" } else { "false" }),
            _ => Err(self.mismatch("text")),
        }
    }

    fn mismatch(self, expected: &str) -> Mismatch {
        Mismatch::new(format_args!("expected {expected}, found {}", kind(self.0)))
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(text) if text.trim().is_empty() => "an empty text",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// Reads `40`, `-40` and, since decimals are written that way, `40.0`.
fn parse_whole(text: &str) -> Option<i64> {
    let text = text.trim();
    let whole = match text.split_once('.') {
        Some((whole, decimals)) if decimals.bytes().all(|digit| digit == b'0') => whole,
        Some(_) => return None,
        None => text,
    };
    whole.parse().ok()
}

macro_rules! read_as {
    ($($from:ident => $to:ident),+ $(,)?) => {
        $(
            fn $from<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
                self.$to(visitor)
            }
        )+
    };
}

impl<'de> Deserializer<'de> for Lenient<'de> {
    type Error = Mismatch;

    read_as! {
        deserialize_bool => boolean,
        deserialize_i8 => integer, deserialize_i16 => integer,
        deserialize_i32 => integer, deserialize_i64 => integer,
        deserialize_u8 => integer, deserialize_u16 => integer,
        deserialize_u32 => integer, deserialize_u64 => integer,
        deserialize_f32 => float, deserialize_f64 => float,
        deserialize_char => text, deserialize_str => text,
        deserialize_string => text, deserialize_identifier => text,
    }

    forward_to_deserialize_any! { i128 u128 bytes byte_buf }

    /// The value as it is, with its `null`s: free-form JSON, and types that look for themselves.
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(*value),
            Value::Number(number) => match (number.as_i64(), number.as_u64(), number.as_f64()) {
                (Some(number), _, _) => visitor.visit_i64(number),
                (_, Some(number), _) => visitor.visit_u64(number),
                (_, _, Some(number)) => visitor.visit_f64(number),
                _ => Err(self.mismatch("a number of ordinary size")),
            },
            Value::String(text) => visitor.visit_borrowed_str(text),
            Value::Array(elements) => visitor.visit_seq(Elements::new(elements, true)),
            Value::Object(members) => visitor.visit_map(Members::new(members, true)),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        match self.0 {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        match self.0 {
            Value::Array(elements) => visitor.visit_seq(Elements::new(elements, false)),
            Value::Null => visitor.visit_seq(Elements::new(&[], false)),
            _ => Err(self.mismatch("a list")),
        }
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        let Value::Object(members) = self.0 else {
            return Err(self.mismatch("an object"));
        };
        let mut members = Members::new(members, false);
        visitor
            .visit_map(&mut members)
            .map_err(|mismatch| mismatch.blame_repeated(members.name))
    }

    fn deserialize_tuple<V: Visitor<'de>>(
        self,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Mismatch> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Mismatch> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Mismatch> {
        self.deserialize_map(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Mismatch> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Mismatch> {
        match self.0 {
            Value::String(name) => visitor.visit_enum(name.as_str().into_deserializer()),
            _ => Err(self.mismatch("a name")),
        }
    }

    /// Nothing is asked of a value that nobody reads.
    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        visitor.visit_unit()
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Mismatch> {
        visitor.visit_unit()
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        visitor.visit_unit()
    }
}

/// The elements of a list, without the `null`s unless they are asked for.
struct Elements<'de> {
    rest: std::iter::Enumerate<std::slice::Iter<'de, Value>>,
    nulls: bool,
}

impl<'de> Elements<'de> {
    fn new(elements: &'de [Value], nulls: bool) -> Self {
        let rest = elements.iter().enumerate();
        Self { rest, nulls }
    }
}

impl<'de> SeqAccess<'de> for Elements<'de> {
    type Error = Mismatch;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Mismatch> {
        let nulls = self.nulls;
        let Some((index, value)) = self.rest.find(|(_, value)| nulls || !value.is_null()) else {
            return Ok(None);
        };
        seed.deserialize(Lenient(value))
            .map(Some)
            .map_err(|mismatch| mismatch.within(Segment::Element(index), value))
    }
}

/// The members of an object, without the `null`s unless they are asked for.
struct Members<'de> {
    rest: serde_json::map::Iter<'de>,
    nulls: bool,
    name: &'de str,
    value: &'de Value,
}

impl<'de> Members<'de> {
    fn new(members: &'de Map<String, Value>, nulls: bool) -> Self {
        Self {
            rest: members.iter(),
            nulls,
            name: "",
            value: &Value::Null,
        }
    }
}

impl<'de> MapAccess<'de> for Members<'de> {
    type Error = Mismatch;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Mismatch> {
        let nulls = self.nulls;
        let Some((name, value)) = self.rest.find(|(_, value)| nulls || !value.is_null()) else {
            return Ok(None);
        };
        self.name = name;
        self.value = value;
        seed.deserialize(BorrowedStrDeserializer::new(name))
            .map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Mismatch> {
        seed.deserialize(Lenient(self.value))
            .map_err(|mismatch| mismatch.within(Segment::Member(self.name.to_owned()), self.value))
    }
}

#[cfg(test)]
mod tests;
