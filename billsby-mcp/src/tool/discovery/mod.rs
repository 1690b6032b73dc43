//! Finding tools instead of listing them all: four tools that stand for the others.
//!
//! Reads and everything else are called through different tools, so that a client can approve the ones
//! without approving the others.

mod kind;
mod search;

use serde_json::{Map, Value, json};

use super::checker::Checker;
use super::{
    Answer, Catalogue, CatalogueError, Effect, Entry, Failure, Listing, Problem, Report, Settings,
    UnknownTool,
};
use kind::{Kind, distinct, word};
use search::Index;

/// Shown at once; more would be a list of tools again.
const MOST_FOUND: usize = 10;

/// The four tools, or three of them when no tool of the account has an effect, or none is without.
#[derive(Debug)]
pub(crate) struct Discovery {
    tools: Vec<(Kind, Checker)>,
    listings: Vec<Listing>,
    index: Index,
}

/// What is to be done for a call.
pub(crate) enum Step<'a> {
    /// Nothing more: this is the answer.
    Done(Result<Answer, Report>),
    /// Call this tool.
    Call(&'a Entry, Map<String, Value>),
}

impl Discovery {
    pub(crate) fn new(catalogue: &Catalogue, settings: &Settings) -> Result<Self, CatalogueError> {
        let mut tools = Vec::new();
        let mut listings = Vec::new();
        for kind in Kind::ALL
            .into_iter()
            .filter(|kind| kind.is_needed(catalogue))
        {
            let schema = kind.accepted_input(catalogue);
            listings.push(kind.listing(schema.clone(), settings));
            let checker = Checker::new(schema).map_err(|reason| CatalogueError::Schema {
                tool: kind.name(),
                reason,
            })?;
            tools.push((kind, checker));
        }
        Ok(Self {
            tools,
            listings,
            index: Index::new(catalogue.entries()),
        })
    }

    pub(crate) fn listings(&self) -> &[Listing] {
        &self.listings
    }

    /// What a call means.
    ///
    /// Tools that are not listed are not called by their own name: their clients have approved the
    /// listed ones, and no others.
    pub(crate) fn step<'a>(
        &self,
        catalogue: &'a Catalogue,
        name: &str,
        arguments: Map<String, Value>,
    ) -> Result<Step<'a>, UnknownTool> {
        let Some((kind, checker)) = self.tools.iter().find(|(kind, _)| kind.name() == name) else {
            return Err(self.unknown(catalogue, name));
        };
        let result = checker
            .check(arguments)
            .and_then(|arguments| self.carry_out(*kind, catalogue, arguments));
        Ok(result.unwrap_or_else(|problems| Step::Done(Err(refused(problems)))))
    }

    fn unknown(&self, catalogue: &Catalogue, name: &str) -> UnknownTool {
        if let Some(kind) = Kind::ALL.into_iter().find(|kind| kind.name() == name) {
            return UnknownTool::LeftOut(kind.name());
        }
        let own = self.listings.iter().map(|listing| listing.name);
        match catalogue.find(name) {
            Some(entry) => UnknownTool::Indirect {
                tool: entry.listed_name(),
                executor: Kind::executor(entry.tool().effect).name(),
            },
            None => super::nearest::nearest(name, own)
                .map_or_else(|| catalogue.unknown(name), UnknownTool::Near),
        }
    }

    fn carry_out<'a>(
        &self,
        kind: Kind,
        catalogue: &'a Catalogue,
        mut arguments: Map<String, Value>,
    ) -> Result<Step<'a>, Vec<Problem>> {
        let text = |name: &str| arguments.get(name).and_then(Value::as_str);
        if kind == Kind::Search {
            let query = text("query").unwrap_or_default();
            let found = self.search(catalogue, query, text("tag"), text("effect"))?;
            return Ok(Step::Done(Ok(answer(&found))));
        }
        let entry = chosen(catalogue, text("name").unwrap_or_default())?;
        if kind == Kind::Describe {
            return Ok(Step::Done(Ok(answer(&describe(catalogue, entry)?))));
        }
        let executor = Kind::executor(entry.tool().effect);
        if executor != kind {
            let (name, effect) = (entry.listed_name(), word(entry.tool().effect));
            return Err(problem(
                "name",
                format!("the effect of {name} is {effect}; use {}", executor.name()),
            ));
        }
        match arguments.shift_remove("arguments") {
            Some(Value::Object(inner)) => Ok(Step::Call(entry, inner)),
            _ => Err(problem("arguments", "expected an object".to_owned())),
        }
    }

    fn search(
        &self,
        catalogue: &Catalogue,
        query: &str,
        tag: Option<&str>,
        effect: Option<&str>,
    ) -> Result<Value, Vec<Problem>> {
        let entries = catalogue.entries();
        let fits = |index: &usize| {
            let tool = entries[*index].tool();
            tag.is_none_or(|tag| tag == tool.tag)
                && effect.is_none_or(|effect| effect == word(tool.effect))
        };
        let found: Vec<usize> = self.index.search(query).into_iter().filter(fits).collect();
        let tools = found
            .iter()
            .take(MOST_FOUND)
            .map(|index| summary(catalogue, *index))
            .collect::<Result<Vec<_>, _>>()?;
        let mut result = json!({ "tools": tools });
        if found.is_empty() {
            let tags = distinct(entries.iter().map(|entry| entry.tool().tag));
            result["next"] =
                Value::from("No tool fits. Use other words, or a tag alone as the query.");
            result["tags"] = tags;
        } else if found.len() > MOST_FOUND {
            result["notShown"] = Value::from(found.len() - MOST_FOUND);
        }
        Ok(result)
    }
}

