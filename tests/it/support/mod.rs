//! What the tests share.

mod case;
mod client;
mod difference;
mod mcp;
mod program;
pub(crate) mod sdk;

pub(crate) use case::Case;
pub(crate) use client::Outgoing;
pub(crate) use mcp::{Server, ToolResult};
use program::program;
