use std::time::Duration;

use super::{Limits, Permit, RetryPolicy};
use crate::call::Effect;
use crate::error::{Answer, Kind, Problem};
use crate::headers::Headers;

const SECOND: Duration = Duration::from_secs(1);

fn answer(status: u16) -> Answer {
    Answer {
        status,
        headers: Headers::default(),
        body: Vec::new(),
        truncated: false,
    }
}

/// Every kind of failure, with whether a read is tried again after it.
fn kinds() -> Vec<(Kind, bool)> {
    let cause = || std::io::Error::other("x").into();
    let mut kinds = vec![
        (Kind::Configuration(String::new()), false),
        (
            Kind::Unsendable {
                problem: String::new(),
                cause: None,
            },
            false,
        ),
        (Kind::Unusable(answer(200), Problem::Empty), false),
        (Kind::Unusable(answer(200), Problem::TooLong), false),
    ];
    for timeout in [true, false] {
        kinds.push((
            Kind::NoAnswer {
                cause: cause(),
                timeout,
            },
            true,
        ));
        let cause = cause();
        kinds.push((
            Kind::Unusable(answer(200), Problem::CutOff { cause, timeout }),
            true,
        ));
    }
    for status in 300..=599 {
        let again = matches!(status, 429 | 502..=504);
        kinds.push((Kind::Status(answer(status)), again));
    }
    kinds
}

#[test]
fn only_reads_are_sent_again() {
    for (kind, again) in kinds() {
        assert_eq!(Permit::after(Effect::Read, &kind).is_some(), again);
        assert!(Permit::after(Effect::Write, &kind).is_none());
    }
}

#[test]
fn what_was_never_sent_may_be_sent() {
    for timeout in [true, false] {
        let kind = Kind::Connect {
            cause: std::io::Error::other("x").into(),
            timeout,
            sent_before: false,
        };
        assert!(Permit::after(Effect::Write, &kind).is_some());
    }
}

#[test]
fn waits_grow_and_have_a_limit() {
    let policy = RetryPolicy::attempts(99).max_delay(5 * SECOND);
    let longest = [1, 2, 3, 4, 5, 64, u32::MAX].map(|attempt| {
        let delay = policy.delay(attempt, u64::MAX);
        delay.as_secs_f64().to_string()
    });
    insta::assert_snapshot!(longest.join(" "), @"0.499999999 0.999999999 1.999999999 3.999999999 4.999999999 4.999999999 4.999999999");
    assert_eq!(policy.delay(3, 0), Duration::ZERO);
    assert_eq!(policy.delay(3, 1 << 63), SECOND);
    let endless = policy.base_delay(Duration::MAX).max_delay(Duration::MAX);
    assert!(endless.delay(9, u64::MAX) > SECOND);
}

#[test]
fn waits_are_spread() {
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..100 {
        seen.insert(super::random());
    }
    assert_eq!(seen.len(), 100);
    let high = seen.iter().filter(|number| **number >= 1 << 63).count();
    assert!((10..90).contains(&high), "{high}");
}

#[test]
fn a_wait_obeys_the_answer_and_the_deadline() {
    let limits = |policy| Limits {
        attempt_timeout: SECOND,
        deadline: None,
        retry: policy,
    };
    let permit = || Permit(());
    let patient = limits(RetryPolicy::attempts(3));
    assert_eq!(patient.deadline(), 3 * SECOND);
    let wait = |attempt, asked, left| patient.wait(permit(), attempt, asked, left);
    assert_eq!(wait(1, Some(60 * SECOND), 61 * SECOND), Some(60 * SECOND));
    assert_eq!(wait(1, Some(60 * SECOND), 60 * SECOND), None);
    assert_eq!(wait(1, Some(Duration::MAX), Duration::MAX), None);
    assert!(wait(2, None, 60 * SECOND).is_some_and(|wait| wait <= SECOND));
    assert_eq!(wait(3, None, 60 * SECOND), None);
    for policy in [RetryPolicy::off(), RetryPolicy::attempts(0)] {
        assert_eq!(limits(policy).wait(permit(), 1, None, SECOND), None);
    }
}
