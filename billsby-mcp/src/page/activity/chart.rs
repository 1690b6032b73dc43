//! Calls over time as drawings, with the same numbers as a table.

use std::fmt::Write as _;

use jiff::tz::TimeZone;
use maud::{Markup, html};

use super::axis::{Numbers, Tenths, Times};
use crate::page::part;
use crate::page::visitor::Visitor;
use crate::provision::{Timeline, TimelinePoint};

/// The drawing and where in it the values are, in tenths of its unit.
const SIZE: &str = "0 0 400 190";
const LEFT: u64 = 460;
const RIGHT: u64 = 3_850;
const TOP: u64 = 300;
const BOTTOM: u64 = 1_680;
const HEIGHT: u64 = BOTTOM - TOP;
/// Above this, times are written in seconds.
const LONG: u64 = 10_000;

/// What is drawn over time.
struct Plot<'a> {
    zone: &'a TimeZone,
    timeline: &'a Timeline,
    times: Times,
    numbers: Numbers,
    /// How much of a value is written as one.
    unit: u64,
}

/// The drawings: how many calls, and how long they took.
pub(super) fn charts(visitor: &Visitor, timeline: &Timeline) -> Markup {
    let sum = |count: fn(&TimelinePoint) -> u64| timeline.points.iter().map(count).sum::<u64>();
    let calls = sum(|point| point.calls);
    let errors = sum(|point| point.errors);
    let writes = sum(|point| point.writes);
    html! {
        p #totals {
            (counted(calls, "call")) ", "
            (counted(errors, "error")) ", "
            (part::number(writes)) " of tools that can change something, from "
            (part::time(visitor, timeline.from)) " to " (part::time(visitor, timeline.until)) "."
        }
        div.charts {
            (calls_chart(&visitor.zone, timeline))
            (latency_chart(&visitor.zone, timeline))
        }
        @if calls > 0 { (numbers(visitor, timeline)) }
    }
}

fn calls_chart(zone: &TimeZone, timeline: &Timeline) -> Markup {
    let most = timeline.points.iter().map(|point| point.calls).max();
    let plot = Plot::new(zone, timeline, most.unwrap_or(0), 1);
    let description = match most {
        None | Some(0) => "No calls in this time.".to_owned(),
        Some(most) => format!("At most {most} calls in one step. The numbers follow as a table."),
    };
    let legend = [("calls", "without error"), ("errors", "with error")];
    plot.figure("calls", "Calls", &description, &legend, &plot.bars())
}

fn latency_chart(zone: &TimeZone, timeline: &Timeline) -> Markup {
    let most = timeline.points.iter().filter_map(|point| point.p95).max();
    let largest = u64::from(most.unwrap_or(0));
    let (unit, title) = if largest >= LONG {
        (1_000, "Time taken, in seconds")
    } else {
        (1, "Time taken, in milliseconds")
    };
    let plot = Plot::new(zone, timeline, largest, unit);
    let description = match most {
        None => "No calls in this time.".to_owned(),
        Some(most) => format!(
            "95 of 100 calls took at most {} in the slowest step. The numbers follow as a table.",
            part::milliseconds(most)
        ),
    };
    let legend = [
        ("line", "half of the calls at most"),
        ("line high", "95 of 100 at most"),
    ];
    let lines = html! {
        path.line d=(plot.line(|point| point.p50)) fill="none" {}
        path.line.high d=(plot.line(|point| point.p95)) fill="none" {}
    };
    plot.figure("latency", title, &description, &legend, &lines)
}

impl<'a> Plot<'a> {
    fn new(zone: &'a TimeZone, timeline: &'a Timeline, largest: u64, unit: u64) -> Self {
        Self {
            zone,
            timeline,
            times: Times {
                from: timeline.from,
                until: timeline.until,
                length: RIGHT - LEFT,
            },
            numbers: Numbers::up_to(largest),
            unit,
        }
    }

