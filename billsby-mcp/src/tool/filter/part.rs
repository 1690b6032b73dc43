//! The parts of a filter.

use super::Group;
use crate::tool::{Filter, Tool};

/// A part of a [`Filter`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// `methods`
    Methods,
    /// `tags`
    Tags,
    /// `tools`
    Tools,
    /// `exclude_tools`
    ExcludeTools,
}

impl Part {
    pub(super) const ALL: [Self; 4] = [Self::Methods, Self::Tags, Self::Tools, Self::ExcludeTools];

    /// Its name in the settings.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Methods => "methods",
            Self::Tags => "tags",
            Self::Tools => "tools",
            Self::ExcludeTools => "exclude_tools",
        }
    }

    pub(super) fn values(self, filter: &Filter) -> &[String] {
        match self {
            Self::Methods => &filter.methods,
            Self::Tags => &filter.tags,
            Self::Tools => &filter.tools,
            Self::ExcludeTools => &filter.exclude_tools,
        }
    }

    /// Whether a tool passes this part of the filter.
    pub(super) fn passes(self, filter: &Filter, tool: &Tool) -> bool {
        let values = self.values(filter);
        match self {
            Self::Tags | Self::Tools if values.is_empty() => true,
            Self::ExcludeTools => !values.iter().any(|value| self.matches(value, tool)),
            _ => values.iter().any(|value| self.matches(value, tool)),
        }
    }

    /// Whether one value of this part means a tool.
    pub(super) fn matches(self, value: &str, tool: &Tool) -> bool {
        match self {
            Self::Methods => match Group::ALL.iter().find(|group| group.as_str() == value) {
                Some(group) => group.holds(tool),
                None => value == tool.operation || Some(value) == method(tool),
            },
            Self::Tags => value == tool.tag,
            Self::Tools | Self::ExcludeTools => tool.names().any(|name| name == value),
        }
    }
}

/// The last word of the operation: `refund` of `invoices.refund`.
pub(super) fn method(tool: &Tool) -> Option<&'static str> {
    tool.operation.split_once('.').map(|(_, method)| method)
}
