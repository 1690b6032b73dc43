//! Times as controls of type `datetime-local` have them: without a zone, and so in the viewer's.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, TimeZone};

/// Reads `2026-12-31T23:59`, also with seconds. Of a time that the clocks show twice, the earlier is meant.
pub(in crate::page) fn read_local(text: &str, zone: &TimeZone) -> Result<Timestamp, String> {
    let shape = [
        "%Y-%m-%dT%H:%M",
        "%Y-%m-%dT%H:%M:%S",
        "%Y-%m-%dT%H:%M:%S%.f",
    ];
    let read = shape
        .iter()
        .find_map(|shape| DateTime::strptime(shape, text).ok());
    let local = read.ok_or("expected a date and a time, such as 2026-12-31T23:59")?;
    let ambiguous = zone.to_ambiguous_timestamp(local);
    if let AmbiguousOffset::Gap { .. } = ambiguous.offset() {
        return Err(
            "the clocks are put forward past this time: choose one before or after".to_owned(),
        );
    }
    let time = ambiguous.earlier();
    time.map_err(|_| "this time is out of range".to_owned())
}

/// What such a control shows.
pub(in crate::page) fn write_local(at: Timestamp, zone: &TimeZone) -> String {
    let local = zone.to_datetime(at);
    let shape = if local.second() == 0 {
        "%Y-%m-%dT%H:%M"
    } else {
        "%Y-%m-%dT%H:%M:%S"
    };
    local.strftime(shape).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn berlin() -> TimeZone {
        TimeZone::get("Europe/Berlin").unwrap()
    }

    fn read(text: &str) -> Result<String, String> {
        read_local(text, &berlin()).map(|at| at.to_string())
    }

    #[test]
    fn a_time_is_one_of_the_viewers_zone() {
        assert_eq!(read("2026-12-31T23:59").unwrap(), "2026-12-31T22:59:00Z");
        assert_eq!(read("2026-07-01T00:00:07").unwrap(), "2026-06-30T22:00:07Z");
        assert_eq!(
            read("2026-07-01T00:00:00.000").unwrap(),
            "2026-06-30T22:00:00Z"
        );
        for text in [
            "",
            "2026-12-31",
            "2026-02-30T10:00",
            "23:59",
            "2026-12-31T23:59Z",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_time_that_the_clocks_leave_out_is_none() {
        let error = read("2026-03-29T02:30").unwrap_err();
        assert!(error.contains("put forward"), "{error}");
        assert_eq!(read("2026-03-29T03:00").unwrap(), "2026-03-29T01:00:00Z");
    }

    #[test]
    fn of_a_time_that_is_there_twice_the_earlier_is_meant() {
        assert_eq!(read("2026-10-25T02:30").unwrap(), "2026-10-25T00:30:00Z");
    }

    #[test]
    fn what_is_shown_can_be_read() {
        for text in ["2026-12-31T23:59", "2026-07-01T00:00:07"] {
            let at = read_local(text, &berlin()).unwrap();
            assert_eq!(write_local(at, &berlin()), text);
        }
    }
}
