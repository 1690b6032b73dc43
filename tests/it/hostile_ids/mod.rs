//! No value, however odd, makes a request another request: it arrives unchanged in its place, or nothing
//! is sent.

mod sdk_calls;
mod tools;

use crate::hostile;
use crate::mock::operation::{self, Segment};
use crate::mock::percent;
use crate::support::Case;

/// Whether a key refuses a value: the three that cannot stand in a path, and blanks.
fn is_refused(value: &str) -> bool {
    hostile::cannot_be_sent(value) || value.trim().is_empty()
}

/// The arguments of an operation that are text in its path.
fn text_parameters(operation: &str) -> Vec<&'static str> {
    let segments = &operation::find(operation).path;
    segments
        .iter()
        .filter_map(|segment| match segment {
            Segment::Value { name, shape } if shape.accepts_text("x") => Some(name.as_str()),
            _ => None,
        })
        .filter(|name| *name != "companyDomain")
        .collect()
}

/// The path of a case with another value for one of its parameters, written from the template.
fn path_with(case: &Case, parameter: &str, value: &str) -> String {
    let operation = operation::find(&case.operation);
    let mut path = format!("/{}", operation.prefix);
    for segment in &operation.path {
        path.push('/');
        match segment {
            Segment::Literal(literal) => path.push_str(literal),
            Segment::Value { name, .. } if name == parameter => {
                path.push_str(&percent::encode(value));
            }
            Segment::Value { name, .. } => {
                let value = &case.arguments[name];
                let text = value.as_str().map_or(value.to_string(), str::to_owned);
                path.push_str(&percent::encode(&text));
            }
        }
    }
    path
}

/// Far longer than any id: 100 kB and more on the wire, when encoded.
fn very_long_values() -> Vec<String> {
    [20_000, 21_845, 50_000, 200_000, 2_000_000]
        .into_iter()
        .flat_map(|length| ["A".repeat(length), "/".repeat(length)])
        .collect()
}

#[test]
fn there_are_hundreds_of_values_and_36_places_for_them() {
    assert!(hostile::values().len() > 350);
    let places: usize = Case::all()
        .iter()
        .map(|case| {
            // The table's own path is what the template gives.
            for parameter in text_parameters(&case.operation) {
                let value = case.arguments[parameter].as_str().expect("text");
                assert_eq!(path_with(case, parameter, value), case.wire.path);
            }
            text_parameters(&case.operation).len()
        })
        .sum();
    assert_eq!(places, 36);
}
