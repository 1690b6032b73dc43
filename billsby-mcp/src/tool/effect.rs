//! What a call does, and what that means for the hints a client sees.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The kind of method a tool is named after.
///
/// It says how a tool is called, not what it does: [`Effect`] does that.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    /// Lists or gets.
    Read,
    /// Creates, updates or deletes.
    Write,
    /// Anything else.
    Custom,
}

/// What a call does to the account and to its customers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// Nothing: the call only reads.
    Read,
    /// Changes data; another write can change it back.
    Write,
    /// Charges, refunds, or commits a customer to a charge.
    Money,
    /// Sends a message to a customer.
    Message,
    /// Cannot be taken back.
    Irreversible,
    /// Adds up: the same call twice has twice the effect.
    Accumulates,
}

impl Effect {
    /// Whether a call changes nothing, so that it may be repeated or dropped at any time.
    #[must_use]
    pub const fn is_read(self) -> bool {
        matches!(self, Self::Read)
    }

    /// The hints for this effect, as long as nothing more is known of a tool.
    #[must_use]
    pub const fn hints(self) -> Hints {
        let read = self.is_read();
        Hints {
            read_only: read,
            destructive: !read,
            idempotent: read,
            open_world: true,
        }
    }
}

/// The four hints of the protocol. None of them is ever more comforting than what is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "the protocol defines four independent hints"
)]
pub struct Hints {
    /// The tool changes nothing.
    pub read_only: bool,
    /// The tool may overwrite, remove or spend. `false` promises that it only ever adds.
    pub destructive: bool,
    /// Repeating a call has no further effect.
    pub idempotent: bool,
    /// The tool deals with more than this host: a hosted service, its customers, and text they typed.
    pub open_world: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_read_is_read_only() {
        assert_eq!(
            Effect::Read.hints(),
            Hints {
                read_only: true,
                destructive: false,
                idempotent: true,
                open_world: true
            }
        );
        for effect in [
            Effect::Write,
            Effect::Money,
            Effect::Message,
            Effect::Irreversible,
            Effect::Accumulates,
        ] {
            let hints = effect.hints();
            assert!(
                !hints.read_only && hints.destructive && !hints.idempotent,
                "{effect:?}"
            );
        }
    }
}
