//! Entries that are not in the store yet.

use std::collections::VecDeque;

use super::Entry;

/// How many entries may wait at most.
pub(super) const CAPACITY: usize = 10_000;

/// Entries that are not in the store yet, the oldest first. When there are too many the oldest go.
#[derive(Default)]
pub(super) struct Queue {
    entries: VecDeque<Entry>,
    /// How many have left the front, for whatever reason.
    passed: u64,
    /// How many of them were never written.
    lost: u64,
    /// Whether any was lost since something was written last.
    is_losing: bool,
}

/// A part of the queue that is being written. It stays in the queue until that is certain.
pub(super) struct Part {
    pub(super) entries: Vec<Entry>,
    /// The number of the entry behind its last one.
    pub(super) end: u64,
}

impl Queue {
    /// Adds an entry; says whether another one was lost for it, the first one since something was written.
    pub(super) fn push(&mut self, entry: Entry) -> bool {
        let is_full = self.entries.len() == CAPACITY;
        let is_first = is_full && !self.is_losing;
        if is_full {
            self.entries.pop_front();
            self.passed += 1;
            self.lost += 1;
            self.is_losing = true;
        }
        self.entries.push_back(entry);
        is_first
    }

    /// The oldest entries, at most so many; none if there are none.
    pub(super) fn first(&self, most: usize) -> Option<Part> {
        let entries: Vec<Entry> = self.entries.iter().take(most).cloned().collect();
        let end = self.passed + entries.len() as u64;
        (!entries.is_empty()).then_some(Part { entries, end })
    }

    /// Forgets a part that has been written, as far as it is still here.
    pub(super) fn written(&mut self, end: u64) {
        self.is_losing = false;
        while self.passed < end && self.entries.pop_front().is_some() {
            self.passed += 1;
        }
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// How many entries were never written.
    pub(super) fn lost(&self) -> u64 {
        self.lost
    }
}

#[cfg(test)]
mod tests {
    use billsby_sdk::Outcome;
    use jiff::Timestamp;

    use super::*;
    use crate::record::ActivityId;

    fn entry(number: u32) -> Entry {
        let at = Timestamp::UNIX_EPOCH;
        Entry {
            id: ActivityId::new(at).unwrap(),
            at,
            server: None,
            account: None,
            client_name: None,
            client_version: None,
            tool: "list_customers".to_owned(),
            is_write: false,
            is_error: false,
            outcome: Outcome::Done,
            status: None,
            milliseconds: number,
            keys: std::collections::BTreeMap::new(),
        }
    }

    fn numbers(part: &Part) -> Vec<u32> {
        part.entries
            .iter()
            .map(|entry| entry.milliseconds)
            .collect()
    }

    #[test]
    fn what_is_written_goes_and_the_rest_stays() {
        let mut queue = Queue::default();
        assert!(queue.first(2).is_none());
        for number in 0..3 {
            assert!(!queue.push(entry(number)));
        }
        let part = queue.first(2).unwrap();
        assert_eq!(numbers(&part), [0, 1]);
        assert_eq!(queue.len(), 3);
        queue.written(part.end);
        assert_eq!(numbers(&queue.first(9).unwrap()), [2]);
        assert_eq!(queue.lost(), 0);
    }

    #[test]
    fn the_oldest_are_lost_and_nothing_else_with_them() {
        let mut queue = Queue::default();
        for number in 0..10_000 {
            assert!(!queue.push(entry(number)));
        }
        let part = queue.first(3).unwrap();
        // One of them is lost while they are being written.
        assert!(queue.push(entry(10_000)));
        assert_eq!((queue.len(), queue.lost()), (CAPACITY, 1));
        queue.written(part.end);
        assert_eq!(queue.len(), CAPACITY - 2);
        assert_eq!(numbers(&queue.first(1).unwrap()), [3]);
        let said: Vec<_> = (0..4).map(|number| queue.push(entry(number))).collect();
        assert_eq!(said, [false, false, true, false]);
        assert_eq!(queue.lost(), 3);
    }
}
