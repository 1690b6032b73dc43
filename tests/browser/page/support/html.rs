//! The little that tests without a browser have to understand of HTML.

/// The value of an attribute of the first tag that holds some text, such as `name="csrf"`.
pub(crate) fn attribute(html: &str, tag_with: &str, name: &str) -> Option<String> {
    let at = html.find(tag_with)?;
    let begin = html[..at].rfind('<')?;
    let end = at + html[at..].find('>')?;
    let (_, rest) = html[begin..end].split_once(&format!(" {name}=\""))?;
    let (value, _) = rest.split_once('"')?;
    Some(plain(value))
}

/// Escaped text as it is meant.
fn plain(html: &str) -> String {
    let escapes = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&amp;", "&"),
    ];
    let replace = |text: String, (escape, sign): (&str, &str)| text.replace(escape, sign);
    escapes.into_iter().fold(html.to_owned(), replace)
}
