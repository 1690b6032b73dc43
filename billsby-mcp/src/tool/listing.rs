//! A tool as a client sees it.

use serde_json::Value;

use super::served::Served;
use super::{Hints, Settings, Tool, profile, schema};

/// A tool as a client sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct Listing {
    /// The name under which it is listed.
    pub name: &'static str,
    /// A few words for people.
    pub title: &'static str,
    /// What a model has to know before it calls.
    pub description: String,
    /// JSON Schema of the arguments: always an object.
    pub input_schema: Value,
    /// JSON Schema of the result, where there is one: always an object.
    pub output_schema: Option<Value>,
    /// What a call does.
    pub hints: Hints,
}

impl Listing {
    /// The tool as the client of one account sees it; else what is wrong with its schemas.
    pub(super) fn of(
        tool: &Tool,
        company_domain: &str,
        settings: &Settings,
        served: &Served,
    ) -> Result<Self, String> {
        Ok(Self {
            name: profile::names(settings).of(tool),
            title: tool.title,
            description: schema::description(tool, served),
            input_schema: schema::listed_input(tool, company_domain, settings, served)?,
            output_schema: schema::output(tool, settings)?,
            hints: tool.hints(),
        })
    }
}
