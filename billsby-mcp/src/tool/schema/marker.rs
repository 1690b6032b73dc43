//! Texts that name tools. They name those that are served, as they are listed, and no others.
//!
//! `{list_plans}` in a text stands for the tool with that short name; a sentence with a tool that is not
//! served is left out. What is said of an identity key ends with the tool that gives it.

use serde_json::{Map, Value};

use crate::tool::Tool;
use crate::tool::served::Served;

/// Says in a generated schema of which kind a key is.
const KEY: &str = "x-billsby-key";

/// Says in an accepted schema which tool gives the value. It is no part of what is listed.
pub(crate) const SUPPLIER: &str = "x-billsby-supplier";

/// What a model has to know before it calls a tool.
pub(crate) fn description(tool: &Tool, served: &Served) -> String {
    name_tools(tool.description, served)
}

/// Names tools in all descriptions of a schema.
pub(super) fn complete(schema: &mut Value, served: &Served) {
    let Value::Object(members) = schema else {
        return;
    };
    if let Some(Value::String(text)) = members.get_mut("description")
        && text.contains('{')
    {
        *text = name_tools(text, served);
    }
    complete_key(members, served);
    super::input::each_child(members, &mut |child| complete(child, served));
}

/// Says of a key where it comes from and what it is not.
fn complete_key(members: &mut Map<String, Value>, served: &Served) {
    let kind = members.shift_remove(KEY);
    let is_it = |name: &str| kind.as_ref().is_some_and(|kind| kind == name);
    let Some(key) = crate::KEYS.iter().find(|key| is_it(key.name)) else {
        return;
    };
    let source = served.source(key);
    if let Some(Value::String(text)) = members.get_mut("description") {
        if let Some(source) = &source {
            *text += " from ";
            *text += source;
        }
        if let Some(not) = key.not {
            *text += ", not ";
            *text += &not.replace('`', "");
        }
    }
    if let Some(source) = source {
        members.insert(SUPPLIER.to_owned(), Value::from(source));
    }
}

/// Names tools in a text.
fn name_tools(text: &str, served: &Served) -> String {
    let sentences = text.split_inclusive(". ");
    let named: String = sentences
        .filter_map(|part| sentence(part, served))
        .collect();
    named.trim_end().to_owned()
}

/// Names tools in a sentence; none if one of them is not served.
fn sentence(text: &str, served: &Served) -> Option<String> {
    let mut parts = text.split('{');
    let mut named = parts.next()?.to_owned();
    for part in parts {
        let marker = part.split_once('}').filter(|(name, _)| is_tool(name));
        if let Some((name, rest)) = marker {
            named += served.named(name)?;
            named += rest;
        } else {
            named.push('{');
            named += part;
        }
    }
    Some(named)
}

/// Whether there is such a tool, served or not.
fn is_tool(short_name: &str) -> bool {
    crate::tools().any(|tool| tool.short_name == short_name)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::tool::{Names, Settings};

    fn served(names: Names, short_names: &[&str]) -> Served {
        let settings = Settings {
            names,
            ..Settings::default()
        };
        let tools: Vec<&Tool> = crate::tools()
            .filter(|tool| short_names.contains(&tool.short_name))
            .collect();
        Served::new(&tools, &settings)
    }

    #[test]
    fn tools_are_named_as_they_are_listed() {
        let text = "From {list_plans}, not {list_plan}: {list_plans}";
        let long = served(Names::Inventory, &["list_plans"]);
        assert_eq!(
            name_tools(text, &long),
            "From list_all_billsby_plans, not {list_plan}: list_all_billsby_plans"
        );
        let short = served(Names::Short, &["list_plans"]);
        assert_eq!(name_tools("{list_plans", &short), "{list_plans");
        assert_eq!(name_tools("{list_plans}", &short), "list_plans");
        assert_eq!(name_tools("no tool", &short), "no tool");
    }

    #[test]
    fn a_sentence_with_a_tool_that_is_not_served_is_left_out() {
        let served = served(Names::Short, &["list_plans"]);
        assert_eq!(
            name_tools("Be quick. Or use {get_invoice}. See {list_plans}.", &served),
            "Be quick. See list_plans."
        );
        let text = "Cannot be undone. To pause, use {set_renewal_date}.";
        assert_eq!(name_tools(text, &served), "Cannot be undone.");
    }

    #[test]
    fn a_key_comes_from_the_best_tool_that_is_served() {
        for (short_names, source, description) in [
            (
                &["list_customers", "list_subscriptions"][..],
                json!("list_customers"),
                "Customer from list_customers, not customerId",
            ),
            (
                &["list_subscriptions"],
                json!("list_subscriptions"),
                "Customer from list_subscriptions, not customerId",
            ),
            (&["get_invoice"], json!(null), "Customer, not customerId"),
        ] {
            let mut schema = json!({"type": "object", "properties": {"customer": {
                "type": "string", "x-billsby-key": "customerUniqueId", "description": "Customer",
            }}});
            complete(&mut schema, &served(Names::Short, short_names));
            let customer = &schema["properties"]["customer"];
            assert_eq!(customer["description"], description);
            assert_eq!(customer[SUPPLIER], source);
            assert!(customer.get(KEY).is_none());
        }
    }
}
