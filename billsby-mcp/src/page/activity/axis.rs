//! Where the axes of a chart have their marks. Lengths are in tenths of the drawing's unit, so that all of it
//! are whole numbers.

use std::fmt;

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// The most marks of an axis of time.
const MOST_MARKS: i64 = 5;
/// The same where marks have their year.
const MOST_LONG_MARKS: i64 = 4;
/// How far marks may be apart, in minutes.
const STEPS: [i64; 16] = [
    5, 10, 15, 30, 60, 120, 180, 240, 360, 720, 1_440, 2_880, 7_200, 10_080, 20_160, 43_200,
];
const DAY: i64 = 1_440;
/// From this on a day needs its year.
const YEAR: i64 = 365 * DAY;

/// A length.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Tenths(pub(super) u64);

impl fmt::Display for Tenths {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.0 / 10, self.0 % 10)
    }
}

/// An axis from one time to another, over a length.
#[derive(Debug, Clone, Copy)]
pub(super) struct Times {
    pub(super) from: Timestamp,
    pub(super) until: Timestamp,
    pub(super) length: u64,
}

impl Times {
    /// How far along it a time is.
    pub(super) fn place(&self, at: Timestamp) -> u64 {
        let whole = self.until.duration_since(self.from).as_millis();
        let part = at.duration_since(self.from).as_millis();
        if whole <= 0 {
            return 0;
        }
        let place = part.clamp(0, whole) * i128::from(self.length) / whole;
        u64::try_from(place).unwrap_or(0)
    }

    /// Round times of the viewer's clock, and what to write at them.
    pub(super) fn marks(&self, zone: &TimeZone) -> Vec<(Timestamp, String)> {
        let minutes = self.until.duration_since(self.from).as_mins();
        let with_year = minutes > YEAR;
        let most = if with_year {
            MOST_LONG_MARKS
        } else {
            MOST_MARKS
        };
        let fits = |step: &i64| *step * most >= minutes;
        let step = STEPS.into_iter().find(fits);
        let step = step.unwrap_or((minutes / most / DAY + 1) * DAY);
        let first = zone.to_datetime(self.from);
        let Ok(mut local) = first
            .date()
            .to_datetime(jiff::civil::Time::midnight())
            .checked_add(SignedDuration::from_mins(
                i64::from(first.hour()) * 60 / step * step,
            ))
        else {
            return Vec::new();
        };
        let mut marks = Vec::new();
        // Where the clocks are put back or forward, marks stay round.
        while let Ok(at) = zone.to_timestamp(local) {
            if at >= self.until {
                break;
            }
            if at >= self.from {
                marks.push((at, words(local, with_year)));
            }
            let Ok(next) = local.checked_add(SignedDuration::from_mins(step)) else {
                break;
            };
            local = next;
        }
        marks
    }
}

/// The time, or at midnight the day.
fn words(local: DateTime, with_year: bool) -> String {
    let is_midnight = local.hour() == 0 && local.minute() == 0;
    let shape = match (is_midnight, with_year) {
        (true, true) => "%Y-%m-%d",
        (true, false) => "%m-%d",
        (false, _) => "%H:%M",
    };
    local.strftime(shape).to_string()
}

/// An axis of numbers from nothing up to a round one that no value passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Numbers {
    step: u64,
    pub(super) most: u64,
}

impl Numbers {
    /// The axis for values up to this one.
    pub(super) fn up_to(largest: u64) -> Self {
        let mut power: u64 = 1;
        loop {
            for factor in [1, 2, 5] {
                let step = power.saturating_mul(factor);
                if step.saturating_mul(4) >= largest || step == u64::MAX {
                    let most = largest.div_ceil(step).max(1).saturating_mul(step);
                    return Self { step, most };
                }
            }
            power = power.saturating_mul(10);
        }
    }

    /// Where its marks are.
    pub(super) fn marks(&self) -> impl Iterator<Item = u64> + use<> {
        let step = self.step;
        (0..=self.most / step).map(move |index| index * step)
    }

    /// How high up a value is, over a length.
    pub(super) fn place(&self, value: u64, length: u64) -> u64 {
        let place = u128::from(value.min(self.most)) * u128::from(length) / u128::from(self.most);
        u64::try_from(place).unwrap_or(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marks(from: &str, until: &str, zone: &str) -> String {
        let times = Times {
            from: from.parse().unwrap(),
            until: until.parse().unwrap(),
            length: 1_000,
        };
        let marks = times.marks(&TimeZone::get(zone).unwrap());
        let words: Vec<String> = marks.into_iter().map(|(_, words)| words).collect();
        words.join(" ")
    }

    #[test]
    fn numbers_have_few_round_marks() {
        for (largest, expected) in [
            (0, &[0, 1][..]),
            (1, &[0, 1]),
            (4, &[0, 1, 2, 3, 4]),
            (5, &[0, 2, 4, 6]),
            (37, &[0, 10, 20, 30, 40]),
            (1_234, &[0, 500, 1_000, 1_500]),
        ] {
            let axis = Numbers::up_to(largest);
            assert_eq!(axis.marks().collect::<Vec<_>>(), expected, "{largest}");
        }
        let axis = Numbers::up_to(u64::MAX);
        assert_eq!(axis.place(u64::MAX, 100), 100);
        assert_eq!(Numbers::up_to(4).place(1, 100), 25);
    }

    #[test]
    fn times_are_round_in_the_viewers_zone() {
        let day = ("2026-11-22T13:30:00Z", "2026-11-23T13:30:00Z");
        assert_eq!(marks(day.0, day.1, "UTC"), "18:00 11-23 06:00 12:00");
        assert_eq!(
            marks(day.0, day.1, "Asia/Kolkata"),
            "11-23 06:00 12:00 18:00"
        );
        assert_eq!(
            marks("2026-11-23T13:07:00Z", "2026-11-23T14:07:00Z", "UTC"),
            "13:15 13:30 13:45 14:00"
        );
        assert_eq!(
            marks("2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z", "UTC"),
            "11-01 11-08 11-15 11-22 11-29"
        );
        assert_eq!(
            marks("2024-01-01T00:00:00Z", "2026-01-01T00:00:00Z", "UTC"),
            "2024-01-01 2024-07-02 2025-01-01 2025-07-03"
        );
    }

    #[test]
    fn they_stay_round_where_the_clocks_are_put_back() {
        let marks = marks(
            "2026-10-24T22:00:00Z",
            "2026-10-25T22:00:00Z",
            "Europe/Berlin",
        );
        assert_eq!(marks, "10-25 06:00 12:00 18:00");
    }

    #[test]
    fn times_have_their_place() {
        let from: Timestamp = "2026-11-23T00:00:00Z".parse().unwrap();
        let later = |hours| from + SignedDuration::from_hours(hours);
        let times = Times {
            from,
            until: later(10),
            length: 1_000,
        };
        assert_eq!(times.place(from), 0);
        assert_eq!(times.place(later(5)), 500);
        assert_eq!(times.place(later(11)), 1_000);
        let nothing = Times {
            until: from,
            ..times
        };
        assert_eq!(nothing.place(later(1)), 0);
        assert!(nothing.marks(&TimeZone::UTC).is_empty());
    }
}
