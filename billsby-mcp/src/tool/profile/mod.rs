//! What clients accept.
//!
//! A profile adapts the listing of a tool to a kind of client; the arguments that are accepted stay the
//! same. [`lint`] says what a kind of client would not take.

mod gemini;
mod lint;
mod openai;
mod rule;

use serde_json::Value;

pub use lint::{Finding, lint};

use super::{Names, Profile, Settings};

/// The names under which tools are listed: Cursor leaves little room for them.
pub(crate) fn names(settings: &Settings) -> Names {
    match settings.profile {
        Profile::Cursor => Names::Short,
        Profile::Standard | Profile::Openai | Profile::Gemini | Profile::Anthropic => {
            settings.names
        }
    }
}

/// Gives the listed schema of the arguments the form that a kind of client accepts.
pub(super) fn adapt(profile: Profile, schema: &mut Value) {
    match profile {
        Profile::Openai => openai::adapt(schema),
        Profile::Gemini => gemini::adapt(schema),
        // Plain schemas without anything at the root but an object are what these take.
        Profile::Standard | Profile::Anthropic | Profile::Cursor => {}
    }
}
