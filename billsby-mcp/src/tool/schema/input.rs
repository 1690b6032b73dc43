//! Schemas of arguments: what is accepted, and what of it is listed.

use serde_json::{Map, Value, json};

use super::{marker, parse};
use crate::tool::served::Served;
use crate::tool::{CompanyDomainMode, Exposure, Profile, Settings, Tool, profile};

/// The argument that names the account; every tool whose path has it requires it.
pub(crate) const COMPANY_DOMAIN: &str = "companyDomain";

/// What bounds a value, and teaches a model nothing that the description does not say. A call that
/// passes a bound is told of it.
const BOUNDS: [&str; 9] = [
    "minLength",
    "maxLength",
    "pattern",
    "minimum",
    "maximum",
    "minItems",
    "maxItems",
    "minProperties",
    "anyOf",
];

/// The schema that arguments are checked against: complete, and the same for every client.
pub(crate) fn accepted_input(
    tool: &Tool,
    company_domain: &str,
    settings: &Settings,
    served: &Served,
) -> Result<Value, String> {
    let mut schema = for_account(tool, company_domain, settings, served)?;
    if tool.effect.is_read() {
        add_view(&mut schema)?;
    }
    Ok(schema)
}

/// The schema that a client is shown.
pub(crate) fn listed_input(
    tool: &Tool,
    company_domain: &str,
    settings: &Settings,
    served: &Served,
) -> Result<Value, String> {
    let mut schema = for_account(tool, company_domain, settings, served)?;
    // Every read can be cut down, but in a list it is worth telling only of long answers. Gemini wants an
    // argument.
    let has_none = object(&mut schema, "properties")?.is_empty();
    let must_have_one = settings.profile == Profile::Gemini && has_none;
    let is_shown_alone = settings.exposure == Exposure::Discovery;
    if tool.effect.is_read() && (tool.long_answer || must_have_one || is_shown_alone) {
        add_view(&mut schema)?;
    }
    simplify(&mut schema);
    profile::adapt(settings.profile, &mut schema);
    Ok(schema)
}

fn for_account(
    tool: &Tool,
    company_domain: &str,
    settings: &Settings,
    served: &Served,
) -> Result<Value, String> {
    let mut schema = parse(tool.input_schema)?;
    match settings.company_domain {
        CompanyDomainMode::Explicit => name_domain(&mut schema, company_domain)?,
        CompanyDomainMode::Bound => remove_domain(&mut schema)?,
    }
    marker::complete(&mut schema, served);
    Ok(schema)
}

/// The company domain has one value: the account's own.
fn name_domain(schema: &mut Value, company_domain: &str) -> Result<(), String> {
    if let Some(domain) = object(schema, "properties")?.get_mut(COMPANY_DOMAIN) {
        let description = domain.get("description").cloned();
        *domain = json!({"type": "string", "enum": [company_domain]});
        if let Some(description) = description {
            domain["description"] = description;
        }
    }
    Ok(())
}

fn remove_domain(schema: &mut Value) -> Result<(), String> {
    if object(schema, "properties")?
        .shift_remove(COMPANY_DOMAIN)
        .is_none()
    {
        return Ok(());
    }
    let schema = schema
        .as_object_mut()
        .ok_or_else(|| "it is not an object".to_owned())?;
    if let Some(Value::Array(required)) = schema.get_mut("required") {
        required.retain(|name| name != COMPANY_DOMAIN);
        if required.is_empty() {
            schema.shift_remove("required");
        }
    }
    if let Some(least) = schema.get("minProperties").and_then(Value::as_u64) {
        schema.insert(
            "minProperties".to_owned(),
            Value::from(least.saturating_sub(1)),
        );
    }
    Ok(())
}

/// Adds the arguments of a read that say what to show of its answer.
fn add_view(schema: &mut Value) -> Result<(), String> {
    let properties = object(schema, "properties")?;
    properties.insert(
        "fields".to_owned(),
        json!({"type": "array", "items": {"type": "string", "maxLength": 255}, "maxItems": 100}),
    );
    properties.insert(
        "detail".to_owned(),
        json!({"type": "string", "enum": ["concise", "full"]}),
    );
    Ok(())
}

fn object<'a>(schema: &'a mut Value, member: &str) -> Result<&'a mut Map<String, Value>, String> {
    schema
        .get_mut(member)
        .and_then(Value::as_object_mut)
        .ok_or_else(|| format!("its {member} are no object"))
}

