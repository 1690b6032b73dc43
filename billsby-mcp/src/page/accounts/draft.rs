//! What is typed into the form of an account.

use maud::{Markup, html};
use serde_json::{Map, Value};

use crate::page::form::{Form, Wrong};
use crate::page::part::{self, Choice, Field};
use crate::provision::Account;
use crate::record::Environment;

/// The field that is never filled.
pub(super) const API_KEY: &str = "api_key";
/// Where Billsby shows API keys.
const KEYS: &str = "Billsby's control panel has it: Settings, Configuration, API keys and webhooks";

/// What is typed into the form, except the API key: that never comes back.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Draft {
    label: String,
    company_domain: String,
    environment: Environment,
    base_url: String,
}

impl Draft {
    /// What was posted, over what there is. An account of the sandbox stays one.
    pub(super) fn of(form: &Form, old: &Self) -> Self {
        let text = |name: &str, old: &str| {
            let new = form.get(name).unwrap_or_default();
            if form.has(name) { new } else { old }.to_owned()
        };
        let is_fixed = old.environment == Environment::Sandbox || !form.has("environment");
        let environment = if is_fixed {
            old.environment
        } else if form.is("environment", Environment::Test.as_str()) {
            Environment::Test
        } else {
            Environment::Live
        };
        Self {
            label: text("label", &old.label),
            company_domain: text("company_domain", &old.company_domain),
            environment,
            base_url: text("base_url", &old.base_url),
        }
    }

    /// The names in a body, the words for people, and the values. The sandbox has nothing but its label.
    fn fields(&self) -> Vec<(&'static str, &'static str, &str)> {
        let label = ("label", "Label", self.label.as_str());
        if self.environment == Environment::Sandbox {
            return vec![label];
        }
        vec![
            label,
            ("company_domain", "Company domain", &self.company_domain),
            ("environment", "What it is for", self.environment.as_str()),
            ("base_url", "Address of Billsby", &self.base_url),
        ]
    }

    /// The body that makes an account like this of one that is like `old`: only what differs. What is blank becomes
    /// the default; only a blank API key means that the one there is stays.
    pub(super) fn change(&self, old: &Self, api_key: Option<&str>) -> Map<String, Value> {
        let both = self.fields().into_iter().zip(old.fields());
        let new = both.filter(|(new, old)| new != old).map(|(new, _)| new);
        let text = |text: &str| Some(text).filter(|text| !text.is_empty()).into();
        let mut body: Map<_, _> = new
            .map(|(name, _, value)| (name.to_owned(), text(value)))
            .collect();
        if let Some(key) = api_key.filter(|_| self.environment != Environment::Sandbox) {
            body.insert(API_KEY.to_owned(), key.into());
        }
        body
    }

    /// What is otherwise in another: its words for people, and how it is there.
    pub(super) fn differences<'a>(&self, other: &'a Self) -> Vec<(&'static str, &'a str)> {
        let both = self.fields().into_iter().zip(other.fields());
        let other = both.filter(|(new, old)| new != old).map(|(_, old)| old);
        other.map(|(_, name, value)| (name, value)).collect()
    }
}

impl From<&Account> for Draft {
    fn from(account: &Account) -> Self {
        Self {
            label: account.label.clone(),
            company_domain: account.company_domain.clone(),
            environment: account.environment,
            base_url: account.base_url.clone().unwrap_or_default(),
        }
    }
}

/// The body that makes an account. What is blank is left out.
pub(super) fn new_account(form: &Form) -> Value {
    let given = |name: &str| Some((name.to_owned(), Value::from(form.get(name)?)));
    let names = [
        "label",
        "company_domain",
        API_KEY,
        "environment",
        "base_url",
    ];
    Value::Object(names.into_iter().filter_map(given).collect())
}

/// The form's fields.
pub(super) struct Fields<'a> {
    pub(super) draft: &'a Draft,
    pub(super) wrong: &'a Wrong,
    /// Whether there is an account already.
    pub(super) exists: bool,
    /// Addresses that it may have instead of Billsby's own.
    pub(super) base_urls: &'a [String],
}

impl<'a> Fields<'a> {
    /// All fields that an account of its kind has.
    pub(super) fn show(&self) -> Markup {
        if self.draft.environment == Environment::Sandbox {
            let hint = "What people call it.";
            return self
                .field("label", "/label", "Label", hint)
                .input("text", &self.draft.label);
        }
        html! {
            div.columns {
                (self.company_domain())
                (self.api_key())
                (self.label())
                (self.base_url())
            }
            (self.environment())
        }
    }

    fn company_domain(&self) -> Markup {
        let hint = "“widgets” if the control panel is at widgets.billsby.com";
        let field = self.field("company_domain", "/company_domain", "Company domain", hint);
        field.required("text", &self.draft.company_domain)
    }

