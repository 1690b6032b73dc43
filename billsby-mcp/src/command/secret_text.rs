//! Texts of the command line that hold secrets.

use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

/// A text that is not shown, not even in a message about a wrong argument: whatever it is, it is taken, and
/// looked at later.
#[derive(Clone)]
pub(crate) struct SecretText(pub(crate) String);

impl FromStr for SecretText {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Debug for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}
