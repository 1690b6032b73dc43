//! What is true of every tool in the list, whatever the settings.

use std::collections::BTreeSet;

use billsby_mcp::tool::{
    CompanyDomainMode, Effect, Key, Listing, Names, OutputSchemas, Settings, Tool,
};
use serde_json::Value;

use super::{listings, served};
use crate::mock::COMPANY_DOMAIN;
use crate::support::all_tools;

/// Filters that leave out tools which other tools' texts would name.
fn narrow_settings() -> Vec<Settings> {
    let part = |name: &str| {
        let mut settings = all_tools();
        settings.filter.tags = vec![name.to_owned()];
        settings
    };
    let mut all: Vec<Settings> = billsby_mcp::tools()
        .map(|tool| tool.tag)
        .collect::<BTreeSet<_>>()
        .into_iter()
        .map(part)
        .collect();
    for left_out in ["customer_invoices", "list_customers", "add_subscription"] {
        let mut settings = all_tools();
        settings.filter.exclude_tools = vec![left_out.to_owned()];
        all.push(settings);
    }
    all.push(Settings::default());
    all
}

/// Names and domain modes in every combination, for all tools.
fn every_setting() -> Vec<Settings> {
    let mut all = Vec::new();
    for names in [Names::Inventory, Names::Short] {
        for company_domain in [CompanyDomainMode::Explicit, CompanyDomainMode::Bound] {
            all.push(Settings {
                names,
                company_domain,
                ..all_tools()
            });
        }
    }
    all
}

fn tool_of(listing: &Listing) -> &'static Tool {
    let named = |tool: &&Tool| tool.names().any(|name| name == listing.name);
    billsby_mcp::tools().find(named).expect("a tool")
}

/// Visits every property of the arguments: its name, its schema, and whether it is required.
fn each_property(schema: &Value, visit: &mut dyn FnMut(&str, &Value, bool)) {
    let required = schema["required"].as_array();
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        let required = required.is_some_and(|names| names.iter().any(|other| other == name));
        visit(name, property, required);
        each_property(property, visit);
    }
    if let Some(items) = schema.get("items") {
        each_property(items, visit);
    }
}

#[test]
fn the_outside_of_every_schema_is_a_closed_object() {
    for settings in every_setting() {
        for listing in listings(&settings) {
            let schema = listing.input_schema.as_object().expect("an object");
            assert_eq!(schema["type"], "object", "{}", listing.name);
            assert_eq!(schema["additionalProperties"], false, "{}", listing.name);
            assert!(schema["properties"].is_object(), "{}", listing.name);
            let known = ["type", "properties", "required", "additionalProperties"];
            for keyword in schema.keys() {
                assert!(
                    known.contains(&keyword.as_str()),
                    "{}: {keyword}",
                    listing.name
                );
            }
            let text = listing.input_schema.to_string();
            for keyword in ["$ref", "$defs", "oneOf", "anyOf", "allOf"] {
                assert!(!text.contains(keyword), "{}: {keyword}", listing.name);
            }
        }
    }
}

#[test]
fn everything_required_is_described() {
    for settings in every_setting() {
        for listing in listings(&settings) {
            assert!(listing.description.len() > 10, "{}", listing.name);
            each_property(&listing.input_schema, &mut |name, property, required| {
                let text = property["description"].as_str();
                if required {
                    let name = format!("{}: {name}", listing.name);
                    assert!(text.is_some_and(|text| text.len() > 2), "{name}");
                }
            });
        }
    }
}

/// The key that an argument or an item of a list is, if its name says so.
fn key_of(name: &str) -> Option<&'static Key> {
    let singular = match name {
        "subscriptionUniqueIds" => "subscriptionUniqueId",
        "orderedPlanIds" => "planId",
        "tagNames" | "tagname" => "tagName",
        "orderedCustomFields" => "customFieldId",
        "allowances" => "allowanceId",
        other => other,
    };
    let mut keys = billsby_mcp::KEYS.iter();
    keys.find(|key| key.name == singular && key.name != "companyDomain")
}

