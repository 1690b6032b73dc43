//! Reads what is asked of an account.

use billsby_sdk::BASE_URL;
use serde_json::Value;

use super::commit::overtaken;
use super::fields::{Fields, Problems};
use super::{ProvisionError, Provisioning};
use crate::record::{AccountRecord, Environment};

/// The company of the sandbox.
const SANDBOX: &str = "sandbox";
/// The most characters of a key or of a domain.
const LONGEST: usize = 200;
const FIELDS: [&str; 5] = [
    "label",
    "company_domain",
    "api_key",
    "environment",
    "base_url",
];

/// Everything about an account that can be set.
pub(super) struct Draft {
    pub(super) label: String,
    pub(super) company_domain: String,
    pub(super) api_key: Option<String>,
    pub(super) environment: Environment,
    pub(super) base_url: Option<String>,
}

impl Provisioning {
    /// What was asked for, over what there is.
    pub(super) fn account_draft(
        &self,
        body: &Value,
        old: Option<&AccountRecord>,
    ) -> Result<Draft, ProvisionError> {
        let mut problems = Problems::default();
        let found = &mut problems;
        let Some(fields) = Fields::of(body, "", &FIELDS, found) else {
            return Err(problems.finish().err().unwrap_or_else(overtaken));
        };
        let environment = environment(&fields, old, found);
        let is_sandbox = environment == Some(Environment::Sandbox);
        let company_domain = if is_sandbox {
            not_for_the_sandbox(&fields, found);
            Some(SANDBOX.to_owned())
        } else {
            let given = company_domain(&fields, found);
            let old = old.map(|old| old.company_domain.clone());
            needed(
                &fields,
                "company_domain",
                old.is_some(),
                "the first word of the address of the control panel",
                found,
            );
            given.or(old)
        };
        let api_key = if is_sandbox {
            None
        } else {
            needed(
                &fields,
                "api_key",
                old.is_some(),
                "an API key of the company (Settings, Configuration, API keys and webhooks)",
                found,
            );
            api_key(&fields, found)
        };
        let label = fields.name("label", found);
        let base_url = if is_sandbox {
            None
        } else {
            self.base_url(&fields, found)
        };
        problems.finish()?;
        let company_domain = company_domain.unwrap_or_default();
        let kept = |name: &str| old.filter(|_| !fields.has(name));
        Ok(Draft {
            label: label
                .or_else(|| kept("label").map(|old| old.label.clone()))
                .unwrap_or_else(|| company_domain.chars().take(100).collect()),
            base_url: base_url.or_else(|| kept("base_url").and_then(|old| old.base_url.clone())),
            environment: environment.unwrap_or_default(),
            company_domain,
            api_key,
        })
    }

    /// One of the addresses that the operator allows.
    fn base_url(&self, fields: &Fields<'_>, problems: &mut Problems) -> Option<String> {
        let text = fields.text("base_url", problems)?;
        let allowed = &self.options().allowed_base_urls;
        let problem = match normalise_base_url(text) {
            Ok(url) if url == BASE_URL || allowed.contains(&url) => return Some(url),
            Ok(_) if allowed.is_empty() => "is not allowed: the operator allows no other address \
                than Billsby's own; leave it out"
                .to_owned(),
            Ok(_) => "is none of the addresses that the operator allows".to_owned(),
            Err(problem) => problem.to_owned(),
        };
        problems.add(fields.at("base_url"), problem);
        None
    }
}

/// The one form of an address in which two are compared.
///
/// # Errors
///
/// What is wrong with it.
pub fn normalise_base_url(text: &str) -> Result<String, &'static str> {
    let expected =
        "expected an address such as https://public.billsby.com/api/v1/rest, without user, ? and #";
    let url = reqwest::Url::parse(text).map_err(|_| expected)?;
    let is_plain = url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.fragment().is_none();
    if !matches!(url.scheme(), "https" | "http") || !url.has_host() || !is_plain {
        return Err(expected);
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

fn environment(
    fields: &Fields<'_>,
    old: Option<&AccountRecord>,
    problems: &mut Problems,
) -> Option<Environment> {
    let old = old.map(|old| old.environment);
    if !fields.has("environment") {
        return Some(old.unwrap_or_default());
    }
    let new = match fields.get("environment") {
        None => Environment::default(),
        Some(_) => fields.word::<Environment>("environment", problems)?,
    };
    let is_sandbox = |environment| environment == Environment::Sandbox;
    if old.is_some_and(|old| is_sandbox(old) != is_sandbox(new)) {
        let detail =
            "an account cannot become one of the sandbox, nor cease to be one; make another one";
        problems.add(fields.at("environment"), detail);
        return old;
    }
    Some(new)
}

/// The sandbox has its own company, and no key.
fn not_for_the_sandbox(fields: &Fields<'_>, problems: &mut Problems) {
    for (name, problem) in [
        ("api_key", "the sandbox has no API key; leave it out"),
        ("base_url", "the sandbox has no other address; leave it out"),
    ] {
        if fields.get(name).is_some() {
            problems.add(fields.at(name), problem);
        }
    }
    if fields
        .text("company_domain", problems)
        .is_some_and(|domain| domain != SANDBOX)
    {
        problems.add(
            fields.at("company_domain"),
            "the company of the sandbox is called sandbox; leave it out",
        );
    }
}

/// A field that must be given, and must not be taken away later.
fn needed(fields: &Fields<'_>, name: &str, exists: bool, what: &str, problems: &mut Problems) {
    if !exists || fields.has(name) {
        fields.required(name, what, problems);
    }
}

/// A whole address is an easy mistake, and would be the only domain that tools accept.
fn company_domain(fields: &Fields<'_>, problems: &mut Problems) -> Option<String> {
    let text = fields.text("company_domain", problems)?;
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let problem = if text.is_empty() {
        "must not be blank"
    } else if text.contains(['.', '/', ':']) {
        "is a whole address: for widgets.billsby.com the company domain is widgets"
    } else if !text.chars().all(fits) || text.len() > LONGEST {
        "is not a company domain: for widgets.billsby.com it is widgets"
    } else {
        return Some(text.to_owned());
    };
    problems.add(fields.at("company_domain"), problem);
    None
}

/// What is said of a key never shows it.
fn api_key(fields: &Fields<'_>, problems: &mut Problems) -> Option<String> {
    let text = fields.text("api_key", problems)?;
    let problem = if text.is_empty() {
        "must not be blank"
    } else if !text.chars().all(|c| c.is_ascii_graphic()) {
        "has characters that no key has; is there a space or a line break in it?"
    } else if text.len() > LONGEST {
        "is too long for an API key"
    } else {
        return Some(text.to_owned());
    };
    problems.add(fields.at("api_key"), problem);
    None
}
