//! Tokens: 256 random bits with a prefix that people and scanners know, and a checksum.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use zeroize::Zeroizing;

/// Random bytes in a token.
const RANDOM: usize = 32;
/// Bytes of the checksum behind them: CRC-32, the high byte first.
const CHECKSUM: usize = 4;
/// How many of a token's characters may be shown, so that people can tell it from others.
const HINT: usize = 4;

/// What a token is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// The secret in the URL of a server.
    Server,
    /// Sent by clients to servers that require it.
    Api,
    /// Opens the admin API.
    Admin,
}

impl TokenKind {
    /// What tokens of this kind begin with.
    #[must_use]
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Server => "bmcp_",
            Self::Api => "bmcp_api_",
            Self::Admin => "bmcp_admin_",
        }
    }
}

/// A token in the clear: shown once to whoever asked for it, never kept.
#[derive(Clone)]
pub struct SecretToken(Zeroizing<String>);

impl SecretToken {
    /// A new token.
    ///
    /// # Errors
    ///
    /// The system has no random numbers.
    pub fn generate(kind: TokenKind) -> Result<Self, getrandom::Error> {
        let mut bytes = Zeroizing::new([0; RANDOM + CHECKSUM]);
        getrandom::fill(&mut bytes[..RANDOM])?;
        let checksum = crc32fast::hash(&bytes[..RANDOM]).to_be_bytes();
        bytes[RANDOM..].copy_from_slice(&checksum);
        let text = format!("{}{}", kind.prefix(), URL_SAFE_NO_PAD.encode(*bytes));
        Ok(Self(Zeroizing::new(text)))
    }

    /// The token itself.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Its last characters, which are part of the checksum.
    #[must_use]
    pub fn hint(&self) -> String {
        self.0[self.0.len() - HINT..].to_owned()
    }
}

impl TokenKind {
    /// Whether a text has the form of such a token, checksum included. Nobody has to look for one that
    /// has not.
    #[must_use]
    pub fn fits(self, text: &str) -> bool {
        let Some(rest) = text.strip_prefix(self.prefix()) else {
            return false;
        };
        let mut bytes = Zeroizing::new([0; RANDOM + CHECKSUM]);
        let decoded = URL_SAFE_NO_PAD.decode_slice(rest, &mut *bytes);
        decoded == Ok(RANDOM + CHECKSUM)
            && crc32fast::hash(&bytes[..RANDOM]).to_be_bytes() == bytes[RANDOM..]
    }
}

impl fmt::Debug for SecretToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretToken(…)")
    }
}

/// The keyed hash of a token. Without the key it says nothing about the token.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct TokenHash([u8; 32]);

impl TokenHash {
    /// The hash as bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl From<[u8; 32]> for TokenHash {
    fn from(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl fmt::Debug for TokenHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenHash(…)")
    }
}

impl Serialize for TokenHash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&URL_SAFE_NO_PAD.encode(self.0))
    }
}

impl<'de> Deserialize<'de> for TokenHash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        let bytes = URL_SAFE_NO_PAD.decode(text.as_bytes());
        let bytes = bytes.map_err(|_| de::Error::custom("not base64url"))?;
        let bytes = <[u8; 32]>::try_from(bytes);
        bytes
            .map(Self)
            .map_err(|_| de::Error::custom("not 32 bytes"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [TokenKind; 3] = [TokenKind::Server, TokenKind::Api, TokenKind::Admin];

    #[test]
    fn a_token_fits_its_own_kind_only() {
        for kind in ALL {
            let token = SecretToken::generate(kind).unwrap();
            let fitting = ALL.map(|kind| kind.fits(token.reveal()));
            assert_eq!(fitting, ALL.map(|other| other == kind));
            assert_eq!(token.reveal().len(), kind.prefix().len() + 48);
        }
    }

    #[test]
    fn one_wrong_character_is_noticed() {
        let token = SecretToken::generate(TokenKind::Server).unwrap();
        let text = token.reveal();
        for index in 0..text.len() {
            let other = if &text[index..=index] == "A" {
                "B"
            } else {
                "A"
            };
            let changed = format!("{}{other}{}", &text[..index], &text[index + 1..]);
            assert!(!TokenKind::Server.fits(&changed), "at {index}");
        }
        assert!(!TokenKind::Server.fits(&text[..text.len() - 1]));
        assert!(!TokenKind::Server.fits(&format!("{text}A")));
        assert!(!TokenKind::Server.fits(""));
    }

    #[test]
    fn it_is_not_shown() {
        let token = SecretToken::generate(TokenKind::Api).unwrap();
        assert!(!format!("{token:?}").contains(token.reveal()));
        assert!(token.reveal().ends_with(&token.hint()));
    }
}
