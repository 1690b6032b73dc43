//! Finds what the API says about a failure. It does not document its error bodies, so the usual
//! places are tried, in any letter case.

use serde_json::{Map, Value};

/// Longer explanations are cut: they are shown to people.
const LONGEST: usize = 1000;

/// Where explanations are found, most telling first.
const PLACES: [&str; 6] = [
    "message",
    "error",
    "title",
    "detail",
    "errors",
    "error_description",
];

pub(super) fn extract(body: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(body).ok()?;
    let text = text.trim_start_matches('\u{feff}').trim();
    let found = match serde_json::from_str(text) {
        Ok(value) => explain(&value, 4),
        Err(_) if text.starts_with(['<', '{', '[']) => None,
        Err(_) => Some(text.to_owned()),
    };
    found
        .map(|message| tidy(&message))
        .filter(|message| !message.is_empty())
}

/// The explanation in a value, looking at most so many levels deep.
fn explain(value: &Value, depth: u8) -> Option<String> {
    let inner = depth.checked_sub(1)?;
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Array(list) => join(list.iter().filter_map(|value| explain(value, inner))),
        Value::Object(members) => {
            let found = PLACES.iter().filter_map(|place| {
                let value = member(members, place)?;
                match value {
                    Value::Object(fields) if *place == "errors" => explain_fields(fields, inner),
                    _ => explain(value, inner),
                }
            });
            join(found)
        }
        _ => None,
    }
}

/// `{"email": ["is taken"]}` says `email: is taken`.
fn explain_fields(fields: &Map<String, Value>, depth: u8) -> Option<String> {
    join(fields.iter().filter_map(|(field, value)| {
        let text = explain(value, depth)?;
        Some(format!("{field}: {text}"))
    }))
}

fn member<'a>(members: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    members
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(name))
        .map(|(_, value)| value)
}

/// Joins what is said, without saying anything twice.
fn join(parts: impl Iterator<Item = String>) -> Option<String> {
    let mut said: Vec<String> = Vec::new();
    for part in parts {
        if !part.trim().is_empty() && !said.contains(&part) {
            said.push(part);
        }
    }
    let last = said.pop()?;
    let first = said
        .iter()
        .map(|part| format!("{}; ", part.trim().trim_end_matches('.')));
    Some(first.collect::<String>() + last.trim())
}

/// One line of bounded length.
fn tidy(text: &str) -> String {
    let mut words = text
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty());
    let mut line = words.next().unwrap_or_default().to_owned();
    for word in words {
        line.push(' ');
        line.push_str(word);
    }
    if let Some((end, _)) = line.char_indices().nth(LONGEST) {
        line.truncate(end);
        line.push('…');
    }
    line
}

#[cfg(test)]
mod tests {
    use super::extract;

    fn found(body: &str) -> String {
        extract(body.as_bytes()).unwrap_or_else(|| "(nothing)".to_owned())
    }

    #[test]
    fn looks_in_the_usual_places() {
        let bodies = [
            r#"{"message": "Invoice is paid already."}"#,
            r#"{"Message": "Invoice is paid already"}"#,
            r#"{"error": "bad key"}"#,
            r#"{"error": {"message": "bad key", "code": 7}}"#,
            r#"{"errors": ["first", {"message": "second"}]}"#,
            r#"{"errors": {"email": ["is taken", "is too long"], "name": "is missing"}}"#,
            r#"{"title": "Validation failed.", "status": 400, "errors": {"Units": ["must be 1 or more"]}}"#,
            r#"{"title": "Not Found", "detail": "No such plan", "traceId": "00-1"}"#,
            r#""quoted""#,
            "\u{feff}plain\ntext\t here",
        ]
        .map(found);
        insta::assert_snapshot!(bodies.join("\n"), @r"
        Invoice is paid already.
        Invoice is paid already
        bad key
        bad key
        first; second
        email: is taken; is too long; name: is missing
        Validation failed; Units: must be 1 or more
        Not Found; No such plan
        quoted
        plain text here
        ");
    }

    #[test]
    fn says_nothing_when_there_is_nothing_to_say() {
        for body in [
            "",
            " ",
            "{}",
            "null",
            "7",
            "<html><p>Oops</p></html>",
            "{\"message\": \"cut o",
            "[[[[[\"deep\"]]]]]",
        ] {
            assert_eq!(found(body), "(nothing)", "{body}");
        }
        assert_eq!(extract(&[0xff, 0xfe]), None);
    }

    #[test]
    fn cuts_long_texts() {
        let message = found(&"ä".repeat(5000));
        assert_eq!(message.chars().count(), 1001);
    }
}
