//! Says how two values differ, one line for each place.

use serde_json::Value;

/// Compares JSON values; the order of object members does not count.
pub(crate) fn json(at: &str, expected: &Value, sent: &Value, lines: &mut Vec<String>) {
    match (expected, sent) {
        (Value::Object(expected), Value::Object(sent)) => {
            for (name, value) in expected {
                match sent.get(name) {
                    Some(other) => json(&format!("{at}.{name}"), value, other, lines),
                    None => lines.push(format!("{at}.{name}: expected {value}, not sent")),
                }
            }
            for (name, value) in sent {
                if !expected.contains_key(name) {
                    lines.push(format!("{at}.{name}: not expected, sent {value}"));
                }
            }
        }
        (Value::Array(expected), Value::Array(sent)) if expected.len() == sent.len() => {
            for (index, (value, other)) in expected.iter().zip(sent).enumerate() {
                json(&format!("{at}[{index}]"), value, other, lines);
            }
        }
        (expected, sent) if expected == sent => {}
        (expected, sent) => lines.push(format!("{at}: expected {expected}, sent {sent}")),
    }
}

/// Compares name and value pairs; their order does not count.
pub(crate) fn pairs(
    at: &str,
    expected: &[(String, String)],
    sent: &[(String, String)],
    lines: &mut Vec<String>,
) {
    let mut surplus = sent.to_vec();
    for pair in expected {
        match surplus.iter().position(|other| other == pair) {
            Some(index) => drop(surplus.remove(index)),
            None => lines.push(format!("{at} {}={:?}: expected, not sent", pair.0, pair.1)),
        }
    }
    for (name, value) in surplus {
        lines.push(format!("{at} {name}={value:?}: not expected, sent"));
    }
}
