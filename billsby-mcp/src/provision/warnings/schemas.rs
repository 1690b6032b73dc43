//! Arguments that a client or its models do not take.

use clap::ValueEnum as _;

use super::{Warning, some_of};
use crate::tool::profile::{Finding, lint};
use crate::tool::{Listing, Profile};

/// What a kind of client insists on. The other rules of its profile make calls better, and nothing fails without
/// them.
struct Client {
    name: &'static str,
    profile: Profile,
    rules: &'static [&'static str],
}

const CLIENTS: [Client; 2] = [
    Client {
        name: "Gemini CLI",
        profile: Profile::Gemini,
        rules: &[
            "array-items",
            "no-empty-object",
            "single-type",
            "typed",
            "words",
        ],
    },
    Client {
        name: "ChatGPT",
        profile: Profile::Openai,
        rules: &["array-items"],
    },
];

/// What clients with another profile than the one chosen would not take.
pub(super) fn not_taken(chosen: Profile, listings: &[Listing]) -> Vec<Warning> {
    let others = CLIENTS
        .into_iter()
        .filter(|client| client.profile != chosen);
    others
        .filter_map(|client| client.warning(chosen, listings))
        .collect()
}

impl Client {
    fn warning(&self, chosen: Profile, listings: &[Listing]) -> Option<Warning> {
        let findings = listings.iter().filter_map(|listing| self.refusal(listing));
        let findings: Vec<Finding> = findings.collect();
        let first = findings.first()?;
        let tools: Vec<&str> = findings.iter().map(|finding| &*finding.tool).collect();
        let [own, chosen] = [self.profile, chosen].map(word);
        let detail = format!(
            "may refuse {} as the profile {chosen} describes them ({} at {}): set profile to {own}",
            some_of(&tools),
            first.message,
            first.place
        );
        Some(Warning::for_client(self.name, detail))
    }

    /// Why it would not take a tool.
    fn refusal(&self, listing: &Listing) -> Option<Finding> {
        let mut findings = lint(self.profile, listing).into_iter();
        findings.find(|finding| self.rules.contains(&finding.rule))
    }
}

fn word(profile: Profile) -> String {
    let word = profile.to_possible_value();
    word.map_or_else(String::new, |word| word.get_name().to_owned())
}
