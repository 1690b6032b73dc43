//! What somebody wants of a server: between the form and the body that the admin API takes as well.

use clap::ValueEnum;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};

use super::end::{self, End, When};
use super::preset::Preset;
use crate::page::form::{Form, Wrong};
use crate::page::visitor::Visitor;
use crate::provision::{Account, Problem, Server};
use crate::record::{AccountId, ServerConfig};
use crate::tool::Tool;

/// How old a form may be whose spans count from when it was shown. Its key is forgotten then, too.
const OLDEST: SignedDuration = SignedDuration::from_hours(24);
/// The most characters of a name.
const LONGEST_NAME: usize = 100;

/// What somebody wants of a server, as far as it was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Draft {
    pub(super) account: Option<AccountId>,
    pub(super) name: String,
    pub(super) preset: Preset,
    /// All that is set, except for `result_tokens`.
    pub(super) config: ServerConfig,
    /// As it was typed.
    pub(super) result_tokens: String,
    /// What settings were said to be, and is none of their words: it is sent on, and so refused.
    odd: Vec<(&'static str, String)>,
    /// What is wrong with a ready choice that does not exist.
    no_preset: Option<String>,
    pub(super) end: End,
    /// From when on spans count: when the form was last shown. The same form means the same end, also if it
    /// arrives twice.
    pub(super) from: Timestamp,
}

impl Draft {
    /// For an empty form.
    pub(super) fn new(now: Timestamp) -> Self {
        Self::of(String::new(), ServerConfig::default(), End::never(), now)
    }

    /// For the form that changes a server.
    pub(super) fn of_server(server: &Server, now: Timestamp) -> Self {
        let mut draft = Self::of(server.name.clone(), server.config.clone(), End::kept(), now);
        draft.account = Some(server.integrated_account_id);
        draft
    }

    /// For another server that is to be like one.
    pub(super) fn like(server: &Server, visitor: &Visitor) -> Self {
        const COPY: &str = " (copy)";
        let kept = LONGEST_NAME - COPY.len();
        let name: String = server.name.chars().take(kept).collect();
        Self {
            name: format!("{name}{COPY}"),
            end: End::like(server.expires_at, visitor),
            ..Self::of_server(server, visitor.now)
        }
    }

    fn of(name: String, mut config: ServerConfig, end: End, from: Timestamp) -> Self {
        name_tools(&mut config);
        let usual = ServerConfig::default().result_tokens;
        let result_tokens = std::mem::replace(&mut config.result_tokens, usual);
        Self {
            account: None,
            name,
            preset: Preset::of(&config),
            result_tokens: result_tokens.to_string(),
            odd: Vec::new(),
            no_preset: None,
            config,
            end,
            from,
        }
    }

    /// What a form says. What it does not say is as in an empty one.
    pub(super) fn of_form(form: &Form, usual_end: End, now: Timestamp) -> Self {
        let list = |name: &str| form.all(name).map(str::to_owned).collect();
        let (usual, mut odd) = (ServerConfig::default(), Vec::new());
        let config = ServerConfig {
            methods: list("methods"),
            tags: list("tags"),
            tools: list("tools"),
            exclude_tools: list("exclude_tools"),
            include_unreviewed: form.has("include_unreviewed"),
            names: word(form, "names", &mut odd),
            profile: word(form, "profile", &mut odd),
            company_domain: word(form, "company_domain", &mut odd),
            expose: word(form, "expose", &mut odd),
            output_schemas: word(form, "output_schemas", &mut odd),
            result_tokens: usual.result_tokens,
            require_api_token_auth: form.has("require_api_token_auth"),
            require_oauth: form.has("require_oauth"),
        };
        let tokens = form.get("result_tokens").map(str::to_owned);
        let mut draft = Self {
            account: form.read("account"),
            name: form.get("name").unwrap_or_default().to_owned(),
            preset: Preset::Custom,
            config,
            result_tokens: tokens.unwrap_or_else(|| usual.result_tokens.to_string()),
            odd,
            no_preset: None,
            end: End::of_form(form, usual_end),
            from: from(form, now),
        };
        draft.choose(form);
        draft
    }

    /// Takes the ready choice that a form or an address names, if it names one.
    pub(super) fn choose(&mut self, form: &Form) {
        match form.get("preset").map(str::parse::<Preset>) {
            None => {}
            Some(Ok(preset)) => {
                self.preset = preset;
                preset.apply(&mut self.config);
            }
            Some(Err(detail)) => self.no_preset = Some(detail),
        }
    }

