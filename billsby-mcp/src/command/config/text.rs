//! How values are written into commands, links and files.

use std::io;

use serde::Serialize as _;
use serde_json::Value;
use serde_json::ser::{Formatter, Serializer};

/// JSON on one line, with spaces where people expect them.
pub(crate) fn one_line(value: &Value) -> String {
    let mut text = Vec::new();
    let mut serializer = Serializer::with_formatter(&mut text, Spaced);
    // Neither a value nor a vector of bytes can fail.
    value.serialize(&mut serializer).expect("JSON");
    String::from_utf8(text).expect("UTF-8")
}

/// JSON as files have it.
pub(super) fn pretty(value: &Value) -> String {
    format!("{value:#}")
}

struct Spaced;

impl Formatter for Spaced {
    fn begin_object_key<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        writer.write_all(if first { b"" } else { b", " })
    }

    fn begin_object_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b": ")
    }

    fn begin_array_value<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        writer.write_all(if first { b"" } else { b", " })
    }
}

/// A text as one word of a shell's command.
pub(crate) fn shell_word(text: &str) -> String {
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
    use serde_json::json;

    use super::*;

    #[test]
    fn a_line_of_json_stays_readable() {
        let value = json!({"a": {"b": ["c", 1]}, "d": "\"\n"});
        assert_eq!(one_line(&value), r#"{"a": {"b": ["c", 1]}, "d": "\"\n"}"#);
    }

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
