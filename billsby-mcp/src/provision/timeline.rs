//! How calls are spread over time.

use std::fmt;
use std::str::FromStr;

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use super::fields::{Problems, not_a_word};
use super::{ActivityFilter, ProvisionError, Provisioning};
use crate::store::{ActivityQuery, Bucket, Page};

/// The most steps of a span.
const MOST_STEPS: i128 = 1_000;

/// A stretch of time up to now.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Lately {
    /// The last hour.
    Hour,
    /// The last 24 hours.
    #[default]
    Day,
    /// The last 7 days.
    Week,
    /// The last 30 days.
    Month,
    /// The last 90 days.
    Quarter,
}

/// A stretch of time in equal steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// Where it begins.
    pub from: Timestamp,
    /// Where it ends; calls of this very time do not belong to it.
    pub until: Timestamp,
    /// How long a step is: whole seconds.
    pub step: SignedDuration,
}

/// How calls are spread over a span.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Timeline {
    /// Where it begins.
    pub from: Timestamp,
    /// Where it ends.
    pub until: Timestamp,
    /// How long each point stands for; the last one perhaps for less.
    pub step_seconds: u32,
    /// The steps in their order, also those without calls.
    pub points: Vec<TimelinePoint>,
}

/// The calls of one step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct TimelinePoint {
    /// When the step begins.
    pub at: Timestamp,
    /// Calls that began in it.
    pub calls: u64,
    /// Those that gave an error.
    pub errors: u64,
    /// Those of tools that can change something.
    pub writes: u64,
    /// How long half of them took at most, in milliseconds.
    pub p50: Option<u32>,
    /// How long 95 of 100 took at most, in milliseconds.
    pub p95: Option<u32>,
}

impl Provisioning {
    /// How the calls that pass a filter are spread over a span. What the filter says of times makes the span
    /// shorter.
    ///
    /// # Errors
    ///
    /// The span cannot be had, or the store does not answer.
    pub async fn timeline(
        &self,
        filter: &ActivityFilter,
        span: Span,
    ) -> Result<Timeline, ProvisionError> {
        let span = span.within(filter);
        let steps = span.steps()?;
        let mut problems = Problems::default();
        let page = Page {
            after: None,
            limit: 0,
        };
        let query = filter.query(page, &mut problems);
        problems.finish()?;
        let query = ActivityQuery {
            from: Some(span.from),
            until: Some(span.until),
            ..query
        };
        let buckets = if steps == 0 {
            Vec::new()
        } else {
            let step = span.step.as_secs().saturating_mul(1_000);
            self.store().timeline(query, step).await?
        };
        span.timeline(steps, &buckets)
    }
}

impl Span {
    /// The span that ends with the step of this moment, so that looking again a little later shows the same steps.
    #[must_use]
    pub fn lately(now: Timestamp, lately: Lately) -> Self {
        let (step, steps) = lately.steps();
        let second = now.as_second();
        let until = second - second.rem_euclid(step) + step;
        let at = |second| Timestamp::from_second(second).unwrap_or(now);
        Self {
            from: at(until - step * steps),
            until: at(until),
            step: SignedDuration::from_secs(step),
        }
    }

    /// The part of it that a filter asks for.
    fn within(self, filter: &ActivityFilter) -> Self {
        let from = filter.from.map_or(self.from, |from| from.max(self.from));
        let until = filter.until.unwrap_or(self.until).min(self.until);
        Self {
            from,
            until: until.max(from),
            ..self
        }
    }

    /// How many steps there are; the last one may be cut short.
    fn steps(&self) -> Result<usize, ProvisionError> {
        let step = self.step.as_millis();
        let length = self.until.duration_since(self.from).as_millis();
        if step < 1_000 || step % 1_000 != 0 || length > step * MOST_STEPS {
            let detail = format!("expected at most {MOST_STEPS} steps of whole seconds");
            return Err(ProvisionError::one("?span", detail));
        }
        let steps = (length + step - 1) / step;
        Ok(usize::try_from(steps).unwrap_or(0))
    }

    /// Every step, with what was counted in it.
    fn timeline(&self, steps: usize, buckets: &[Bucket]) -> Result<Timeline, ProvisionError> {
        let too_late = |_| ProvisionError::one("?span", "ends after the end of time");
        let mut points = Vec::with_capacity(steps);
        let mut at = self.from;
        for _ in 0..steps {
            points.push(TimelinePoint::without_calls(at));
            at = at.saturating_add(self.step).map_err(too_late)?;
        }
        for bucket in buckets {
            let index = usize::try_from(bucket.index).ok();
            if let Some(point) = index.and_then(|index| points.get_mut(index)) {
                point.fill(bucket);
            }
        }
        Ok(Timeline {
            from: self.from,
            until: self.until,
            step_seconds: u32::try_from(self.step.as_secs()).unwrap_or(u32::MAX),
            points,
        })
    }
}

impl TimelinePoint {
    const fn without_calls(at: Timestamp) -> Self {
        Self {
            at,
            calls: 0,
            errors: 0,
            writes: 0,
            p50: None,
            p95: None,
        }
    }

    fn fill(&mut self, bucket: &Bucket) {
        *self = Self {
            at: self.at,
            calls: bucket.calls,
            errors: bucket.errors,
            writes: bucket.writes,
            p50: Some(bucket.p50),
            p95: Some(bucket.p95),
        };
    }
}

impl Lately {
    /// All of them, the shortest first.
    pub const ALL: [Self; 5] = [
        Self::Hour,
        Self::Day,
        Self::Week,
        Self::Month,
        Self::Quarter,
    ];

    /// The word for it: `24h`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Hour => "1h",
            Self::Day => "24h",
            Self::Week => "7d",
            Self::Month => "30d",
            Self::Quarter => "90d",
        }
    }

    /// How many seconds a step has, and how many steps there are.
    const fn steps(self) -> (i64, i64) {
        match self {
            Self::Hour => (60, 60),
            Self::Day => (30 * 60, 48),
            Self::Week => (3 * 3_600, 56),
            Self::Month => (12 * 3_600, 60),
            Self::Quarter => (24 * 3_600, 90),
        }
    }
}

impl fmt::Display for Lately {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Lately {
    type Err = ProvisionError;

    fn from_str(text: &str) -> Result<Self, ProvisionError> {
        let mut all = Self::ALL.into_iter();
        all.find(|lately| lately.as_str() == text).ok_or_else(|| {
            let words = Self::ALL.map(|lately| lately.as_str().to_owned());
            ProvisionError::one("?span", not_a_word(text, &words))
        })
    }
}

#[cfg(test)]
mod tests;
