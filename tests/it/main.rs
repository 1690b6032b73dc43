//! Tests across the crates of the workspace, in one binary.

#[path = "../conformance/mod.rs"]
mod conformance;
#[path = "../fixtures/hostile.rs"]
mod hostile;
#[path = "../mock/mod.rs"]
mod mock;
mod support;

mod activity;
mod admin;
mod clients;
mod commands;
mod discovery;
mod errors;
mod evaluation;
mod every_operation_mcp;
mod every_operation_sdk;
mod filters;
mod hostile_ids;
mod http;
mod loose_answers;
mod mock_answers;
mod mock_bodies;
mod mock_is_strict;
mod mock_paths;
mod oauth;
mod proofs;
mod registry;
mod results;
mod sandbox;
mod sdk_company;
mod sdk_deadline;
mod sdk_empty_updates;
mod sdk_errors;
mod sdk_faults;
mod sdk_pages;
mod sdk_proxy;
mod sdk_rate_limit;
mod sdk_raw;
mod sdk_retry;
mod sdk_server;
mod secrets;
mod stdio;
mod store;
mod token_store;
mod tool_arguments;
mod tool_list;
mod upstream_faults;
mod wire_table;
mod word_answers;
