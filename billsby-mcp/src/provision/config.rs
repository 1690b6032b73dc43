//! Reads what is asked of a server, and looks whether it can be served.

use serde_json::{Map, Value};

use super::fields::{Fields, Problems};
use crate::record::ServerConfig;
use crate::tool::{Catalogue, CatalogueError, Part, Settings};

const POINTER: &str = "/config";
const FIELDS: [&str; 13] = [
    "methods",
    "tags",
    "tools",
    "exclude_tools",
    "include_unreviewed",
    "names",
    "profile",
    "company_domain",
    "expose",
    "output_schemas",
    "result_tokens",
    REQUIRE_API_TOKEN,
    REQUIRE_OAUTH,
];
pub(super) const REQUIRE_API_TOKEN: &str = "require_api_token_auth";
pub(super) const REQUIRE_OAUTH: &str = "require_oauth";
/// The bounds of `result_tokens`.
const RESULT_TOKENS: (u32, u32) = (500, 1_000_000);

/// The configuration that a request asks for: what its `config` says over what there is, or over the
/// defaults. What is wrong with it goes to the problems; what comes back counts only if nothing does.
pub(super) fn read(
    body: &Fields<'_>,
    old: Option<&ServerConfig>,
    has_issuers: bool,
    problems: &mut Problems,
) -> ServerConfig {
    let mut merged = merged(body, old);
    for name in [REQUIRE_API_TOKEN, REQUIRE_OAUTH] {
        lift(body, name, &mut merged, problems);
    }
    let Some(fields) = Fields::of(&merged, POINTER, &FIELDS, problems) else {
        return ServerConfig::default();
    };
    let usual = ServerConfig::default();
    let lists = ["methods", "tags", "tools", "exclude_tools"];
    let [methods, tags, tools, exclude_tools] = lists.map(|name| fields.list(name, problems));
    let all_read = lists.iter().zip([&methods, &tags, &tools, &exclude_tools]);
    let all_read = all_read.fold(true, |all, (name, list)| {
        all && (list.is_some() || fields.get(name).is_none())
    });
    let config = ServerConfig {
        methods: methods.unwrap_or(usual.methods),
        tags: tags.unwrap_or_default(),
        tools: tools.unwrap_or_default(),
        exclude_tools: exclude_tools.unwrap_or_default(),
        include_unreviewed: fields
            .flag("include_unreviewed", problems)
            .unwrap_or_default(),
        names: fields.word("names", problems).unwrap_or_default(),
        profile: fields.word("profile", problems).unwrap_or_default(),
        company_domain: fields.word("company_domain", problems).unwrap_or_default(),
        expose: fields.word("expose", problems).unwrap_or_default(),
        output_schemas: fields.word("output_schemas", problems).unwrap_or_default(),
        result_tokens: fields
            .number("result_tokens", RESULT_TOKENS, problems)
            .unwrap_or(usual.result_tokens),
        require_api_token_auth: fields.flag(REQUIRE_API_TOKEN, problems).unwrap_or_default(),
        require_oauth: fields.flag(REQUIRE_OAUTH, problems).unwrap_or_default(),
    };
    if config.require_oauth && !has_issuers {
        problems.add(
            fields.at(REQUIRE_OAUTH),
            "the operator has configured no OAuth issuer whose tokens could be required",
        );
    }
    filter(&config, all_read, problems);
    config
}

/// A JSON merge patch of the configuration: what is `null` becomes the default.
fn merged(body: &Fields<'_>, old: Option<&ServerConfig>) -> Value {
    let old = || match old.map(serde_json::to_value) {
        Some(Ok(Value::Object(old))) => old,
        _ => Map::new(),
    };
    match body.get("config") {
        None if body.has("config") => Value::Object(Map::new()),
        None => Value::Object(old()),
        Some(Value::Object(patch)) => {
            let mut merged = old();
            for (name, value) in patch {
                merged.insert(name.clone(), value.clone());
            }
            Value::Object(merged)
        }
        Some(other) => other.clone(),
    }
}

/// Some settings may also stand beside `config`.
fn lift(body: &Fields<'_>, name: &str, config: &mut Value, problems: &mut Problems) {
    let Some(flag) = body.flag(name, problems) else {
        return;
    };
    let inside = body.get("config").and_then(|config| config.get(name));
    let inside = inside.and_then(Value::as_bool);
    if inside.is_some_and(|inside| inside != flag) {
        problems.add(body.at(name), format!("contradicts {POINTER}/{name}"));
    }
    if let Value::Object(config) = config {
        config.insert(name.to_owned(), Value::Bool(flag));
    }
}

/// Looks whether the filter leaves tools. If a part of it cannot be read, only what is wrong with single
/// values is told: what would be left is not known then.
fn filter(config: &ServerConfig, all_read: bool, problems: &mut Problems) {
    let settings = config.settings();
    let Err(error) = catalogue("", &settings) else {
        return;
    };
    let CatalogueError::Filter(error) = error else {
        problems.add(POINTER, error.to_string());
        return;
    };
    for problem in error.problems() {
        let pointer = match (problem.part, problem.index) {
            (None, _) if !all_read => continue,
            (None, _) => POINTER.to_owned(),
            (Some(part), None) => format!("{POINTER}/{}", Part::as_str(part)),
            (Some(part), Some(index)) => format!("{POINTER}/{}/{index}", part.as_str()),
        };
        problems.add(pointer, problem.problem.clone());
    }
}

/// The tools of a company with some settings.
pub(super) fn catalogue(domain: &str, settings: &Settings) -> Result<Catalogue, CatalogueError> {
    Catalogue::new(crate::tools(), domain, settings)
}
