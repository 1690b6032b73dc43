//! Texts of clients, made fit to be kept and shown.

use crate::tool::is_invisible;

/// The first characters of a text without those that nobody can see; none if nothing is left.
pub(super) fn clean(text: &str, longest: usize) -> Option<String> {
    let visible = text.chars().filter(|c| !is_invisible(*c));
    let text: String = visible.take(longest).collect();
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}
