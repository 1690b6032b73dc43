//! What a kind of client would not take of a listing.

use serde_json::Value;

use super::rule::{self, Rule};
use crate::tool::{Listing, Profile};

/// A rule of a kind of client that a listing breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The name under which the tool is listed.
    pub tool: String,
    /// The rule, in a word or two: `single-type`.
    pub rule: &'static str,
    /// Where: a JSON pointer into the listing as the protocol sends it, `/inputSchema/properties/amount`.
    pub place: String,
    /// What is wrong there.
    pub message: String,
}

/// What everybody wants.
const STANDARD: &[Rule] = &[
    rule::NAME_CHARACTERS,
    rule::NAME_LENGTH,
    rule::TEXTS,
    rule::ROOT_OBJECT,
    rule::ROOT_COMBINATOR,
    rule::PROPERTY_NAME,
    rule::REFERENCE,
];

const OPENAI: &[Rule] = &[
    rule::OPENAI_KEYWORD,
    rule::STRICT_OBJECT,
    rule::TYPED,
    rule::ARRAY_ITEMS,
    rule::DATE_FORMAT,
];

const GEMINI: &[Rule] = &[
    rule::GEMINI_KEYWORD,
    rule::SINGLE_TYPE,
    rule::TYPED,
    rule::WORDS,
    rule::ARRAY_ITEMS,
    rule::NO_EMPTY_OBJECT,
    rule::DATE_FORMAT,
];

const CURSOR: &[Rule] = &[rule::CURSOR_NAME];

/// Everything that clients of a profile would not take of a listing; nothing if all is well.
#[must_use]
pub fn lint(profile: Profile, listing: &Listing) -> Vec<Finding> {
    let own: &[Rule] = match profile {
        Profile::Openai => OPENAI,
        Profile::Gemini => GEMINI,
        Profile::Cursor => CURSOR,
        Profile::Standard | Profile::Anthropic => &[],
    };
    let mut findings = Vec::new();
    for rule in STANDARD.iter().chain(own) {
        (rule.check)(listing, &mut |place: &str, message: String| {
            findings.push(Finding {
                tool: listing.name.to_owned(),
                rule: rule.name,
                place: place.to_owned(),
                message,
            });
        });
    }
    findings
}

/// Visits every schema within the schema of the arguments, with its place.
pub(super) fn each_schema(listing: &Listing, visit: &mut dyn FnMut(&str, &Value)) {
    walk("/inputSchema", &listing.input_schema, visit);
}

fn walk(place: &str, schema: &Value, visit: &mut dyn FnMut(&str, &Value)) {
    visit(place, schema);
    if let Some(properties) = schema.get("properties").and_then(Value::as_object) {
        for (name, property) in properties {
            walk(&format!("{place}/properties/{name}"), property, visit);
        }
    }
    if let Some(items) = schema.get("items") {
        walk(&format!("{place}/items"), items, visit);
    }
}