    fn api_key(&self) -> Markup {
        let (label, hint) = if self.exists {
            (
                "New API key",
                "Blank keeps the key there is. No key is ever shown.",
            )
        } else {
            ("API key", KEYS)
        };
        self.field(API_KEY, "/api_key", label, hint)
            .secret(!self.exists)
    }

    fn label(&self) -> Markup {
        let hint = "What people call it. Blank: the company domain";
        self.field("label", "/label", "Label", hint)
            .input("text", &self.draft.label)
    }

    fn environment(&self) -> Markup {
        let choice = |environment: Environment, label: &str, hint: &str| Choice {
            value: environment.as_str().to_owned(),
            label: label.to_owned(),
            hint: hint.to_owned(),
            is_chosen: self.draft.environment == environment,
        };
        let choices = [
            choice(Environment::Live, "Live", "Real customers and real money"),
            choice(
                Environment::Test,
                "Test",
                "A company at Billsby that exists for trying things out",
            ),
        ];
        let field = self.field("environment", "/environment", "What it is for", "");
        part::radios(&field, &choices)
    }

    /// Only where the operator allows any other address, or the account has one.
    fn base_url(&self) -> Markup {
        let chosen = self.draft.base_url.as_str();
        let choice = |value: &str, label: &str| Choice::new(value, label, value == chosen);
        let mut choices = vec![choice("", "Billsby's own")];
        choices.extend(self.base_urls.iter().map(|url| choice(url, url)));
        if choices.iter().all(|choice| !choice.is_chosen) {
            choices.push(choice(chosen, chosen));
        }
        if choices.len() == 1 {
            return html! {};
        }
        let hint = "One of those that whoever runs this server allows.";
        let field = self.field("base_url", "/base_url", "Address of Billsby", hint);
        part::choose(&field, &choices)
    }

    fn field(&self, name: &'a str, pointer: &'a str, label: &'a str, hint: &'a str) -> Field<'a> {
        Field {
            name,
            label,
            hint,
            pointer,
            wrong: self.wrong,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn form(text: &str) -> Form {
        Form::parse(text.as_bytes())
    }

    #[test]
    fn what_is_blank_is_left_out_of_a_new_account() {
        let posted =
            form("label=&company_domain=+widgets+&api_key=k&environment=test&base_url=&csrf=x");
        let expected = json!({"company_domain": "widgets", "api_key": "k", "environment": "test"});
        assert_eq!(new_account(&posted), expected);
    }

    fn old(environment: Environment) -> Draft {
        Draft {
            label: "Widgets".to_owned(),
            company_domain: "widgets".to_owned(),
            environment,
            base_url: String::new(),
        }
    }

    fn change(text: &str, environment: Environment) -> Value {
        let (posted, old) = (form(text), old(environment));
        let draft = Draft::of(&posted, &old);
        draft.change(&old, posted.get(API_KEY)).into()
    }

    #[test]
    fn only_what_differs_is_changed() {
        let same = "label=Widgets&company_domain=widgets&api_key=&environment=live&base_url=";
        assert_eq!(change(same, Environment::Live), json!({}));
        assert_eq!(
            change(same, Environment::Test),
            json!({"environment": "live"})
        );
        let other = "company_domain=gadgets&api_key=new";
        let expected = json!({"company_domain": "gadgets", "api_key": "new"});
        assert_eq!(change(other, Environment::Test), expected);
        let there = old(Environment::Test);
        let draft = Draft::of(&form(other), &there);
        assert_eq!(draft.differences(&there), [("Company domain", "widgets")]);
    }

    #[test]
    fn a_blank_key_stays_and_what_else_is_blank_is_the_default() {
        let posted = "label=&company_domain=&api_key=&environment=live";
        let expected = json!({"label": null, "company_domain": null});
        assert_eq!(change(posted, Environment::Live), expected);
    }

    #[test]
    fn the_sandbox_has_only_its_label() {
        let posted = "label=Play&company_domain=w&api_key=k&environment=live";
        assert_eq!(
            change(posted, Environment::Sandbox),
            json!({"label": "Play"})
        );
    }

    #[test]
    fn the_key_never_comes_back() {
        let posted = form("label=A&company_domain=widgets&api_key=very-secret&environment=test");
        let draft = Draft::of(&posted, &Draft::default());
        let fields = Fields {
            draft: &draft,
            wrong: &Wrong::default(),
            exists: false,
            base_urls: &[],
        };
        let html = fields.show().into_string();
        assert!(html.contains("value=\"widgets\"") && !html.contains("very-secret"));
        assert_eq!(draft.environment, Environment::Test);
    }
}
