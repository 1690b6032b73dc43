//! Steps through time, in UTC: along the calendar into the future, and by fixed lengths into the past.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, Timestamp};

use crate::sandbox::company::{Period, Unit};

pub(super) const DAY: SignedDuration = SignedDuration::from_hours(24);

/// The time a period after `from`, along the calendar.
pub(super) fn next(from: Timestamp, period: Period) -> Timestamp {
    let count = period.count;
    let span = match period.unit {
        Unit::Daily => Span::new().days(count),
        Unit::Weekly => Span::new().weeks(count),
        Unit::Monthly => Span::new().months(count),
        Unit::Yearly => Span::new().years(count),
    };
    (from.to_zoned(TimeZone::UTC) + span).timestamp()
}

/// The time so many periods before `from`. A month has 30 days and a year 365: the order in which things
/// happened must not depend on the day on which the company is made.
pub(super) fn back(from: Timestamp, period: Period, count: i64) -> Timestamp {
    let days = match period.unit {
        Unit::Daily => 1,
        Unit::Weekly => 7,
        Unit::Monthly => 30,
        Unit::Yearly => 365,
    };
    from - SignedDuration::from_hours(24 * days * period.count * count)
}

/// The day of the month.
pub(super) fn day_of_month(at: Timestamp) -> i8 {
    at.to_zoned(TimeZone::UTC).day()
}
