//! Times in the viewer's zone.

use jiff::{SignedDuration, Timestamp};
use maud::{Markup, html};

use crate::page::visitor::Visitor;

/// A time.
pub(in crate::page) fn time(visitor: &Visitor, at: Timestamp) -> Markup {
    let local = at.to_zoned(visitor.zone.clone());
    let shown = local.strftime("%Y-%m-%d %H:%M").to_string();
    let exact = local.strftime("%Y-%m-%d %H:%M:%S %:z").to_string();
    html! { time datetime=(at) title=(exact) { (shown) } }
}

/// A time that may not be there.
pub(in crate::page) fn when(visitor: &Visitor, at: Option<Timestamp>, none: &str) -> Markup {
    html! { @if let Some(at) = at { (time(visitor, at)) } @else { (none) } }
}

/// How long ago something was.
pub(in crate::page) fn ago(visitor: &Visitor, at: Timestamp) -> String {
    format!("{} ago", span(visitor.now.duration_since(at)))
}

/// How long there is until something.
pub(in crate::page) fn until(visitor: &Visitor, at: Timestamp) -> String {
    let left = at.duration_since(visitor.now);
    if left.is_positive() {
        // A second after it was made, a server for seven days ends in seven days.
        format!("in {}", span(left.saturating_add(slack(left))))
    } else {
        ago(visitor, at)
    }
}

/// The viewer's zone, with its difference from UTC now.
pub(in crate::page) fn zone_name(visitor: &Visitor) -> String {
    let now = visitor.now.to_zoned(visitor.zone.clone());
    match visitor.zone.iana_name() {
        Some(name) if name != "UTC" => format!("{name} ({})", now.strftime("%:z")),
        _ => "UTC".to_owned(),
    }
}

/// Half of what is not told.
fn slack(left: SignedDuration) -> SignedDuration {
    SignedDuration::from_secs(match left.as_secs() {
        0..3_600 => 30,
        3_600..172_800 => 1_800,
        _ => 43_200,
    })
}

fn span(span: SignedDuration) -> String {
    let seconds = span.as_secs().max(0);
    let (count, unit) = match seconds {
        0..60 => (seconds, "second"),
        60..3_600 => (seconds / 60, "minute"),
        3_600..172_800 => (seconds / 3_600, "hour"),
        _ => (seconds / 86_400, "day"),
    };
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {unit}{plural}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_in_the_largest_unit_that_says_enough() {
        let of = |seconds| span(SignedDuration::from_secs(seconds));
        assert_eq!(of(1), "1 second");
        assert_eq!(of(119), "1 minute");
        assert_eq!(of(7_199), "1 hour");
        assert_eq!(of(172_800), "2 days");
        assert_eq!(of(-5), "0 seconds");
    }

    #[test]
    fn what_is_left_is_rounded() {
        let of = |seconds| {
            let left = SignedDuration::from_secs(seconds);
            span(left + slack(left))
        };
        assert_eq!(of(7 * 86_400 - 1), "7 days");
        assert_eq!(of(3_599), "1 hour");
        assert_eq!(of(89), "1 minute");
    }
}
