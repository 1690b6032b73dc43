//! Path templates and the parameters that fill them.

use serde_json::Value;

use super::operations;
use crate::diagnostic::{Diagnostics, Pointer};

pub(super) fn check(document: &Value, diagnostics: &mut Diagnostics) {
    for (pointer, path, _, operation) in operations(document) {
        let Some(names) = template_names(path) else {
            let message = format!(
                "the path template `{path}` has an unmatched brace or does not start with `/`"
            );
            let help = "write each parameter as {name} in a segment of its own";
            diagnostics.error("path-template", &pointer, message, help);
            continue;
        };
        let declared = path_parameters(document, path, operation);
        for name in names.iter().filter(|name| !declared.contains(name)) {
            let message =
                format!("the path names {{{name}}}, but no path parameter `{name}` is declared");
            let help = "declare it under `parameters` with `in: path`, or correct the spelling of one of the two";
            diagnostics.error("path-parameter-missing", &pointer, message, help);
        }
        for name in declared.iter().filter(|name| !names.contains(name)) {
            let message =
                format!("the path parameter `{name}` does not occur in the path `{path}`");
            let help = format!("put {{{name}}} into the path, or delete the parameter");
            diagnostics.error("path-parameter-extra", &pointer, message, help);
        }
        for (index, name) in names.iter().enumerate() {
            if names[..index].contains(name) {
                let message = format!("the path names {{{name}}} twice");
                diagnostics.error(
                    "path-template",
                    &pointer,
                    message,
                    "give the two parameters different names",
                );
            }
        }
        bad_segments(path, &pointer, diagnostics);
    }
}

fn bad_segments(path: &str, pointer: &Pointer, diagnostics: &mut Diagnostics) {
    for segment in path.split('/').skip(1) {
        let literal = !segment.contains(['{', '}']);
        let whole_parameter =
            segment.starts_with('{') && segment.ends_with('}') && segment.matches('{').count() == 1;
        let safe = |c: char| c.is_ascii_alphanumeric() || "-._~".contains(c);
        let is_fine = whole_parameter
            || (literal && !["", ".", ".."].contains(&segment) && segment.chars().all(safe));
        if !is_fine && path != "/" {
            let message = format!("the path segment `{segment}` cannot be sent as it stands");
            let help = "a segment is either one {parameter} or letters, digits, `-`, `.`, `_` and `~` only, and not `.` or `..`";
            diagnostics.error("path-segment", pointer, message, help);
        }
    }
}

/// The parameter names of a template, or nothing if its braces do not match.
pub(crate) fn template_names(path: &str) -> Option<Vec<&str>> {
    let mut names = Vec::new();
    let mut rest = path.strip_prefix('/')?;
    while let Some(open) = rest.find(['{', '}']) {
        let inside = rest[open..].strip_prefix('{')?;
        let close = inside.find(['{', '}'])?;
        let after = inside[close..].strip_prefix('}')?;
        names.push(&inside[..close]);
        rest = after;
    }
    (!names.contains(&"")).then_some(names)
}

/// Names of the parameters `in: path` of the operation and of its path item.
fn path_parameters<'a>(document: &'a Value, path: &str, operation: &'a Value) -> Vec<&'a str> {
    let of_item = document
        .get("paths")
        .and_then(|paths| paths.get(path)?.get("parameters"));
    let lists = [of_item, operation.get("parameters")];
    let mut names = Vec::new();
    for parameter in lists
        .into_iter()
        .flatten()
        .filter_map(Value::as_array)
        .flatten()
    {
        let parameter = resolve(document, parameter);
        if parameter.get("in").and_then(Value::as_str) == Some("path")
            && let Some(name) = parameter.get("name").and_then(Value::as_str)
            && !names.contains(&name)
        {
            names.push(name);
        }
    }
    names
}

fn resolve<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    let target = value
        .get("$ref")
        .and_then(Value::as_str)
        .and_then(|reference| document.pointer(reference.strip_prefix('#')?));
    target.unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::template_names;

    #[test]
    fn names_are_found_in_order() {
        assert_eq!(template_names("/a/{b}/c/{d}"), Some(vec!["b", "d"]));
        assert_eq!(template_names("/a"), Some(vec![]));
    }

    #[test]
    fn unmatched_braces_are_refused() {
        for path in ["a", "/{", "/}", "/{a", "/{a{b}}", "/{}", "/a}b{"] {
            assert_eq!(template_names(path), None, "{path}");
        }
    }
}