#[test]
fn keys_say_what_they_are_where_they_come_from_and_how_they_look() {
    let mut seen = BTreeSet::new();
    for settings in every_setting() {
        let listings = listings(&settings);
        let names: BTreeSet<&str> = listings.iter().map(|listing| listing.name).collect();
        for listing in &listings {
            each_property(&listing.input_schema, &mut |name, property, _| {
                // New tags can be added, so none has to come from a tool.
                if name == "tagNames" && tool_of(listing).operation == "feature_tags.add" {
                    let text = property["description"].as_str().unwrap_or_default();
                    assert!(text.contains("New"), "{text}");
                    return;
                }
                let Some(key) = key_of(name) else {
                    assert!(!name.ends_with("Id"), "{}: {name} is no key", listing.name);
                    return;
                };
                let described = property.get("items").unwrap_or(property);
                let text = described["description"].as_str().unwrap_or_default();
                let place = format!("{}: {name}: {text}", listing.name);
                assert!(text.contains(&format!(" like {}", key.example)), "{place}");
                let (_, source) = text.split_once(" from ").expect("a source");
                let source = source.split([',', ' ']).next().unwrap_or_default();
                assert!(names.contains(source), "{place}");
                assert_eq!(key.not.is_some(), text.contains(", not "), "{place}");
                seen.insert(key.name);
            });
        }
    }
    assert_eq!(seen.len(), billsby_mcp::KEYS.len() - 1, "{seen:?}");
}

#[test]
fn amounts_say_their_unit() {
    let amounts = [
        "amount",
        "price",
        "setupFeePrice",
        "flatFeePrice",
        "pricePerUnit",
    ];
    let mut seen = 0;
    for listing in listings(&all_tools()) {
        each_property(&listing.input_schema, &mut |name, property, _| {
            if !amounts.contains(&name) {
                assert!(!name.to_lowercase().ends_with("price"), "{name}");
                return;
            }
            let text = property["description"].as_str().unwrap_or_default();
            assert!(
                text.contains("inor units"),
                "{}: {name}: {text}",
                listing.name
            );
            assert_eq!(property["type"], "integer", "{}: {name}", listing.name);
            seen += 1;
        });
    }
    assert!(seen >= 10, "{seen} amounts");
}

/// Where the wire wants numbers callers still write words, and dates say that they are.
#[test]
fn choices_are_words_and_times_have_a_format() {
    for listing in listings(&all_tools()) {
        each_property(&listing.input_schema, &mut |name, property, _| {
            let place = format!("{}: {name}", listing.name);
            if let Some(words) = property["enum"].as_array() {
                assert!(words.iter().all(Value::is_string), "{place}");
            }
            let is_choice = name.ends_with("Type") && name != "cardType" || name == "visibility";
            if is_choice {
                assert!(property["enum"].is_array(), "{place}");
            }
            if matches!(name, "from" | "to" | "newRenewalDate") {
                assert_eq!(property["format"], "date-time", "{place}");
            }
        });
    }
}

#[test]
fn the_company_domain_has_one_value_or_is_not_there() {
    for settings in every_setting() {
        let bound = settings.company_domain == CompanyDomainMode::Bound;
        for listing in listings(&settings) {
            let schema = &listing.input_schema;
            let required = schema["required"].as_array();
            let required = required.is_some_and(|names| names.iter().any(|n| n == "companyDomain"));
            let domain = schema["properties"].get("companyDomain");
            let has_it = !bound && tool_of(&listing).short_name != "get_invoice";
            assert_eq!(domain.is_some(), has_it, "{}", listing.name);
            assert_eq!(required, has_it, "{}", listing.name);
            if let Some(domain) = domain {
                assert_eq!(domain["enum"], serde_json::json!([COMPANY_DOMAIN]));
            }
        }
    }
}

