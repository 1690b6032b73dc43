use std::fmt;

use serde::de::{self, Deserializer, Visitor};
use serde::{Serialize, Serializer};

/// A value that this version of the crate has no name for, kept as the API wrote it.
///
/// Only the crate itself makes one, so that a name known tomorrow is not written by hand today.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct UnknownValue(Box<str>);

impl UnknownValue {
    pub(crate) fn new(text: &str) -> Self {
        Self(text.into())
    }

    /// The value as the API wrote it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The value as a number, when it is one.
    #[must_use]
    pub fn number(&self) -> Option<i64> {
        self.0.parse().ok()
    }

    pub(crate) fn serialize_number<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.number() {
            Some(number) => serializer.serialize_i64(number),
            None => self.0.serialize(serializer),
        }
    }
}

impl fmt::Display for UnknownValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// Whether a text means the value of that name: `OnRenewal` is also written `onRenewal`,
/// `on_renewal` or `On renewal`.
pub(crate) fn means(name: &str, text: &str) -> bool {
    fn letters(text: &str) -> impl Iterator<Item = char> + '_ {
        text.chars()
            .filter(|c| !matches!(c, '_' | '-' | ' '))
            .flat_map(char::to_lowercase)
    }
    name == text || letters(name).eq(letters(text))
}

/// Reads the text or the number of an enumeration's value as text.
pub(crate) fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    deserializer.deserialize_any(ValueVisitor)
}

struct ValueVisitor;

impl Visitor<'_> for ValueVisitor {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name or the number of a value")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<String, E> {
        let text = text.trim();
        if text.is_empty() {
            return Err(E::custom(
                "expected the name or the number of a value, found an empty text",
            ));
        }
        Ok(text.to_owned())
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<String, E> {
        Ok(number.to_string())
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<String, E> {
        Ok(number.to_string())
    }
}

/// Defines an enumeration that survives values it does not know.
macro_rules! open_enum {
    ($(#[$meta:meta])* pub enum $name:ident: i64 {
        $($(#[$variant_meta:meta])* $variant:ident = $number:literal),+ $(,)?
    }) => {
        open_enum!(@common $(#[$meta])* $name, $($(#[$variant_meta])* $variant => stringify!($variant)),+);

        impl $name {
            /// The number on the wire; for an unknown value, its number if it is one.
            #[must_use]
            pub fn number(&self) -> Option<i64> {
                match self {
                    $(Self::$variant => Some($number),)+
                    Self::Unknown(value) => value.number(),
                }
            }
        }

        impl From<&str> for $name {
            /// Takes a name in any case, its `snake_case` form, or the number as digits.
            fn from(text: &str) -> Self {
                let number = text.parse::<i64>().ok();
                Self::KNOWN
                    .iter()
                    .find(|known| {
                        (number.is_some() && known.number() == number)
                            || $crate::types::open_enum::means(known.as_str(), text)
                    })
                    .cloned()
                    .unwrap_or_else(|| Self::Unknown($crate::types::UnknownValue::new(text)))
            }
        }

        impl $crate::call::ToText for &$name {
            fn to_text(self) -> String {
                self.number().map_or_else(|| self.as_str().to_owned(), |number| number.to_string())
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self {
                    $(Self::$variant => serializer.serialize_i64($number),)+
                    Self::Unknown(value) => value.serialize_number(serializer),
                }
            }
        }
    };

    ($(#[$meta:meta])* pub enum $name:ident: str {
        $($(#[$variant_meta:meta])* $variant:ident = $text:literal),+ $(,)?
    }) => {
        open_enum!(@common $(#[$meta])* $name, $($(#[$variant_meta])* $variant => $text),+);

        impl From<&str> for $name {
            /// Takes a name in any case, or its `snake_case` form.
            fn from(text: &str) -> Self {
                Self::KNOWN
                    .iter()
                    .find(|known| $crate::types::open_enum::means(known.as_str(), text))
                    .cloned()
                    .unwrap_or_else(|| Self::Unknown($crate::types::UnknownValue::new(text)))
            }
        }

        impl $crate::call::ToText for &$name {
            fn to_text(self) -> String {
                self.as_str().to_owned()
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }
    };

    (@common $(#[$meta:meta])* $name:ident, $($(#[$variant_meta:meta])* $variant:ident => $text:expr),+) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_meta])* $variant,)+
            /// A value that this version of the crate has no name for.
            Unknown($crate::types::UnknownValue),
        }

        impl $name {
            const KNOWN: &'static [Self] = &[$(Self::$variant),+];

            /// The name of the value; for an unknown one, what the API wrote.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)+
                    Self::Unknown(value) => value.as_str(),
                }
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl $crate::call::ToText for $name {
            fn to_text(self) -> String {
                (&self).to_text()
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = $crate::types::open_enum::text(deserializer)?;
                Ok(Self::from(text.as_str()))
            }
        }
    };
}

#[cfg(test)]
mod tests {
    #![expect(unreachable_pub, reason = "the macros write public items")]

    use crate::call::ToText;

    open_enum! {
        /// By number.
        pub enum ChangeType: i64 {
            /// Now.
            Immediate = 1,
            /// Later.
            OnRenewal = 2,
        }
    }

    open_enum! {
        /// By name.
        pub enum Status: str {
            /// Running.
            Active = "Active",
            /// Trying.
            InTrial = "InTrial",
        }
    }

    fn change(json: &str) -> ChangeType {
        serde_json::from_str(json).unwrap()
    }

    fn status(json: &str) -> Status {
        serde_json::from_str(json).unwrap()
    }

    fn written(value: &impl serde::Serialize) -> String {
        serde_json::to_string(value).unwrap()
    }

    #[test]
    fn numbers_digits_and_names_mean_the_same() {
        for json in [
            "2",
            "\"2\"",
            "\"OnRenewal\"",
            "\"onrenewal\"",
            "\"on_renewal\"",
            "\" On renewal\"",
        ] {
            assert_eq!(change(json), ChangeType::OnRenewal, "{json}");
        }
        for json in ["\"InTrial\"", "\"intrial\"", "\"in_trial\""] {
            assert_eq!(status(json), Status::InTrial, "{json}");
        }
    }

    #[test]
    fn known_values_are_written_in_wire_form() {
        assert_eq!(written(&ChangeType::Immediate), "1");
        assert_eq!((&ChangeType::Immediate).to_text(), "1");
        assert_eq!(ChangeType::Immediate.number(), Some(1));
        assert_eq!(ChangeType::Immediate.to_string(), "Immediate");
        assert_eq!(written(&Status::InTrial), "\"InTrial\"");
        assert_eq!(Status::InTrial.to_text(), "InTrial");
        assert_eq!(Status::Active.to_string(), "Active");
    }

    #[test]
    fn unknown_values_are_kept() {
        for json in ["7", "\"Sometime\""] {
            let value = change(json);
            assert_eq!(written(&value), json);
            let ChangeType::Unknown(unknown) = value else {
                panic!("{json} became a known value");
            };
            assert_eq!(unknown.to_string(), json.trim_matches('"'));
        }
        assert_eq!(change("7").number(), Some(7));
        assert_eq!(change("\"Sometime\"").number(), None);
        assert_eq!(change("\"Sometime\"").as_str(), "Sometime");
        assert_eq!(written(&status("\"Paused\"")), "\"Paused\"");
        assert_eq!(status("3").as_str(), "3");
    }

    #[test]
    fn an_empty_text_is_no_value() {
        assert!(serde_json::from_str::<Status>("\" \"").is_err());
    }
}
