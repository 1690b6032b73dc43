//! Ranking tools by a few words.
//!
//! A word of the query counts in a tool where it is most telling: 4 in one of its names, 3 in its title
//! or its tag, 1 in its description. The same word counts in full, one that begins alike or is misspelt
//! counts half. Rare words count more: each is weighted by ln(1 + tools / tools that have it). A tool's
//! score is the sum; those below a quarter of the best are not shown. Of equals, reads come before what
//! has an effect, and short titles before long ones, which say more than was asked for. A tool whose
//! whole name is the query comes before all others.

use std::collections::HashMap;

use crate::tool::{Entry, Tool};

/// The words of some tools.
#[derive(Debug)]
pub(super) struct Index {
    tools: Vec<Indexed>,
}

#[derive(Debug)]
struct Indexed {
    tool: &'static Tool,
    /// Its words and how telling they are.
    words: HashMap<String, f64>,
    /// How many words its title has.
    title: usize,
}

const NAME: f64 = 4.0;
const TITLE: f64 = 3.0;
const DESCRIPTION: f64 = 1.0;

/// How much a word counts that is nearly the one that was asked for.
const NEARLY: f64 = 0.5;
const SAME_ENOUGH: f64 = 0.8;
/// Shorter words have too many neighbours.
const LONG_ENOUGH: usize = 4;

/// What a tool needs at least, as a share of the best score.
const WORTH_SHOWING: f64 = 0.25;

/// Words beyond these add nothing but work.
const MOST_WORDS: usize = 16;

/// Words that say nothing about what is wanted.
const EMPTY: [&str; 22] = [
    "a", "all", "an", "and", "are", "billsby", "by", "for", "from", "how", "i", "id", "in", "is",
    "my", "of", "on", "s", "the", "to", "what", "with",
];

impl Index {
    pub(super) fn new(entries: &[Entry]) -> Self {
        Self {
            tools: entries
                .iter()
                .map(|entry| Indexed::new(entry.tool()))
                .collect(),
        }
    }

    /// Which tools fit, the best first.
    pub(super) fn search(&self, query: &str) -> Vec<usize> {
        let mut scores = vec![0.0; self.tools.len()];
        for word in words(query).take(MOST_WORDS) {
            let counts: Vec<f64> = self.tools.iter().map(|tool| tool.count(&word)).collect();
            let having = counts.iter().filter(|count| **count > 0.0).count();
            let rarity = (1.0 + whole(self.tools.len()) / whole(having.max(1))).ln();
            for (score, count) in scores.iter_mut().zip(counts) {
                *score += count * rarity;
            }
        }
        let best = scores.iter().copied().fold(0.0, f64::max);
        let mut found: Vec<usize> = (0..scores.len())
            .filter(|index| scores[*index] > 0.0 && scores[*index] >= best * WORTH_SHOWING)
            .collect();
        // Complete equals stay in the order of the table.
        found.sort_by(|left, right| {
            let one = self.tools[*left].precedence(query);
            let other = self.tools[*right].precedence(query);
            let scores = scores[*right].total_cmp(&scores[*left]);
            one.0.cmp(&other.0).then(scores).then(one.1.cmp(&other.1))
        });
        found
    }
}

fn whole(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::MAX, f64::from)
}

impl Indexed {
    fn new(tool: &'static Tool) -> Self {
        let mut known: HashMap<String, f64> = HashMap::new();
        let mut add = |text: &str, telling: f64| {
            for word in words(text) {
                let best = known.entry(word).or_default();
                *best = best.max(telling);
            }
        };
        add(tool.description, DESCRIPTION);
        add(tool.title, TITLE);
        add(tool.tag, TITLE);
        for name in tool.names() {
            add(name, NAME);
        }
        Self {
            tool,
            words: known,
            title: words(tool.title).count(),
        }
    }

