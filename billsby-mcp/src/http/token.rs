//! The secret in a URL.

use std::fmt;
use std::str::FromStr;

use crate::secret::{SecretToken, TokenKind};

/// The fewest characters a token may have.
const SHORTEST: usize = 32;
/// The most: longer ones do not fit into the request lines that proxies pass.
const LONGEST: usize = 512;

/// The secret part of a URL: whoever knows it may use what is behind it.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

/// A text that cannot be a token. Does not show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidToken {
    /// Too few characters to be a secret.
    #[error(
        "the token is too short: it needs at least {SHORTEST} characters that nobody can guess"
    )]
    Short,
    /// Too many characters for a URL.
    #[error("the token is too long: it may have {LONGEST} characters at most")]
    Long,
    /// A character that would have to be encoded in a URL.
    #[error(
        "the token has a character that a URL cannot carry as it is: use letters, digits, - . _ and ~"
    )]
    Character,
}

impl Token {
    /// A new token, as provisioned servers have them.
    ///
    /// # Errors
    ///
    /// The system has no random numbers.
    pub fn generate() -> Result<Self, getrandom::Error> {
        let token = SecretToken::generate(TokenKind::Server)?;
        Ok(Self(token.reveal().to_owned()))
    }

    /// The secret itself.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl FromStr for Token {
    type Err = InvalidToken;

    fn from_str(text: &str) -> Result<Self, InvalidToken> {
        let fits = |c: char| c.is_ascii_alphanumeric() || "-._~".contains(c);
        if !text.chars().all(fits) {
            return Err(InvalidToken::Character);
        }
        match text.len() {
            ..SHORTEST => Err(InvalidToken::Short),
            SHORTEST..=LONGEST => Ok(Self(text.to_owned())),
            _ => Err(InvalidToken::Long),
        }
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_token_is_usable_and_different_each_time() {
        let token = Token::generate().unwrap();
        assert_eq!(token.reveal().parse(), Ok(token.clone()));
        assert!(TokenKind::Server.fits(token.reveal()));
        assert_ne!(token, Token::generate().unwrap());
    }

    #[test]
    fn what_is_easily_guessed_or_breaks_a_url_is_refused() {
        let token = "0123456789abcdefghijklmnopqrst-_";
        assert!(token.parse::<Token>().is_ok());
        for (text, expected) in [
            ("", InvalidToken::Short),
            (&token[1..], InvalidToken::Short),
            (&token.repeat(17), InvalidToken::Long),
            (&token.replace('a', "/"), InvalidToken::Character),
            (&token.replace('a', "%"), InvalidToken::Character),
            (&token.replace('a', "\u{e4}"), InvalidToken::Character),
        ] {
            assert_eq!(text.parse::<Token>(), Err(expected));
        }
    }

    #[test]
    fn it_is_not_shown() {
        let token = Token::generate().unwrap();
        assert!(!format!("{token:?}").contains(token.reveal()));
    }
}
