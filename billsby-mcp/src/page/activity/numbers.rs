//! The numbers of the drawings as a table.

use maud::{Markup, html};

use crate::page::part;
use crate::page::visitor::Visitor;
use crate::provision::Timeline;

/// The steps that have calls, as a table.
pub(super) fn numbers(visitor: &Visitor, timeline: &Timeline) -> Markup {
    let head = html! {
        tr {
            th scope="col" { "From" }
            th.number scope="col" { "Calls" }
            th.number scope="col" { "With error" }
            th.number scope="col" { "Writes" }
            th.number scope="col" { "Half took at most" }
            th.number scope="col" { "95 of 100 took at most" }
        }
    };
    let time = |value: Option<u32>| value.map(part::milliseconds).unwrap_or_default();
    let body = html! {
        @for point in timeline.points.iter().filter(|point| point.calls > 0) {
            tr {
                th scope="row" { (part::time(visitor, point.at)) }
                td.number { (part::number(point.calls)) }
                td.number { (part::number(point.errors)) }
                td.number { (part::number(point.writes)) }
                td.number { (time(point.p50)) }
                td.number { (time(point.p95)) }
            }
        }
    };
    html! {
        details {
            summary { "The numbers as a table" }
            p.hint { "Each row stands for " (length(timeline.step_seconds)) "; steps without calls are left out." }
            (part::table("Calls over time", &head, &body))
        }
    }
}

/// A number of things.
pub(super) fn counted(count: u64, what: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{} {what}{plural}", part::number(count))
}

/// How long a step is.
fn length(seconds: u32) -> String {
    let (count, unit) = match seconds {
        0..3_600 => (seconds / 60, "minute"),
        3_600..86_400 => (seconds / 3_600, "hour"),
        _ => (seconds / 86_400, "day"),
    };
    counted(count.into(), unit)
}
