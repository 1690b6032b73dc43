//! Builds the address of a call so that no value can change which address it is.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Everything but the characters that mean nothing in an address.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// Named values for a path or a query.
pub(crate) type Values = Vec<(Cow<'static, str>, String)>;

/// Builds `{base}/{service}{path}?{query}`.
///
/// A value fills a whole segment of the path. Empty ones and `.` and `..` are refused, because URL
/// libraries and servers resolve them even when they are percent-encoded.
pub(crate) fn build(
    base: &str,
    service: &str,
    template: &str,
    path: &Values,
    query: &Values,
) -> Result<String, String> {
    // Room for the usual address, so that it does not move as it grows.
    let mut url = String::with_capacity(256);
    url.push_str(base);
    if !service.is_empty() {
        url.push('/');
        url.push_str(service);
    }
    for segment in template.split('/').skip(1) {
        url.push('/');
        match placeholder(segment) {
            None => url.push_str(segment),
            Some(name) => push_segment(&mut url, name, path)?,
        }
    }
    let mut separator = '?';
    for (name, value) in query {
        url.push(separator);
        url.extend(utf8_percent_encode(name, ENCODED));
        url.push('=');
        url.extend(utf8_percent_encode(value, ENCODED));
        separator = '&';
    }
    Ok(url)
}

/// Checks a template that people wrote: every part of it must be sent as it stands, and every value
/// must have its place.
pub(crate) fn check(service: &str, template: &str, path: &Values) -> Result<(), String> {
    let Some(below) = template.strip_prefix('/') else {
        return Err("the path must begin with `/`".to_owned());
    };
    if !service.is_empty() && !is_plain(service) {
        return Err("the service must be one plain segment, such as `core`".to_owned());
    }
    for segment in below.split('/') {
        if !is_plain(placeholder(segment).unwrap_or(segment)) {
            return Err(format!(
                "`{segment}` cannot stand in a path template; put a name in braces and give its value separately"
            ));
        }
    }
    let has_place = |name: &str| below.split('/').any(|s| placeholder(s) == Some(name));
    for (name, _) in path {
        if name != "companyDomain" && !has_place(name) {
            return Err(format!("`{{{name}}}` is not in the path"));
        }
    }
    Ok(())
}

/// Whether a segment means nothing but itself.
fn is_plain(segment: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    !matches!(segment, "" | "." | "..") && segment.bytes().all(plain)
}

fn placeholder(segment: &str) -> Option<&str> {
    segment.strip_prefix('{')?.strip_suffix('}')
}

fn push_segment(url: &mut String, name: &str, values: &Values) -> Result<(), String> {
    let Some((_, value)) = values.iter().find(|(known, _)| *known == name) else {
        return Err(format!("`{name}` has no value"));
    };
    match value.as_str() {
        "" => Err(format!("`{name}` must not be empty")),
        "." | ".." => Err(format!("`{name}` must not be `.` or `..`")),
        value => {
            url.extend(utf8_percent_encode(value, ENCODED));
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Values, build, check};

    const BASE: &str = "https://api.test/rest";

    fn path(value: &str) -> Result<String, String> {
        let values: Values = vec![("tagName".into(), value.to_owned())];
        build(
            BASE,
            "core",
            "/tags/{tagName}/split",
            &values,
            &Values::new(),
        )
    }

    #[test]
    fn a_value_stays_in_its_segment() {
        let urls = [
            "plain-1_2.3~4",
            "a/b?c#d",
            "../../x",
            "%2e%2e",
            "a b+c",
            "é;=&@:",
            "\n\0",
            "...",
        ]
        .map(|value| path(value).unwrap());
        insta::assert_snapshot!(urls.join("\n"), @r"
        https://api.test/rest/core/tags/plain-1_2.3~4/split
        https://api.test/rest/core/tags/a%2Fb%3Fc%23d/split
        https://api.test/rest/core/tags/..%2F..%2Fx/split
        https://api.test/rest/core/tags/%252e%252e/split
        https://api.test/rest/core/tags/a%20b%2Bc/split
        https://api.test/rest/core/tags/%C3%A9%3B%3D%26%40%3A/split
        https://api.test/rest/core/tags/%0A%00/split
        https://api.test/rest/core/tags/.../split
        ");
    }

    #[test]
    fn values_that_would_vanish_are_refused() {
        let problems = ["", ".", ".."].map(|value| path(value).unwrap_err());
        insta::assert_snapshot!(problems.join("\n"), @r"
        `tagName` must not be empty
        `tagName` must not be `.` or `..`
        `tagName` must not be `.` or `..`
        ");
        let nothing = Values::new();
        let missing = build(BASE, "", "/{tagName}", &nothing, &nothing).unwrap_err();
        insta::assert_snapshot!(missing, @"`tagName` has no value");
    }

    #[test]
    fn a_query_has_no_plus_signs() {
        let query = vec![
            ("search".into(), "Ann & Bob + 1".to_owned()),
            ("page".into(), "1".to_owned()),
        ];
        let url = build(BASE, "", "/customers", &Values::new(), &query).unwrap();
        insta::assert_snapshot!(url, @"https://api.test/rest/customers?search=Ann%20%26%20Bob%20%2B%201&page=1");
    }

    #[test]
    fn templates_are_checked() {
        let values: Values = vec![("tagName".into(), "x".to_owned())];
        let problem = |service: &str, template: &str| match check(service, template, &values) {
            Ok(()) => "fine".to_owned(),
            Err(problem) => problem,
        };
        let problems = [
            problem("core", "/{companyDomain}/tags/{tagName}"),
            problem("", "/v1.0/{tagName}"),
            problem("core/v2", "/{tagName}"),
            problem("core", "tags/{tagName}"),
            problem("core", "/tags//{tagName}"),
            problem("core", "/tags/../{tagName}"),
            problem("core", "/tags?name={tagName}"),
            problem("core", "/tags/x-{tagName}"),
            problem("core", "/tags/{tag name}"),
            problem("core", "/tags/{tag}"),
        ];
        insta::assert_snapshot!(problems.join("\n"), @r"
        fine
        fine
        the service must be one plain segment, such as `core`
        the path must begin with `/`
        `` cannot stand in a path template; put a name in braces and give its value separately
        `..` cannot stand in a path template; put a name in braces and give its value separately
        `tags?name={tagName}` cannot stand in a path template; put a name in braces and give its value separately
        `x-{tagName}` cannot stand in a path template; put a name in braces and give its value separately
        `{tag name}` cannot stand in a path template; put a name in braces and give its value separately
        `{tagName}` is not in the path
        ");
    }
}
