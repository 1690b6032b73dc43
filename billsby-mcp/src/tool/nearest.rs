//! "Did you mean …?"

/// The candidate that was most probably meant, if any is near enough to be worth naming.
///
/// Letter case and separators do not count, so `customer_unique_id` finds `customerUniqueId`.
pub(crate) fn nearest<'a>(
    wanted: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    const NEAR_ENOUGH: f64 = 0.6;
    let wanted = plain(wanted);
    candidates
        .into_iter()
        .map(|candidate| {
            let similarity = strsim::normalized_damerau_levenshtein(&wanted, &plain(candidate));
            (candidate, similarity)
        })
        .filter(|(_, similarity)| *similarity >= NEAR_ENOUGH)
        .max_by(|(_, left), (_, right)| left.total_cmp(right))
        .map(|(candidate, _)| candidate)
}

fn plain(name: &str) -> String {
    // Longer names are nonsense, and comparing them costs the square of their length.
    const LONGEST: usize = 128;
    name.chars()
        .filter(|c| c.is_alphanumeric())
        .take(LONGEST)
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIELDS: [&str; 3] = ["customerUniqueId", "invoiceNumber", "amount"];

    #[test]
    fn finds_another_spelling() {
        assert_eq!(
            nearest("customer_unique_id", FIELDS),
            Some("customerUniqueId")
        );
        assert_eq!(nearest("custmerUniqeId", FIELDS), Some("customerUniqueId"));
        assert_eq!(nearest("Amount", FIELDS), Some("amount"));
    }

    #[test]
    fn says_nothing_rather_than_nonsense() {
        assert_eq!(nearest("colour", FIELDS), None);
        assert_eq!(nearest("", FIELDS), None);
        assert_eq!(nearest("amount", []), None);
    }
}
