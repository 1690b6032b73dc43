//! The tools of one account, looked up by any of their names.

use std::collections::HashMap;
use std::sync::OnceLock;

use serde_json::{Map, Value};

use super::checker::Checker;
use super::nearest::nearest;
use super::schema::{self, COMPANY_DOMAIN};
use super::served::Served;
use super::{
    Arguments, Failure, FilterError, Listing, Problem, Settings, Tool, View, filter, profile,
};

/// The tools of one account.
#[derive(Debug)]
pub struct Catalogue {
    company_domain: String,
    settings: Settings,
    served: Served,
    entries: Vec<Entry>,
    listings: OnceLock<Vec<Listing>>,
    names: HashMap<&'static str, usize>,
    left_out: Vec<&'static Tool>,
}

/// A tool of one account.
#[derive(Debug)]
pub struct Entry {
    tool: &'static Tool,
    listed_name: &'static str,
    /// Compiled when the tool is first called: most never are, and a server should start at once.
    checker: OnceLock<Result<Checker, String>>,
}

/// Tools that cannot be served.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CatalogueError {
    /// The settings ask for tools that do not exist, or for none.
    #[error(transparent)]
    Filter(#[from] FilterError),
    /// A schema is not one that can be served: the generated files are damaged.
    #[error("the schemas of {tool} cannot be used: {reason}")]
    Schema {
        /// The tool's name in the inventory.
        tool: &'static str,
        /// What is wrong.
        reason: String,
    },
    /// Two tools answer to the same name: the generated files are damaged.
    #[error("{first} and {second} are both called {name}")]
    Name {
        /// The name in question.
        name: &'static str,
        /// One tool's name in the inventory.
        first: &'static str,
        /// The other tool's name in the inventory.
        second: &'static str,
    },
}

impl Catalogue {
    /// Chooses from `tools` what the settings ask for, and keeps their order.
    ///
    /// # Errors
    ///
    /// The filter names something that does not exist or leaves nothing, a schema cannot be used, or a
    /// name is taken twice.
    pub fn new(
        tools: impl IntoIterator<Item = &'static Tool>,
        company_domain: &str,
        settings: &Settings,
    ) -> Result<Self, CatalogueError> {
        let catalogue = Self::lazy(tools, company_domain, settings)?;
        catalogue.check_all()?;
        Ok(catalogue)
    }

    /// Makes everything that a client sees of the tools, which proves that it can be made.
    pub(crate) fn check_all(&self) -> Result<(), CatalogueError> {
        // If somebody else has been quicker, theirs are the same.
        let _ = self.listings.set(self.list()?);
        Ok(())
    }

    /// The same for tools whose schemas are known to be usable: what a client sees of them is made when it is
    /// asked for.
    pub(super) fn lazy(
        tools: impl IntoIterator<Item = &'static Tool>,
        company_domain: &str,
        settings: &Settings,
    ) -> Result<Self, CatalogueError> {
        let all: Vec<&'static Tool> = tools.into_iter().collect();
        let (chosen, left_out) = filter::split(&settings.filter, &all)?;
        let names = names(&chosen)?;
        Ok(Self {
            company_domain: company_domain.to_owned(),
            settings: settings.clone(),
            served: Served::new(&chosen, settings),
            entries: chosen
                .into_iter()
                .map(|tool| Entry {
                    tool,
                    listed_name: profile::names(settings).of(tool),
                    checker: OnceLock::new(),
                })
                .collect(),
            listings: OnceLock::new(),
            names,
            left_out,
        })
    }

    fn list(&self) -> Result<Vec<Listing>, CatalogueError> {
        let listing = |entry: &Entry| {
            let tool = entry.tool;
            let made = Listing::of(tool, &self.company_domain, &self.settings, &self.served);
            made.map_err(|reason| CatalogueError::Schema {
                tool: tool.name,
                reason,
            })
        };
        self.entries.iter().map(listing).collect()
    }

    /// The tools, in the order in which they are listed.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The same as a client sees them.
    #[must_use]
    pub fn listings(&self) -> &[Listing] {
        let list = || {
            self.list().unwrap_or_else(|error| {
                tracing::error!(%error, "the tools cannot be listed");
                Vec::new()
            })
        };
        self.listings.get_or_init(list)
    }

