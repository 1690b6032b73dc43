//! What screens are made of.

mod badge;
mod field;
mod local_time;
mod number;
mod time;

use maud::{Markup, html};

use super::form::{Form, Wrong};
use super::visitor::Visitor;
use crate::provision::{IDEMPOTENCY_KEY, Problem};

pub(super) use badge::{effect, effect_word, environment, state};
pub(super) use field::{Choice, Field, boxes, choose, options, radios};
pub(super) use local_time::{read_local, write_local};
pub(super) use number::{milliseconds, number};
pub(super) use time::{ago, time, until, when, zone_name};

/// What tells a form of this session from others.
pub(super) fn csrf(visitor: &Visitor) -> Markup {
    html! { input type="hidden" name="csrf" value=(visitor.csrf); }
}

/// A text that somebody else wrote: it may run from right to left, and must not turn what is around it.
pub(super) fn text(text: &str) -> Markup {
    html! { bdi { (text) } }
}

/// A button that does something at once.
pub(super) fn button(visitor: &Visitor, action: &str, label: &str, class: &str) -> Markup {
    html! {
        form.inline method="post" action=(action) {
            (csrf(visitor))
            button class=(class) type="submit" { (label) }
        }
    }
}

/// What can be copied, with a button that the script shows.
pub(super) fn copy(id: &str, label: &str, content: &str) -> Markup {
    html! {
        div.copy {
            pre tabindex="0" role="group" aria-label=(label) { code id=(id) { (content) } }
            button type="button" data-copy=(id) hidden { "Copy" span.hidden { " " (label) } }
        }
    }
}

/// A table that scrolls by itself where it does not fit.
pub(super) fn table(caption: &str, head: &Markup, body: &Markup) -> Markup {
    html! {
        div.scroll tabindex="0" role="region" aria-label=(caption) {
            table {
                caption.hidden { (caption) }
                thead { (head) }
                tbody { (body) }
            }
        }
    }
}

/// All that is wrong with a form or a query, above it.
pub(super) fn problems(wrong: &Wrong) -> Markup {
    // A query changes nothing anyway.
    let is_query = |problem: &Problem| problem.pointer.starts_with('?');
    let end = if wrong.0.iter().all(is_query) {
        "."
    } else {
        "; nothing was changed."
    };
    html! {
        @if !wrong.is_empty() {
            div #problems.notice.bad role="alert" tabindex="-1" {
                p { strong {
                    @if wrong.0.len() == 1 { "One thing is wrong" } @else { (wrong.0.len()) " things are wrong" }
                    (end)
                } }
                ul { @for problem in &wrong.0 { li { (said(problem)) } } }
            }
        }
    }
}

/// What is wrong, and where, in words.
fn said(problem: &Problem) -> Markup {
    if problem.pointer == IDEMPOTENCY_KEY {
        return html! {
            "This form was sent before, with other values. Look whether that was done; if you want this as well, \
             send it again."
        };
    }
    let name = problem
        .pointer
        .trim_start_matches("/config")
        .trim_matches(['/', '?']);
    let is_index = |step: &&str| step.bytes().all(|byte| byte.is_ascii_digit());
    let steps: Vec<&str> = name.split('/').filter(|step| !is_index(step)).collect();
    let name = steps.join(" › ").replace("~1", "/").replace("~0", "~");
    let name = name.replace('_', " ").replace("api ", "API ");
    html! {
        @if !name.is_empty() { b { (name) } ": " }
        (problem.detail)
    }
}

/// The way to the other pages of a list. Its path may end with the place on the screen, as in `/ui/activity#calls`.
pub(super) fn pager(path: &str, query: &Form, next: Option<&str>) -> Markup {
    let (path, place) = path.split_at(path.find('#').unwrap_or(path.len()));
    let address = |cursor: Option<&str>| {
        let mut encoder = form_urlencoded::Serializer::new(String::new());
        for (name, value) in query.pairs() {
            if !matches!(name.as_str(), "cursor" | "done") && !value.is_empty() {
                encoder.append_pair(name, value);
            }
        }
        if let Some(cursor) = cursor {
            encoder.append_pair("cursor", cursor);
        }
        format!("{path}?{}{place}", encoder.finish())
    };
    let is_later = query.get("cursor").is_some();
    html! {
        @if is_later || next.is_some() {
            nav.pager aria-label="Pages" {
                @if is_later { a href=(address(None)) { "Newest" } }
                @if let Some(next) = next { a rel="next" href=(address(Some(next))) { "Older" } }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_on_the_screen_stands_behind_the_query() {
        let query = Form::parse(b"tool=a&cursor=b&done=c&client=");
        let html = pager("/ui/activity#calls", &query, Some("d")).into_string();
        assert!(html.contains("\"/ui/activity?tool=a#calls\""), "{html}");
        assert!(
            html.contains("\"/ui/activity?tool=a&amp;cursor=d#calls\""),
            "{html}"
        );
        let html = pager("/ui/servers", &query, None).into_string();
        assert!(html.contains("\"/ui/servers?tool=a\""), "{html}");
    }

    #[test]
    fn what_is_wrong_is_told_with_where_it_is() {
        let told = |pointer: &str| {
            let pointer = pointer.to_owned();
            let detail = "is odd".to_owned();
            said(&Problem { pointer, detail }).into_string()
        };
        assert_eq!(
            told("/cardDetails/expiryMonth"),
            "<b>cardDetails › expiryMonth</b>: is odd"
        );
        assert_eq!(told("/addOns/0/unit"), "<b>addOns › unit</b>: is odd");
        assert_eq!(told("/config/tags/1"), "<b>tags</b>: is odd");
        assert_eq!(told("/api_key"), "<b>API key</b>: is odd");
        assert_eq!(told("?account"), "<b>account</b>: is odd");
        assert_eq!(told(""), "is odd");
    }
}
