//! Percent-encoding, strict in both directions.

use std::fmt::Write as _;

/// The characters that never need encoding (RFC 3986, unreserved).
pub(crate) fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte)
}

/// Encodes everything but unreserved characters, the way a path segment must be sent.
pub(crate) fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if is_unreserved(byte) {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

/// Decodes text in which, besides `%` and two digits, only bytes that `allowed` accepts may occur.
pub(crate) fn decode(text: &str, allowed: fn(u8) -> bool) -> Result<String, String> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [byte, tail @ ..] = rest {
        rest = tail;
        if *byte == b'%' {
            let [high, low, tail @ ..] = tail else {
                return Err("`%` without two hexadecimal digits".to_owned());
            };
            let digit = |byte: u8| char::from(byte).to_digit(16);
            let (Some(high), Some(low)) = (digit(*high), digit(*low)) else {
                return Err("`%` without two hexadecimal digits".to_owned());
            };
            decoded.push(u8::try_from(high * 16 + low).expect("two hexadecimal digits are a byte"));
            rest = tail;
        } else if allowed(*byte) {
            decoded.push(*byte);
        } else {
            return Err(format!(
                "`{}` must be percent-encoded here",
                byte.escape_ascii()
            ));
        }
    }
    String::from_utf8(decoded).map_err(|_| "the decoded bytes are not UTF-8".to_owned())
}
