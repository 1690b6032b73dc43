//! Percent-encoded text.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

/// The text that was encoded, if it was encoded right and is UTF-8.
pub(super) fn decode(encoded: &str) -> Option<Cow<'_, str>> {
    if !encoded.contains('%') {
        return Some(Cow::Borrowed(encoded));
    }
    let mut after = encoded.split('%').skip(1).map(str::as_bytes);
    let is_right = after.all(|rest| {
        let hex = |at: usize| rest.get(at).is_some_and(u8::is_ascii_hexdigit);
        hex(0) && hex(1)
    });
    let decoded = percent_decode_str(encoded).decode_utf8().ok();
    decoded.filter(|_| is_right)
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn only_what_was_encoded_right_is_decoded() {
        assert_eq!(decode("plain").unwrap(), "plain");
        assert_eq!(decode("a%2Fb%20%C3%A9").unwrap(), "a/b é");
        for wrong in ["%", "a%2", "%zz", "100%", "%ff", "%C3"] {
            assert_eq!(decode(wrong), None, "{wrong}");
        }
    }
}
