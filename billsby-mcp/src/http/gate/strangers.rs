//! Access tokens that nobody has seen here before.
//!
//! Whoever knows the URL of a server can send whatever they like, and each check costs a signature and a line in the
//! log. So only some of them are checked in a second; tokens that were accepted before do not count.

use std::collections::HashSet;
use std::fmt;
use std::num::NonZeroU32;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use sha2::{Digest as _, Sha256};

use crate::record::ServerId;

/// How many unknown tokens one server may be sent in a second.
const PER_SECOND: NonZeroU32 = NonZeroU32::new(5).unwrap();
/// How many may come at once.
const AT_ONCE: NonZeroU32 = NonZeroU32::new(50).unwrap();
/// How many accepted tokens are remembered. Then all are forgotten, and each is unknown once more.
const MOST: usize = 10_000;

/// Bounds what strangers can have checked.
pub(super) struct Strangers {
    tries: DefaultKeyedRateLimiter<ServerId>,
    known: Mutex<HashSet<(ServerId, [u8; 32])>>,
}

impl Default for Strangers {
    fn default() -> Self {
        let quota = Quota::per_second(PER_SECOND).allow_burst(AT_ONCE);
        Self {
            tries: RateLimiter::keyed(quota),
            known: Mutex::default(),
        }
    }
}

impl Strangers {
    /// Whether a token may be checked for a server now; if not, says how long to wait.
    pub(super) fn may_try(&self, token: &str, server: ServerId) -> Result<(), Duration> {
        if self.known().contains(&(server, digest(token))) {
            return Ok(());
        }
        if self.tries.len() > MOST {
            self.tries.retain_recent();
        }
        let tried = self.tries.check_key(&server);
        tried.map_err(|refused| refused.wait_time_from(DefaultClock::default().now()))
    }

    /// Notes that a token was accepted for a server.
    pub(super) fn remember(&self, token: &str, server: ServerId) {
        let mut known = self.known();
        if known.len() >= MOST {
            known.clear();
        }
        known.insert((server, digest(token)));
    }

    /// Notes that it no longer is.
    pub(super) fn forget(&self, token: &str, server: ServerId) {
        self.known().remove(&(server, digest(token)));
    }

    fn known(&self) -> MutexGuard<'_, HashSet<(ServerId, [u8; 32])>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn digest(token: &str) -> [u8; 32] {
    Sha256::digest(token).into()
}

impl fmt::Debug for Strangers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Strangers").finish_non_exhaustive()
    }
}
