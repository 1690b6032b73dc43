//! Making a call, and what to do when it fails.

use serde_json::{Map, Value};

use super::toolbox::Tool;
use super::{Agent, GivenUp, Habit, gives_up};
use crate::evaluation::tokens;

/// Nobody tries one call more often.
const ATTEMPTS: usize = 12;

impl Agent<'_> {
    /// Calls a tool until it succeeds or there is no use in trying.
    pub(super) async fn call(
        &mut self,
        tool: &Tool,
        meant: Map<String, Value>,
    ) -> Result<Value, GivenUp> {
        if let Some(known) = self.memory.answer(&tool.name, &meant) {
            return Ok(known.clone());
        }
        for attempt in 0..ATTEMPTS {
            let sent = self.slip(tool, &meant, attempt);
            let is_right = sent == meant;
            self.log.mistakes += usize::from(!is_right);
            let seen = self.client.call(&tool.name, &sent).await;
            self.log.calls += 1;
            self.called.insert(tool.name.clone());
            self.log.tokens += tokens::count(&seen.text);
            if seen.is_error {
                self.weigh(&seen.value, is_right)?;
                continue;
            }
            if tool.only_reads {
                self.memory.keep(&tool.name, &meant, &seen.value);
            } else {
                self.memory.forget_answers();
            }
            self.obey(&seen.value).await;
            return Ok(seen.value);
        }
        Err(gives_up(format!("{} does not work", tool.name)))
    }

    /// Decides whether to try again after a failure: when nothing has happened and, looked at again, the
    /// call was not what the agent meant, or when the server says that it may help.
    fn weigh(&self, report: &Value, was_right: bool) -> Result<(), GivenUp> {
        let unknown = report["outcome"] == "unknown";
        let may_repeat = report["retryable"] == true
            || (unknown && self.habit == Habit::Repeats)
            || (!unknown && report["outcome"] != "done" && !was_right);
        if may_repeat {
            return Ok(());
        }
        let message = report["message"].as_str();
        Err(gives_up(message.unwrap_or("a call failed")))
    }
}
