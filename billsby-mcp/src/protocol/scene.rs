//! What texts for a model may speak of: the tools that this account serves, by their listed names.

use crate::tool::{CompanyDomainMode, Entry, Exposure, Listing, Tool, Toolset};

/// An account's tools, as the setting of a text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scene<'a> {
    tools: &'a Toolset,
}

impl<'a> Scene<'a> {
    pub(super) fn new(tools: &'a Toolset) -> Self {
        Self { tools }
    }

    /// The listed name of the tool behind an operation, in backticks; none if it is not served.
    pub(super) fn tool(self, operation: &str) -> Option<String> {
        let entries = self.tools.catalogue().entries();
        let entry = entries
            .iter()
            .find(|entry| entry.tool().operation == operation)?;
        Some(format!("`{}`", entry.listed_name()))
    }

    /// The tools themselves, with what a client sees of them.
    pub(super) fn tools(self) -> impl Iterator<Item = (&'static Tool, &'a Listing)> {
        let entries = self.tools.catalogue().entries().iter();
        entries.map(Entry::tool).zip(self.listings())
    }

    /// What a client sees of the tools, or would see if they were listed.
    pub(super) fn listings(self) -> &'a [Listing] {
        self.tools.catalogue().listings()
    }

    /// What a client sees of the tool that answers to a name.
    pub(super) fn listing(self, name: &str) -> Option<&'a Listing> {
        let name = self.tools.catalogue().find(name)?.listed_name();
        self.listings().iter().find(|listing| listing.name == name)
    }

    /// Whether every one of these operations is served.
    pub(super) fn has_all(self, operations: &[&str]) -> bool {
        operations
            .iter()
            .all(|operation| self.tool(operation).is_some())
    }

    /// The domain that calls have to name, where they have to.
    pub(super) fn company_domain(self) -> Option<&'a str> {
        match self.tools.settings().company_domain {
            CompanyDomainMode::Explicit => Some(self.tools.company_domain()),
            CompanyDomainMode::Bound => None,
        }
    }

    /// How tools are called that are called through others: the tools for reads and for all else, as far
    /// as they are listed. None if tools are called by their own names.
    pub(super) fn executors(self) -> Option<String> {
        if self.tools.settings().exposure != Exposure::Discovery {
            return None;
        }
        let is_listed = |name: &str| {
            let mut listings = self.tools.listings().iter();
            listings.any(|listing| listing.name == name)
        };
        let (read, write) = ("call_read_tool", "call_write_tool");
        Some(match (is_listed(read), is_listed(write)) {
            (true, true) => format!("`{read}` if it only reads, else with `{write}`"),
            (true, false) => format!("`{read}`"),
            (false, _) => format!("`{write}`"),
        })
    }
}
