//! A small language for what a query value or a body may be.
//!
//! In the operation files a shape is written as
//!
//! * `"text"`, `"bool"`, `"int"`, `"int 1.."`, `"int 1..100"`,
//! * `"digits 4"` (text of exactly four digits), `"word A|B"` (one of these words),
//! * `"country"` (ISO 3166-1 alpha-3), `"currency"` (ISO 4217), `"date-time"` (RFC 3339, with a zone),
//! * any of these with ` or null` behind it,
//! * the name of an object of `types.json`, which begins with a capital letter,
//! * `[shape]` for a list, `{"name*": shape, "other": shape}` for an object; `*` marks what is required.

use serde_json::{Map, Value};

/// What a value may be.
#[derive(Debug, Clone)]
pub(crate) enum Shape {
    Text,
    Bool,
    Integer { min: i64, max: i64 },
    Digits(usize),
    Word(Vec<String>),
    Country,
    Currency,
    DateTime,
    OrNull(Box<Shape>),
    List(Box<Shape>),
    Object(Vec<Field>),
}

/// One property of an object, or one query parameter.
#[derive(Debug, Clone)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) required: bool,
    pub(crate) shape: Shape,
}

impl Shape {
    /// Reads a shape as it is written in the operation files; panics on a slip in those files.
    pub(crate) fn parse(written: &Value, types: &Map<String, Value>) -> Self {
        match written {
            Value::String(text) => Self::parse_text(text, types),
            Value::Array(items) if items.len() == 1 => {
                Self::List(Box::new(Self::parse(&items[0], types)))
            }
            Value::Object(fields) => Self::Object(Field::parse_all(fields, types)),
            other => panic!("`{other}` is not a shape"),
        }
    }

    fn parse_text(text: &str, types: &Map<String, Value>) -> Self {
        if let Some(text) = text.strip_suffix(" or null") {
            return Self::OrNull(Box::new(Self::parse_text(text, types)));
        }
        if text.starts_with(char::is_uppercase) {
            let Some(named) = types.get(text) else {
                panic!("`{text}` is not in types.json");
            };
            return Self::parse(named, types);
        }
        let number = |text: &str, empty| match text {
            "" => empty,
            digits => digits.parse().expect("a bound is a number"),
        };
        match text.split_once(' ').unwrap_or((text, "")) {
            ("text", "") => Self::Text,
            ("bool", "") => Self::Bool,
            ("country", "") => Self::Country,
            ("currency", "") => Self::Currency,
            ("date-time", "") => Self::DateTime,
            ("digits", count) => Self::Digits(count.parse().expect("digits wants a count")),
            ("word", words) => Self::Word(words.split('|').map(str::to_owned).collect()),
            ("int", bounds) => {
                let (min, max) = bounds.split_once("..").unwrap_or(("", ""));
                Self::Integer {
                    min: number(min, i64::MIN),
                    max: number(max, i64::MAX),
                }
            }
            _ => panic!("`{text}` is not a shape"),
        }
    }

    /// Adds a line to `problems` for everything in a JSON value that does not have this shape.
    pub(crate) fn check(&self, at: &str, value: &Value, problems: &mut Vec<String>) {
        let fits = match (self, value) {
            (Self::OrNull(_), Value::Null) | (Self::Bool, Value::Bool(_)) => true,
            (Self::OrNull(shape), value) => return shape.check(at, value, problems),
            (Self::Integer { min, max }, Value::Number(number)) => number
                .as_i64()
                .is_some_and(|number| (*min..=*max).contains(&number)),
            (Self::List(shape), Value::Array(items)) => {
                for (index, item) in items.iter().enumerate() {
                    shape.check(&format!("{at}[{index}]"), item, problems);
                }
                true
            }
            (Self::Object(fields), Value::Object(members)) => {
                check_members(at, fields, members, problems);
                true
            }
            (shape, Value::String(text)) => shape.accepts_word(text),
            _ => false,
        };
        if !fits {
            problems.push(format!("`{at}` is {value}, not {}", self.describe()));
        }
    }

