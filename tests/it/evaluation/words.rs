//! Reading names and sentences as a person would.

use std::collections::BTreeSet;

/// A name in plain words: `firstName` and `first name` are the same.
pub(crate) fn plain(name: &str) -> String {
    let mut words = String::new();
    let mut after_small = false;
    for c in name.chars() {
        if c.is_uppercase() && after_small {
            words.push(' ');
        }
        after_small = c.is_lowercase() || c.is_ascii_digit();
        match c {
            '_' | '-' => words.push(' '),
            c => words.extend(c.to_lowercase()),
        }
    }
    words
}

/// The words of a sentence that carry its meaning, without their endings.
pub(crate) fn stems(sentence: &str) -> BTreeSet<String> {
    const EMPTY: [&str; 10] = ["a", "an", "the", "of", "to", "for", "s", "its", "or", "all"];
    let lower = sentence.to_lowercase().replace("add-on", "addon");
    let words = lower.split(|c: char| !c.is_alphanumeric());
    words
        .filter(|word| !word.is_empty() && !EMPTY.contains(word))
        .map(|word| word.strip_suffix('s').unwrap_or(word).to_owned())
        .collect()
}

/// How much two sentences have in common, from 0 to 1.
pub(crate) fn likeness(one: &str, other: &str) -> f64 {
    let (one, other) = (stems(one), stems(other));
    let common = u32::try_from(one.intersection(&other).count()).unwrap_or(u32::MAX);
    let all = u32::try_from(one.len() + other.len()).unwrap_or(u32::MAX);
    2.0 * f64::from(common) / f64::from(all.max(1))
}

/// The first word that carries meaning: what is to be done.
pub(crate) fn verb(sentence: &str) -> String {
    let lower = sentence.to_lowercase();
    lower.split(' ').next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_words() {
        assert_eq!(plain("firstName"), "first name");
        assert_eq!(plain("addressLine1"), "address line1");
        assert_eq!(plain("flat_fee"), "flat fee");
        assert_eq!(plain("Post code"), "post code");
    }

    #[test]
    fn likeness_is_of_meaning() {
        assert!(
            likeness(
                "list the add-ons of a subscription",
                "List a subscription's add-ons"
            ) > 0.99
        );
        assert!(likeness("refund an invoice", "Get an invoice") < 0.6);
    }
}
