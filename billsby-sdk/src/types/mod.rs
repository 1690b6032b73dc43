//! Values that the API writes in its own way: amounts, times, keys and enumerations.

#[macro_use]
mod debug;
#[macro_use]
pub(crate) mod key;
#[macro_use]
pub(crate) mod open_enum;

mod amount;
mod amount_or_text;
mod currency;
pub(crate) mod direct;
pub(crate) mod lenient;
pub(crate) mod mismatch;
mod timestamp;

pub use amount::Amount;
pub use amount_or_text::AmountOrText;
pub use currency::AmountInCurrency;
pub use key::InvalidKey;
pub use open_enum::UnknownValue;
pub use timestamp::{InvalidTimestamp, Timestamp};
