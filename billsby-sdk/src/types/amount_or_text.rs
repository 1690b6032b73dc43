use std::borrow::Cow;
use std::fmt;

use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::{Serialize, Serializer};

use super::amount::{Amount, parse_minor_units};

/// An amount whose form on the wire is not known for certain: a number or a text.
///
/// Nothing is lost: what is not a whole number stays as it came. [`AmountOrText::amount`] gives
/// minor units where the value is a whole number, as JSON number or as text.
///
/// ```
/// use billsby_sdk::types::{Amount, AmountOrText};
///
/// let known: AmountOrText = serde_json::from_str("1450")?;
/// assert_eq!(known.amount(), Some(Amount::from_minor_units(1450)));
///
/// let formatted: AmountOrText = serde_json::from_str("\"$14.50\"")?;
/// assert_eq!(formatted.amount(), None);
/// assert_eq!(formatted.text(), "$14.50");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AmountOrText(Form);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Form {
    Amount(Amount),
    Text(String),
}

impl AmountOrText {
    /// The amount in minor units, when the API sent a whole number or a text of digits only.
    #[must_use]
    pub fn amount(&self) -> Option<Amount> {
        match &self.0 {
            Form::Amount(amount) => Some(*amount),
            Form::Text(text) => parse_minor_units(text),
        }
    }

    /// The value as the API wrote it.
    #[must_use]
    pub fn text(&self) -> Cow<'_, str> {
        match &self.0 {
            Form::Amount(amount) => Cow::Owned(amount.to_string()),
            Form::Text(text) => Cow::Borrowed(text),
        }
    }
}

impl From<Amount> for AmountOrText {
    fn from(amount: Amount) -> Self {
        Self(Form::Amount(amount))
    }
}

impl From<String> for AmountOrText {
    fn from(text: String) -> Self {
        Self(Form::Text(text))
    }
}

impl From<&str> for AmountOrText {
    fn from(text: &str) -> Self {
        Self(Form::Text(text.to_owned()))
    }
}

impl fmt::Display for AmountOrText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text())
    }
}

impl Serialize for AmountOrText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Form::Amount(amount) => amount.serialize(serializer),
            Form::Text(text) => serializer.serialize_str(text),
        }
    }
}

impl<'de> Deserialize<'de> for AmountOrText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AmountOrTextVisitor)
    }
}

struct AmountOrTextVisitor;

impl Visitor<'_> for AmountOrTextVisitor {
    type Value = AmountOrText;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an amount as a number or as text")
    }

    fn visit_i64<E: de::Error>(self, units: i64) -> Result<AmountOrText, E> {
        Ok(Amount::from_minor_units(units).into())
    }

    fn visit_u64<E: de::Error>(self, units: u64) -> Result<AmountOrText, E> {
        Ok(i64::try_from(units).map_or_else(
            |_| units.to_string().into(),
            |units| Amount::from(units).into(),
        ))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<AmountOrText, E> {
        // `{:?}` keeps the decimal point, so that `40.0` is not mistaken for minor units.
        Ok(format!("{value:?}").into())
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<AmountOrText, E> {
        if text.trim().is_empty() {
            return Err(E::custom("expected an amount, found an empty text"));
        }
        Ok(text.into())
    }
}

#[cfg(test)]
mod tests {
    use super::{Amount, AmountOrText};

    fn read(json: &str) -> AmountOrText {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn whole_numbers_are_minor_units_whatever_their_form() {
        assert_eq!(read("1000").amount(), Some(Amount::from(1000)));
        assert_eq!(read("\"1000\"").amount(), Some(Amount::from(1000)));
    }

    #[test]
    fn everything_else_stays_as_it_came() {
        for (json, text) in [("\"$40\"", "$40"), ("14.46", "14.46"), ("40.0", "40.0")] {
            let value = read(json);
            assert_eq!(value.amount(), None, "{json}");
            assert_eq!(value.text(), text);
        }
        assert_eq!(read("18446744073709551615").text(), "18446744073709551615");
    }

    #[test]
    fn survives_being_written_again() {
        for json in ["1000", "\"1000\"", "\"$40\""] {
            assert_eq!(serde_json::to_string(&read(json)).unwrap(), json);
        }
    }
}
