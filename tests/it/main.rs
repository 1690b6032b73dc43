//! Tests across the crates of the workspace, in one binary.

#[path = "../fixtures/hostile.rs"]
mod hostile;
#[path = "../mock/mod.rs"]
mod mock;
mod support;

mod errors;
mod every_operation_mcp;
mod every_operation_sdk;
mod hostile_ids;
mod loose_answers;
mod mock_answers;
mod mock_bodies;
mod mock_is_strict;
mod mock_paths;
mod sdk_company;
mod sdk_deadline;
mod sdk_errors;
mod sdk_faults;
mod sdk_pages;
mod sdk_proxy;
mod sdk_rate_limit;
mod sdk_raw;
mod sdk_retry;
mod sdk_server;
mod secrets;
mod tool_arguments;
mod wire_table;
mod word_answers;
