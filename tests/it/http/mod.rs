//! `billsby-mcp serve`, and `billsby-mcp bridge` in front of it.

mod bridge;
mod bridge_stream;
mod ending;
mod eras;
mod limits;
mod refusals;
mod secrecy;
mod setup;
mod tokens;

use serde_json::{Value, json};

use crate::support::Case;

/// The operation that these tests call: a read.
const OPERATION: &str = "Customer_getDetails";

/// The parameters of a call of it.
fn call() -> Value {
    let case = Case::of(OPERATION);
    json!({"name": case.tool, "arguments": case.arguments})
}
