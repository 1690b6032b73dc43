//! When a call is tried again, and the loop that does it.

use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

use tokio::time::Instant;
use tracing::Instrument;

use crate::call::{Descriptor, Effect};
use crate::error::{Answer, Error, Kind};
use crate::transport::{Prepared, Received, Transport};

const ATTEMPTS: u32 = 3;
const BASE_DELAY: Duration = Duration::from_millis(500);
const MAX_DELAY: Duration = Duration::from_secs(8);

/// How often a call is tried, and how long to wait in between.
///
/// Only two kinds of call are ever tried again, and no setting changes that:
///
/// * one that **only reads**, after a status of 429, 502, 503 or 504, after a timeout, or when the
///   connection broke;
/// * any call for which **no connection could be made**, because nothing of it was sent.
///
/// A call that changes something is therefore never sent twice. That includes the GET that e-mails a
/// customer.
///
/// The wait before attempt *n* + 1 is random, between nothing and `base_delay` × 2ⁿ⁻¹, and at most
/// `max_delay`. Where the answer says how long to wait ([`Error::retry_after`]), it is at least that.
/// A wait that would pass the deadline is not begun; the last error is returned at once.
///
/// ```
/// use std::time::Duration;
/// use billsby_sdk::{Client, RetryPolicy};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let patient = RetryPolicy::attempts(6).max_delay(Duration::from_secs(30));
/// let client = Client::builder("key", "widgets".parse()?)
///     .retry(patient)
///     .deadline(Duration::from_secs(300))
///     .build()?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct RetryPolicy {
    attempts: u32,
    base_delay: Duration,
    max_delay: Duration,
}

impl RetryPolicy {
    /// Every call is sent once.
    pub const fn off() -> Self {
        Self::attempts(1)
    }

    /// So many attempts at most, the first one included; 0 and 1 are the same as
    /// [`RetryPolicy::off`].
    pub const fn attempts(attempts: u32) -> Self {
        Self {
            attempts,
            base_delay: BASE_DELAY,
            max_delay: MAX_DELAY,
        }
    }

    /// The longest wait before the second attempt; it doubles with each further one. Half a second
    /// unless set.
    pub const fn base_delay(mut self, delay: Duration) -> Self {
        self.base_delay = delay;
        self
    }

    /// The longest wait that is chosen here; one that the API asks for may be longer. 8 seconds
    /// unless set.
    pub const fn max_delay(mut self, delay: Duration) -> Self {
        self.max_delay = delay;
        self
    }

    /// How long to wait after the given attempt. `random` is any number of all 64 bits.
    fn delay(&self, attempt: u32, random: u64) -> Duration {
        let doubled = 2_u32.saturating_pow(attempt.saturating_sub(1));
        let longest = self.base_delay.saturating_mul(doubled).min(self.max_delay);
        let longest = u64::try_from(longest.as_nanos()).unwrap_or(u64::MAX);
        let chosen = (u128::from(longest) * u128::from(random)) >> 64;
        // Not more than `longest`, which is a `u64`.
        Duration::from_nanos(u64::try_from(chosen).unwrap_or(longest))
    }
}

impl Default for RetryPolicy {
    /// Three attempts.
    fn default() -> Self {
        Self::attempts(ATTEMPTS)
    }
}

/// The permission to send a call again. Its two constructors are the two cases in which that is
/// safe; nothing else can make one, and the loop below cannot go round without one.
struct Permit(());

impl Permit {
    fn after(effect: Effect, kind: &Kind) -> Option<Self> {
        Self::never_sent(kind).or_else(|| Self::only_reads(effect, kind))
    }

    fn never_sent(kind: &Kind) -> Option<Self> {
        matches!(kind, Kind::Connect { .. }).then_some(Self(()))
    }

    fn only_reads(effect: Effect, kind: &Kind) -> Option<Self> {
        match effect {
            Effect::Read => kind.is_transient().then_some(Self(())),
            Effect::Write => None,
        }
    }
}

/// The time limits and the retry policy of a call.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    pub(crate) attempt_timeout: Duration,
    pub(crate) deadline: Option<Duration>,
    pub(crate) retry: RetryPolicy,
}

impl Limits {
    /// The time for all attempts and the waits between them.
    fn deadline(&self) -> Duration {
        self.deadline
            .unwrap_or(self.attempt_timeout.saturating_mul(3))
    }

    /// How long to wait before the next attempt; `None` when there must be none.
    fn wait(
        &self,
        _: Permit,
        attempt: u32,
        asked: Option<Duration>,
        left: Duration,
    ) -> Option<Duration> {
        if attempt >= self.retry.attempts {
            return None;
        }
        let own = self.retry.delay(attempt, random());
        let wait = own.max(asked.unwrap_or_default());
        (wait < left).then_some(wait)
    }
}

fn random() -> u64 {
    // Each state has keys of its own, which makes their hashes good enough to spread load.
    RandomState::new().hash_one(0_u8)
}

/// Sends a call, again where that is safe, until it succeeds or there is no point in going on.
pub(crate) async fn send(
    transport: &Transport,
    operation: &Descriptor,
    request: &Prepared,
    limits: Limits,
) -> Result<Received, Error> {
    let span = tracing::debug_span!("billsby_request", operation = operation.id);
    attempts(transport, operation, request, limits)
        .instrument(span)
        .await
}

async fn attempts(
    transport: &Transport,
    operation: &Descriptor,
    request: &Prepared,
    limits: Limits,
) -> Result<Received, Error> {
    let start = Instant::now();
    let deadline = limits.deadline();
    let left = |now: Instant| deadline.saturating_sub(now - start);
    let mut attempt = 0;
    let mut begin = start;
    let mut sent_before = false;
    loop {
        attempt += 1;
        let timeout = limits.attempt_timeout.min(left(begin));
        let result = transport.send(request, timeout).await;
        report(operation, attempt, begin, &result);
        let kind = match result {
            Ok(mut received) => {
                received.attempts = attempt;
                return Ok(received);
            }
            Err(kind) => kind,
        };
        let permit = Permit::after(operation.effect, &kind);
        let asked = kind.answer().and_then(Answer::retry_after);
        let wait =
            permit.and_then(|permit| limits.wait(permit, attempt, asked, left(Instant::now())));
        if let Some(wait) = wait {
            sent_before |= !matches!(kind, Kind::Connect { .. });
            let wait_ms = milliseconds(wait);
            tracing::debug!(operation = operation.id, attempt, wait_ms, "waiting");
            tokio::time::sleep(wait).await;
            // The sleep may have taken longer than it should.
            begin = Instant::now();
            if !left(begin).is_zero() {
                continue;
            }
        }
        return Err(Error::after(operation, kind, attempt, sent_before));
    }
}

/// Tells `tracing` about an attempt: neither address nor content, which are a customer's.
fn report(operation: &Descriptor, attempt: u32, begin: Instant, result: &Result<Received, Kind>) {
    let (status, failure) = match result {
        Ok(received) => (Some(received.status), None),
        Err(kind) => (kind.answer().map(|answer| answer.status), Some(kind.word())),
    };
    tracing::debug!(
        operation = operation.id,
        attempt,
        status,
        failure,
        elapsed_ms = milliseconds(begin.elapsed()),
        "attempt"
    );
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests;
