//! Every kind of client takes the list that is made for it, and its linter notices one that it would not.

use billsby_mcp::tool::profile::lint;
use billsby_mcp::tool::{
    CompanyDomainMode, Exposure, Listing, Names, OutputSchemas, Profile, Settings,
};
use serde_json::{Value, json};

use super::listings;
use crate::support::all_tools;

const PROFILES: [Profile; 5] = [
    Profile::Standard,
    Profile::Openai,
    Profile::Gemini,
    Profile::Anthropic,
    Profile::Cursor,
];

#[test]
fn every_profile_passes_its_linter_in_every_setting() {
    let mut count = 0;
    for profile in PROFILES {
        for names in [Names::Inventory, Names::Short] {
            for company_domain in [CompanyDomainMode::Explicit, CompanyDomainMode::Bound] {
                for output_schemas in [OutputSchemas::Compact, OutputSchemas::Full] {
                    for exposure in [Exposure::All, Exposure::Discovery] {
                        let settings = Settings {
                            names,
                            company_domain,
                            profile,
                            output_schemas,
                            exposure,
                            ..all_tools()
                        };
                        for listing in listings(&settings) {
                            assert_eq!(lint(profile, &listing), [], "{settings:?}");
                            count += 1;
                        }
                    }
                }
            }
        }
    }
    assert!(count > 5 * 4 * 2 * 58, "{count} tools");
}

/// A tool that everybody takes.
fn sound() -> Listing {
    Listing {
        name: "list_customers",
        description: "Lists customers.".to_owned(),
        input_schema: json!({
            "type": "object",
            "properties": {"tags": {"type": "array", "items": {"type": "string"}}},
            "required": ["tags"],
            "additionalProperties": false,
        }),
        ..listings(&all_tools()).remove(0)
    }
}

/// The rules that a profile finds broken once a tool has been changed.
fn broken(profile: Profile, change: impl FnOnce(&mut Listing)) -> Vec<&'static str> {
    let mut listing = match profile {
        Profile::Gemini => {
            let mut listing = sound();
            let schema = listing.input_schema.as_object_mut().expect("an object");
            schema.remove("additionalProperties");
            listing
        }
        _ => sound(),
    };
    assert_eq!(lint(profile, &listing), []);
    change(&mut listing);
    let findings = lint(profile, &listing);
    for finding in &findings {
        assert_eq!(finding.tool, listing.name);
        assert!(!finding.message.is_empty() && finding.place.starts_with('/'));
    }
    findings.iter().map(|finding| finding.rule).collect()
}

/// The same for a change of a property of the arguments.
fn broken_by(profile: Profile, property: &Value) -> Vec<&'static str> {
    broken(profile, |listing| {
        listing.input_schema["properties"]["tags"] = property.clone();
    })
}

#[test]
fn what_nobody_takes_is_found_for_everybody() {
    let long: &'static str =
        "a_name_that_is_longer_than_the_sixty_four_characters_which_clients_allow";
    for profile in PROFILES {
        let rules = broken(profile, |listing| listing.name = "list customers");
        assert_eq!(rules, ["name-characters"]);
        let rules = broken(profile, |listing| listing.name = long);
        assert!(rules.contains(&"name-length"), "{rules:?}");
        let rules = broken(profile, |listing| listing.title = "");
        assert_eq!(rules, ["texts"]);
        let rules = broken(profile, |listing| listing.description.clear());
        assert_eq!(rules, ["texts"]);
        let rules = broken(profile, |listing| {
            listing.input_schema["type"] = json!(["object", "null"]);
        });
        assert!(rules.contains(&"root-object"), "{rules:?}");
        let rules = broken(profile, |listing| {
            listing.output_schema = Some(json!({"type": "array"}));
        });
        assert_eq!(rules, ["root-object"]);
        let rules = broken(profile, |listing| {
            listing.input_schema["anyOf"] = json!([{"required": ["tags"]}]);
        });
        assert!(rules.contains(&"root-combinator"), "{rules:?}");
        let rules = broken_by(
            profile,
            &json!({"type": "object", "properties": {"a b": {"type": "string"}},
                "required": ["a b"], "additionalProperties": false}),
        );
        assert!(rules.contains(&"property-name"), "{rules:?}");
        let rules = broken_by(profile, &json!({"type": "string", "$ref": "#/$defs/tag"}));
        assert!(rules.contains(&"reference"), "{rules:?}");
    }
}

#[test]
fn what_strict_mode_does_not_take_is_found() {
    let openai = |property: &Value| broken_by(Profile::Openai, property);
    assert_eq!(
        openai(&json!({"type": "string", "minLength": 1})),
        ["openai-keyword"]
    );
    assert_eq!(openai(&json!({"description": "anything"})), ["typed"]);
    assert_eq!(openai(&json!({"type": "array"})), ["array-items"]);
    assert_eq!(
        openai(&json!({"type": "string", "format": "date"})),
        ["date-format"]
    );
    let rules = broken(Profile::Openai, |listing| {
        listing.input_schema["required"] = json!([]);
    });
    assert_eq!(rules, ["strict-object"]);
    let rules = openai(&json!({"type": "object", "properties": {}}));
    assert_eq!(rules, ["strict-object"]);
}

#[test]
fn what_gemini_does_not_take_is_found() {
    let gemini = |property: &Value| broken_by(Profile::Gemini, property);
    for keyword in [
        "default",
        "const",
        "$schema",
        "additionalProperties",
        "pattern",
    ] {
        let mut property = json!({"type": "string"});
        property[keyword] = json!("x");
        assert_eq!(gemini(&property), ["gemini-keyword"], "{keyword}");
    }
    assert_eq!(
        gemini(&json!({"type": ["string", "null"]})),
        ["single-type"]
    );
    assert_eq!(gemini(&json!({"description": "anything"})), ["typed"]);
    assert_eq!(
        gemini(&json!({"type": "integer", "enum": [1, 2]})),
        ["words"]
    );
    assert_eq!(gemini(&json!({"type": "array"})), ["array-items"]);
    assert_eq!(gemini(&json!({"type": "object"})), ["no-empty-object"]);
    assert_eq!(
        gemini(&json!({"type": "string", "format": "email"})),
        ["date-format"]
    );
}

#[test]
fn names_that_cursor_cuts_are_found() {
    let name: &'static str = "update_a_billsby_subscription_shipping_address_by_id";
    let rules = broken(Profile::Cursor, |listing| listing.name = name);
    assert_eq!(rules, [""; 0]);
    let name: &'static str = "billsby_company_credit_notes_reattempt_credit_note_payment";
    let rules = broken(Profile::Cursor, |listing| listing.name = name);
    assert_eq!(rules, ["cursor-name"]);
}
