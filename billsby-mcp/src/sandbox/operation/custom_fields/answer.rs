//! Which answers a custom field takes.

use jiff::civil::Date;

use crate::sandbox::company::CustomField;

/// Checks an answer against the kind of its field. The error completes a sentence about the answer; it
/// does not repeat it.
pub(in crate::sandbox::operation) fn check_answer(
    field: &CustomField,
    answer: &str,
) -> Result<(), String> {
    if answer.is_empty() {
        return require(!field.compulsory, "an answer, and the field is compulsory");
    }
    let (is_right, wanted) = match field.kind {
        0 => (!answer.contains(['\n', '\r']), "a line of text"),
        2 => (matches!(answer, "true" | "false"), "`true` or `false`"),
        3 => (is_date(answer), "a date: 2026-03-02"),
        4 => (is_number(answer), "a number"),
        5 => (
            options(field.options.as_deref()).any(|option| option == answer),
            "one of the options of the field",
        ),
        _ => (true, "text"),
    };
    require(is_right, wanted)
}

fn require(is_right: bool, wanted: &str) -> Result<(), String> {
    if is_right {
        Ok(())
    } else {
        Err(format!("is not {wanted}"))
    }
}

/// The choices of a dropdown.
pub(super) fn options(options: Option<&str>) -> impl Iterator<Item = &str> {
    let options = options.unwrap_or_default().split(',').map(str::trim);
    options.filter(|option| !option.is_empty())
}

/// `2026-03-02`, and nothing after it.
fn is_date(text: &str) -> bool {
    text.len() == "2026-03-02".len() && text.parse::<Date>().is_ok()
}

/// Digits, a sign and a decimal point; Rust's floats know more than those.
fn is_number(text: &str) -> bool {
    let is_plain = text
        .bytes()
        .all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'-'));
    is_plain && text.parse::<f64>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(kind: i64) -> CustomField {
        CustomField {
            id: 1,
            kind,
            label: String::new(),
            description: String::new(),
            compulsory: false,
            options: Some("Red, dark green,,Blue".to_owned()),
        }
    }

    #[test]
    fn each_kind_takes_its_answers() {
        let right = [
            (0, "a line"),
            (1, "two\nlines"),
            (2, "true"),
            (3, "2024-02-29"),
            (4, "-1.5"),
            (5, "dark green"),
            (5, ""),
        ];
        for (kind, answer) in right {
            assert_eq!(
                check_answer(&field(kind), answer),
                Ok(()),
                "{kind} {answer}"
            );
        }
    }

    #[test]
    fn each_kind_refuses_others() {
        let wrong = [
            (0, "two\nlines"),
            (2, "yes"),
            (3, "2023-02-29"),
            (3, "2024-02-29T00:00"),
            (4, "inf"),
            (4, "1e5"),
            (4, "1.2.3"),
            (5, "dark"),
            (5, ","),
        ];
        for (kind, answer) in wrong {
            assert!(
                check_answer(&field(kind), answer).is_err(),
                "{kind} {answer}"
            );
        }
    }

    #[test]
    fn a_compulsory_field_takes_no_empty_answer() {
        let mut field = field(1);
        field.compulsory = true;
        assert!(check_answer(&field, "").is_err());
    }
}