    /// How much the tool has of a word.
    fn count(&self, word: &str) -> f64 {
        if let Some(telling) = self.words.get(word) {
            return *telling;
        }
        let near = self.words.iter().filter(|(known, _)| is_near(known, word));
        near.map(|(_, telling)| telling * NEARLY)
            .fold(0.0, f64::max)
    }

    /// What puts a tool before others, whatever their scores, and what does where scores are equal. Less
    /// comes first.
    fn precedence(&self, query: &str) -> (bool, (bool, usize)) {
        let is_named = self.tool.names().any(|name| name == query.trim());
        (!is_named, (!self.tool.effect.is_read(), self.title))
    }
}

fn is_near(known: &str, word: &str) -> bool {
    if known.chars().count() < LONG_ENOUGH || word.chars().count() < LONG_ENOUGH {
        return false;
    }
    known.starts_with(word)
        || word.starts_with(known)
        || strsim::normalized_damerau_levenshtein(known, word) >= SAME_ENOUGH
}

/// The words of a text in lower case, `customerUniqueId` as three, plurals as singulars.
fn words(text: &str) -> impl Iterator<Item = String> {
    // Longer words are nonsense, and comparing them costs the square of their length.
    const LONGEST: usize = 32;
    let mut parted = String::with_capacity(text.len());
    let mut last_was_small = false;
    for c in text.chars() {
        if c.is_uppercase() && last_was_small {
            parted.push(' ');
        }
        last_was_small = c.is_lowercase();
        parted.extend(c.to_lowercase());
    }
    let words: Vec<String> = parted
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty() && word.len() <= LONGEST && !EMPTY.contains(word))
        .map(singular)
        .collect();
    words.into_iter()
}

fn singular(word: &str) -> String {
    match word.strip_suffix('s') {
        Some(rest) if rest.len() >= 3 && !rest.ends_with('s') => rest.to_owned(),
        _ => word.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tool::{Catalogue, Filter, Settings};

    fn found(query: &str) -> Vec<&'static str> {
        let settings = Settings {
            filter: Filter {
                methods: ["read", "write", "custom"].map(str::to_owned).to_vec(),
                ..Filter::default()
            },
            ..Settings::default()
        };
        let catalogue = Catalogue::new(crate::tools(), "acme", &settings).unwrap();
        let entries = catalogue.entries();
        let found = Index::new(entries).search(query).into_iter();
        found
            .map(|index| entries[index].tool().short_name)
            .collect()
    }

    #[test]
    fn the_tool_that_is_meant_comes_first() {
        for (query, wanted) in [
            ("refund an invoice", "refund_invoice"),
            ("refnd invoice", "refund_invoice"),
            ("cancel subscription", "cancel_subscription"),
            ("change the plan of a subscription", "change_plan"),
            ("list all customers", "list_customers"),
            ("find a customer", "list_customers"),
            ("write off invoice", "write_off_invoice"),
            ("customerInvoices", "customer_invoices"),
            ("one time charge", "one_time_charge"),
            ("feature tags of a customer", "customer_tags"),
            ("credit notes", "list_credit_notes"),
            ("next renewal date", "set_renewal_date"),
            ("delete customer", "delete_customer"),
            ("payment logs", "list_payment_logs"),
        ] {
            let found = found(query);
            assert_eq!(found.first(), Some(&wanted), "{query}: {found:?}");
        }
    }

    #[test]
    fn every_tool_is_found_by_each_of_its_names() {
        for tool in crate::tools() {
            for name in tool.names() {
                let found = found(name);
                assert_eq!(found.first(), Some(&tool.short_name), "{name}: {found:?}");
            }
        }
    }

    #[test]
    fn what_says_nothing_finds_nothing() {
        for query in ["", "the", "???", "weather", &"x".repeat(100_000)] {
            assert_eq!(found(query), [""; 0], "{query}");
        }
    }

    #[test]
    fn what_fits_badly_is_not_shown() {
        let found = found("refund an invoice");
        assert!(found.len() < 20, "{found:?}");
        assert!(!found.contains(&"get_customer"), "{found:?}");
    }
}
