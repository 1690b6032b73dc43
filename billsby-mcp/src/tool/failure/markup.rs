//! Plain words out of a text that somebody else wrote.

use crate::tool::invisible::is_invisible;

/// A text without markup and without characters that nobody can see, on one line, of at most `longest`
/// bytes.
///
/// Markup is what begins like a tag or a comment and ends; `a < b` stays. What stands in scripts and
/// style sheets goes with them.
pub(super) fn plain(text: &str, longest: usize) -> String {
    let text = entities(&without_tags(text));
    let mut line = String::new();
    for word in text.split(|c: char| c.is_whitespace() || c.is_control()) {
        let word: String = word.chars().filter(|c| !is_invisible(*c)).collect();
        if !word.is_empty() && !line.is_empty() {
            line.push(' ');
        }
        line.push_str(&word);
    }
    bounded(line, longest)
}

/// Elements whose content is not for reading.
const NOT_TEXT: [&str; 4] = ["script", "style", "svg", "template"];

fn without_tags(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('<') {
        let (before, tag) = rest.split_at(start);
        plain.push_str(before);
        if let Some(length) = tag_length(tag) {
            // Words of different elements do not grow together.
            plain.push(' ');
            rest = &tag[length..];
        } else {
            plain.push('<');
            rest = &tag[1..];
        }
    }
    plain.push_str(rest);
    plain
}

/// How long the markup is with which a text begins; `None` when it is none.
fn tag_length(text: &str) -> Option<usize> {
    if text.starts_with("<!--") {
        return Some(text.find("-->").map_or(text.len(), |end| end + 3));
    }
    let inner = &text[1..];
    if !inner.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?')) {
        return None;
    }
    let end = text.find('>')? + 1;
    let name_end = inner.find(|c: char| !c.is_ascii_alphanumeric())?;
    let name = inner[..name_end].to_ascii_lowercase();
    if !NOT_TEXT.contains(&name.as_str()) || text[..end].ends_with("/>") {
        return Some(end);
    }
    let closing = format!("</{name}");
    let content = text[end..].to_ascii_lowercase();
    Some(content.find(&closing).map_or(text.len(), |at| end + at))
}

/// The entities that are common in messages and cannot make new tags.
fn entities(text: &str) -> String {
    const COMMON: [(&str, &str); 5] = [
        ("&nbsp;", " "),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&apos;", "'"),
        ("&amp;", "&"),
    ];
    COMMON
        .iter()
        .fold(text.to_owned(), |text, (entity, plain)| {
            text.replace(entity, plain)
        })
}

fn bounded(mut text: String, longest: usize) -> String {
    const MARK: &str = "…";
    if text.len() > longest {
        let mut end = longest.saturating_sub(MARK.len());
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        text.truncate(end);
        text.push_str(MARK);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn reads(text: &str, expected: &str) {
        assert_eq!(plain(text, 200), expected, "{text}");
    }

    #[test]
    fn markup_is_removed() {
        reads("<b>Invalid</b> amount", "Invalid amount");
        reads("line<br/>line<br>line", "line line line");
        reads("<!-- hidden <b>note</b> -->shown", "shown");
        reads(
            "<p title=\"a\">It&#39;s &quot;x&quot; &amp; y&nbsp;z</p>",
            "It's \"x\" & y z",
        );
        reads(
            "<?xml version=\"1.0\"?><Error><Message>No</Message></Error>",
            "No",
        );
        reads("a<script>alert('</b>')</script>b", "a b");
        reads("a<STYLE type=x>p{}</Style >b<svg/>c", "a b c");
        reads("a<script>never closed", "a");
        reads("a<!-- never closed", "a");
    }

    #[test]
    fn what_only_looks_like_markup_stays() {
        for text in [
            "amount < 100",
            "1<2 and 3>2",
            "a <",
            "<>",
            "x <y",
            "&lt;b&gt;",
            "< b >",
        ] {
            reads(text, text);
        }
    }

    #[test]
    fn what_nobody_can_see_is_removed() {
        reads(
            " a\u{202e}b\u{200b}c\u{e0041}\n\t d\u{1b}[31m\u{ad}e\u{feff} ",
            "abc d [31me",
        );
    }

    #[test]
    fn texts_are_bounded() {
        reads("short", "short");
        let long = plain(&"ä".repeat(2_000), 101);
        assert!(long.len() <= 101 && long.len() > 97 && long.ends_with('…'));
        assert_eq!(plain("abc", 1), "…");
    }

    /// Nothing that is left reads as a tag, whatever comes.
    #[test]
    fn nested_tags_leave_none() {
        for text in ["<scr<b>ipt>x", "<<b>b>x", "<b<b>>x", "<a href='>'>x</a>"] {
            let left = plain(text, 200);
            assert!(
                !left.contains("<b>") && !left.contains("<script>"),
                "{left}"
            );
        }
    }
}
