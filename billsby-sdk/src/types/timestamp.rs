use std::fmt;
use std::str::FromStr;
use std::time::{Duration, SystemTime};

use serde::de::{self, Deserialize, Deserializer};
use serde::{Serialize, Serializer};

const NANOSECONDS_PER_SECOND: i128 = 1_000_000_000;

/// A moment in time as the API wrote it.
///
/// Billsby sends three shapes: `2020-04-29T10:08:39.320Z`, `2020-05-28T11:05:09.078+00:00` and
/// `2020-12-21T15:59:19.095789` without a zone, which means UTC. The text is kept; reading a shape
/// that is none of these gives `None`, so that one odd value does not cost the whole answer.
///
/// ```
/// use billsby_sdk::types::Timestamp;
///
/// let moment: Timestamp = "2020-12-21T15:59:19.095789".parse()?;
/// assert_eq!(moment.unix_time(), Some((1_608_566_359, 95_789_000)));
/// # Ok::<(), billsby_sdk::types::InvalidTimestamp>(())
/// ```
///
/// # Comparing
///
/// Two timestamps are equal when their texts are equal. They have no order, since two texts may
/// mean the same moment and an odd text means none; compare and sort by [`Timestamp::unix_time`].
///
/// ```
/// use billsby_sdk::types::Timestamp;
///
/// let mut moments = ["2020-05-28T11:05:09Z", "2020-05-28T12:05:09+02:00"]
///     .map(|text| text.parse::<Timestamp>().unwrap());
/// moments.sort_by_key(Timestamp::unix_time);
/// assert_eq!(moments[0].as_str(), "2020-05-28T12:05:09+02:00");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Timestamp(String);

impl Timestamp {
    /// The moment so many seconds and nanoseconds after 1970-01-01T00:00:00Z (before it, when
    /// `seconds` is negative). `None` outside the years -9999 to 9999, or when `nanoseconds` is a
    /// whole second or more.
    #[must_use]
    pub fn from_unix_time(seconds: i64, nanoseconds: u32) -> Option<Self> {
        if i128::from(nanoseconds) >= NANOSECONDS_PER_SECOND {
            return None;
        }
        let total = i128::from(seconds) * NANOSECONDS_PER_SECOND + i128::from(nanoseconds);
        let instant = jiff::Timestamp::from_nanosecond(total).ok()?;
        Some(Self(instant.to_string()))
    }

    /// The text as the API wrote it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Seconds since 1970-01-01T00:00:00Z, rounded down, and the nanoseconds on top of them.
    /// `None` when the text is not a time.
    #[must_use]
    pub fn unix_time(&self) -> Option<(i64, u32)> {
        let total = parse(&self.0)?.as_nanosecond();
        let seconds = i64::try_from(total.div_euclid(NANOSECONDS_PER_SECOND)).ok()?;
        let nanoseconds = u32::try_from(total.rem_euclid(NANOSECONDS_PER_SECOND)).ok()?;
        Some((seconds, nanoseconds))
    }

    /// The moment as the standard library's type. `None` when the text is not a time, or when the
    /// platform cannot represent it.
    #[must_use]
    pub fn to_system_time(&self) -> Option<SystemTime> {
        let (seconds, nanoseconds) = self.unix_time()?;
        let whole = Duration::from_secs(seconds.unsigned_abs());
        let start = if seconds < 0 {
            SystemTime::UNIX_EPOCH.checked_sub(whole)
        } else {
            SystemTime::UNIX_EPOCH.checked_add(whole)
        };
        start?.checked_add(Duration::from_nanos(nanoseconds.into()))
    }
}

fn parse(text: &str) -> Option<jiff::Timestamp> {
    if let Ok(instant) = text.parse::<jiff::Timestamp>() {
        return Some(instant);
    }
    // Without a zone: the vendor says that these are UTC.
    let local: jiff::civil::DateTime = text.parse().ok()?;
    jiff::tz::TimeZone::UTC.to_timestamp(local).ok()
}

impl FromStr for Timestamp {
    type Err = InvalidTimestamp;

    fn from_str(text: &str) -> Result<Self, InvalidTimestamp> {
        parse(text).ok_or(InvalidTimestamp(()))?;
        Ok(Self(text.to_owned()))
    }
}

impl TryFrom<SystemTime> for Timestamp {
    type Error = InvalidTimestamp;

    fn try_from(time: SystemTime) -> Result<Self, InvalidTimestamp> {
        jiff::Timestamp::try_from(time)
            .map(|instant| Self(instant.to_string()))
            .map_err(|_| InvalidTimestamp(()))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl AsRef<str> for Timestamp {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if text.trim().is_empty() {
            return Err(de::Error::custom("expected a time, found an empty text"));
        }
        Ok(Self(text))
    }
}

/// The text or moment cannot be written as a [`Timestamp`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidTimestamp(());

impl fmt::Display for InvalidTimestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "not a time between the years -9999 and 9999; write it like 2026-01-31T09:30:00Z",
        )
    }
}

impl std::error::Error for InvalidTimestamp {}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use super::Timestamp;

    fn unix(text: &str) -> Option<(i64, u32)> {
        let json = serde_json::to_string(text).unwrap();
        serde_json::from_str::<Timestamp>(&json)
            .unwrap()
            .unix_time()
    }

    #[test]
    fn reads_the_three_shapes() {
        assert_eq!(
            unix("2020-04-29T10:08:39.320Z"),
            Some((1_588_154_919, 320_000_000))
        );
        assert_eq!(
            unix("2020-05-28T11:05:09.078+00:00"),
            Some((1_590_663_909, 78_000_000))
        );
        assert_eq!(
            unix("2020-12-21T15:59:19.095789"),
            Some((1_608_566_359, 95_789_000))
        );
        assert_eq!(unix("2020-05-28T13:05:09+02:00"), Some((1_590_663_909, 0)));
    }

    #[test]
    fn keeps_what_it_cannot_read() {
        let odd: Timestamp = serde_json::from_str("\"next Tuesday\"").unwrap();
        assert_eq!(
            (odd.as_str(), odd.as_ref()),
            ("next Tuesday", "next Tuesday")
        );
        assert_eq!(odd.unix_time(), None);
        assert_eq!(odd.to_system_time(), None);
        assert_eq!(serde_json::to_string(&odd).unwrap(), "\"next Tuesday\"");
    }

    #[test]
    fn callers_cannot_make_an_unreadable_one() {
        let error = "next Tuesday".parse::<Timestamp>().unwrap_err();
        insta::assert_snapshot!(error, @"not a time between the years -9999 and 9999; write it like 2026-01-31T09:30:00Z");
        assert_eq!(Timestamp::from_unix_time(i64::MAX, 0), None);
        assert_eq!(Timestamp::from_unix_time(0, 1_000_000_000), None);
    }

    #[test]
    fn converts_to_and_from_the_standard_library() {
        let time = SystemTime::UNIX_EPOCH + Duration::new(1_588_154_919, 320_000_000);
        let moment = Timestamp::try_from(time).unwrap();
        assert_eq!(moment.as_str(), "2020-04-29T10:08:39.32Z");
        assert_eq!(moment.to_system_time(), Some(time));

        let before = Timestamp::from_unix_time(-1, 500_000_000).unwrap();
        assert_eq!(before.unix_time(), Some((-1, 500_000_000)));
        assert_eq!(
            before.to_system_time(),
            SystemTime::UNIX_EPOCH.checked_sub(Duration::from_millis(500))
        );
    }
}
