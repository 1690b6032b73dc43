//! How values are written into commands and files.

use serde_json::Value;

/// JSON as files have it.
pub(super) fn pretty(value: &Value) -> String {
    format!("{value:#}")
}

/// A text as one word of a shell's command.
pub(super) fn shell_word(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@%+,".contains(c);
    if !text.is_empty() && text.chars().all(is_plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

/// A text as a string of TOML, whose escapes are those of JSON. It must not hold control characters.
pub(super) fn toml_string(text: &str) -> String {
    Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_sees_one_word() {
        for (text, expected) in [
            (
                "https://a.example/mcp/bmcp_1",
                "https://a.example/mcp/bmcp_1",
            ),
            ("", "''"),
            ("a b", "'a b'"),
            ("it's $HOME", r"'it'\''s $HOME'"),
            ("a?b&c", "'a?b&c'"),
        ] {
            assert_eq!(shell_word(text), expected);
        }
    }
}