    /// The tool that answers to a name: its listed one, another one or an alias.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&Entry> {
        self.names.get(name).map(|index| &self.entries[*index])
    }

    /// What to say about a name that no tool here answers to.
    #[must_use]
    pub fn unknown(&self, name: &str) -> UnknownTool {
        let answers = |tool: &&&Tool| tool.names().any(|known| known == name);
        if let Some(tool) = self.left_out.iter().find(answers) {
            return UnknownTool::LeftOut(profile::names(&self.settings).of(tool));
        }
        // In the order of the table, so that the same question always gets the same answer.
        let names = self.entries.iter().flat_map(|entry| entry.tool.names());
        nearest(name, names)
            .and_then(|near| self.find(near))
            .map_or(UnknownTool::Unknown, |entry| {
                UnknownTool::Near(entry.listed_name)
            })
    }

    /// The schema of a tool's arguments, complete and the same for every client.
    ///
    /// # Errors
    ///
    /// What is wrong with it: the generated files are damaged.
    pub(crate) fn accepted<'a>(&self, entry: &'a Entry) -> Result<&'a Value, &'a str> {
        self.checker(entry).map(Checker::schema)
    }

    /// Checks the arguments of a call, and parts what is sent from what the caller wants to see of the
    /// answer.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with them, at once. Nothing has been sent then.
    pub fn check(
        &self,
        entry: &Entry,
        mut arguments: Map<String, Value>,
    ) -> Result<(Arguments, View), Failure> {
        let reads = entry.tool.effect.is_read();
        if reads {
            View::split_names(&mut arguments);
        }
        let checked = match self.checker(entry) {
            Ok(checker) => checker.check(arguments),
            Err(reason) => Err(vec![Problem {
                field: "arguments".to_owned(),
                problem: format!("cannot be checked because of a defect of this server: {reason}"),
            }]),
        };
        let mut arguments = checked.map_err(Failure::invalid_arguments)?;
        // The client fills it in from the account.
        arguments.shift_remove(COMPANY_DOMAIN);
        let view = if reads {
            View::take(&mut arguments)
        } else {
            View::default()
        };
        Ok((Arguments::new(arguments), view))
    }

    fn checker<'a>(&self, entry: &'a Entry) -> Result<&'a Checker, &'a str> {
        let compile = || {
            let schema = schema::accepted_input(
                entry.tool,
                &self.company_domain,
                &self.settings,
                &self.served,
            )?;
            Checker::new(schema)
        };
        entry
            .checker
            .get_or_init(compile)
            .as_ref()
            .map_err(String::as_str)
    }
}

impl Entry {
    /// The tool itself.
    #[must_use]
    pub fn tool(&self) -> &'static Tool {
        self.tool
    }

    /// The name under which the tool is listed.
    #[must_use]
    pub fn listed_name(&self) -> &'static str {
        self.listed_name
    }
}

/// Where each name leads.
fn names(tools: &[&'static Tool]) -> Result<HashMap<&'static str, usize>, CatalogueError> {
    let mut names = HashMap::new();
    for (index, tool) in tools.iter().enumerate() {
        for name in tool.names() {
            if let Some(first) = names.insert(name, index) {
                return Err(CatalogueError::Name {
                    name,
                    first: tools[first].name,
                    second: tool.name,
                });
            }
        }
    }
    Ok(names)
}

/// No tool of this account answers to the name of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UnknownTool {
    /// One has nearly this name.
    #[error("unknown tool; did you mean {0}?")]
    Near(&'static str),
    /// There is one, and the settings leave it out.
    #[error("{0} is not among the tools of this server; whoever runs the server can add it")]
    LeftOut(&'static str),
    /// There is one, and it is called through another tool.
    #[error("{tool} is called through {executor}, with its name and its arguments")]
    Indirect {
        /// The tool's listed name.
        tool: &'static str,
        /// The tool to call.
        executor: &'static str,
    },
    /// There is none.
    #[error("unknown tool; tools/list names the tools of this server")]
    Unknown,
}

#[cfg(test)]
mod tests;
