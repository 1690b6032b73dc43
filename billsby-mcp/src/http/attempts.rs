//! How many wrong tokens came from where.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;

/// How many wrong tokens one address may send at once.
const AT_ONCE: u32 = 10;
/// After how many milliseconds it may send one more.
const ONE_MORE: i64 = 6_000;
/// How many addresses are remembered.
const MOST: usize = 10_000;

/// How many wrong tokens came from where, lately. Those of one address do not count for others.
#[derive(Debug, Default)]
pub(crate) struct Attempts(Mutex<HashMap<IpAddr, Wrong>>);

#[derive(Debug, Clone, Copy)]
struct Wrong {
    count: u32,
    since: Timestamp,
}

impl Attempts {
    /// Whether an address may be told once more that its token is wrong; else after how many seconds.
    pub(crate) fn may_try(&self, address: IpAddr, now: Timestamp) -> Result<(), u32> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(wrong) = known.get_mut(&place(address)) else {
            return Ok(());
        };
        *wrong = wrong.at(now);
        if wrong.count < AT_ONCE {
            return Ok(());
        }
        let waited = now.as_millisecond() - wrong.since.as_millisecond();
        let seconds = (ONE_MORE - waited).max(0).unsigned_abs().div_ceil(1_000);
        Err(u32::try_from(seconds.max(1)).unwrap_or(u32::MAX))
    }

    /// Notes a wrong token.
    pub(crate) fn note(&self, address: IpAddr, now: Timestamp) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let place = place(address);
        if known.len() >= MOST && !known.contains_key(&place) {
            known.retain(|_, wrong| wrong.at(now).count > 0);
            if known.len() >= MOST {
                // So many at once are one attack: it starts again with all its addresses.
                known.clear();
            }
        }
        let wrong = known.entry(place).or_insert(Wrong {
            count: 0,
            since: now,
        });
        *wrong = wrong.at(now);
        wrong.count += 1;
    }
}

impl Wrong {
    /// What is left of it at a time. A clock that was put back forgives nothing, and blocks nobody for long.
    fn at(self, now: Timestamp) -> Self {
        let waited = now.as_millisecond() - self.since.as_millisecond();
        if waited < 0 {
            return Self { since: now, ..self };
        }
        let forgiven = waited / ONE_MORE;
        let count =
            u32::try_from(forgiven).map_or(0, |forgiven| self.count.saturating_sub(forgiven));
        let rest = waited % ONE_MORE;
        let since = now.as_millisecond() - rest;
        Self {
            count,
            since: Timestamp::from_millisecond(since).unwrap_or(now),
        }
    }
}

/// One subscriber of version 6 has 2⁶⁴ addresses.
fn place(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
        IpAddr::V4(address) => address.into(),
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;

    const START: Timestamp = Timestamp::UNIX_EPOCH;

    fn after(milliseconds: i64) -> Timestamp {
        START + SignedDuration::from_millis(milliseconds)
    }

    fn blocked() -> (Attempts, IpAddr) {
        let (attempts, address) = (Attempts::default(), [192, 0, 2, 1].into());
        for _ in 0..AT_ONCE {
            assert_eq!(attempts.may_try(address, START), Ok(()));
            attempts.note(address, START);
        }
        (attempts, address)
    }

    #[test]
    fn one_address_is_slowed_and_others_are_not() {
        let (attempts, address) = blocked();
        assert_eq!(attempts.may_try(address, START), Err(6));
        assert_eq!(attempts.may_try(address, after(5_500)), Err(1));
        assert_eq!(attempts.may_try([192, 0, 2, 2].into(), START), Ok(()));
        assert_eq!(attempts.may_try(address, after(6_000)), Ok(()));
        attempts.note(address, after(6_000));
        assert_eq!(attempts.may_try(address, after(6_001)), Err(6));
    }

    #[test]
    fn a_clock_that_is_put_back_blocks_nobody_for_long() {
        let (attempts, address) = blocked();
        assert_eq!(attempts.may_try(address, after(-86_400_000)), Err(6));
        assert_eq!(attempts.may_try(address, after(-86_394_000)), Ok(()));
    }

    #[test]
    fn one_network_of_version_6_is_one_address() {
        let attempts = Attempts::default();
        for last in 0..AT_ONCE {
            let address: IpAddr = format!("2001:db8::{last}").parse().unwrap();
            attempts.note(address, START);
        }
        let is_free = |text: &str| attempts.may_try(text.parse().unwrap(), START).is_ok();
        assert!(!is_free("2001:db8::ffff"));
        assert!(is_free("2001:db8:0:1::1"));
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let attempts = Attempts::default();
        for number in 0..20_000_u32 {
            attempts.note(IpAddr::from(number.to_be_bytes()), START);
        }
        assert!(attempts.0.lock().unwrap().len() <= MOST);
    }
}
