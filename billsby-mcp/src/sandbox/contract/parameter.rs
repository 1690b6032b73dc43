//! Values of paths and queries: what the document wants them to be.

use serde_json::Value;

use super::document;
use super::schema::{bounds, is_time};

/// A parameter of an operation.
#[derive(Debug)]
pub(super) struct Parameter {
    pub(super) name: &'static str,
    pub(super) required: bool,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    Text,
    /// Names a thing, so that it cannot be empty.
    Key,
    Integer {
        least: i64,
        most: i64,
    },
    /// Numbers that stand for something.
    Choice(Vec<i64>),
    Boolean,
    Time,
}

impl Parameter {
    pub(super) fn new(written: &'static Value) -> Self {
        Self {
            name: document::text(&written["name"]),
            required: written["required"] == true,
            kind: Kind::of(document::resolve(&written["schema"])),
        }
    }

    /// What a value should have been, if it is something else.
    pub(super) fn wanted(&self, value: &str) -> Option<String> {
        let (fits, wanted) = match &self.kind {
            Kind::Text => return None,
            Kind::Key => (!value.is_empty(), "a value".to_owned()),
            Kind::Integer { least, most } => (
                integer(value).is_some_and(|number| (*least..=*most).contains(&number)),
                range(*least, *most),
            ),
            Kind::Choice(known) => (
                integer(value).is_some_and(|number| known.contains(&number)),
                format!("one of {known:?}"),
            ),
            Kind::Boolean => (
                matches!(value, "true" | "false"),
                "true or false".to_owned(),
            ),
            Kind::Time => (
                is_time(value),
                "a time with its zone, such as 2026-01-31T09:30:00Z".to_owned(),
            ),
        };
        (!fits).then_some(wanted)
    }
}

impl Kind {
    fn of(schema: &'static Value) -> Self {
        if let Some(known) = schema["enum"].as_array() {
            return Self::Choice(known.iter().filter_map(Value::as_i64).collect());
        }
        match (schema["type"].as_str(), schema["format"].as_str()) {
            (Some("boolean"), _) => Self::Boolean,
            (Some("string"), Some("date-time")) => Self::Time,
            (Some("string"), _) if schema.get("x-billsby-key").is_some() => Self::Key,
            (Some("string"), _) => Self::Text,
            (Some("integer"), _) => {
                let (least, most) = bounds(schema);
                Self::Integer {
                    least: schema["minimum"].as_i64().unwrap_or(least),
                    most: schema["maximum"].as_i64().unwrap_or(most),
                }
            }
            _ => unreachable!("no parameter of the document has another type"),
        }
    }
}

/// A whole number in the only form that it is written in: neither `+7` nor `07`.
fn integer(text: &str) -> Option<i64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_canonical = match digits.as_bytes() {
        [b'0'] => digits.len() == text.len(),
        [b'1'..=b'9', rest @ ..] => rest.iter().all(u8::is_ascii_digit),
        _ => false,
    };
    text.parse().ok().filter(|_| is_canonical)
}

fn range(least: i64, most: i64) -> String {
    match (least, most) {
        (i64::MIN, i64::MAX) => "a whole number".to_owned(),
        (least, most) if most < i32::MAX.into() => format!("a whole number from {least} to {most}"),
        (least, _) => format!("a whole number of at least {least}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_written_in_one_way() {
        for (text, number) in [
            ("0", 0),
            ("7", 7),
            ("-40", -40),
            ("9223372036854775807", i64::MAX),
        ] {
            assert_eq!(integer(text), Some(number));
        }
        for text in [
            "",
            "-",
            "+7",
            "07",
            "-0",
            "1.0",
            "1e3",
            " 1",
            "9223372036854775808",
        ] {
            assert_eq!(integer(text), None, "{text}");
        }
    }
}
