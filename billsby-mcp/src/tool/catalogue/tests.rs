use serde_json::json;

use super::*;
use crate::tool::{Answer, Class, Effect, Filter, Names};

const REFUND: Tool = Tool {
    name: "billsby_invoices_refund_invoice",
    short_name: "refund_invoice",
    aliases: &["give_money_back"],
    title: "Refund an invoice",
    description: "",
    operation: "invoices.refund",
    tag: "invoices",
    class: Class::Custom,
    effect: Effect::Money,
    reviewed: true,
    additive: false,
    idempotent: false,
    output_schema: r#"{"type": "object"}"#,
    paged: false,
    long_answer: false,
    renamed_keys: &[],
    input_schema: r#"{"type": "object", "additionalProperties": false,
        "required": ["companyDomain", "amount"],
        "properties": {"companyDomain": {"type": "string"}, "amount": {"type": "integer"}}}"#,
    call: |_, _| Box::pin(async { Ok(Answer::from_body(b"true")) }),
};
static REFUND_TOOL: Tool = REFUND;
static SAME_SHORT_NAME: Tool = Tool {
    name: "another",
    aliases: &[],
    ..REFUND
};
static READ: Tool = Tool {
    name: "list_all_billsby_invoices",
    short_name: "list_invoices",
    aliases: &[],
    operation: "invoices.list",
    class: Class::Read,
    effect: Effect::Read,
    ..REFUND
};
static BROKEN: Tool = Tool {
    input_schema: r#"{"type": "strnig"}"#,
    ..REFUND
};

fn settings(methods: &str) -> Settings {
    Settings {
        filter: Filter {
            methods: vec![methods.to_owned()],
            ..Filter::default()
        },
        ..Settings::default()
    }
}

fn catalogue() -> Catalogue {
    Catalogue::new([&REFUND_TOOL, &READ], "acme", &settings("custom")).unwrap()
}

fn check(arguments: &Value) -> Result<(Arguments, View), Failure> {
    let catalogue = catalogue();
    catalogue.check(
        &catalogue.entries()[0],
        arguments.as_object().unwrap().clone(),
    )
}

#[test]
fn answers_to_every_name() {
    let catalogue = catalogue();
    for name in [
        "billsby_invoices_refund_invoice",
        "refund_invoice",
        "give_money_back",
    ] {
        assert_eq!(
            catalogue.find(name).unwrap().tool().operation,
            "invoices.refund"
        );
    }
    assert!(catalogue.find("refund").is_none());
}

#[test]
fn says_what_may_have_been_meant() {
    let mut settings = settings("custom");
    for (names, name) in [
        (Names::Inventory, REFUND.name),
        (Names::Short, REFUND.short_name),
    ] {
        settings.names = names;
        let catalogue = Catalogue::new([&REFUND_TOOL, &READ], "acme", &settings).unwrap();
        assert_eq!(catalogue.listings()[0].name, name);
        assert_eq!(
            catalogue.unknown("refund_invoices"),
            UnknownTool::Near(name)
        );
        assert_eq!(
            catalogue.unknown("list_invoices"),
            UnknownTool::LeftOut(names.of(&READ))
        );
        assert_eq!(catalogue.unknown("weather"), UnknownTool::Unknown);
    }
}

#[test]
fn the_schema_names_the_account() {
    let catalogue = catalogue();
    let domain = json!(["acme"]);
    let listed = &catalogue.listings()[0].input_schema;
    assert_eq!(listed["properties"]["companyDomain"]["enum"], domain);
    let accepted = catalogue.accepted(&catalogue.entries()[0]).unwrap();
    assert_eq!(accepted["properties"]["companyDomain"]["enum"], domain);
}

#[test]
fn the_company_domain_is_checked_and_removed() {
    let (arguments, _) = check(&json!({"companyDomain": "acme", "amount": 5.0})).unwrap();
    assert_eq!(format!("{arguments:?}"), r#"{"amount"}"#);
    for wrong in [
        json!({"companyDomain": "other", "amount": 5}),
        json!({"amount": 5}),
    ] {
        let failure = check(&wrong).unwrap_err();
        assert_eq!(failure.problems()[0].field, "companyDomain");
        assert!(failure.problems()[0].problem.contains(r#"expected "acme""#));
    }
}

#[test]
fn the_names_of_fields_may_be_one_text() {
    let catalogue = Catalogue::new(crate::tools(), "acme", &Settings::default()).unwrap();
    let entry = catalogue.find("list_customers").unwrap();
    for fields in [
        json!("results.email, results.name"),
        json!("[\"results.email\", \"results.name\"]"),
        json!(["results.email", "results.name"]),
    ] {
        let arguments = json!({"companyDomain": "acme", "fields": fields});
        let arguments = arguments.as_object().unwrap().clone();
        let (_, view) = catalogue.check(entry, arguments).unwrap();
        assert_eq!(view.fields.unwrap(), ["results.email", "results.name"]);
    }
}

#[test]
fn a_damaged_table_is_refused() {
    let refused = |tools: &[&'static Tool]| {
        Catalogue::new(tools.iter().copied(), "acme", &settings("custom")).unwrap_err()
    };
    assert_eq!(
        refused(&[&REFUND_TOOL, &SAME_SHORT_NAME]),
        CatalogueError::Name {
            name: "refund_invoice",
            first: REFUND.name,
            second: "another"
        }
    );
    assert!(matches!(refused(&[&BROKEN]), CatalogueError::Schema { .. }));
}

/// They are compiled when they are first needed, which must not be the first time ever.
#[test]
fn every_schema_of_the_table_can_be_compiled() {
    let mut settings = settings("read");
    settings.filter.methods = ["read", "write", "custom"].map(str::to_owned).to_vec();
    settings.filter.include_unreviewed = true;
    let catalogue = Catalogue::new(crate::tools(), "acme", &settings).unwrap();
    assert_eq!(catalogue.entries().len(), crate::tools().count());
    for entry in catalogue.entries() {
        assert_eq!(
            catalogue.accepted(entry).err(),
            None,
            "{}",
            entry.listed_name()
        );
    }
}
