//! What is wrong with JSON that the sandbox's own paths and faults take.

use crate::sandbox::contract::shown;

/// What the library says, without any value of the caller's. Names of fields are told.
pub(super) fn of(error: &serde_json::Error) -> String {
    let said = error.to_string();
    // What is expected comes last, and is not the caller's text.
    let Some((found, expected)) = said.rsplit_once(", expected ") else {
        return shortened(&said);
    };
    let found = match found.strip_prefix("unknown field `") {
        Some(name) => format!("unknown field `{}`", shown(name.trim_end_matches('`'))),
        None => match found.find([':', '`']) {
            Some(end) => found[..end].trim_end().to_owned(),
            None => shown(found).to_owned(),
        },
    };
    format!("{found}, expected {expected}")
}

/// Without an `expected` there is at most the name of a field, as in an object that takes none.
fn shortened(said: &str) -> String {
    match said.split_once('`') {
        Some((before, name)) if said.starts_with("unknown field") => {
            let name = name.split('`').next().unwrap_or_default();
            format!("{before}`{}`", shown(name))
        }
        _ => said.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::of;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "it is only read")]
    struct Settings {
        times: Option<u8>,
        kind: Option<Kind>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Kind {
        Known,
    }

    #[test]
    fn what_was_expected_is_told_and_no_value() {
        for (text, told) in [
            (r#"{"kind": "secret"}"#, "unknown variant, expected `known`"),
            (
                r#"{"kind": "secret, expected x"}"#,
                "unknown variant, expected `known`",
            ),
            (r#"{"times": "secret"}"#, "invalid type, expected u8"),
            (r#"{"times": 300}"#, "invalid value, expected u8"),
            (
                r#"{"tims": 3}"#,
                "unknown field `tims`, expected `times` or `kind`",
            ),
        ] {
            let error = serde_json::from_str::<Settings>(text).unwrap_err();
            let problem = of(&error);
            assert!(problem.starts_with(told), "{text}: {problem}");
            assert!(!problem.contains("secret"), "{text}: {problem}");
        }
        let long = format!(r#"{{"{}": 1}}"#, "x".repeat(500));
        let error = serde_json::from_str::<Settings>(&long).unwrap_err();
        assert!(of(&error).len() < 150, "{}", of(&error));
    }
}
