//! One company's access to Billsby with its tools, ready to be called.

use std::fmt;
use std::time::Instant;

use billsby_sdk::Client;
use serde_json::{Map, Value};
use tokio_util::task::{AbortOnDropHandle, TaskTracker};

use crate::tool::{
    Answer, Arguments, Catalogue, CatalogueError, Discovery, Entry, Exposure, Failure, Listing,
    Report, Settings, Step, Tool, UnknownTool,
};

/// One company's access to Billsby with its tools.
pub struct Account {
    client: Client,
    settings: Settings,
    catalogue: Catalogue,
    discovery: Option<Discovery>,
    calls: TaskTracker,
}

/// What comes of a call: an answer, or why there is none and what to do next.
pub type Reply = Result<Answer, Report>;

impl Account {
    /// Prepares an account with the tools that the settings ask for.
    ///
    /// # Errors
    ///
    /// The filter names something that does not exist or leaves no tool, or the tool table is damaged.
    pub fn new(client: Client, settings: &Settings) -> Result<Self, CatalogueError> {
        Self::with_tools(client, settings, crate::tools())
    }

    /// The same with a tool table of one's own.
    ///
    /// # Errors
    ///
    /// As for [`Account::new`].
    pub fn with_tools(
        client: Client,
        settings: &Settings,
        tools: impl IntoIterator<Item = &'static Tool>,
    ) -> Result<Self, CatalogueError> {
        let catalogue = Catalogue::new(tools, client.company_domain().as_str(), settings)?;
        let discovery = match settings.exposure {
            Exposure::All => None,
            Exposure::Discovery => Some(Discovery::new(&catalogue, settings)?),
        };
        Ok(Self {
            client,
            settings: settings.clone(),
            catalogue,
            discovery,
            calls: TaskTracker::new(),
        })
    }

    /// How the account's tools are chosen and shown.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The company whose account this is.
    #[must_use]
    pub fn company_domain(&self) -> &str {
        self.client.company_domain().as_str()
    }

    /// The account's tools, listed or found by searching.
    #[must_use]
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// The tools as a client sees them.
    #[must_use]
    pub fn listings(&self) -> &[Listing] {
        match &self.discovery {
            None => self.catalogue.listings(),
            Some(discovery) => discovery.listings(),
        }
    }

    /// Calls a tool by any of its names.
    ///
    /// Dropping the returned future gives the call up. A read then stops at once. Anything else,
    /// once it has started, runs to its end unobserved: its request may have been sent already, and
    /// what became of it must reach the log.
    ///
    /// # Errors
    ///
    /// No tool of this account answers to the name. A tool that did not succeed is no error here: its
    /// [`Reply`] says what happened.
    pub async fn call(
        &self,
        name: &str,
        arguments: Map<String, Value>,
    ) -> Result<Reply, UnknownTool> {
        let step = match &self.discovery {
            Some(discovery) => discovery.step(&self.catalogue, name, arguments)?,
            None => match self.catalogue.find(name) {
                Some(entry) => Step::Call(entry, arguments),
                None => return Err(self.catalogue.unknown(name)),
            },
        };
        Ok(match step {
            Step::Done(reply) => reply,
            Step::Call(entry, arguments) => self.run(entry, arguments).await,
        })
    }

    async fn run(&self, entry: &Entry, arguments: Map<String, Value>) -> Reply {
        let tool = entry.tool();
        let result = match self.catalogue.check(entry, arguments) {
            Ok((arguments, view)) => {
                let call = self.calls.spawn(run(self.client.clone(), tool, arguments));
                let joined = if tool.effect.is_read() {
                    AbortOnDropHandle::new(call).await
                } else {
                    call.await
                };
                let cap = self.settings.result_tokens;
                joined
                    .unwrap_or_else(|_| Err(Failure::interrupted()))
                    .map(|answer| answer.present(tool, &view, cap, entry.listed_name()))
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
    let mut result = (tool.call)(&client, arguments).await;
    if tool.effect.is_read() {
        result = result.and_then(Answer::of_read);
    }
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
    use crate::tool::{Class, Dispatch, Effect, Filter, Outcome};

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
        additive: false,
        idempotent: false,
        output_schema: r#"{"type": "object"}"#,
        paged: false,
        long_answer: false,
        renamed_keys: &[],
        input_schema: r#"{"type": "object", "properties": {}, "additionalProperties": false}"#,
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
        let settings = Settings {
            filter: Filter {
                methods: vec!["read".to_owned(), "write".to_owned()],
                ..Filter::default()
            },
            ..Settings::default()
        };
        Account::with_tools(client, &settings, [&READ, &WRITE, &BROKEN]).unwrap()
    }

    #[tokio::test]
    async fn a_call_given_up_stops_a_read_but_not_a_write() {
        let account = account();
        for tool in [&READ, &WRITE] {
            let call = account.call(tool.name, Map::new());
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
        let reply = account.call("breaks", Map::new()).await.unwrap();
        let report = reply.unwrap_err();
        assert_eq!(report.outcome, Outcome::Unknown);
        assert!(!report.retryable);
    }
}
