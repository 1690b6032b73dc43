//! Steps along the calendar, in UTC.

use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

use crate::sandbox::company::{Period, Unit};

/// The time `count` periods after `from`, or before it if `count` is negative.
pub(super) fn step(from: Timestamp, period: Period, count: i64) -> Timestamp {
    let count = count * period.count;
    let span = match period.unit {
        Unit::Daily => Span::new().days(count),
        Unit::Weekly => Span::new().weeks(count),
        Unit::Monthly => Span::new().months(count),
        Unit::Yearly => Span::new().years(count),
    };
    (from.to_zoned(TimeZone::UTC) + span).timestamp()
}

/// The day of the month.
pub(super) fn day_of_month(at: Timestamp) -> i8 {
    at.to_zoned(TimeZone::UTC).day()
}
