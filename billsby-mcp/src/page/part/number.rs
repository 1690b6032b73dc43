//! Numbers that nobody can misread: groups are parted by a narrow space, decimals by a point.

/// A whole number.
pub(in crate::page) fn number(number: impl Into<u64>) -> String {
    let digits = number.into().to_string();
    if digits.len() < 5 {
        return digits;
    }
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push('\u{202f}');
        }
        text.push(digit);
    }
    text
}

/// How long something took.
pub(in crate::page) fn milliseconds(milliseconds: u32) -> String {
    if milliseconds < 10_000 {
        format!("{} ms", number(milliseconds))
    } else {
        format!("{}.{} s", milliseconds / 1_000, milliseconds % 1_000 / 100)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_parted_by_a_narrow_space() {
        assert_eq!(number(0_u64), "0");
        assert_eq!(number(9_999_u64), "9999");
        assert_eq!(number(12_345_u64), "12\u{202f}345");
        assert_eq!(number(1_234_567_u64), "1\u{202f}234\u{202f}567");
    }

    #[test]
    fn long_times_are_in_seconds() {
        assert_eq!(milliseconds(9_999), "9999 ms");
        assert_eq!(milliseconds(61_250), "61.2 s");
    }
}
