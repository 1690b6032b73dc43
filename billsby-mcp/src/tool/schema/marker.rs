//! Markers: `{list_plans}` in a text stands for the tool with that short name, under whatever name it
//! is listed.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde_json::Value;

use crate::tool::{Settings, Tool, profile};

static TOOLS: LazyLock<HashMap<&str, &Tool>> = LazyLock::new(|| {
    let tools = crate::tools();
    tools.map(|tool| (tool.short_name, tool)).collect()
});

/// What a model has to know before it calls a tool.
pub(crate) fn description(tool: &Tool, settings: &Settings) -> String {
    replace(tool.description, settings).unwrap_or_else(|| tool.description.to_owned())
}

/// Names tools in all descriptions of a schema.
pub(super) fn replace_in(schema: &mut Value, settings: &Settings) {
    let Value::Object(members) = schema else {
        return;
    };
    if let Some(Value::String(text)) = members.get_mut("description")
        && let Some(replaced) = replace(text, settings)
    {
        *text = replaced;
    }
    super::input::each_child(members, &mut |child| replace_in(child, settings));
}

/// Names tools in a text, if it has any markers.
fn replace(text: &str, settings: &Settings) -> Option<String> {
    let names = profile::names(settings);
    let mut parts = text.split('{');
    let mut replaced = parts.next()?.to_owned();
    if replaced.len() == text.len() {
        return None;
    }
    for part in parts {
        let tool = part
            .split_once('}')
            .and_then(|(name, rest)| Some((*TOOLS.get(name)?, rest)));
        if let Some((tool, rest)) = tool {
            replaced += names.of(tool);
            replaced += rest;
        } else {
            replaced.push('{');
            replaced += part;
        }
    }
    Some(replaced)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tool::Names;

    #[test]
    fn tools_are_named_as_they_are_listed() {
        let mut settings = Settings::default();
        let text = "From {list_plans}, not {list_plan}: {list_plans}";
        assert_eq!(
            replace(text, &settings).unwrap(),
            "From list_all_billsby_plans, not {list_plan}: list_all_billsby_plans"
        );
        settings.names = Names::Short;
        assert_eq!(replace("{list_plans", &settings).unwrap(), "{list_plans");
        assert_eq!(replace("{list_plans}", &settings).unwrap(), "list_plans");
        assert_eq!(replace("no tool", &settings), None);
    }
}
