//! How values are shown on a terminal.

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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_line_of_json_stays_readable() {
        let value = json!({"a": {"b": ["c", 1]}, "d": "\"\n"});
        assert_eq!(one_line(&value), r#"{"a": {"b": ["c", 1]}, "d": "\"\n"}"#);
    }
}
