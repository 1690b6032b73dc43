use std::fmt;

use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::{Serialize, Serializer};

use super::AmountInCurrency;

/// An amount of money in the minor unit of its currency: 1000 is $10.00.
///
/// The currency is not part of the value; the API gives it beside the amount or with the product.
/// `Display` prints the plain number of minor units (`1450`), because a decimal point would be a
/// guess about the currency. [`Amount::in_currency`] prints it for people.
///
/// ```
/// use billsby_sdk::types::Amount;
///
/// let price = Amount::from_minor_units(1450);
/// assert_eq!(price.minor_units(), 1450);
/// assert_eq!(price.to_string(), "1450");
/// assert_eq!(price.in_currency("USD").to_string(), "14.50 USD");
/// ```
///
/// # Calculating
///
/// Sums and differences are checked, and there are no operators that could overflow unnoticed.
/// Whether two amounts have the same currency is for the caller to know.
///
/// ```
/// use billsby_sdk::types::Amount;
///
/// let refundable = Amount::from_minor_units(3010);
/// let rest = refundable.checked_sub(Amount::from_minor_units(1000));
/// assert_eq!(rest, Some(Amount::from_minor_units(2010)));
///
/// let open = [1450, 2999].map(Amount::from_minor_units);
/// let total = open.into_iter().try_fold(Amount::ZERO, Amount::checked_add);
/// assert_eq!(total, Some(Amount::from_minor_units(4449)));
/// ```
///
/// # Currencies without cents
///
/// The vendor's texts say that amounts are "multiplied by 100", and nothing about currencies
/// that have no minor unit (JPY) or a smaller one (KWD). What the API sends and takes for those
/// has not been verified: compare one invoice with the control panel before you rely on it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Amount(i64);

impl Amount {
    /// No money.
    pub const ZERO: Self = Self(0);

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

    /// The sum, or `None` if it is too large for the type.
    #[must_use]
    pub const fn checked_add(self, other: Self) -> Option<Self> {
        match self.0.checked_add(other.0) {
            Some(units) => Some(Self(units)),
            None => None,
        }
    }

    /// The difference, which may be negative, or `None` if it is too large for the type.
    #[must_use]
    pub const fn checked_sub(self, other: Self) -> Option<Self> {
        match self.0.checked_sub(other.0) {
            Some(units) => Some(Self(units)),
            None => None,
        }
    }

    /// The amount as people write it, `14.50 USD`, given the three-letter code of its currency.
    ///
    /// The number of decimals is that of ISO 4217: none for JPY, two for USD, three for KWD. If
    /// the API counts one of the odd currencies in hundredths all the same, which is
    /// [not known](Amount#currencies-without-cents), set
    /// [`with_decimals(2)`](AmountInCurrency::with_decimals). For a code that ISO 4217 does not
    /// list, minor units are printed, and the text says so.
    ///
    /// ```
    /// use billsby_sdk::types::Amount;
    ///
    /// let amount = Amount::from_minor_units(145_000);
    /// assert_eq!(amount.in_currency("usd").to_string(), "1450.00 USD");
    /// assert_eq!(amount.in_currency("JPY").to_string(), "145000 JPY");
    /// assert_eq!(amount.in_currency("JPY").with_decimals(2).to_string(), "1450.00 JPY");
    /// assert_eq!(amount.in_currency("XYZ").to_string(), "145000 minor units (XYZ)");
    /// ```
    pub fn in_currency(self, code: &str) -> AmountInCurrency<'_> {
        AmountInCurrency::new(self, code)
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

    #[test]
    fn sums_and_differences_do_not_overflow() {
        let (least, one) = (Amount::from(i64::MIN), Amount::from(1));
        let most = Amount::from(i64::MAX);
        assert_eq!(one.checked_add(one), Some(Amount::from(2)));
        assert_eq!(Amount::ZERO.checked_sub(one), Some(Amount::from(-1)));
        assert_eq!(most.checked_add(one), None);
        assert_eq!(least.checked_sub(one), None);
        assert_eq!(Amount::ZERO.checked_sub(least), None);
        assert_eq!(most.checked_add(least), Some(Amount::from(-1)));
        assert_eq!(Amount::ZERO, Amount::default());
    }
}