/// Leaves out what only the check of arguments needs: bounds and suppliers everywhere, and below the root the
/// word that nothing else may be there.
fn simplify(schema: &mut Value) {
    let Value::Object(members) = schema else {
        return;
    };
    members.retain(|keyword, _| !BOUNDS.contains(&keyword.as_str()) && keyword != marker::SUPPLIER);
    each_child(members, &mut |child| {
        simplify(child);
        if let Value::Object(members) = child {
            members.shift_remove("additionalProperties");
        }
    });
}

/// Visits the schemas directly within one.
pub(crate) fn each_child(schema: &mut Map<String, Value>, visit: &mut dyn FnMut(&mut Value)) {
    if let Some(Value::Object(properties)) = schema.get_mut("properties") {
        properties.values_mut().for_each(&mut *visit);
    }
    if let Some(items) = schema.get_mut("items") {
        visit(items);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tool::schema::expectation;

    fn tool(short_name: &str) -> &'static Tool {
        let named = |tool: &&Tool| tool.short_name == short_name;
        crate::tools().find(named).unwrap()
    }

    fn settings(company_domain: CompanyDomainMode) -> Settings {
        Settings {
            company_domain,
            ..Settings::default()
        }
    }

    fn everything() -> Served {
        let tools: Vec<&Tool> = crate::tools().collect();
        Served::new(&tools, &Settings::default())
    }

    fn accepted(tool: &Tool, settings: &Settings) -> Value {
        accepted_input(tool, "acme", settings, &everything()).unwrap()
    }

    fn listed(tool: &Tool, settings: &Settings) -> Value {
        listed_input(tool, "acme", settings, &everything()).unwrap()
    }

    #[test]
    fn only_the_accepted_schema_has_bounds() {
        let settings = settings(CompanyDomainMode::Explicit);
        for tool in crate::tools() {
            let listed = listed(tool, &settings).to_string();
            for keyword in BOUNDS.into_iter().chain([marker::SUPPLIER]) {
                assert!(
                    !listed.contains(&format!("\"{keyword}\":")),
                    "{}",
                    tool.name
                );
            }
        }
        let refund = accepted(tool("refund_invoice"), &settings);
        let property = |name: &str| expectation(&refund["properties"][name]);
        assert_eq!(
            property("amount"),
            "a whole number from 1 to 999999999999999"
        );
        assert_eq!(property("invoiceNumber"), "text from 1 to 255 characters");
        let list = accepted(tool("list_customers"), &settings);
        let page = expectation(&list["properties"]["page"]);
        assert_eq!(page, "a whole number from 1 to 4294967295");
    }

    #[test]
    fn a_bound_domain_is_neither_there_nor_counted() {
        let update = tool("update_product");
        let least = |mode| {
            let schema = accepted(update, &settings(mode));
            let names = schema["required"].as_array().unwrap().clone();
            (schema["minProperties"].as_u64().unwrap(), names)
        };
        let (explicit, names) = least(CompanyDomainMode::Explicit);
        assert_eq!(names, ["companyDomain", "productId"]);
        let (bound, names) = least(CompanyDomainMode::Bound);
        assert_eq!(names, ["productId"]);
        // Beside what is required, one thing must change.
        assert_eq!((explicit, bound), (3, 2));
        assert_eq!(
            listed(tool("list_add_ons"), &settings(CompanyDomainMode::Bound)),
            json!({"type": "object", "properties": {}, "additionalProperties": false})
        );
    }

    #[test]
    fn every_read_can_be_cut_down_and_long_ones_say_so() {
        let settings = settings(CompanyDomainMode::Explicit);
        let has_it = |schema: &Value| schema["properties"].get("detail").is_some();
        let mut telling = 0;
        for tool in crate::tools() {
            let is_accepted = has_it(&accepted(tool, &settings));
            assert_eq!(is_accepted, tool.effect.is_read(), "{}", tool.name);
            telling += u32::from(has_it(&listed(tool, &settings)));
        }
        assert_eq!(telling, 10);
        let alone = Settings {
            exposure: Exposure::Discovery,
            ..settings
        };
        assert!(has_it(&listed(tool("get_customer"), &alone)));
        assert!(!has_it(&listed(tool("refund_invoice"), &alone)));
    }
}
