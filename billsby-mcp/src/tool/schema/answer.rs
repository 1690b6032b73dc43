//! Schemas of answers.

use serde_json::{Value, json};

use super::parse;
use crate::tool::{OutputSchemas, Settings, Tool};

/// What a tool's result looks like, as much of it as the settings ask for. No result is ever at odds with
/// it: clients refuse one that is, also of a call that took effect.
pub(crate) fn output(tool: &Tool, settings: &Settings) -> Result<Option<Value>, String> {
    Ok(match settings.output_schemas {
        OutputSchemas::None => None,
        // Says that there is a structured result, which is all that older clients want to know.
        OutputSchemas::Compact => Some(json!({"type": "object"})),
        OutputSchemas::Full => Some(parse(tool.output_schema)?),
    })
}
