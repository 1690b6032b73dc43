//! One call, as it is kept.

use std::collections::BTreeMap;

use billsby_sdk::Outcome;
use jiff::Timestamp;

use crate::record::{AccountId, ActivityId, ServerId};

/// One call of a tool. It has the ids that the call named and nothing else of what was sent or received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its id; the ids of later calls sort behind it.
    pub id: ActivityId,
    /// When the call began.
    pub at: Timestamp,
    /// The server; none for the one that the program was started with.
    pub server: Option<ServerId>,
    /// The account; none likewise.
    pub account: Option<AccountId>,
    /// What the client calls itself.
    pub client_name: Option<String>,
    /// Its version.
    pub client_version: Option<String>,
    /// The tool's name in the inventory.
    pub tool: String,
    /// Whether the tool can change anything.
    pub is_write: bool,
    /// Whether the client got an error.
    pub is_error: bool,
    /// What became of the call at Billsby.
    pub outcome: Outcome,
    /// The status that Billsby answered with, if it failed with one.
    pub status: Option<u16>,
    /// How long it took, in milliseconds.
    pub milliseconds: u32,
    /// The ids that the call named, by the names of the kinds: `customerUniqueId`, `invoiceNumber`.
    pub keys: BTreeMap<String, String>,
}

/// What a server was used for in total.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Usage {
    /// When it was called last.
    pub last_used_at: Option<Timestamp>,
    /// Calls of tools.
    pub calls: u64,
    /// Those that gave an error.
    pub errors: u64,
    /// Those of tools that can change something.
    pub writes: u64,
}