/// Other tools are named as they are listed, also in texts, and no marker is left over.
#[test]
fn texts_name_tools_as_they_are_listed() {
    for settings in every_setting() {
        let other_names: Vec<&str> = billsby_mcp::tools()
            .map(|tool| match settings.names {
                Names::Inventory => tool.short_name,
                Names::Short => tool.name,
            })
            .collect();
        for listing in listings(&settings) {
            let mut texts = vec![listing.description.clone()];
            each_property(&listing.input_schema, &mut |_, property, _| {
                texts.extend(property["description"].as_str().map(str::to_owned));
            });
            for text in texts {
                assert!(!text.contains(['{', '}']), "{}: {text}", listing.name);
                let word = |c: char| !(c.is_ascii_alphanumeric() || c == '_');
                for name in text.split(word).filter(|name| name.contains('_')) {
                    assert!(!other_names.contains(&name), "{}: {text}", listing.name);
                }
            }
        }
    }
}

/// A tool that is not served cannot be called, so nothing is said to come from it.
#[test]
fn texts_name_no_tool_that_is_not_served() {
    for narrow in narrow_settings() {
        for names in [Names::Inventory, Names::Short] {
            let settings = Settings {
                names,
                ..narrow.clone()
            };
            let listings = listings(&settings);
            let served: BTreeSet<&str> = listings.iter().map(|listing| listing.name).collect();
            let mut seen = 0;
            for listing in &listings {
                assert!(listing.description.len() > 10, "{}", listing.name);
                let mut texts = vec![listing.description.clone()];
                each_property(&listing.input_schema, &mut |_, property, required| {
                    let text = property["description"].as_str();
                    assert!(text.is_some() || !required, "{}", listing.name);
                    texts.extend(text.map(str::to_owned));
                    let item = property["items"]["description"].as_str();
                    texts.extend(item.map(str::to_owned));
                });
                for text in texts {
                    let word = |c: char| !(c.is_ascii_alphanumeric() || c == '_');
                    for name in text.split(word).filter(|name| is_tool(name)) {
                        assert!(served.contains(name), "{}: {text}", listing.name);
                        seen += 1;
                    }
                    // A source that is left out leaves nothing behind.
                    for trace in [" from,", " from ,", "()", " ,", "  ", "{", "x-billsby"] {
                        assert!(!text.contains(trace), "{}: {text}", listing.name);
                    }
                }
            }
            assert!(seen > 0 || !narrow.filter.tags.is_empty(), "{narrow:?}");
        }
    }
}

fn is_tool(name: &str) -> bool {
    billsby_mcp::tools().any(|tool| tool.names().any(|known| known == name))
}

#[test]
fn hints_promise_no_more_than_is_known() {
    let mut additive = 0;
    for listing in listings(&all_tools()) {
        let tool = tool_of(&listing);
        let (hints, name) = (listing.hints, listing.name);
        assert!(!listing.title.is_empty(), "{name}");
        assert_eq!(hints.read_only, tool.effect == Effect::Read, "{name}");
        assert!(hints.open_world, "{name}");
        if hints.read_only {
            assert!(!hints.destructive && hints.idempotent, "{name}");
        } else if !hints.destructive {
            // What moves money or cannot be undone is never harmless.
            assert_eq!(tool.effect, Effect::Write, "{name}");
            assert!(!hints.idempotent, "{name}");
            additive += 1;
        }
    }
    assert_eq!(additive, 6);
}

#[test]
fn results_are_objects_however_much_is_said_of_them() {
    for output_schemas in [
        OutputSchemas::None,
        OutputSchemas::Compact,
        OutputSchemas::Full,
    ] {
        let settings = Settings {
            output_schemas,
            ..all_tools()
        };
        for listing in listings(&settings) {
            let tool = served(&listing);
            match output_schemas {
                OutputSchemas::None => assert!(tool.get("outputSchema").is_none()),
                OutputSchemas::Compact | OutputSchemas::Full => {
                    assert_eq!(tool["outputSchema"]["type"], "object", "{}", listing.name);
                }
            }
        }
    }
}
