//! What came of a try.

use maud::{Markup, html};
use serde_json::Value;

use crate::page::form::Wrong;
use crate::page::part;
use crate::provision::{Problem, Tried};

/// What came of it, as people read it and as a model does.
pub(super) fn result(tried: &Tried) -> Markup {
    let class = if tried.is_error { "bad" } else { "good" };
    html! {
        section #result tabindex="-1" aria-labelledby="result-title" {
            h2 #result-title { "Result" }
            p.notice.(class) role=(if tried.is_error { "alert" } else { "status" }) {
                @if tried.is_error { strong { "The call failed." } (reason(tried)) }
                @else { strong { "The call succeeded." } }
                " It took " (part::milliseconds(tried.milliseconds)) ". A model would spend about "
                (part::number(tried.tokens)) " tokens on the answer."
            }
            @if let Some(body) = &tried.body {
                pre.result tabindex="0" role="group" aria-label="The answer" { (format!("{body:#}")) }
            }
            details {
                summary { "The text that a model reads" }
                pre.result tabindex="0" role="group" aria-label="The text that a model reads" { (tried.text) }
            }
        }
    }
}

/// Why a call failed, and what to do next.
fn reason(tried: &Tried) -> Markup {
    let text = |member: &str| tried.body.as_ref()?.get(member)?.as_str();
    html! {
        @if let Some(message) = text("message") { " " (part::text(message.trim_end_matches('.'))) "." }
        @if let Some(next) = text("next") { " " (next) }
    }
}

/// What the tool's own check found wrong, to be shown at the controls as well.
pub(super) fn wrong(tried: &Tried) -> Wrong {
    let problems = tried.body.as_ref().filter(|_| tried.is_error);
    let problems = problems.and_then(|body| body.get("problems")?.as_array());
    let problems = problems.into_iter().flatten().filter_map(|problem| {
        let text = |member: &str| problem.get(member).and_then(Value::as_str);
        Some(Problem {
            pointer: pointer(text("field")?),
            detail: text("problem")?.to_owned(),
        })
    });
    Wrong(problems.collect())
}

/// Where a field is: `/addOns/0/quantity` for `addOns[0].quantity`.
fn pointer(field: &str) -> String {
    let parts = field.split(['.', '[', ']']).filter(|part| !part.is_empty());
    parts.flat_map(|part| ["/", part]).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn tried(is_error: bool) -> Tried {
        let body = json!({
            "message": "<b>no</b>",
            "problems": [{"field": "addOns[0].quantity", "problem": "expected a whole number"}],
        });
        Tried {
            text: "<script>".to_owned(),
            body: Some(body),
            is_error,
            milliseconds: 12,
            tokens: 12_345,
        }
    }

    #[test]
    fn what_the_check_found_is_shown_at_the_control() {
        let found = wrong(&tried(true));
        let at: Vec<&str> = found.at("/addOns").collect();
        assert_eq!(at, ["expected a whole number"]);
        assert!(wrong(&tried(false)).is_empty());
    }

    #[test]
    fn nothing_of_an_answer_is_markup() {
        let shown = result(&tried(true)).into_string();
        assert!(shown.contains("&lt;script&gt;") && !shown.contains("<script"));
        assert!(shown.contains("&lt;b&gt;no&lt;/b&gt;"));
        assert!(shown.contains("12\u{202f}345 tokens"));
    }
}
