//! One company's access to Billsby with its tools, ready to be called.

mod watch;

use std::fmt;
use std::sync::Arc;
use std::time::Instant;

use billsby_sdk::Client;
use serde_json::{Map, Value};
use tokio_util::task::{AbortOnDropHandle, TaskTracker};

use crate::tool::{
    Answer, Arguments, CatalogueError, Entry, Failure, Place, Report, Settings, Shelf, Step, Tool,
    Toolset, UnknownTool,
};
use watch::Watched;
pub use watch::{Call, Caller, Watch};

/// One company's access to Billsby with its tools.
pub struct Account {
    client: Client,
    tools: Tools,
    calls: TaskTracker,
    watch: Option<Arc<dyn Watch>>,
}

/// Where an account's tools are.
enum Tools {
    Own(Arc<Toolset>),
    Shared(Place),
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
        let domain = client.company_domain().as_str();
        let toolset = Toolset::new(tools, domain, settings)?;
        toolset.catalogue().check_all()?;
        let tools = Tools::Own(Arc::new(toolset));
        Ok(Self::with(client, tools))
    }

    /// The same with tools that are shared with other accounts.
    ///
    /// # Errors
    ///
    /// As for [`Account::new`].
    pub fn sharing(
        client: Client,
        settings: Settings,
        shelf: &Arc<Shelf>,
    ) -> Result<Self, CatalogueError> {
        let domain = client.company_domain().as_str();
        let place = Place::new(Arc::clone(shelf), domain, settings)?;
        Ok(Self::with(client, Tools::Shared(place)))
    }

    fn with(client: Client, tools: Tools) -> Self {
        Self {
            client,
            tools,
            calls: TaskTracker::new(),
            watch: None,
        }
    }

    /// The same account, with somebody who is told of its calls.
    #[must_use]
    pub fn watched(self, watch: Arc<dyn Watch>) -> Self {
        Self {
            watch: Some(watch),
            ..self
        }
    }

    /// The company whose account this is.
    #[must_use]
    pub fn company_domain(&self) -> &str {
        self.client.company_domain().as_str()
    }

    /// The account's tools.
    #[must_use]
    pub fn tools(&self) -> Arc<Toolset> {
        match &self.tools {
            Tools::Own(toolset) => Arc::clone(toolset),
            Tools::Shared(place) => place.toolset(),
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
        self.call_from(&Caller::default(), name, arguments).await
    }

    /// The same for a client that has said what it is.
    ///
    /// # Errors
    ///
    /// As for [`Account::call`].
    pub async fn call_from(
        &self,
        caller: &Caller,
        name: &str,
        arguments: Map<String, Value>,
    ) -> Result<Reply, UnknownTool> {
        let tools = self.tools();
        let step = tools.step(name, arguments)?;
        Ok(match step {
            Step::Done(reply) => reply,
            Step::Call(entry, arguments) => self.run(caller, &tools, entry, arguments).await,
        })
    }

    async fn run(
        &self,
        caller: &Caller,
        tools: &Toolset,
        entry: &Entry,
        arguments: Map<String, Value>,
    ) -> Reply {
        let tool = entry.tool();
        let watch = self.watch.as_ref();
        let mut watched = watch.map(|watch| Watched::begin(watch, caller, tool));
        let result = match tools.catalogue().check(entry, arguments) {
            Ok((arguments, view)) => {
                if let Some(watched) = &mut watched {
                    watched.names(&arguments);
                }
                let client = self.client.clone();
                let call = self.calls.spawn(run(client, tool, arguments, watched));
                let joined = if tool.effect.is_read() {
                    AbortOnDropHandle::new(call).await
                } else {
                    call.await
                };
                let cap = tools.settings().result_tokens;
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
                let refused = Err(failure);
                if let Some(watched) = watched {
                    watched.end(&refused);
                }
                refused
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
            .field("company_domain", &self.company_domain())
            .finish_non_exhaustive()
    }
}

/// Runs a tool and logs what became of it: which tool, how it ended, how long it took. Never what
/// was sent or received.
async fn run(
    client: Client,
    tool: &'static Tool,
    arguments: Arguments,
    watched: Option<Watched>,
) -> Result<Answer, Failure> {
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
    if let Some(watched) = watched {
        watched.end(&result);
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
