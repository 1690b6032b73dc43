//! An agent with simple rules. It knows a task in a person's words and what an MCP client gets: names,
//! titles, descriptions and schemas of tools, results and errors.

mod call;
mod entry;
mod fill;
mod find;
mod habit;
mod memory;
mod obey;
mod toolbox;

use std::collections::BTreeSet;
use std::pin::Pin;

use serde_json::{Value, json};

use super::client::McpClient;
use super::dice::Dice;
use super::plan::{Step, Tell};
use entry::Entry;
pub(crate) use habit::Habit;
use memory::Memory;
use toolbox::{Tool, Toolbox};

/// An agent at work on one task.
#[derive(Debug)]
pub(crate) struct Agent<'a> {
    client: &'a McpClient,
    toolbox: Toolbox,
    memory: Memory,
    habit: Habit,
    dice: Dice,
    /// The nouns that the running step has decided.
    settled: BTreeSet<String>,
    /// The nouns that are being looked for.
    sought: BTreeSet<String>,
    /// The instructions from data that were followed.
    obeyed: BTreeSet<String>,
    /// Whether an instruction is being followed.
    obeying: bool,
    /// The names of the tools that were called.
    pub(crate) called: BTreeSet<String>,
    pub(crate) log: Log,
}

/// What a task took.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Log {
    pub(crate) calls: usize,
    /// Calls that the agent's habit has spoiled.
    pub(crate) mistakes: usize,
    /// Tokens of the results.
    pub(crate) tokens: usize,
}

/// Why an agent stops: what it would tell the person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct GivenUp(pub(crate) String);

/// Something that an agent tries. Finding one thing may take finding another one first.
type Attempt<'a, T> = Pin<Box<dyn Future<Output = Result<T, GivenUp>> + Send + 'a>>;

impl<'a> Agent<'a> {
    pub(crate) fn new(client: &'a McpClient, habit: Habit, dice: Dice) -> Self {
        Self {
            client,
            toolbox: Toolbox::new(&client.tools),
            memory: Memory::default(),
            habit,
            dice,
            settled: BTreeSet::new(),
            sought: BTreeSet::new(),
            obeyed: BTreeSet::new(),
            obeying: false,
            called: BTreeSet::new(),
            log: Log::default(),
        }
    }

    /// Does all steps; gives what the last one was to tell.
    pub(crate) async fn carry_out(&mut self, plan: &[Step]) -> Result<Option<Value>, GivenUp> {
        let mut told = None;
        for step in plan {
            self.settled.clear();
            told = match step.each {
                Some(noun) => self.act_on_each(noun, step).await?,
                None => self.act(step).await?,
            };
        }
        Ok(told)
    }

    /// Does a step for everything that fits.
    async fn act_on_each(&mut self, noun: &str, step: &Step) -> Result<Option<Value>, GivenUp> {
        let tool = self.tool(&step.wish)?;
        let id =
            fill::id_of(&tool, noun).ok_or_else(|| gives_up(format!("no {noun} is asked for")))?;
        let settled = self.settled.clone();
        for entry in self.find_all(&id, step).await? {
            self.settled.clone_from(&settled);
            self.settle(noun, entry);
            self.act(step).await?;
        }
        Ok(None)
    }

    /// Does a step once.
    async fn act(&mut self, step: &Step) -> Result<Option<Value>, GivenUp> {
        let tool = self.tool(&step.wish)?;
        let arguments = self.arguments(&tool, step).await?;
        if !tool.only_reads {
            let answer = self.call(&tool, arguments).await?;
            let names = self.id_names();
            self.memory.made(&answer, &names);
            return Ok(None);
        }
        // A list is read to its end only if all of it matters.
        let whole = matches!(step.tell, Some(Tell::Count | Tell::Each(_)));
        let answers = match step
            .about
            .iter()
            .find(|(noun, _)| !self.settled.contains(noun))
        {
            Some((noun, pick)) if !whole => {
                self.pick_from(&tool, arguments, noun, pick).await?;
                return Ok(step
                    .tell
                    .as_ref()
                    .and_then(|tell| self.tell_of_choice(noun, tell)));
            }
            _ if whole => self.pages(&tool, arguments, |_| false).await?,
            _ => vec![self.call(&tool, arguments).await?],
        };
        Ok(step
            .tell
            .as_ref()
            .and_then(|tell| told(&answers, step, tell)))
    }

    fn tell_of_choice(&self, noun: &str, tell: &Tell) -> Option<Value> {
        let Tell::One(name) = tell else { return None };
        let entry = self.memory.entry(self.toolbox.id_name(noun)?)?;
        entry
            .objects
            .iter()
            .find_map(|object| entry::value_of(object, name))
    }

    /// The tool that does what is wished.
    fn tool(&self, wish: &str) -> Result<Tool, GivenUp> {
        let tool = self.toolbox.choose(wish).cloned();
        tool.ok_or_else(|| gives_up(format!("no tool can {wish}")))
    }

    /// Remembers which one is meant.
    fn settle(&mut self, noun: &str, entry: Entry<'static>) {
        let names = self.id_names();
        if let Some(name) = self.toolbox.id_name(noun) {
            self.memory.choose(name, entry, &names);
        }
        self.settled.insert(noun.to_owned());
    }

    fn id_names(&self) -> Vec<String> {
        self.toolbox
            .id_names()
            .map(|(_, name)| name.to_owned())
            .collect()
    }
}

fn gives_up(why: impl Into<String>) -> GivenUp {
    GivenUp(why.into())
}

/// What a person hears of answers.
fn told(answers: &[Value], step: &Step, tell: &Tell) -> Option<Value> {
    let mut rows: Vec<Value> = Vec::new();
    for row in answers.iter().flat_map(entry::rows) {
        // Pages may overlap.
        if entry::has_all(&row, &step.rows) && !rows.contains(&row) {
            rows.push(row);
        }
    }
    match tell {
        Tell::One(name) if step.rows.is_empty() => answers
            .iter()
            .find_map(|answer| entry::value_of(answer, name)),
        Tell::One(name) => rows.iter().find_map(|row| entry::value_of(row, name)),
        Tell::Each(name) => Some(
            rows.iter()
                .filter_map(|row| entry::value_of(row, name))
                .collect(),
        ),
        Tell::Count => Some(json!(rows.len())),
        Tell::Words => Some(Value::Array(rows)),
    }
}
