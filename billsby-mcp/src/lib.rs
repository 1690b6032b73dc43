//! MCP server for the Billsby subscription billing API.
//!
//! A call goes one way through these rooms and comes back the same way:
//!
//! ```text
//! MCP client -> protocol -> account -> tool (generated) -> billsby-sdk -> Billsby
//! ```
//!
//! * [`protocol`] speaks MCP; it is the only module that names the MCP library.
//! * [`account`] is one company's API key with its tools, ready to be called.
//! * [`tool`] is what a tool is: its description, its arguments, its answer and its failure.
//! * The tools themselves are generated from the same document as the SDK; [`tools()`] lists them.

pub mod account;
pub mod activity;
pub mod clock;
pub mod connect;
pub mod http;
pub mod oauth;
pub mod page;
pub mod protocol;
pub mod provision;
pub mod record;
pub mod registry;
pub mod sandbox;
pub mod secret;
pub mod store;
pub mod tool;

mod json;

// The generator lays its files out itself.
#[rustfmt::skip]
mod generated;

// The example in the project's README has to compile.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;

pub use generated::{KEYS, TOOLS};
use tool::Tool;

/// Every tool this build contains, reviewed or not, in the order in which they are listed.
pub fn tools() -> impl Iterator<Item = &'static Tool> {
    TOOLS.iter().copied().flatten()
}
