//! The key that wraps the keyring. It is kept apart from the store.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use zeroize::Zeroizing;

/// 256 bits that whoever runs the server keeps secret.
#[derive(Clone)]
pub struct MasterKey(Zeroizing<[u8; 32]>);

/// Not a master key. Does not show the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "not a master key: expected 32 random bytes in base64 or hexadecimal digits, as `openssl rand -base64 32` prints them"
)]
pub struct InvalidMasterKey;

impl MasterKey {
    /// A new key.
    ///
    /// # Errors
    ///
    /// The system has no random numbers.
    pub fn generate() -> Result<Self, getrandom::Error> {
        let mut bytes = Zeroizing::new([0; 32]);
        getrandom::fill(&mut *bytes)?;
        Ok(Self(bytes))
    }

    /// The key as text, for the file it is kept in.
    #[must_use]
    pub fn reveal(&self) -> Zeroizing<String> {
        Zeroizing::new(STANDARD.encode(*self.0))
    }

    pub(super) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl FromStr for MasterKey {
    type Err = InvalidMasterKey;

    fn from_str(text: &str) -> Result<Self, InvalidMasterKey> {
        let text = text.trim();
        let bytes = if text.len() == 64 {
            hexadecimal(text)
        } else {
            let plain = text
                .trim_end_matches('=')
                .replace('+', "-")
                .replace('/', "_");
            URL_SAFE_NO_PAD
                .decode(Zeroizing::new(plain).as_bytes())
                .ok()
        };
        let bytes = Zeroizing::new(bytes.ok_or(InvalidMasterKey)?);
        let bytes: [u8; 32] = bytes.as_slice().try_into().map_err(|_| InvalidMasterKey)?;
        Ok(Self(Zeroizing::new(bytes)))
    }
}

fn hexadecimal(text: &str) -> Option<Vec<u8>> {
    let pairs = text.as_bytes().chunks(2);
    let byte = |pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    pairs.map(byte).collect()
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MasterKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_in_all_its_forms() {
        let key = MasterKey::generate().unwrap();
        let base64 = key.reveal();
        let digits = key.bytes().iter().flat_map(|byte| [byte >> 4, byte & 15]);
        let hexadecimal: String = digits
            .map(|digit| char::from_digit(digit.into(), 16).unwrap())
            .collect();
        let url_safe = URL_SAFE_NO_PAD.encode(key.bytes());
        for text in [
            base64.as_str(),
            &hexadecimal,
            &url_safe,
            &format!(" {url_safe}\n"),
        ] {
            assert_eq!(text.parse::<MasterKey>().unwrap().bytes(), key.bytes());
        }
    }

    #[test]
    fn anything_else_is_refused() {
        let long = "A".repeat(44);
        for text in [
            "",
            "secret",
            &long[..42],
            &long,
            &"g".repeat(64),
            &"+".repeat(64),
        ] {
            assert_eq!(
                text.parse::<MasterKey>().err(),
                Some(InvalidMasterKey),
                "{text}"
            );
        }
    }
}
