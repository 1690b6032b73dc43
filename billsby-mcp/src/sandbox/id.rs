//! Ids in Billsby's shapes.

use std::fmt;
use std::str::FromStr;

use rand::RngExt as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::random::Random;

const ALPHABET: &[u8; 36] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// The public id of a customer, a subscription or a counter: ten digits and capital letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct UniqueId([u8; 10]);

/// The number of an invoice or a credit note: the customer's id and a counter that both share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct DocumentNumber {
    pub(crate) customer: UniqueId,
    pub(crate) count: u32,
}

/// Text that is not an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NotAnId;

impl UniqueId {
    pub(crate) fn random(random: &mut Random) -> Self {
        Self(std::array::from_fn(|_| {
            ALPHABET[random.random_range(..ALPHABET.len())]
        }))
    }

    pub(crate) fn as_str(&self) -> &str {
        str::from_utf8(&self.0).expect("letters and digits")
    }
}

impl FromStr for UniqueId {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Self, NotAnId> {
        let bytes: [u8; 10] = text.as_bytes().try_into().map_err(|_| NotAnId)?;
        let is_id = bytes.iter().all(|byte| ALPHABET.contains(byte));
        is_id.then_some(Self(bytes)).ok_or(NotAnId)
    }
}

impl FromStr for DocumentNumber {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Self, NotAnId> {
        let (customer, count) = text.split_once('-').ok_or(NotAnId)?;
        let number = Self {
            customer: customer.parse()?,
            count: count.parse().map_err(|_| NotAnId)?,
        };
        // `-07` and `-+7` are other texts than the number has.
        let is_same = number.to_string() == text;
        is_same.then_some(number).ok_or(NotAnId)
    }
}

impl fmt::Display for UniqueId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl fmt::Display for DocumentNumber {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}-{}", self.customer, self.count)
    }
}

impl Serialize for UniqueId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Serialize for DocumentNumber {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for UniqueId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        parsed(deserializer)
    }
}

impl<'de> Deserialize<'de> for DocumentNumber {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        parsed(deserializer)
    }
}

fn parsed<'de, D: Deserializer<'de>, T: FromStr<Err = NotAnId>>(
    deserializer: D,
) -> Result<T, D::Error> {
    let text = String::deserialize(deserializer)?;
    text.parse()
        .map_err(|NotAnId| de::Error::invalid_value(de::Unexpected::Str(&text), &"an id"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_and_numbers_are_read_as_they_are_written() {
        let mut random = Random::new(7);
        for count in [1, 12, u32::MAX] {
            let customer = UniqueId::random(&mut random);
            let number = DocumentNumber { customer, count };
            assert_eq!(customer.to_string().parse(), Ok(customer));
            assert_eq!(number.to_string().parse(), Ok(number));
        }
    }

    #[test]
    fn other_texts_are_no_ids() {
        for text in ["", "8WER0F4J1", "8WER0F4J1RX", "8wer0f4j1r", "8WER0F4J1ß"] {
            assert_eq!(text.parse::<UniqueId>(), Err(NotAnId), "{text}");
        }
        for text in [
            "8WER0F4J1R",
            "8WER0F4J1R-",
            "8WER0F4J1R-07",
            "8WER0F4J1R-+7",
            "8WER0F4J1R--7",
        ] {
            assert_eq!(text.parse::<DocumentNumber>(), Err(NotAnId), "{text}");
        }
    }
}
