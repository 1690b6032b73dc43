//! What became of a call at Billsby, for people and for files.

use clap::ValueEnum as _;

use crate::provision::OutcomeWord;

/// In words.
pub(super) const fn words(outcome: OutcomeWord) -> &'static str {
    match outcome {
        OutcomeWord::NotSent => "Nothing reached Billsby",
        OutcomeWord::Rejected => "Billsby refused",
        OutcomeWord::Done => "Billsby did it",
        OutcomeWord::Unknown => "Nobody knows whether Billsby did it",
    }
}

/// As the API has it.
pub(super) fn name(outcome: OutcomeWord) -> String {
    let value = outcome.to_possible_value();
    value.map_or_else(String::new, |value| value.get_name().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_api() {
        for &outcome in OutcomeWord::value_variants() {
            assert_eq!(serde_json::to_value(outcome).unwrap(), name(outcome));
        }
    }
}
