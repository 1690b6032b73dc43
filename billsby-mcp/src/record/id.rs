//! The ids of records. A later one sorts behind an earlier one, so that lists can be read in pages.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use ulid::Ulid;
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, Type};

/// Not an id of this kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an id; expected {0} and 26 letters and digits")]
pub struct InvalidId(&'static str);

macro_rules! id {
    ($(#[$documentation:meta])* $name:ident, $prefix:literal) => {
        $(#[$documentation])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Ulid);

        impl $name {
            /// What every id of this kind begins with.
            pub const PREFIX: &str = $prefix;

            /// A new id for something that was made at this time.
            ///
            /// # Errors
            ///
            /// The system has no random numbers.
            pub fn new(at: Timestamp) -> Result<Self, getrandom::Error> {
                new(at).map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str($prefix)?;
                f.write_str(&self.0.to_string().to_ascii_lowercase())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            /// Reads an id exactly as it is written.
            fn from_str(text: &str) -> Result<Self, InvalidId> {
                let invalid = InvalidId($prefix);
                let rest = text.strip_prefix($prefix).ok_or(invalid)?;
                let id = Ulid::from_string(rest).map(Self).map_err(|_| invalid)?;
                if id.to_string() == text { Ok(id) } else { Err(invalid) }
            }
        }

        impl utoipa::PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let text = ObjectBuilder::new()
                    .schema_type(Type::String)
                    .pattern(Some(concat!("^", $prefix, "[0-9a-hjkmnp-tv-z]{26}$")));
                text.into()
            }
        }

        impl utoipa::ToSchema for $name {}

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

id!(
    /// An integrated account.
    AccountId,
    "acc_"
);
id!(
    /// A server.
    ServerId,
    "mcp_"
);
id!(
    /// A token for servers that ask for one.
    ApiTokenId,
    "tok_"
);
id!(
    /// An entry of the activity.
    ActivityId,
    "act_"
);

/// 48 bits of time and 80 random ones.
fn new(at: Timestamp) -> Result<Ulid, getrandom::Error> {
    let mut random = [0; 16];
    getrandom::fill(&mut random[6..])?;
    let milliseconds = u64::try_from(at.as_millisecond()).unwrap_or(0);
    Ok(Ulid::from_parts(milliseconds, u128::from_be_bytes(random)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_read_as_it_is_written() {
        let id = ServerId::new(Timestamp::now()).unwrap();
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!(id.to_string().len(), 30);
        for wrong in [
            id.to_string().to_uppercase(),
            id.to_string().replace("mcp_", "acc_"),
            id.to_string().replace("mcp_", ""),
            format!("{id}0"),
            "mcp_".to_owned(),
        ] {
            assert!(wrong.parse::<ServerId>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn later_ones_sort_behind() {
        let at = |second| AccountId::new(Timestamp::from_second(second).unwrap()).unwrap();
        let (early, late) = (at(1_000), at(1_001));
        assert!(early < late && early.to_string() < late.to_string());
    }
}
