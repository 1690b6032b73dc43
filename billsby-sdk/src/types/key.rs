use std::fmt;

use serde::de::{self, Deserializer, Visitor};

/// A value that cannot be a key. The value itself is not repeated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidKey {
    kind: &'static str,
    problem: &'static str,
}

impl InvalidKey {
    pub(crate) fn not_a_number(kind: &'static str) -> Self {
        let problem = "must be a whole number";
        Self { kind, problem }
    }
}

impl fmt::Display for InvalidKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind, self.problem)
    }
}

impl std::error::Error for InvalidKey {}

/// Refuses the texts that cannot stand as one segment of a path.
pub(crate) fn checked(kind: &'static str, text: String) -> Result<String, InvalidKey> {
    let problem = match text.as_str() {
        "." | ".." => "must not be `.` or `..`",
        blank if blank.trim().is_empty() => "must not be empty",
        _ => return Ok(text),
    };
    Err(InvalidKey { kind, problem })
}

/// Reads a text, also where the API sends a number.
pub(crate) fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    deserializer.deserialize_any(TextVisitor)
}

/// Reads a whole number, also where the API sends digits as text.
pub(crate) fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    deserializer.deserialize_any(NumberVisitor)
}

struct TextVisitor;

impl Visitor<'_> for TextVisitor {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("text")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<String, E> {
        Ok(text.to_owned())
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<String, E> {
        Ok(number.to_string())
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<String, E> {
        Ok(number.to_string())
    }
}

struct NumberVisitor;

impl Visitor<'_> for NumberVisitor {
    type Value = i64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a whole number")
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<i64, E> {
        Ok(number)
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<i64, E> {
        i64::try_from(number).map_err(|_| E::invalid_value(de::Unexpected::Unsigned(number), &self))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<i64, E> {
        text.trim()
            .parse()
            .map_err(|_| E::invalid_value(de::Unexpected::Str(text), &self))
    }
}

/// Defines the newtype of one kind of identity key, so that two kinds cannot be swapped.
macro_rules! key {
    ($(#[$meta:meta])* pub struct $name:ident(String);) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// Takes the value as the API writes it.
            ///
            /// # Errors
            ///
            /// When the value is empty, `.` or `..`, which cannot stand in a path.
            pub fn new(value: impl Into<String>) -> Result<Self, $crate::types::InvalidKey> {
                $crate::types::key::checked(stringify!($name), value.into()).map(Self)
            }

            /// The value as the API writes it.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = $crate::types::InvalidKey;

            fn from_str(value: &str) -> Result<Self, Self::Err> {
                Self::new(value)
            }
        }

        impl TryFrom<&str> for $name {
            type Error = $crate::types::InvalidKey;

            fn try_from(value: &str) -> Result<Self, Self::Error> {
                Self::new(value)
            }
        }

        impl TryFrom<String> for $name {
            type Error = $crate::types::InvalidKey;

            fn try_from(value: String) -> Result<Self, Self::Error> {
                Self::new(value)
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.pad(&self.0)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl From<$name> for String {
            fn from(key: $name) -> Self {
                key.0
            }
        }

        impl $crate::call::ToText for &$name {
            fn to_text(self) -> String {
                self.0.clone()
            }
        }

        impl $crate::call::ToText for $name {
            fn to_text(self) -> String {
                self.0
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = $crate::types::key::text(deserializer)?;
                Self::new(text).map_err(::serde::de::Error::custom)
            }
        }
    };

    ($(#[$meta:meta])* pub struct $name:ident(i64);) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(i64);

        impl $name {
            /// Takes the number as the API writes it.
            #[must_use]
            pub const fn new(value: i64) -> Self {
                Self(value)
            }

            /// The number as the API writes it.
            #[must_use]
            pub const fn get(self) -> i64 {
                self.0
            }
        }

        impl From<i64> for $name {
            fn from(value: i64) -> Self {
                Self(value)
            }
        }

        impl From<$name> for i64 {
            fn from(key: $name) -> Self {
                key.0
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = $crate::types::InvalidKey;

            fn from_str(value: &str) -> Result<Self, Self::Err> {
                value
                    .trim()
                    .parse()
                    .map(Self)
                    .map_err(|_| $crate::types::InvalidKey::not_a_number(stringify!($name)))
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                ::std::fmt::Display::fmt(&self.0, f)
            }
        }

        impl $crate::call::ToText for $name {
            fn to_text(self) -> String {
                self.0.to_string()
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_i64(self.0)
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::types::key::number(deserializer).map(Self)
            }
        }
    };
}

#[cfg(test)]
mod tests {
    key! {
        /// Text.
        pub struct NoteNumber(String);
    }
    key! {
        /// Number.
        pub struct ShelfId(i64);
    }

    #[test]
    fn text_keys_refuse_what_cannot_stand_in_a_path() {
        assert_eq!(
            NoteNumber::new("5VL9JC0NE0-3").unwrap().as_str(),
            "5VL9JC0NE0-3"
        );
        let problems: Vec<String> = ["", "  ", ".", ".."]
            .into_iter()
            .map(|text| NoteNumber::try_from(text).unwrap_err().to_string())
            .collect();
        insta::assert_snapshot!(problems.join("\n"), @r"
        NoteNumber must not be empty
        NoteNumber must not be empty
        NoteNumber must not be `.` or `..`
        NoteNumber must not be `.` or `..`
        ");
    }

    #[test]
    fn text_keys_are_read_from_text_and_from_numbers() {
        let read = |json| serde_json::from_str::<NoteNumber>(json);
        assert_eq!(read("\"a/b\"").unwrap().as_str(), "a/b");
        assert_eq!(read("42").unwrap().as_str(), "42");
        assert!(read("\"\"").is_err());
        assert!(read("[]").is_err());
        let key: NoteNumber = "a b".parse().unwrap();
        assert_eq!(serde_json::to_string(&key).unwrap(), "\"a b\"");
        assert_eq!(format!("{key} {key:?}"), "a b NoteNumber(\"a b\")");
        assert_eq!(key.as_ref(), "a b");
        assert_eq!(String::from(key), "a b");
    }

    #[test]
    fn number_keys_are_read_from_numbers_and_from_digits() {
        let read = |json| serde_json::from_str::<ShelfId>(json);
        assert_eq!(read("26").unwrap(), ShelfId::new(26));
        assert_eq!(read("\"26\"").unwrap().get(), 26);
        assert!(read("\"shelf\"").is_err());
        assert!(read("2.5").is_err());
        assert_eq!(serde_json::to_string(&ShelfId::from(26)).unwrap(), "26");
        assert_eq!("26".parse::<ShelfId>().unwrap().to_string(), "26");
        assert_eq!(i64::from(ShelfId::new(26)), 26);
        let error = "x".parse::<ShelfId>().unwrap_err();
        insta::assert_snapshot!(error, @"ShelfId must be a whole number");
    }
}