    fn figure(
        &self,
        id: &str,
        title: &str,
        description: &str,
        legend: &[(&str, &str)],
        values: &Markup,
    ) -> Markup {
        let is_empty = self.timeline.points.iter().all(|point| point.calls == 0);
        html! {
            div.figure {
                h3 { (title) }
                svg.chart id={ "chart-" (id) } viewBox=(SIZE) role="img" aria-labelledby={ (id) "-title " (id) "-description" } {
                    title id={ (id) "-title" } { (title) }
                    desc id={ (id) "-description" } { (description) }
                    (self.grid())
                    @if is_empty {
                        text x="215" y="100" text-anchor="middle" { "No calls in this time" }
                    } @else {
                        (explained(legend))
                        (values)
                    }
                }
            }
        }
    }

    /// The axes with their marks.
    fn grid(&self) -> Markup {
        html! {
            @for value in self.numbers.marks() {
                @let y = Tenths(BOTTOM - self.numbers.place(value, HEIGHT));
                line.grid x1=(Tenths(LEFT)) x2=(Tenths(RIGHT)) y1=(y) y2=(y) {}
                text x=(Tenths(LEFT - 50)) y=(y) dy="4" text-anchor="end" { (part::number(value / self.unit)) }
            }
            @for (at, words) in self.times.marks(self.zone) {
                @let x = Tenths(LEFT + self.times.place(at));
                line.grid x1=(x) x2=(x) y1=(Tenths(BOTTOM)) y2=(Tenths(BOTTOM + 40)) {}
                text x=(x) y=(Tenths(BOTTOM + 160)) text-anchor="middle" { (words) }
            }
        }
    }

    fn bars(&self) -> Markup {
        let zero = Tenths(0);
        html! {
            @for (index, point) in self.timeline.points.iter().enumerate() {
                @if point.calls > 0 {
                    @let (left, right) = self.edges(index);
                    @let width = Tenths((right - left).saturating_sub(10).max(10));
                    @let all = self.numbers.place(point.calls, HEIGHT);
                    @let errors = Tenths(self.numbers.place(point.errors, HEIGHT));
                    @let others = Tenths(all.saturating_sub(errors.0));
                    g {
                        title { (self.step(point)) }
                        @if others > zero { rect.calls x=(Tenths(left)) y=(Tenths(BOTTOM - others.0)) width=(width) height=(others) {} }
                        @if errors > zero { rect.errors x=(Tenths(left)) y=(Tenths(BOTTOM - all)) width=(width) height=(errors) {} }
                    }
                }
            }
        }
    }

    /// Where a step begins and ends.
    fn edges(&self, index: usize) -> (u64, u64) {
        let points = &self.timeline.points;
        let until = points
            .get(index + 1)
            .map_or(self.timeline.until, |next| next.at);
        let from = points.get(index).map_or(until, |point| point.at);
        (
            LEFT + self.times.place(from),
            LEFT + self.times.place(until),
        )
    }

    /// A line through the middles of the steps that have a value; for one that stands alone, a line over its length.
    fn line(&self, value: impl Fn(&TimelinePoint) -> Option<u32>) -> String {
        let points = &self.timeline.points;
        let value = |index: usize| points.get(index).and_then(&value);
        let mut path = String::new();
        let mut is_drawn = false;
        for index in 0..points.len() {
            let Some(height) = value(index) else {
                is_drawn = false;
                continue;
            };
            let (left, right) = self.edges(index);
            let x = Tenths(left.midpoint(right));
            let y = Tenths(BOTTOM - self.numbers.place(height.into(), HEIGHT));
            // Writing to a String cannot fail.
            let _ = if is_drawn {
                write!(path, "L{x} {y}")
            } else if value(index + 1).is_some() {
                write!(path, "M{x} {y}")
            } else {
                write!(path, "M{} {y}H{}", Tenths(left), Tenths(right))
            };
            is_drawn = true;
        }
        path
    }