    /// Leaves no account chosen that is none of these.
    pub(super) fn forget_unknown(&mut self, accounts: &[Account]) {
        let is_known = |id: &AccountId| accounts.iter().any(|account| account.id == *id);
        self.account = self.account.filter(is_known);
    }

    /// Has spans count anew, because the form is shown anew. A ready choice is put into the boxes, if that was
    /// asked for.
    pub(super) fn look_again(&mut self, form: &Form, now: Timestamp) {
        self.from = now;
        if form.is("do", "adjust") {
            self.preset = Preset::Custom;
        }
    }

    /// The body that asks for it, with what cannot be put into one. It says everything, except for an end that is
    /// to stay.
    pub(super) fn body(&self, zone: &TimeZone) -> (Value, Wrong) {
        let (mut body, mut wrong) = (self.tools_body(), Wrong::default());
        // No name is not the name that there was.
        let name = Some(self.name.as_str()).filter(|name| !name.is_empty());
        body["name"] = name.into();
        let mut refuse = |pointer: &str, detail: String| {
            wrong.0.push(Problem {
                pointer: pointer.to_owned(),
                detail,
            });
        };
        if let Some(detail) = &self.no_preset {
            refuse("/preset", detail.clone());
        }
        match self.end.when(self.from, zone) {
            Ok(When::Kept) => {}
            Ok(When::Never) => body["expires_at"] = Value::Null,
            Ok(When::At(at)) => body["expires_at"] = at.to_string().into(),
            Err(detail) => refuse(end::POINTER, detail),
        }
        (body, wrong)
    }

    /// The part of the body that says which tools there are.
    pub(super) fn tools_body(&self) -> Value {
        let mut config = match serde_json::to_value(&self.config) {
            Ok(Value::Object(config)) => config,
            _ => Map::new(),
        };
        // What is no number is refused with the number's bounds.
        let tokens = self.result_tokens.parse::<u64>();
        let tokens = tokens.map_or_else(|_| Value::from(self.result_tokens.as_str()), Value::from);
        config.insert("result_tokens".to_owned(), tokens);
        for (name, text) in &self.odd {
            config.insert((*name).to_owned(), text.as_str().into());
        }
        json!({"config": config})
    }
}

