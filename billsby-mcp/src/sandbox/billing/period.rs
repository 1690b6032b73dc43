//! Billing periods on the calendar, in UTC.

use jiff::civil::{DateTime, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

use crate::sandbox::company::{Cycle, Period, Unit};

const FIXED_DAY_OF_MONTH: i64 = 2;
const FIXED_DAY_OF_WEEK: i64 = 3;
const BY_REMAINING_DAYS: i64 = 3;
const NOTHING_UNTIL_NEXT_CYCLE: i64 = 2;

/// The part of a period that is billed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Share {
    pub(super) part: i64,
    pub(super) whole: i64,
}

impl Share {
    pub(super) const ALL: Self = Self { part: 1, whole: 1 };
    const NOTHING: Self = Self { part: 0, whole: 1 };

    /// This share of an amount, to the nearest minor unit.
    pub(super) fn of(self, amount: i64) -> i64 {
        let (part, whole) = (i128::from(self.part), i128::from(self.whole.max(1)));
        let share = (i128::from(amount) * part * 2 + whole).div_euclid(whole * 2);
        i64::try_from(share).unwrap_or(amount)
    }

    /// As invoices show it; `None` if it is everything.
    #[expect(clippy::cast_precision_loss, reason = "days of a period are few")]
    pub(super) fn factor(self) -> Option<f64> {
        (self.part != self.whole).then(|| self.part as f64 / self.whole as f64)
    }
}

/// One period later. A day that the month does not have becomes its last. `None` is beyond the calendar.
pub(crate) fn after(from: Timestamp, period: Period) -> Option<Timestamp> {
    in_utc(civil(from).checked_add(span(period)?).ok()?)
}

/// The day of the month, in UTC.
pub(crate) fn day_of_month(at: Timestamp) -> i8 {
    civil(at).day()
}

/// When the first period ends that begins at `start`: after a whole period, or on the first fixed day.
pub(super) fn first_end(cycle: &Cycle, start: Timestamp) -> Option<Timestamp> {
    let Some(fixed) = Fixed::of(cycle) else {
        return after(start, cycle.period);
    };
    let tomorrow = civil(start).date().tomorrow().ok()?;
    // 28 days of each of 12 months, and the longest wait is a year.
    let mut days = std::iter::successors(Some(tomorrow), |day| day.tomorrow().ok()).take(366);
    let day = days.find(|day| fixed.is_met_by(day.to_datetime(Time::midnight())))?;
    in_utc(day.to_datetime(Time::midnight()))
}

/// When a later period ends that begins at `start`.
pub(super) fn next_end(cycle: &Cycle, start: Timestamp, billing_day: i8) -> Option<Timestamp> {
    let end = civil(start).checked_add(span(cycle.period)?).ok()?;
    let end = match Fixed::of(cycle) {
        Some(Fixed::Day { day, month }) => {
            let month = month.unwrap_or(end.month());
            end.with().month(month).day(day).build().ok()?
        }
        None if matches!(cycle.period.unit, Unit::Monthly | Unit::Yearly) => {
            let day = billing_day.clamp(1, end.days_in_month());
            end.with().day(day).build().ok()?
        }
        Some(Fixed::Weekday(_)) | None => end,
    };
    in_utc(end)
}

/// How much of a whole period is billed for the first one, which a fixed billing day may cut short.
pub(super) fn first_share(cycle: &Cycle, start: Timestamp, end: Timestamp) -> Share {
    if Fixed::of(cycle).is_none() {
        return Share::ALL;
    }
    match cycle.pro_rate_option {
        BY_REMAINING_DAYS => remaining_days(cycle, start, end).unwrap_or(Share::ALL),
        NOTHING_UNTIL_NEXT_CYCLE => Share::NOTHING,
        _ => Share::ALL,
    }
}

fn remaining_days(cycle: &Cycle, start: Timestamp, end: Timestamp) -> Option<Share> {
    let (start, end) = (civil(start).date(), civil(end).date());
    let whole_start = end.checked_sub(span(cycle.period)?).ok()?;
    let days =
        |from: jiff::civil::Date| i64::from(from.until(end).ok().map_or(0, |s| s.get_days()));
    let whole = days(whole_start).max(1);
    Some(Share {
        part: days(start).clamp(0, whole),
        whole,
    })
}

/// The day on which periods begin, if a cycle fixes one.
#[derive(Debug, Clone, Copy)]
enum Fixed {
    /// Of the month; of one month only if the period is counted in years.
    Day {
        day: i8,
        month: Option<i8>,
    },
    Weekday(Weekday),
}

impl Fixed {
    fn of(cycle: &Cycle) -> Option<Self> {
        let day = i8::try_from(cycle.fixed_day?).ok()?;
        match (cycle.billing_date_type, cycle.period.unit) {
            (FIXED_DAY_OF_MONTH, Unit::Monthly | Unit::Yearly) if (1..=28).contains(&day) => {
                let month = cycle.fixed_month.and_then(|month| i8::try_from(month).ok());
                let month = month.filter(|month| (1..=12).contains(month));
                let month = month.filter(|_| cycle.period.unit == Unit::Yearly);
                Some(Self::Day { day, month })
            }
            (FIXED_DAY_OF_WEEK, Unit::Weekly) => {
                Weekday::from_monday_one_offset(day).ok().map(Self::Weekday)
            }
            _ => None,
        }
    }

    fn is_met_by(self, at: DateTime) -> bool {
        match self {
            Self::Day { day, month } => {
                at.day() == day && month.is_none_or(|month| at.month() == month)
            }
            Self::Weekday(weekday) => at.weekday() == weekday,
        }
    }
}

fn span(period: Period) -> Option<Span> {
    // A period without a length would renew for ever.
    let count = period.count.max(1);
    match period.unit {
        Unit::Daily => Span::new().try_days(count),
        Unit::Weekly => Span::new().try_weeks(count),
        Unit::Monthly => Span::new().try_months(count),
        Unit::Yearly => Span::new().try_years(count),
    }
    .ok()
}

fn civil(at: Timestamp) -> DateTime {
    at.to_zoned(TimeZone::UTC).datetime()
}

fn in_utc(at: DateTime) -> Option<Timestamp> {
    Some(at.to_zoned(TimeZone::UTC).ok()?.timestamp())
}

#[cfg(test)]
mod tests;