/// What a search shows of a tool.
fn summary(catalogue: &Catalogue, index: usize) -> Result<Value, Vec<Problem>> {
    let (entry, listing) = (&catalogue.entries()[index], &catalogue.listings()[index]);
    let schema = catalogue.accepted(entry).map_err(defect)?;
    Ok(json!({
        "name": listing.name,
        "title": listing.title,
        "description": first_sentence(&listing.description),
        "effect": word(entry.tool().effect),
        "required": schema.get("required").cloned().unwrap_or_else(|| json!([])),
    }))
}

/// What a client would see of the tool if it were listed.
fn describe(catalogue: &Catalogue, entry: &Entry) -> Result<Value, Vec<Problem>> {
    let listing = catalogue
        .listings()
        .iter()
        .find(|listing| listing.name == entry.listed_name())
        .ok_or_else(|| defect("it is not listed"))?;
    let mut described = json!({
        "name": listing.name,
        "title": listing.title,
        "description": listing.description,
        "effect": word(entry.tool().effect),
        "callWith": Kind::executor(entry.tool().effect).name(),
        "inputSchema": listing.input_schema,
    });
    if let Some(schema) = &listing.output_schema {
        described["outputSchema"] = schema.clone();
    }
    Ok(described)
}

fn chosen<'a>(catalogue: &'a Catalogue, name: &str) -> Result<&'a Entry, Vec<Problem>> {
    catalogue.find(name).ok_or_else(|| {
        let text = match catalogue.unknown(name) {
            UnknownTool::Unknown => "unknown tool; search_tools finds tools".to_owned(),
            other => other.to_string(),
        };
        problem("name", text)
    })
}

fn problem(field: &str, problem: String) -> Vec<Problem> {
    vec![Problem {
        field: field.to_owned(),
        problem,
    }]
}

fn defect(reason: &str) -> Vec<Problem> {
    let text = format!("cannot be described because of a defect of this server: {reason}");
    problem("name", text)
}

fn refused(problems: Vec<Problem>) -> Report {
    Report::new(Failure::invalid_arguments(problems), Effect::Read)
}

fn answer(value: &Value) -> Answer {
    Answer::from_body(value.to_string().as_bytes())
}

/// A search shows many tools, so each gets one sentence.
fn first_sentence(text: &str) -> &str {
    text.split_once(". ")
        .map_or(text, |(first, _)| first)
        .trim_end_matches('.')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tool::{Filter, Profile, profile::lint};

    fn settings(profile: Profile) -> Settings {
        Settings {
            filter: Filter {
                methods: ["read", "write", "custom"].map(str::to_owned).to_vec(),
                ..Filter::default()
            },
            profile,
            ..Settings::default()
        }
    }

    #[test]
    fn every_client_accepts_the_four_tools() {
        for profile in [
            Profile::Standard,
            Profile::Openai,
            Profile::Gemini,
            Profile::Anthropic,
            Profile::Cursor,
        ] {
            let settings = settings(profile);
            let catalogue = Catalogue::new(crate::tools(), "acme", &settings).unwrap();
            let discovery = Discovery::new(&catalogue, &settings).unwrap();
            assert_eq!(discovery.listings().len(), 4);
            for listing in discovery.listings() {
                let findings = lint(profile, listing);
                assert!(findings.is_empty(), "{profile:?}: {findings:?}");
            }
        }
    }

    #[test]
    fn where_clients_know_no_open_objects_arguments_are_text() {
        for (profile, kind) in [
            (Profile::Standard, "object"),
            (Profile::Openai, "string"),
            (Profile::Gemini, "string"),
        ] {
            let settings = settings(profile);
            let catalogue = Catalogue::new(crate::tools(), "acme", &settings).unwrap();
            let discovery = Discovery::new(&catalogue, &settings).unwrap();
            let listing = &discovery.listings()[3];
            let shown = &listing.input_schema["properties"]["arguments"];
            assert_eq!(shown["type"], kind, "{profile:?}");
            let call = json!({"name": "refund_invoice", "arguments": "{\"amount\": 5}"});
            let call = call.as_object().unwrap().clone();
            let step = discovery.step(&catalogue, listing.name, call).unwrap();
            let Step::Call(entry, arguments) = step else {
                panic!("not called");
            };
            assert_eq!(entry.tool().short_name, "refund_invoice");
            assert_eq!(Value::Object(arguments), json!({"amount": 5}));
        }
    }

    #[test]
    fn a_search_shows_one_sentence() {
        assert_eq!(first_sentence("One. Two."), "One");
        assert_eq!(first_sentence("Version 1.3 of it."), "Version 1.3 of it");
        assert_eq!(first_sentence(""), "");
    }
}
