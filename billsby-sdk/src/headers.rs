/// The headers of an answer, without any HTTP library's types.
#[derive(Default)]
pub(crate) struct Headers(Vec<(Box<str>, Box<str>)>);

impl Headers {
    /// The first value of a header; its name may be written in any case.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    /// All values of a header, for those that may come in several lines.
    pub(crate) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.iter()
            .filter(move |(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }

    /// All headers in the order of the answer.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (&**name, &**value))
    }
}

impl<'a> FromIterator<(&'a str, &'a [u8])> for Headers {
    fn from_iter<I: IntoIterator<Item = (&'a str, &'a [u8])>>(headers: I) -> Self {
        let owned = |(name, value): (&str, &[u8])| {
            (
                name.into(),
                String::from_utf8_lossy(value).into_owned().into(),
            )
        };
        Self(headers.into_iter().map(owned).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::Headers;

    #[test]
    fn names_are_found_in_any_case() {
        let pairs: [(&str, &[u8]); 2] = [("retry-after", b"7"), ("retry-after", b"8")];
        let headers: Headers = pairs.into_iter().collect();
        assert_eq!(headers.get("Retry-After"), Some("7"));
        assert!(headers.all("RETRY-AFTER").eq(["7", "8"]));
        assert_eq!(headers.get("etag"), None);
        assert_eq!(headers.iter().count(), 2);
    }
}
