//! Calls over time as drawings, with the same numbers as a table.

use std::fmt::Write as _;

use jiff::tz::TimeZone;
use maud::{Markup, html};

use super::axis::{Numbers, Tenths, Times};
use super::numbers::{counted, numbers};
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
const WIDTH: u64 = 4_000;
/// Half of a letter, about: a long text at the right end must not pass it.
const HALF_LETTER: u64 = 30;
/// How large the mark of a value without neighbours is.
const DOT: &str = "1.5";
/// The legend: where it begins, how far its entries are apart, and how far in them a sample and its words are; in
/// whole units.
const LEGEND_LEFT: usize = 46;
const LEGEND_STEP: usize = 165;
const SAMPLE_WIDTH: usize = 18;
const WORDS_LEFT: usize = 24;
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
            (counted(writes, "write")) ", from "
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
        (plot.line("line", |point| point.p50))
        (plot.line("line high", |point| point.p95))
        (plot.latencies())
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
                text x=(within(x, &words)) y=(Tenths(BOTTOM + 160)) text-anchor="middle" { (words) }
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

    /// A line through the middles of the steps that have a value; a dot where one stands alone.
    fn line(&self, class: &str, value: impl Fn(&TimelinePoint) -> Option<u32>) -> Markup {
        let values: Vec<Option<u32>> = self.timeline.points.iter().map(value).collect();
        let mut path = String::new();
        let mut dots = Vec::new();
        for (index, value) in values.iter().enumerate() {
            let Some(height) = *value else {
                continue;
            };
            let (left, right) = self.edges(index);
            let x = Tenths(left.midpoint(right));
            let y = Tenths(BOTTOM - self.numbers.place(height.into(), HEIGHT));
            let is_drawn = index > 0 && values[index - 1].is_some();
            let goes_on = values.get(index + 1).is_some_and(Option::is_some);
            if is_drawn || goes_on {
                let command = if is_drawn { 'L' } else { 'M' };
                // Writing to a String cannot fail.
                let _ = write!(path, "{command}{x} {y}");
            } else {
                dots.push((x, y));
            }
        }
        html! {
            @if !path.is_empty() { path class=(class) d=(path) fill="none" {} }
            // With this length, the dashes of a line leave the dot whole.
            @for (x, y) in dots { circle class=(class) cx=(x) cy=(y) r=(DOT) pathLength="1" fill="none" {} }
        }
    }

    /// The values of each step, to be shown where one points at it.
    fn latencies(&self) -> Markup {
        html! {
            @for (index, point) in self.timeline.points.iter().enumerate() {
                @if let (Some(half), Some(most)) = (point.p50, point.p95) {
                    @let (left, right) = self.edges(index);
                    @let width = Tenths(right - left);
                    rect x=(Tenths(left)) y=(Tenths(TOP)) width=(width) height=(Tenths(HEIGHT)) fill="none" pointer-events="all" {
                        title {
                            (self.at(point)) ": half at most " (part::milliseconds(half))
                            ", 95 of 100 at most " (part::milliseconds(most))
                        }
                    }
                }
            }
        }
    }

    /// A step in words.
    fn step(&self, point: &TimelinePoint) -> String {
        format!(
            "{}: {}, {} with error",
            self.at(point),
            counted(point.calls, "call"),
            part::number(point.errors)
        )
    }

    /// When a step begins.
    fn at(&self, point: &TimelinePoint) -> String {
        let at = point.at.to_zoned(self.zone.clone());
        at.strftime("%Y-%m-%d %H:%M").to_string()
    }
}

/// The place for the middle of a text, so that it ends within the drawing.
fn within(x: Tenths, words: &str) -> Tenths {
    let half = words.chars().map(|_| HALF_LETTER).sum::<u64>();
    x.min(Tenths(WIDTH.saturating_sub(half)))
}

/// What is what, on top of a drawing.
fn explained(legend: &[(&str, &str)]) -> Markup {
    html! {
        @for (index, (class, words)) in legend.iter().enumerate() {
            @let x = LEGEND_LEFT + index * LEGEND_STEP;
            @if class.starts_with("line") {
                path class=(class) d={ "M" (x) " 14h" (SAMPLE_WIDTH) } fill="none" {}
            } @else {
                rect class=(class) x=(x) y="9" width=(SAMPLE_WIDTH) height="10" {}
            }
            text x=(x + WORDS_LEFT) y="18" { (words) }
        }
    }
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
        let line = plot.line("line", |point| point.p95).into_string();
        assert_eq!(
            line,
            r#"<path class="line" d="M88.3 99.0L173.1 30.0" fill="none"></path>"#.to_owned()
                + r#"<circle class="line" cx="342.6" cy="30.0" r="1.5" pathLength="1" fill="none"></circle>"#
        );
        let drawn = latency_chart(&zone, &timeline).into_string();
        assert_eq!(drawn.matches("half at most 2").count(), 2);
    }

    #[test]
    fn long_words_stay_within_the_drawing() {
        for (x, words, expected) in [
            (RIGHT, "11-23", RIGHT),
            (RIGHT, "2026-11-23", 3_700),
            (LEFT, "2026-11-23", LEFT),
        ] {
            assert_eq!(within(Tenths(x), words), Tenths(expected), "{words}");
        }
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
