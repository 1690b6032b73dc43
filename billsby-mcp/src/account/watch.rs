//! Whoever wants to know of an account's calls.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use billsby_sdk::Outcome;
use jiff::Timestamp;

use crate::tool::{Arguments, Failure, Tool};

/// What a client calls itself, in its own words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Caller {
    /// Its name.
    pub name: Option<String>,
    /// Its version.
    pub version: Option<String>,
}

/// Is told of every call of a tool once it is over. Neither waits nor fails: the call's answer is on
/// its way.
pub trait Watch: Send + Sync {
    /// What time it is.
    fn now(&self) -> Timestamp;
    /// A call is over.
    fn ended(&self, call: Call);
}

/// A call that is over: nothing of what was sent or received but the ids that it named.
#[derive(Debug, Clone)]
pub struct Call {
    /// When it began.
    pub at: Timestamp,
    /// Who called.
    pub caller: Caller,
    /// What was called.
    pub tool: &'static Tool,
    /// Whether it gave no answer.
    pub is_error: bool,
    /// What became of it at Billsby.
    pub outcome: Outcome,
    /// The status that Billsby answered with, if it failed with one.
    pub status: Option<u16>,
    /// How long it took, in milliseconds.
    pub milliseconds: u32,
    /// The ids that it named, by the names of the kinds; none if its arguments were refused.
    pub keys: BTreeMap<String, String>,
}

/// A call of a watched account. When it is dropped before its result is known, because nobody waits for
/// it any longer or because of a defect, it is reported as one whose outcome is unknown.
pub(super) struct Watched {
    watch: Arc<dyn Watch>,
    start: Instant,
    call: Option<Call>,
}

impl Watched {
    pub(super) fn begin(watch: &Arc<dyn Watch>, caller: &Caller, tool: &'static Tool) -> Self {
        let call = Call {
            at: watch.now(),
            caller: caller.clone(),
            tool,
            is_error: true,
            outcome: Outcome::Unknown,
            status: None,
            milliseconds: 0,
            keys: BTreeMap::new(),
        };
        Self {
            watch: Arc::clone(watch),
            start: Instant::now(),
            call: Some(call),
        }
    }

    /// Notes the ids in arguments that have been checked.
    pub(super) fn names(&mut self, arguments: &Arguments) {
        if let Some(call) = &mut self.call {
            call.keys = crate::activity::keys(arguments.values());
        }
    }

    /// Reports the call with its result.
    pub(super) fn end<T>(mut self, result: &Result<T, Failure>) {
        let Some(call) = &mut self.call else { return };
        match result {
            Ok(_) => {
                call.is_error = false;
                call.outcome = Outcome::Done;
            }
            Err(failure) => {
                call.outcome = failure.outcome();
                call.status = failure.status();
            }
        }
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        if let Some(mut call) = self.call.take() {
            let milliseconds = self.start.elapsed().as_millis();
            call.milliseconds = u32::try_from(milliseconds).unwrap_or(u32::MAX);
            self.watch.ended(call);
        }
    }
}