/// One of the words of a setting; the default, if it is not said. What is none of its words is put with the odd.
fn word<T: ValueEnum + Default>(
    form: &Form,
    name: &'static str,
    odd: &mut Vec<(&'static str, String)>,
) -> T {
    let Some(text) = form.get(name) else {
        return T::default();
    };
    T::from_str(text, false).unwrap_or_else(|_| {
        odd.push((name, text.to_owned()));
        T::default()
    })
}

/// When a form was shown, if it says so and that makes sense.
fn from(form: &Form, now: Timestamp) -> Timestamp {
    let said = form
        .read("at")
        .and_then(|at| Timestamp::from_second(at).ok());
    let is_lately = |at: &Timestamp| *at <= now && now.duration_since(*at) < OLDEST;
    said.filter(is_lately).unwrap_or(now)
}

/// Tools may be given by any of their names; the boxes of the form have the listed one.
fn name_tools(config: &mut ServerConfig) {
    for name in config.tools.iter_mut().chain(&mut config.exclude_tools) {
        if let Some(tool) = tool(name) {
            tool.name.clone_into(name);
        }
    }
}

fn tool(name: &str) -> Option<&'static Tool> {
    crate::tools().find(|tool| tool.names().any(|known| known == name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        "2026-11-22T12:00:00Z".parse().unwrap()
    }

    fn read(form: &str) -> Draft {
        Draft::of_form(&Form::parse(form.as_bytes()), End::never(), now())
    }

    /// The form as a browser would send it.
    fn form(draft: &Draft) -> String {
        let (body, wrong) = draft.body(&TimeZone::UTC);
        assert!(wrong.is_empty());
        let mut encoder = form_urlencoded::Serializer::new(String::new());
        encoder.append_pair("name", &draft.name);
        encoder.append_pair("preset", draft.preset.as_str());
        for (name, value) in body["config"].as_object().unwrap() {
            match value {
                Value::Array(values) => values.iter().for_each(|value| {
                    encoder.append_pair(name, value.as_str().unwrap());
                }),
                Value::Bool(true) => drop(encoder.append_pair(name, "on")),
                Value::Bool(false) => {}
                Value::String(word) => drop(encoder.append_pair(name, word)),
                other => drop(encoder.append_pair(name, &other.to_string())),
            }
        }
        encoder.append_pair("expires", "never");
        encoder.finish()
    }

    #[test]
    fn everything_that_can_be_set_goes_through_the_form() {
        let config: ServerConfig = serde_json::from_value(json!({
            "methods": ["read", "invoices.refund"],
            "tags": ["invoices", "customers"],
            "tools": ["list_all_billsby_customers", "billsby_invoices_refund_invoice"],
            "exclude_tools": ["get_single_billsby_invoice_by_id"],
            "include_unreviewed": true,
            "names": "short",
            "profile": "openai",
            "company_domain": "bound",
            "expose": "discovery",
            "output_schemas": "none",
            "result_tokens": 500,
            "require_api_token_auth": true,
            "require_oauth": true,
        }))
        .unwrap();
        for config in [config, ServerConfig::default()] {
            let draft = Draft::of(
                "Müller & Söhne".to_owned(),
                config.clone(),
                End::never(),
                now(),
            );
            let again = read(&form(&draft));
            assert_eq!(again, draft);
            let (body, _) = again.body(&TimeZone::UTC);
            assert_eq!(body["config"], serde_json::to_value(&config).unwrap());
            assert_eq!(body["name"], "Müller & Söhne");
            assert!(body["expires_at"].is_null());
        }
    }

    #[test]
    fn a_preset_counts_instead_of_the_boxes() {
        let draft = read("preset=support&methods=write&tools=x&exclude_tools=y&names=short");
        assert_eq!(draft.config.methods, ["read"]);
        assert!(draft.config.tools.is_empty() && draft.config.exclude_tools.is_empty());
        assert_eq!(draft.config.names, crate::tool::Names::Short);
        assert_eq!(
            read("preset=custom&methods=write").config.methods,
            ["write"]
        );
        assert_eq!(read("methods=write").preset, Preset::Custom);
    }

    #[test]
    fn tools_are_ticked_whichever_name_was_given() {
        let config = ServerConfig {
            tools: vec!["refund_invoice".to_owned(), "gone".to_owned()],
            ..ServerConfig::default()
        };
        let draft = Draft::of(String::new(), config, End::never(), now());
        assert_eq!(
            draft.config.tools,
            ["billsby_invoices_refund_invoice", "gone"]
        );
    }

    #[test]
    fn what_is_no_word_is_sent_on() {
        let (body, wrong) = read("name=a&methods=read&names=shrot").body(&TimeZone::UTC);
        assert_eq!(body["config"]["names"], "shrot");
        assert_eq!(body["config"]["profile"], "standard");
        assert!(wrong.is_empty());
        let (_, wrong) = read("name=a&preset=suport").body(&TimeZone::UTC);
        assert_eq!(wrong.0[0].pointer, "/preset");
    }

    #[test]
    fn what_is_no_number_stays_as_it_was_typed() {
        let draft = read("name=a&result_tokens=many");
        let (body, _) = draft.body(&TimeZone::UTC);
        assert_eq!(body["config"]["result_tokens"], "many");
        assert_eq!(draft.result_tokens, "many");
    }

    #[test]
    fn spans_count_from_when_the_form_was_shown() {
        let end = |form: &str| read(form).body(&TimeZone::UTC).0["expires_at"].clone();
        let shown = now().as_second() - 600;
        assert_eq!(
            end(&format!("expires=1h&at={shown}")),
            "2026-11-22T12:50:00Z"
        );
        // A time ahead, one of long ago, or none at all.
        for at in [now().as_second() + 60, now().as_second() - 90_000] {
            assert_eq!(end(&format!("expires=1h&at={at}")), "2026-11-22T13:00:00Z");
        }
        assert_eq!(end("expires=1h"), "2026-11-22T13:00:00Z");
    }

    #[test]
    fn an_end_that_stays_is_not_named() {
        let (body, wrong) = read("name=a&expires=keep").body(&TimeZone::UTC);
        assert!(wrong.is_empty() && body.get("expires_at").is_none());
        let (_, wrong) = read("name=a&expires=on").body(&TimeZone::UTC);
        assert_eq!(wrong.0[0].pointer, "/expires_at");
    }
}
