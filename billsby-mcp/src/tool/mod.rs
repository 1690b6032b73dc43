//! What a tool is: one operation of the API, described so that a model can call it.

mod answer;
mod arguments;
mod catalogue;
mod effect;
mod failure;
mod nearest;
mod problem;
mod report;
mod schema;

use std::future::Future;
use std::pin::Pin;

use billsby_sdk::Client;

pub use billsby_sdk::Outcome;

pub use answer::{Answer, answer};
pub use arguments::Arguments;
pub use catalogue::{Catalogue, CatalogueError, Entry};
pub use effect::{Class, Effect, Hints};
pub use failure::Failure;
pub use problem::Problem;
pub use report::Report;

/// What a tool gives back once it has run.
pub type Dispatch<'a> = Pin<Box<dyn Future<Output = Result<Answer, Failure>> + Send + 'a>>;

/// The function behind a tool. The arguments it gets have passed the tool's input schema.
pub type Handler = for<'a> fn(&'a Client, Arguments) -> Dispatch<'a>;

/// One tool. Values of this type are generated.
#[derive(Debug, Clone, Copy)]
pub struct Tool {
    /// The name under which the tool is listed.
    pub name: &'static str,
    /// The name for clients that limit the length of names: at most 21 characters of `[a-z0-9_]`.
    pub short_name: &'static str,
    /// Further names that can be called but are not listed.
    pub aliases: &'static [&'static str],
    /// A few words for people: what the tool does.
    pub title: &'static str,
    /// One to three sentences for the model: what it has to know before it calls.
    pub description: &'static str,
    /// The operation behind the tool, `resource.method` as in the SDK.
    pub operation: &'static str,
    /// The group of the tool, for filters.
    pub tag: &'static str,
    /// The kind of method the tool is named after, for filters.
    pub class: Class,
    /// What a call does to the account and to its customers.
    pub effect: Effect,
    /// Whether somebody has looked at the effect of this tool. Unreviewed tools are served on request only.
    pub reviewed: bool,
    /// JSON Schema 2020-12 of the arguments.
    pub input_schema: &'static str,
    /// Runs the tool.
    pub call: Handler,
}

impl Tool {
    /// Every name that calls this tool, the listed one first.
    pub fn names(&self) -> impl Iterator<Item = &'static str> + use<> {
        [self.name, self.short_name]
            .into_iter()
            .chain(self.aliases.iter().copied())
    }
}
