//! One company's access to Billsby with its tools, ready to be called.

use std::fmt;
use std::time::Instant;

use billsby_sdk::Client;
use serde_json::{Map, Value};
use tokio_util::task::{AbortOnDropHandle, TaskTracker};

use crate::tool::{Answer, Arguments, Catalogue, CatalogueError, Entry, Failure, Report, Tool};

/// One company's access to Billsby with its tools.
pub struct Account {
    client: Client,
    catalogue: Catalogue,
    calls: TaskTracker,
}

impl Account {
    /// Prepares some tools for an account.
    ///
    /// # Errors
    ///
    /// The tool table is damaged.
    pub fn new(
        client: Client,
        tools: impl IntoIterator<Item = &'static Tool>,
    ) -> Result<Self, CatalogueError> {
        let catalogue = Catalogue::new(tools, client.company_domain().as_str())?;
        Ok(Self {
            client,
            catalogue,
            calls: TaskTracker::new(),
        })
    }

    /// The account's tools.
    #[must_use]
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// Calls a tool.
    ///
    /// Dropping the returned future gives the call up. A read then stops at once. Anything else,
    /// once it has started, runs to its end unobserved: its request may have been sent already, and
    /// what became of it must reach the log.
    ///
    /// # Errors
    ///
    /// The call did not succeed; the report says what happened and what to do next.
    pub async fn call(
        &self,
        entry: &Entry,
        arguments: Map<String, Value>,
    ) -> Result<Answer, Report> {
        let tool = entry.tool();
        let result = match entry.check(arguments) {
            Ok(arguments) => {
                let call = self.calls.spawn(run(self.client.clone(), tool, arguments));
                let joined = if tool.effect.is_read() {
                    AbortOnDropHandle::new(call).await
                } else {
                    call.await
                };
                joined.unwrap_or_else(|_| Err(Failure::interrupted()))
            }
            Err(failure) => {
                tracing::info!(
                    tool = tool.name,
                    problems = failure.problems().len(),
                    "arguments refused"
                );
                Err(failure)
            }
        };
        result.map_err(|failure| Report::new(failure, tool.effect))
    }

    /// Waits until no call is running. Each one ends by itself when the client's time limit is over.
    pub async fn finished(&self) {
        self.calls.close();
        self.calls.wait().await;
    }
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account")
            .field("tools", &self.catalogue.entries().len())
            .finish_non_exhaustive()
    }
}

/// Runs a tool and logs what became of it: which tool, how it ended, how long it took. Never what
/// was sent or received.
async fn run(client: Client, tool: &'static Tool, arguments: Arguments) -> Result<Answer, Failure> {
    let start = Instant::now();
    let result = (tool.call)(&client, arguments).await;
    let milliseconds = start.elapsed().as_millis();
    match &result {
        Ok(_) => tracing::info!(tool = tool.name, milliseconds, "call succeeded"),
        Err(failure) => tracing::warn!(
            tool = tool.name,
            milliseconds,
            status = failure.status(),
            outcome = failure.outcome().as_str(),
            "call failed"
        ),
    }
    result
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::time::Duration;

    use super::*;
    use crate::tool::{Class, Dispatch, Effect, Outcome};

    const TOOL: Tool = Tool {
        name: "list_customers",
        short_name: "list",
        aliases: &[],
        title: "",
        description: "",
        operation: "",
        tag: "",
        class: Class::Read,
        effect: Effect::Read,
        reviewed: true,
        input_schema: r#"{"type": "object", "additionalProperties": false}"#,
        call: |_, _| Box::pin(finish_late(&READ_FINISHED)),
    };
    static READ: Tool = TOOL;
    static WRITE: Tool = Tool {
        name: "refund_invoice",
        short_name: "refund",
        effect: Effect::Money,
        call: |_, _| Box::pin(finish_late(&WRITE_FINISHED)),
        ..TOOL
    };
    static BROKEN: Tool = Tool {
        name: "broken",
        short_name: "breaks",
        call: panics,
        ..WRITE
    };

    static READ_FINISHED: AtomicBool = AtomicBool::new(false);
    static WRITE_FINISHED: AtomicBool = AtomicBool::new(false);

    async fn finish_late(finished: &AtomicBool) -> Result<Answer, Failure> {
        tokio::time::sleep(Duration::from_millis(200)).await;
        finished.store(true, Ordering::SeqCst);
        Ok(Answer::from_body(b"Success"))
    }

    fn panics(_: &Client, _: Arguments) -> Dispatch<'_> {
        Box::pin(async { panic!("on purpose") })
    }

    fn account() -> Account {
        let client = Client::new("key", "acme".parse().unwrap()).unwrap();
        Account::new(client, [&READ, &WRITE, &BROKEN]).unwrap()
    }

    #[tokio::test]
    async fn a_call_given_up_stops_a_read_but_not_a_write() {
        let account = account();
        for tool in [&READ, &WRITE] {
            let entry = account.catalogue().find(tool.name).unwrap();
            let call = account.call(entry, Map::new());
            let given_up = tokio::time::timeout(Duration::from_millis(20), call).await;
            assert!(given_up.is_err());
        }
        account.finished().await;
        assert!(!READ_FINISHED.load(Ordering::SeqCst));
        assert!(WRITE_FINISHED.load(Ordering::SeqCst));
    }

    #[tokio::test]
    async fn a_defect_in_a_tool_is_answered() {
        let account = account();
        let entry = account.catalogue().find("breaks").unwrap();
        let report = account.call(entry, Map::new()).await.unwrap_err();
        assert_eq!(report.outcome, Outcome::Unknown);
        assert!(!report.retryable);
    }
}