    /// Whether text from a query or a path has this shape.
    pub(crate) fn accepts_text(&self, text: &str) -> bool {
        match self {
            Self::Bool => matches!(text, "true" | "false"),
            // Only the canonical form: no sign, no leading zero, no blank.
            Self::Integer { min, max } => text
                .parse::<i64>()
                .is_ok_and(|number| (*min..=*max).contains(&number) && number.to_string() == text),
            shape => shape.accepts_word(text),
        }
    }

    fn accepts_word(&self, text: &str) -> bool {
        let capitals = |count| text.len() == count && text.bytes().all(|b| b.is_ascii_uppercase());
        match self {
            Self::Text => true,
            Self::Digits(count) => {
                text.len() == *count && text.bytes().all(|byte| byte.is_ascii_digit())
            }
            Self::Word(words) => words.iter().any(|word| word == text),
            Self::Country | Self::Currency => capitals(3),
            Self::DateTime => is_date_time(text),
            _ => false,
        }
    }

    /// The shape in words, for messages.
    pub(crate) fn describe(&self) -> String {
        match self {
            Self::Text => "text".to_owned(),
            Self::Bool => "a boolean".to_owned(),
            Self::Integer {
                min: i64::MIN,
                max: i64::MAX,
            } => "an integer".to_owned(),
            Self::Integer { min, max: i64::MAX } => format!("an integer of at least {min}"),
            Self::Integer { min, max } => format!("an integer from {min} to {max}"),
            Self::Digits(count) => format!("text of {count} digits"),
            Self::Word(words) => format!("one of {}", words.join(", ")),
            Self::Country => "a three-letter country code".to_owned(),
            Self::Currency => "a three-letter currency code".to_owned(),
            Self::DateTime => "a date and time with a zone".to_owned(),
            Self::OrNull(shape) => format!("{} or null", shape.describe()),
            Self::List(shape) => format!("a list of {}", shape.describe()),
            Self::Object(_) => "an object".to_owned(),
        }
    }
}

impl Field {
    /// Reads `{"name*": shape, ...}`.
    pub(crate) fn parse_all(written: &Map<String, Value>, types: &Map<String, Value>) -> Vec<Self> {
        written
            .iter()
            .map(|(name, shape)| Self {
                name: name.trim_end_matches('*').to_owned(),
                required: name.ends_with('*'),
                shape: Shape::parse(shape, types),
            })
            .collect()
    }
}

fn check_members(
    at: &str,
    fields: &[Field],
    members: &Map<String, Value>,
    problems: &mut Vec<String>,
) {
    for (name, value) in members {
        match fields.iter().find(|field| field.name == *name) {
            Some(field) => field.shape.check(&format!("{at}.{name}"), value, problems),
            None => problems.push(format!("`{at}.{name}` is not a known property")),
        }
    }
    for field in fields {
        if field.required && !members.contains_key(&field.name) {
            problems.push(format!("`{at}.{}` is missing", field.name));
        }
    }
}

/// `2027-01-15T09:30:00Z`, with any number of decimals and `Z` or an offset.
fn is_date_time(text: &str) -> bool {
    let pattern = |text: &str, pattern: &str| {
        text.len() == pattern.len()
            && text
                .bytes()
                .zip(pattern.bytes())
                .all(|(byte, wanted)| byte == wanted || (wanted == b'0' && byte.is_ascii_digit()))
    };
    let Some((moment, rest)) = text.split_at_checked("0000-00-00T00:00:00".len()) else {
        return false;
    };
    let zone = match rest.strip_prefix('.') {
        Some(decimals) => {
            let zone = decimals.trim_start_matches(|c: char| c.is_ascii_digit());
            if zone.len() == decimals.len() {
                return false;
            }
            zone
        }
        None => rest,
    };
    pattern(moment, "0000-00-00T00:00:00")
        && (zone == "Z" || pattern(zone, "+00:00") || pattern(zone, "-00:00"))
}
