use std::fmt;

use subtle::ConstantTimeEq;

/// The secret that Billsby sends with every webhook, as it is set in the control panel.
///
/// It is never shown, not even by `Debug`. To change it without losing calls, check against the
/// old and the new one for a while.
#[derive(Clone)]
pub struct Secret {
    value: Box<[u8]>,
    header_name: Box<str>,
}

impl Secret {
    /// The header in which Billsby sends the secret.
    pub const HEADER_NAME: &str = "secret";

    /// Takes the secret as it is set in the control panel. White space around it is dropped, as
    /// HTTP drops it from a header's value.
    ///
    /// # Errors
    ///
    /// When the secret is empty: it would let everybody in.
    pub fn new(secret: impl AsRef<str>) -> Result<Self, EmptySecret> {
        let value = secret.as_ref().trim().as_bytes();
        if value.is_empty() {
            return Err(EmptySecret(()));
        }
        Ok(Self {
            value: value.into(),
            header_name: Self::HEADER_NAME.into(),
        })
    }

    /// Expects the secret in another header than [`Secret::HEADER_NAME`], for a gateway that
    /// renames it.
    #[must_use]
    pub fn with_header_name(mut self, name: impl Into<String>) -> Self {
        self.header_name = name.into().into();
        self
    }

    /// The name of the header to look for; it may be written in any case.
    #[must_use]
    pub fn header_name(&self) -> &str {
        &self.header_name
    }

    /// Whether the value of the header, if the call has one, is the secret. Takes text, bytes or
    /// a header value of the usual HTTP crates.
    ///
    /// How long this takes does not depend on where the two differ. It may depend on their
    /// lengths.
    #[must_use]
    pub fn matches<V: AsRef<[u8]>>(&self, header_value: Option<V>) -> bool {
        header_value.is_some_and(|value| {
            let value = value.as_ref().trim_ascii();
            self.value.ct_eq(value).into()
        })
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Secret")
            .field("header_name", &self.header_name)
            .finish_non_exhaustive()
    }
}

/// A [`Secret`] was to be made of an empty text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmptySecret(());

impl fmt::Display for EmptySecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the webhook secret must not be empty")
    }
}

impl std::error::Error for EmptySecret {}
