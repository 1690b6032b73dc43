//! What clients call a server.

/// The most characters: clients put the name in front of every tool's, and have little room for both.
const LONGEST: usize = 20;
const USUAL: &str = "billsby";
/// What the names of tools say already.
const NEEDLESS: [&str; 2] = [USUAL, "mcp"];

/// What a client can call a server that people call `name`: small letters, digits and hyphens, at most 20.
///
/// ```
/// use billsby_mcp::connect::short_name;
/// assert_eq!(short_name("Billsby Finance Agent (EU)"), "finance-agent-eu");
/// assert_eq!(short_name("請求"), "billsby");
/// ```
#[must_use]
pub fn short_name(name: &str) -> String {
    let lower = name.to_ascii_lowercase();
    let words = lower.split(|c: char| !c.is_ascii_alphanumeric());
    let mut short = String::new();
    for word in words.filter(|word| !word.is_empty() && !NEEDLESS.contains(word)) {
        let hyphen = usize::from(!short.is_empty());
        if short.len() + hyphen + word.len() > LONGEST {
            if short.is_empty() {
                short.extend(word.chars().take(LONGEST));
            }
            break;
        }
        if hyphen > 0 {
            short.push('-');
        }
        short.push_str(word);
    }
    if short.is_empty() {
        USUAL.clone_into(&mut short);
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_made_of_whole_words_as_far_as_they_fit() {
        for (name, short) in [
            ("Billsby Finance Agent MCP", "finance-agent"),
            ("Finance agents of all subsidiaries", "finance-agents-of"),
            ("Billsby MCP", "billsby"),
            ("  --Support/EU--  ", "support-eu"),
            ("a", "a"),
            ("", "billsby"),
            ("Abonnementverwaltungsgesellschaft", "abonnementverwaltung"),
            ("Kundenservice f\u{fc}r alle", "kundenservice-f-r"),
        ] {
            assert_eq!(short_name(name), short, "{name}");
        }
    }
}
