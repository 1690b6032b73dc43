use std::fmt;

use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::{Serialize, Serializer};

/// An amount of money in the minor unit of its currency: 1000 is $10.00.
///
/// The currency is not part of the value; the API gives it beside the amount or with the product.
/// Currencies without a minor unit, such as the yen, are not documented by the vendor.
///
/// `Display` prints the plain number of minor units (`1000`), because a decimal point would be a
/// guess about the currency. Where the API sends a formatted text, use that for people.
///
/// ```
/// use billsby_sdk::types::Amount;
///
/// let price = Amount::from_minor_units(1450);
/// assert_eq!(price.minor_units(), 1450);
/// assert_eq!(price.to_string(), "1450");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Amount(i64);

impl Amount {
    /// An amount of so many minor units (cents for dollars, pence for pounds).
    #[must_use]
    pub const fn from_minor_units(units: i64) -> Self {
        Self(units)
    }

    /// The number of minor units.
    #[must_use]
    pub const fn minor_units(self) -> i64 {
        self.0
    }
}

impl From<i64> for Amount {
    fn from(units: i64) -> Self {
        Self(units)
    }
}

impl From<Amount> for i64 {
    fn from(amount: Amount) -> Self {
        amount.0
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(self.0)
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AmountVisitor)
    }
}

/// Takes a JSON integer or its digits as text. Anything with a decimal point is refused, even
/// `40.0`: it may well mean major units, and a guess would be wrong by a factor of a hundred.
struct AmountVisitor;

impl Visitor<'_> for AmountVisitor {
    type Value = Amount;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a whole number of minor units")
    }

    fn visit_i64<E: de::Error>(self, units: i64) -> Result<Amount, E> {
        Ok(Amount(units))
    }

    fn visit_u64<E: de::Error>(self, units: u64) -> Result<Amount, E> {
        i64::try_from(units)
            .map(Amount)
            .map_err(|_| E::invalid_value(de::Unexpected::Unsigned(units), &self))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Amount, E> {
        parse_minor_units(text).ok_or_else(|| E::invalid_value(de::Unexpected::Str(text), &self))
    }
}

/// Reads digits with an optional minus sign, and nothing else.
pub(super) fn parse_minor_units(text: &str) -> Option<Amount> {
    text.trim().parse().ok().map(Amount)
}

#[cfg(test)]
mod tests {
    use super::Amount;

    fn read(json: &str) -> Option<i64> {
        serde_json::from_str::<Amount>(json)
            .ok()
            .map(Amount::minor_units)
    }

    #[test]
    fn reads_whole_minor_units_only() {
        assert_eq!(read("1000"), Some(1000));
        assert_eq!(read("-5"), Some(-5));
        assert_eq!(read("\"3010\""), Some(3010));
        assert_eq!(read("4294967296"), Some(4_294_967_296));
        assert_eq!(read("40.0"), None);
        assert_eq!(read("14.46"), None);
        assert_eq!(read("\"40.00\""), None);
        assert_eq!(read("\"$40\""), None);
        assert_eq!(read("18446744073709551615"), None);
    }

    #[test]
    fn writes_a_json_integer_and_prints_minor_units() {
        let amount = Amount::from(1450);
        assert_eq!(serde_json::to_string(&amount).unwrap(), "1450");
        assert_eq!(amount.to_string(), "1450");
        assert_eq!(i64::from(amount), 1450);
        assert!(Amount::from_minor_units(1) < amount);
    }
}
