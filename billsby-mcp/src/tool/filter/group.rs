//! The groups of methods.

use crate::tool::{Class, Tool};

/// The three groups of methods, and which tools they hold. What counts is what a call does: a tool that
/// has an effect is never a read, whatever its class and whatever its HTTP method.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// Every tool without an effect, of any class.
    Read,
    /// Tools that are named after creating, updating or deleting, and those that are named after reading
    /// and have an effect all the same.
    Write,
    /// Tools that are named after anything else, by one of their names at least. Those of them that have
    /// no effect are reads too.
    Custom,
}

impl Group {
    pub(super) const ALL: [Self; 3] = [Self::Read, Self::Write, Self::Custom];

    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Custom => "custom",
        }
    }

    /// Whether a tool belongs to it.
    #[must_use]
    pub fn holds(self, tool: &Tool) -> bool {
        let read = tool.effect.is_read();
        match self {
            Self::Read => read,
            Self::Write => !read && tool.class != Class::Custom,
            Self::Custom => tool.class == Class::Custom || has_custom_alias(tool),
        }
    }
}

/// The inventory has an operation twice, once under a name such as its custom methods have:
/// `billsby_invoices_customer_invoices`, not `list_all_…` or `create_a_…`.
fn has_custom_alias(tool: &Tool) -> bool {
    tool.aliases
        .iter()
        .any(|alias| alias.starts_with("billsby_"))
}
