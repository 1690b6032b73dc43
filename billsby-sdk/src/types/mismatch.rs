//! Why an answer could not be read, and where.

use std::fmt;

use serde::de;
use serde_json::Value;

/// An answer that does not have the expected form.
///
/// Says what kind of value stands where, and never the value: errors are logged, answers are not.
pub(crate) struct Mismatch(Box<Inner>);

struct Inner {
    what: String,
    /// Innermost first.
    path: Vec<Segment>,
    fault: Fault,
}

#[derive(Clone, Copy, PartialEq)]
enum Fault {
    Form,
    /// An empty text stands where something else belongs.
    Blank,
    /// A member came twice, under two of its names.
    Repeated,
}

pub(crate) enum Segment {
    Member(String),
    Element(usize),
}

impl Mismatch {
    pub(crate) fn new(what: impl fmt::Display) -> Self {
        Self(Box::new(Inner {
            what: what.to_string(),
            path: Vec::new(),
            fault: Fault::Form,
        }))
    }

    /// The same, seen from one level further out.
    pub(crate) fn within(mut self, segment: Segment, value: &Value) -> Self {
        if self.0.path.is_empty() && is_blank(value) {
            self.0.fault = Fault::Blank;
        }
        self.0.path.push(segment);
        self
    }

    /// Derived code reports a repeated member for its object; `name` is the one it stopped at.
    pub(crate) fn blame_repeated(mut self, name: &str) -> Self {
        if self.0.fault == Fault::Repeated && self.0.path.is_empty() {
            self.0.path.push(Segment::Member(name.to_owned()));
        }
        self
    }

    /// Where it is: `$.results[0].email`.
    pub(crate) fn path(&self) -> String {
        let mut path = String::from("$");
        for segment in self.0.path.iter().rev() {
            match segment {
                Segment::Member(name) => {
                    path.push('.');
                    path.push_str(name);
                }
                Segment::Element(index) => {
                    path.push('[');
                    path.push_str(&index.to_string());
                    path.push(']');
                }
            }
        }
        path
    }

    /// Turns what is to blame into `null`, if it can be done without. Tells whether it did.
    pub(crate) fn repair(&self, value: &mut Value) -> bool {
        match self.0.fault {
            Fault::Form => false,
            Fault::Blank => blank_out(value, &self.0.path),
            Fault::Repeated => self
                .0
                .path
                .iter()
                .rev()
                .try_fold(value, |value, segment| match segment {
                    Segment::Member(name) => value.get_mut(name),
                    Segment::Element(index) => value.get_mut(index),
                })
                .is_some_and(|member| !std::mem::take(member).is_null()),
        }
    }
}

fn is_blank(value: &Value) -> bool {
    value.as_str().is_some_and(|text| text.trim().is_empty())
}

/// Blanks the same member in all elements of a list: they have one type, so that the next pass
/// would stop there too.
fn blank_out(value: &mut Value, path: &[Segment]) -> bool {
    let Some((segment, inner)) = path.split_last() else {
        let blank = is_blank(value);
        if blank {
            *value = Value::Null;
        }
        return blank;
    };
    match (segment, value) {
        (Segment::Member(name), Value::Object(members)) => members
            .get_mut(name)
            .is_some_and(|member| blank_out(member, inner)),
        (Segment::Element(_), Value::Array(elements)) => elements
            .iter_mut()
            .map(|element| blank_out(element, inner))
            .fold(false, std::ops::BitOr::bitor),
        _ => false,
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.what)
    }
}

impl fmt::Debug for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Mismatch({} at {})", self.0.what, self.path())
    }
}

impl std::error::Error for Mismatch {}

/// The methods below replace those that would repeat the value.
impl de::Error for Mismatch {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::new(message)
    }

    fn invalid_type(found: de::Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        Self::new(format_args!("expected {expected}, found {}", kind(&found)))
    }

    fn invalid_value(found: de::Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        Self::new(format_args!(
            "expected {expected}, found other {}",
            kind(&found)
        ))
    }

    fn unknown_variant(_: &str, _: &'static [&'static str]) -> Self {
        Self::new("expected one of the known names, found another text")
    }

    fn unknown_field(_: &str, _: &'static [&'static str]) -> Self {
        Self::new("found a member that does not belong here")
    }

    fn duplicate_field(field: &'static str) -> Self {
        let mut mismatch = Self::new(format_args!("`{field}` came under two names"));
        mismatch.0.fault = Fault::Repeated;
        mismatch
    }
}

fn kind(found: &de::Unexpected<'_>) -> &'static str {
    use de::Unexpected as Found;
    match found {
        Found::Bool(_) => "true or false",
        Found::Unsigned(_) | Found::Signed(_) => "whole number",
        Found::Float(_) => "decimal number",
        Found::Char(_) | Found::Str(_) | Found::Bytes(_) => "text",
        Found::Unit | Found::Option => "null",
        Found::Seq => "list",
        Found::Map => "object",
        _ => "kind of value",
    }
}
