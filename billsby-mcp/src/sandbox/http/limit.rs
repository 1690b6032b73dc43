//! A limit of requests per second.

use std::num::NonZeroU32;

use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use hyper::Response;
use hyper::header::HeaderName;

use super::fault;
use super::payload::Payload;

const LIMIT: HeaderName = HeaderName::from_static("ratelimit-limit");
const REMAINING: HeaderName = HeaderName::from_static("ratelimit-remaining");
const RESET: HeaderName = HeaderName::from_static("ratelimit-reset");

/// Lets so many requests pass at once, and as many more in each second that follows.
#[derive(Debug)]
pub(super) struct Limit {
    per_second: NonZeroU32,
    limiter: DefaultDirectRateLimiter,
}

impl Limit {
    pub(super) fn new(per_second: NonZeroU32) -> Self {
        Self {
            per_second,
            limiter: RateLimiter::direct(Quota::per_second(per_second)),
        }
    }

    pub(super) const fn per_second(&self) -> NonZeroU32 {
        self.per_second
    }

    /// What a request is answered that is one too many.
    pub(super) fn refuse(&self) -> Option<Response<Payload>> {
        let until = self.limiter.check().err()?;
        let wait = until.wait_time_from(DefaultClock::default().now());
        // Whole seconds are all that the headers can say.
        let seconds = u32::try_from(wait.as_secs() + 1).unwrap_or(u32::MAX);
        let mut response = fault::too_many_requests(Some(seconds));
        let headers = response.headers_mut();
        headers.insert(LIMIT, self.per_second.get().into());
        headers.insert(REMAINING, 0.into());
        headers.insert(RESET, seconds.into());
        Some(response)
    }
}
