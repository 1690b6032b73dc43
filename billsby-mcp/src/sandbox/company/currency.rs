//! Currencies.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A currency, ISO 4217.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Currency([u8; 3]);

/// Text that is not a currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NotACurrency;

impl Currency {
    pub(crate) const USD: Self = Self(*b"USD");

    pub(crate) fn as_str(&self) -> &str {
        str::from_utf8(&self.0).expect("capital letters")
    }
}

impl FromStr for Currency {
    type Err = NotACurrency;

    fn from_str(text: &str) -> Result<Self, NotACurrency> {
        let bytes: [u8; 3] = text.as_bytes().try_into().map_err(|_| NotACurrency)?;
        let is_currency = bytes.iter().all(u8::is_ascii_uppercase);
        is_currency.then_some(Self(bytes)).ok_or(NotACurrency)
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(|NotACurrency| {
            de::Error::invalid_value(de::Unexpected::Str(&text), &"a currency")
        })
    }
}
