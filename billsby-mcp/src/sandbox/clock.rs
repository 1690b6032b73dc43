//! What time it is in the sandbox.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// The sandbox's own clock. It can be moved forward, so that renewals come due.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Clock {
    /// Runs with the machine's clock, this far ahead of it.
    Running { ahead: SignedDuration },
    /// Stands still until it is moved.
    Standing { now: Timestamp },
}

impl Clock {
    pub(crate) const fn running() -> Self {
        Self::Running {
            ahead: SignedDuration::ZERO,
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        match self {
            Self::Running { ahead } => Timestamp::now()
                .saturating_add(*ahead)
                .unwrap_or(Timestamp::MAX),
            Self::Standing { now } => *now,
        }
    }

    /// Moves the clock forward.
    pub(crate) fn advance(&mut self, by: SignedDuration) {
        match self {
            Self::Running { ahead } => *ahead = ahead.saturating_add(by),
            Self::Standing { now } => *now = now.saturating_add(by).unwrap_or(Timestamp::MAX),
        }
    }
}
