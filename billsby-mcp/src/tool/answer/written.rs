//! JSON as text for a model and for the person who looks over its shoulder.

use std::fmt::Write as _;
use std::io;

use serde::Serialize as _;
use serde_json::Value;
use serde_json::ser::{Formatter, Serializer};

use crate::tool::invisible;

/// A value as compact JSON, in which characters that nobody can see are spelled as escapes. A reader of
/// JSON gets the same value; a reader of the text sees that there is something.
pub(super) fn text(value: &Value) -> String {
    let mut bytes = Vec::new();
    // Writing to memory does not fail, and the keys of a JSON value are texts.
    let _ = write(value, &mut bytes);
    String::from_utf8(bytes).unwrap_or_default()
}

/// Writes a value as [`text`] does.
///
/// # Errors
///
/// The writer's own.
pub(super) fn write(value: &Value, writer: impl io::Write) -> serde_json::Result<()> {
    value.serialize(&mut Serializer::with_formatter(writer, Visible))
}

/// The same for what is JSON text already: everything else stays as it is spelled. Characters that
/// nobody can see stand in strings only, for JSON allows them nowhere else.
pub(super) fn visible(json: &str) -> String {
    let mut shown = String::with_capacity(json.len());
    for c in json.chars() {
        if invisible::is_invisible(c) && !matches!(c, '\t' | '\n' | '\r') {
            escape(c, &mut shown);
        } else {
            shown.push(c);
        }
    }
    shown
}

fn escape(c: char, shown: &mut String) {
    for unit in c.encode_utf16(&mut [0; 2]) {
        let _ = write!(shown, "\\u{unit:04x}");
    }
}

struct Visible;

impl Formatter for Visible {
    fn write_string_fragment<W: io::Write + ?Sized>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        if fragment.chars().any(invisible::is_invisible) {
            writer.write_all(visible(fragment).as_bytes())
        } else {
            writer.write_all(fragment.as_bytes())
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_nobody_can_see_is_spelled_out_and_stays_the_same() {
        let value = json!({
            "a\u{200b}": "pay\u{202e}200\u{202c} \u{feff}\u{e0041}\u{7f}\u{2028}",
            "family": "👨\u{200d}👩 Ā ü", "line": "a\nb\tc\u{1}",
        });
        let text = text(&value);
        assert_eq!(
            text,
            "{\"a\\u200b\":\"pay\\u202e200\\u202c \\ufeff\\udb40\\udc41\\u007f\\u2028\",\
             \"family\":\"👨\\u200d👩 Ā ü\",\"line\":\"a\\nb\\tc\\u0001\"}"
        );
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
    }

    #[test]
    fn json_text_keeps_its_spelling() {
        let json = "{\n\t\"amount\": 12.50, \"name\": \"O\\u0027H\u{200b}ara\"\r\n}";
        assert_eq!(
            visible(json),
            "{\n\t\"amount\": 12.50, \"name\": \"O\\u0027H\\u200bara\"\r\n}"
        );
    }
}
