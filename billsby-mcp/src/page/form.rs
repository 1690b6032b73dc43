//! What was posted or asked for, and what is wrong with it.

use std::fmt;
use std::str::FromStr;

use crate::provision::{IdempotencyKey, Problem, ProvisionError};

/// The names and values of a form or of a query.
#[derive(Clone, Default)]
pub(super) struct Form(Vec<(String, String)>);

impl fmt::Debug for Form {
    /// Without the values, which may be secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set()
            .entries(self.0.iter().map(|(name, _)| name))
            .finish()
    }
}

impl Form {
    /// Reads `application/x-www-form-urlencoded`.
    pub(super) fn parse(encoded: &[u8]) -> Self {
        Self(form_urlencoded::parse(encoded).into_owned().collect())
    }

    /// A value without the spaces round it; blank ones count as absent.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    /// The values of a name that may be there more than once.
    pub(super) fn all<'a, 'n>(
        &'a self,
        name: &'n str,
    ) -> impl Iterator<Item = &'a str> + use<'a, 'n> {
        let values = self.0.iter().filter(move |(known, _)| known == name);
        let values = values.map(|(_, value)| value.trim());
        values.filter(|value| !value.is_empty())
    }

    /// Whether a box is ticked or a button was pressed.
    pub(super) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| known == name)
    }

    /// Whether one of the values is this.
    pub(super) fn is(&self, name: &str, value: &str) -> bool {
        self.all(name).any(|known| known == value)
    }

    /// A value, if it can be read as what it should be.
    pub(super) fn read<T: FromStr>(&self, name: &str) -> Option<T> {
        self.get(name)?.parse().ok()
    }

    /// The key under which the form has its effect once.
    pub(super) fn key(&self) -> Option<IdempotencyKey> {
        self.read("key")
    }

    /// All names and values, as [`crate::provision::Query`] reads them.
    pub(super) fn pairs(&self) -> &[(String, String)] {
        &self.0
    }
}

/// A new key for a form that must have its effect once.
pub(super) fn new_key() -> Result<String, getrandom::Error> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)?;
    Ok(format!("page-{:032x}", u128::from_be_bytes(bytes)))
}

/// What is wrong with a form, to be shown at its fields.
#[derive(Debug, Clone, Default)]
pub(super) struct Wrong(pub(super) Vec<Problem>);

impl Wrong {
    /// What is wrong, if the error is of that kind; any other stays as it is.
    pub(super) fn of(error: ProvisionError) -> Result<Self, ProvisionError> {
        match error {
            ProvisionError::Invalid(problems) => Ok(Self(problems)),
            other => Err(other),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What is wrong at a place or within it: `/config/tags` also gives that of `/config/tags/1`.
    pub(super) fn at<'a>(&'a self, pointer: &'a str) -> impl Iterator<Item = &'a str> {
        let problems = self.0.iter().filter(move |problem| {
            let rest = problem.pointer.strip_prefix(pointer);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        });
        problems.map(|problem| problem.detail.as_str())
    }
}
