//! What a tool is: one operation of the API, described so that a model can call it.

mod answer;
mod arguments;
mod catalogue;
mod checker;
mod discovery;
mod effect;
mod failure;
mod filter;
mod invisible;
mod key;
mod listing;
mod nearest;
mod problem;
pub mod profile;
mod report;
mod schema;
mod served;
mod settings;
mod shelf;
mod toolset;

use std::future::Future;
use std::pin::Pin;

use billsby_sdk::Client;

pub use billsby_sdk::Outcome;

pub(crate) use answer::tokens_of;
pub use answer::{Answer, Detail, View, answer};
pub use arguments::Arguments;
pub use catalogue::{Catalogue, CatalogueError, Entry, UnknownTool};
pub(crate) use discovery::{Discovery, Step};
pub use effect::{Class, Effect, Hints};
pub use failure::Failure;
pub use filter::{FilterError, FilterProblem, Group, Part};
pub(crate) use invisible::is_invisible;
pub use key::{Key, KeyForm, KeySource};
pub use listing::Listing;
pub(crate) use nearest::nearest;
pub use problem::Problem;
pub use report::Report;
pub(crate) use report::whole_seconds;
pub use settings::{CompanyDomainMode, Exposure, Filter, Names, OutputSchemas, Profile, Settings};
pub(crate) use shelf::Place;
pub use shelf::Shelf;
pub use toolset::Toolset;

/// What a tool gives back once it has run.
pub type Dispatch<'a> = Pin<Box<dyn Future<Output = Result<Answer, Failure>> + Send + 'a>>;

/// The function behind a tool. The arguments it gets have passed the tool's input schema.
pub type Handler = for<'a> fn(&'a Client, Arguments) -> Dispatch<'a>;

/// One tool. Values of this type are generated.
#[derive(Debug, Clone, Copy)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "a row of a table: each says something of its own"
)]
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
    /// Whether a call only ever adds something.
    pub additive: bool,
    /// Whether the same call a second time changes nothing more. Of reads this is known anyway.
    pub idempotent: bool,
    /// JSON Schema 2020-12 of the arguments.
    pub input_schema: &'static str,
    /// JSON Schema 2020-12 of the result. It describes and never forbids: an answer of the API may be odd.
    pub output_schema: &'static str,
    /// Whether the answer is one page of a list.
    pub paged: bool,
    /// Whether the answer has so many values that a caller may want to choose among them.
    pub long_answer: bool,
    /// The keys that the answer has under names that no tool takes.
    pub renamed_keys: &'static [RenamedKey],
    /// Runs the tool.
    pub call: Handler,
}

/// An identity key that an answer has under a name that no tool takes it by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RenamedKey {
    /// Where: names of properties from the body inwards, `*` for every element of a list.
    pub path: &'static [&'static str],
    /// The name of the arguments that take the key.
    pub argument: &'static str,
}

impl Tool {
    /// The hints of the protocol.
    #[must_use]
    pub const fn hints(&self) -> Hints {
        let hints = self.effect.hints();
        Hints {
            destructive: hints.destructive && !self.additive,
            idempotent: hints.idempotent || self.idempotent,
            ..hints
        }
    }

    /// Every name that calls this tool, the listed one first.
    pub fn names(&self) -> impl Iterator<Item = &'static str> + use<> {
        [self.name, self.short_name]
            .into_iter()
            .chain(self.aliases.iter().copied())
    }
}
