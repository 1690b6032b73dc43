//! What the tests share.

mod additions;
mod case;
mod client;
mod difference;
mod http_client;
mod http_server;
mod mcp;
mod program;
mod provisioned;
mod require;
pub(crate) mod sdk;
pub(crate) mod services;

pub(crate) use additions::additions;
pub(crate) use case::Case;
pub(crate) use client::Outgoing;
pub(crate) use http_client::{HttpClient, HttpReply, LEGACY, MODERN, initialize, modern};
pub(crate) use http_server::HttpServer;
pub(crate) use mcp::{Server, ToolResult, all_tools};
pub(crate) use program::program;
pub(crate) use provisioned::{PATIENCE, Provisioned, Setup};
pub(crate) use require::can_run;
