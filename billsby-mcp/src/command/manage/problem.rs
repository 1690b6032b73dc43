//! What the admin API says is wrong, under the names of the options.

use std::fmt;

use serde::Deserialize;

use super::table::plain;

/// A refusal, as RFC 9457 describes them.
#[derive(Debug, Deserialize)]
pub(crate) struct Problem {
    /// The status of the answer.
    pub(super) status: u16,
    #[serde(default)]
    title: String,
    #[serde(default)]
    detail: String,
    #[serde(default)]
    errors: Vec<Located>,
    #[serde(default)]
    request_id: Option<String>,
}

/// One thing that is wrong with a body.
#[derive(Debug, Deserialize)]
struct Located {
    pointer: String,
    detail: String,
}

impl Problem {
    /// Whether what was asked for is at fault, and asking again will not help.
    pub(super) const fn is_wrong_usage(&self) -> bool {
        matches!(self.status, 400 | 413 | 415 | 422)
    }
}

/// A line for everything that is wrong.
impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.errors.is_empty() {
            let said = if self.detail.is_empty() {
                &self.title
            } else {
                &self.detail
            };
            write!(f, "{} ({}", plain(said), self.status)?;
            if let Some(id) = &self.request_id {
                write!(f, ", request {}", plain(id))?;
            }
            return f.write_str(")");
        }
        for (index, error) in self.errors.iter().enumerate() {
            if index > 0 {
                f.write_str("\nbillsby-mcp: ")?;
            }
            write!(f, "{}: {}", option(&error.pointer), plain(&error.detail))?;
        }
        Ok(())
    }
}

/// The option that sets what a JSON pointer points at.
fn option(pointer: &str) -> String {
    let path = pointer.strip_prefix("/config").unwrap_or(pointer);
    // A parameter of the query begins with a question mark.
    let name = path.split(['/', '?']).nth(1).unwrap_or_default();
    match name {
        "" => "the request".to_owned(),
        "expires_at" => "--expires".to_owned(),
        "api_key" => "the API key".to_owned(),
        "server_id" => "--server".to_owned(),
        name => format!("--{}", plain(name).replace('_', "-")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn shown(problem: serde_json::Value) -> String {
        let problem: Problem = serde_json::from_value(problem).unwrap();
        problem.to_string()
    }

    #[test]
    fn every_error_has_a_line_with_its_option() {
        let problem = json!({"status": 422, "title": "t", "errors": [
            {"pointer": "/config/exclude_tools/0", "detail": "there is no tool \"a\""},
            {"pointer": "/expires_at", "detail": "it is over"},
            {"pointer": "?limit", "detail": "too many"},
            {"pointer": "", "detail": "not an object\u{1b}[2J"},
        ]});
        assert_eq!(
            shown(problem),
            "--exclude-tools: there is no tool \"a\"\nbillsby-mcp: --expires: it is over\n\
             billsby-mcp: --limit: too many\nbillsby-mcp: the request: not an object\u{fffd}[2J"
        );
    }

    #[test]
    fn without_errors_the_detail_counts() {
        let problem = json!({"status": 409, "title": "Conflict", "detail": "it has ended", "request_id": "r1"});
        assert_eq!(shown(problem), "it has ended (409, request r1)");
        assert_eq!(
            shown(json!({"status": 500, "title": "Broken"})),
            "Broken (500)"
        );
    }
}
