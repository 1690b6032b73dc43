//! When the store may be tidied.

use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};

/// How far the clocks may be apart after one period. Clocks that are set right step by step stay within it.
const TOLERANCE: SignedDuration = SignedDuration::from_secs(60);

/// Whether the clock on the wall can be believed: it may have been set to another year by mistake, and what is
/// forgotten then cannot be brought back.
#[derive(Debug, Default)]
pub struct Steadiness(Option<(Timestamp, Instant)>);

impl Steadiness {
    /// Whether as much time has passed on the wall as there really has since this was last asked. Not known, and so
    /// not true, the first time.
    pub fn is_steady(&mut self, wall: Timestamp, real: Instant) -> bool {
        let Some((wall_before, real_before)) = self.0.replace((wall, real)) else {
            return false;
        };
        let passed: Duration = real.saturating_duration_since(real_before);
        let passed = SignedDuration::try_from(passed).unwrap_or(SignedDuration::MAX);
        let difference = wall.duration_since(wall_before).saturating_sub(passed);
        -TOLERANCE <= difference && difference <= TOLERANCE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_was_moved_is_believed_one_period_later() {
        let (start, hour) = (Instant::now(), Duration::from_secs(3_600));
        let mut steadiness = Steadiness::default();
        let mut asked = |wall: &str, hours: u32| {
            steadiness.is_steady(wall.parse().unwrap(), start + hour * hours)
        };
        assert!(!asked("2026-11-22T12:00:00Z", 0));
        assert!(asked("2026-11-22T13:00:30Z", 1));
        assert!(asked("2026-11-22T13:59:30Z", 2));
        assert!(!asked("2027-11-22T15:00:00Z", 3));
        assert!(asked("2027-11-22T16:00:00Z", 4));
        assert!(!asked("2026-11-22T17:00:00Z", 5));
        assert!(asked("2026-11-22T18:00:00Z", 6));
        assert!(!asked("2026-11-22T19:01:01Z", 7));
    }
}
