/// The headers of an answer, without any HTTP library's types.
#[derive(Default)]
pub(crate) struct Headers {
    /// All names and values, one after the other.
    text: String,
    /// Where each name and each value ends.
    ends: Vec<(usize, usize)>,
}

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
        self.ends.iter().scan(0, |start, &(name, value)| {
            let header = (&self.text[*start..name], &self.text[name..value]);
            *start = value;
            Some(header)
        })
    }
}

impl<'a> FromIterator<(&'a str, &'a [u8])> for Headers {
    fn from_iter<I: IntoIterator<Item = (&'a str, &'a [u8])>>(headers: I) -> Self {
        let headers = headers.into_iter();
        let count = headers.size_hint().0;
        let mut text = String::with_capacity(64 * count);
        let mut ends = Vec::with_capacity(count);
        for (name, value) in headers {
            text.push_str(name);
            let end = text.len();
            text.push_str(&String::from_utf8_lossy(value));
            ends.push((end, text.len()));
        }
        Self { text, ends }
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
