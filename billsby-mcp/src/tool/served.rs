//! What texts may name: the tools that an account serves, as they are listed.

use super::{Key, Settings, Tool, profile};

/// The tools that an account serves.
#[derive(Debug)]
pub(crate) struct Served {
    /// The tools with the names under which they are listed.
    tools: Vec<(&'static Tool, &'static str)>,
}

impl Served {
    pub(crate) fn new(tools: &[&'static Tool], settings: &Settings) -> Self {
        let names = profile::names(settings);
        let tools = tools.iter().map(|tool| (*tool, names.of(tool)));
        Self {
            tools: tools.collect(),
        }
    }

    /// The listed name of the tool with a short name.
    pub(crate) fn named(&self, short_name: &str) -> Option<&'static str> {
        self.find(|tool| tool.short_name == short_name)
    }

    /// The best tool that gives a key, with the property where its answer has no name for the key.
    pub(crate) fn source(&self, key: &Key) -> Option<String> {
        key.sources.iter().find_map(|source| {
            let name = self.find(|tool| tool.operation == source.operation)?;
            Some(if source.bare {
                format!("{name} ({})", source.property)
            } else {
                name.to_owned()
            })
        })
    }

    fn find(&self, is_it: impl Fn(&Tool) -> bool) -> Option<&'static str> {
        let found = self.tools.iter().find(|(tool, _)| is_it(tool));
        found.map(|(_, name)| *name)
    }
}