    /// A step in words.
    fn step(&self, point: &TimelinePoint) -> String {
        let at = point.at.to_zoned(self.zone.clone());
        format!(
            "{}: {}, {} with error",
            at.strftime("%Y-%m-%d %H:%M"),
            counted(point.calls, "call"),
            part::number(point.errors)
        )
    }
}

/// What is what, on top of a drawing.
fn explained(legend: &[(&str, &str)]) -> Markup {
    html! {
        @for (index, (class, words)) in legend.iter().enumerate() {
            @let x = 46 + index * 165;
            @if class.starts_with("line") {
                path class=(class) d={ "M" (x) " 14h18" } fill="none" {}
            } @else {
                rect class=(class) x=(x) y="9" width="18" height="10" {}
            }
            text x=(x + 24) y="18" { (words) }
        }
    }
}

/// The steps that have calls, as a table.
fn numbers(visitor: &Visitor, timeline: &Timeline) -> Markup {
    let head = html! {
        tr {
            th scope="col" { "From" }
            th.number scope="col" { "Calls" }
            th.number scope="col" { "With error" }
            th.number scope="col" { "Can change something" }
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

fn counted(count: u64, what: &str) -> String {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn timeline(points: &[(u64, u64, Option<u32>)]) -> Timeline {
        let from = "2026-11-23T12:00:00Z".parse().unwrap();
        let step = jiff::SignedDuration::from_mins(30);
        let mut at = from;
        let points = points.iter().map(|&(calls, errors, p95)| {
            let point = TimelinePoint {
                at,
                calls,
                errors,
                writes: 0,
                p50: p95.map(|p95| p95 / 2),
                p95,
            };
            at = at.saturating_add(step).unwrap();
            point
        });
        let points = points.collect();
        Timeline {
            from,
            until: at,
            step_seconds: 1_800,
            points,
        }
    }

    #[test]
    fn errors_stand_on_what_went_well() {
        let timeline = timeline(&[(0, 0, None), (10, 4, Some(8)), (2, 2, Some(8))]);
        let drawn = calls_chart(&TimeZone::UTC, &timeline).into_string();
        // The plot goes up 138 to the mark at 10.
        for bar in [
            r#"<rect class="calls" x="159.0" y="85.2" width="112.0" height="82.8">"#,
            r#"<rect class="errors" x="159.0" y="30.0" width="112.0" height="55.2">"#,
            "2026-11-23 12:30: 10 calls, 4 with error",
        ] {
            assert!(drawn.contains(bar), "{bar}: {drawn}");
        }
        // The legend has one of each; the last step has only errors.
        assert_eq!(drawn.matches(r#"class="calls""#).count(), 2);
        assert_eq!(drawn.matches(r#"class="errors""#).count(), 3);
    }

    #[test]
    fn a_line_is_broken_where_nothing_was_called() {
        let timeline = timeline(&[
            (1, 0, Some(2)),
            (1, 0, Some(4)),
            (0, 0, None),
            (1, 0, Some(4)),
        ]);
        let zone = TimeZone::UTC;
        let plot = Plot::new(&zone, &timeline, 4, 1);
        let line = plot.line(|point| point.p95);
        assert_eq!(line, "M88.3 99.0L173.1 30.0M300.2 30.0H385.0");
    }

    #[test]
    fn long_times_are_in_seconds() {
        let timeline = timeline(&[(1, 0, Some(60_000))]);
        let drawn = latency_chart(&TimeZone::UTC, &timeline).into_string();
        assert!(drawn.contains("in seconds") && drawn.contains(">60</text>"));
    }

    #[test]
    fn without_calls_it_says_so() {
        for points in [&[][..], &[(0, 0, None)]] {
            let timeline = timeline(points);
            let drawn = calls_chart(&TimeZone::UTC, &timeline).into_string();
            assert!(drawn.contains("No calls in this time</text>"));
            let drawn = latency_chart(&TimeZone::UTC, &timeline).into_string();
            assert!(drawn.contains("No calls in this time</text>"));
        }
    }
}
