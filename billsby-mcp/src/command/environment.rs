//! The settings that come from the environment.

use std::ffi::{OsStr, OsString};
use std::fmt;

use billsby_sdk::BASE_URL;
use clap::builder::Resettable;
use zeroize::Zeroizing;

/// The account to serve.
pub(crate) struct Environment {
    pub(crate) api_key: String,
    pub(crate) company_domain: String,
    pub(crate) base_url: String,
}

/// A variable that cannot be used. Names the variable, never its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum EnvironmentError {
    #[error("the environment variable {name} is missing: set it to {meaning}")]
    Missing {
        name: &'static str,
        meaning: &'static str,
    },
    #[error("the environment variable {name} is blank: set it to {meaning}")]
    Blank {
        name: &'static str,
        meaning: &'static str,
    },
    #[error(
        "the environment variable BILLSBY_COMPANY_DOMAIN is not a company domain: for widgets.billsby.com it is widgets"
    )]
    NotADomain,
    #[error("the environment variable {name} is not valid Unicode: set it to {meaning}")]
    NotUnicode {
        name: &'static str,
        meaning: &'static str,
    },
    #[error("the environment variable {0} is not valid Unicode: it cannot be used as it is")]
    Unreadable(&'static str),
}

impl Environment {
    /// Reads the settings of this process.
    pub(crate) fn of_process() -> Result<Self, EnvironmentError> {
        Self::read(|name| std::env::var_os(name))
    }

    /// The variables of an account that are set in this process.
    pub(crate) fn variables_set() -> impl Iterator<Item = &'static str> {
        let all = [
            "BILLSBY_API_KEY",
            "BILLSBY_COMPANY_DOMAIN",
            "BILLSBY_BASE_URL",
        ];
        all.into_iter()
            .filter(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
    }

    fn read(variable: impl Fn(&str) -> Option<OsString>) -> Result<Self, EnvironmentError> {
        let required = |name, meaning| {
            let value = variable(name).ok_or(EnvironmentError::Missing { name, meaning })?;
            usable(value, name, meaning)
        };
        Ok(Self {
            api_key: required(
                "BILLSBY_API_KEY",
                "an API key of your account (Settings, Configuration, API keys and webhooks)",
            )?,
            company_domain: domain(required(
                "BILLSBY_COMPANY_DOMAIN",
                "your company domain: the first word of the address of your control panel",
            )?)?,
            base_url: match variable("BILLSBY_BASE_URL") {
                Some(url) => usable(url, "BILLSBY_BASE_URL", "an address, or remove it")?,
                None => BASE_URL.to_owned(),
            },
        })
    }
}

impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Environment")
            .field("company_domain", &self.company_domain)
            .field("base_url", &self.base_url)
            .finish_non_exhaustive()
    }
}

/// A command for which a variable without a value is not set: files for containers often name every variable.
pub(crate) fn without_blank_variables(command: clap::Command) -> clap::Command {
    let is_blank = |name: &OsStr| {
        let value = std::env::var_os(name).unwrap_or_else(|| "set".into());
        value.to_str().is_some_and(|value| value.trim().is_empty())
    };
    command
        .mut_args(|option| {
            if option.get_env().is_some_and(is_blank) {
                option.env(Resettable::Reset)
            } else {
                option
            }
        })
        .mut_subcommands(without_blank_variables)
}

/// A secret of the environment that need not be there, without the spaces and line ends round it. A blank one
/// is not there.
pub(crate) fn variable(name: &'static str) -> Result<Option<Zeroizing<String>>, EnvironmentError> {
    let Some(value) = std::env::var_os(name) else {
        return Ok(None);
    };
    // Whoever set it relies on it: without it another secret would be made or asked for.
    let value = value.into_string();
    let value = Zeroizing::new(value.map_err(|_| EnvironmentError::Unreadable(name))?);
    let value = value.trim();
    Ok((!value.is_empty()).then(|| Zeroizing::new(value.to_owned())))
}

/// The value without the spaces and line ends that copying leaves round it.
fn usable(
    value: OsString,
    name: &'static str,
    meaning: &'static str,
) -> Result<String, EnvironmentError> {
    let value = value
        .into_string()
        .map_err(|_| EnvironmentError::NotUnicode { name, meaning })?;
    match value.trim() {
        "" => Err(EnvironmentError::Blank { name, meaning }),
        value => Ok(value.to_owned()),
    }
}

/// A whole address is an easy mistake, and would be the only domain that tools accept.
fn domain(text: String) -> Result<String, EnvironmentError> {
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if text.chars().all(fits) {
        Ok(text)
    } else {
        Err(EnvironmentError::NotADomain)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> Result<Environment, EnvironmentError> {
        Environment::read(|wanted| {
            variables
                .iter()
                .find(|(name, _)| *name == wanted)
                .map(|(_, value)| OsString::from(value))
        })
    }

    const KEY: (&str, &str) = ("BILLSBY_API_KEY", "acme_0123 \n");
    const DOMAIN: (&str, &str) = ("BILLSBY_COMPANY_DOMAIN", "acme");

    #[test]
    fn key_and_domain_are_enough() {
        let environment = read(&[KEY, DOMAIN]).unwrap();
        assert_eq!(environment.api_key, "acme_0123");
        assert_eq!(environment.company_domain, "acme");
        assert_eq!(environment.base_url, BASE_URL);
        assert!(!format!("{environment:?}").contains("0123"));
    }

    #[test]
    fn the_address_can_be_changed() {
        let url = "http://127.0.0.1:1/rest";
        let environment = read(&[KEY, DOMAIN, ("BILLSBY_BASE_URL", url)]).unwrap();
        assert_eq!(environment.base_url, url);
    }

    #[test]
    fn a_whole_address_is_no_domain() {
        for wrong in [
            "https://acme.billsby.com",
            "acme.billsby.com",
            "a/b",
            "Acme Corp",
        ] {
            let error = read(&[KEY, ("BILLSBY_COMPANY_DOMAIN", wrong)]).unwrap_err();
            assert_eq!(error, EnvironmentError::NotADomain, "{wrong}");
        }
    }

    #[test]
    fn says_what_is_missing() {
        for (variables, start) in [
            (
                &[DOMAIN][..],
                "the environment variable BILLSBY_API_KEY is missing",
            ),
            (
                &[KEY][..],
                "the environment variable BILLSBY_COMPANY_DOMAIN is missing",
            ),
            (
                &[KEY, ("BILLSBY_COMPANY_DOMAIN", " ")][..],
                "the environment variable BILLSBY_COMPANY_DOMAIN is blank",
            ),
            (
                &[KEY, DOMAIN, ("BILLSBY_BASE_URL", "")][..],
                "the environment variable BILLSBY_BASE_URL is blank",
            ),
        ] {
            let message = read(variables).unwrap_err().to_string();
            assert!(message.starts_with(start), "{message}");
            assert!(!message.contains("0123"), "{message}");
        }
    }
}
