//! What time it is. Tests move it; everything that compares times asks here.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{RoundMode, Timestamp, TimestampRound, Unit};

/// A clock: the system's, or one that stands until it is moved.
#[derive(Debug, Clone, Default)]
pub struct Clock(Option<Arc<AtomicI64>>);

impl Clock {
    /// The system's clock.
    #[must_use]
    pub const fn system() -> Self {
        Self(None)
    }

    /// A clock that stands at a time until [`set`](Self::set) moves it, for all its clones.
    #[must_use]
    pub fn standing(at: Timestamp) -> Self {
        Self(Some(Arc::new(AtomicI64::new(at.as_millisecond()))))
    }

    /// The time, in whole milliseconds: what is kept is what is compared.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        match &self.0 {
            None => whole_milliseconds(Timestamp::now()),
            Some(at) => {
                let at = Timestamp::from_millisecond(at.load(Ordering::SeqCst));
                at.unwrap_or(Timestamp::MAX)
            }
        }
    }

    /// Moves a standing clock; the system's stays as it is.
    pub fn set(&self, to: Timestamp) {
        if let Some(at) = &self.0 {
            at.store(to.as_millisecond(), Ordering::SeqCst);
        }
    }
}

/// The time without what is smaller than a millisecond, which stores do not keep. Never a later one.
#[must_use]
pub fn whole_milliseconds(time: Timestamp) -> Timestamp {
    let down = TimestampRound::new()
        .smallest(Unit::Millisecond)
        .mode(RoundMode::Floor);
    time.round(down).unwrap_or(time)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_smaller_than_a_millisecond_goes() {
        for (time, whole) in [
            ("2026-11-22T12:00:00.0019999Z", "2026-11-22T12:00:00.001Z"),
            ("1969-12-31T23:59:59.9999Z", "1969-12-31T23:59:59.999Z"),
            ("9999-12-30T22:00:00.9999Z", "9999-12-30T22:00:00.999Z"),
        ] {
            let (time, whole): (Timestamp, Timestamp) =
                (time.parse().unwrap(), whole.parse().unwrap());
            assert_eq!(whole_milliseconds(time), whole);
        }
    }
}
