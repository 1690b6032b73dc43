//! What time it is. Tests move it; everything that compares times asks here.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{Timestamp, Unit};

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

/// The time without what is smaller than a millisecond, which stores do not keep.
#[must_use]
pub fn whole_milliseconds(time: Timestamp) -> Timestamp {
    time.round(Unit::Millisecond).unwrap_or(time)
}
