//! Both readers are given the documented answers of all calls, and those with every value replaced
//! in turn. What the direct one reads, the lenient one must read just so.

use std::fs;

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::decode;
use crate::key::TagName;
use crate::model::{
    Addon, AddonSummary, Address, Allowance, AllowanceSummary, CounterValue, CreditNote,
    CustomField, CustomFieldResponse, Customer, CustomerCreated, CustomerCreditNote,
    CustomerSubscription, Cycle, EventLog, FeatureTagSplit, Invoice, InvoiceSummary, PaymentLog,
    Plan, Product, RefundResult, Subscription, SubscriptionAddons, SubscriptionAllowances,
    SubscriptionCreated, SubscriptionSummary,
};
use crate::page::Page;
use crate::types::lenient;

const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/fixtures/answers");

/// What the answers are read as, by the names of their fixtures.
const ANSWERS: &[(&str, Agreement)] = &[
    ("Addon_getAddonList", agree::<SubscriptionAddons>),
    ("Addon_getDetails", agree::<Addon>),
    ("Addon_listAvailableAddons", agree::<Vec<AddonSummary>>),
    ("Allowance_getDetails", agree::<Allowance>),
    ("Allowance_getList", agree::<Vec<AllowanceSummary>>),
    (
        "Allowance_getSpecificSubscriptionAllowances",
        agree::<SubscriptionAllowances>,
    ),
    ("Creditnote_list", agree::<Page<CreditNote>>),
    ("CustomField_getResponse", agree::<Vec<CustomFieldResponse>>),
    ("CustomField_list", agree::<Vec<CustomField>>),
    (
        "Customer_addSubscriptionToExistingCustomer",
        agree::<SubscriptionCreated>,
    ),
    ("Customer_clearGdprData", agree::<Customer>),
    (
        "Customer_createNewCustomerAndSubscription",
        agree::<SubscriptionCreated>,
    ),
    (
        "Customer_createWithoutSubscription",
        agree::<CustomerCreated>,
    ),
    ("Customer_getCreditNotes", agree::<Vec<CustomerCreditNote>>),
    ("Customer_getDetails", agree::<Customer>),
    ("Customer_getFeatureTags", agree::<Vec<TagName>>),
    (
        "Customer_getSubscriptionsByUniqueId",
        agree::<Vec<CustomerSubscription>>,
    ),
    ("Customer_listCustomers", agree::<Page<Customer>>),
    (
        "Customer_updateCustomFieldResponse",
        agree::<Vec<CustomFieldResponse>>,
    ),
    ("Customer_updateDetails", agree::<Customer>),
    ("Invoice_createOneTimeCharge", agree::<bool>),
    ("Invoice_createRefund", agree::<RefundResult>),
    ("Invoice_details", agree::<Invoice>),
    ("Invoice_getCustomerInvoices", agree::<Vec<InvoiceSummary>>),
    ("Invoice_getPaymentLogs", agree::<Vec<PaymentLog>>),
    ("Invoice_listCompanyInvoices", agree::<Page<InvoiceSummary>>),
    ("Product_createCycle", agree::<Vec<Cycle>>),
    ("Product_createNewProduct", agree::<Product>),
    ("Product_createPlan", agree::<Plan>),
    ("Product_getDetails", agree::<Product>),
    ("Product_listPlans", agree::<Vec<Plan>>),
    ("Product_listProducts", agree::<Page<Product>>),
    ("Product_updateProduct", agree::<Product>),
    ("Subscription_featureTagsSplit", agree::<FeatureTagSplit>),
    ("Subscription_getCountersValue", agree::<CounterValue>),
    ("Subscription_getDetails", agree::<Subscription>),
    ("Subscription_getEventLogs", agree::<Page<EventLog>>),
    ("Subscription_getShippingAddress", agree::<Address>),
    (
        "Subscription_listSubscriptions",
        agree::<Page<SubscriptionSummary>>,
    ),
    ("Subscription_listTagsBySubscription", agree::<Vec<TagName>>),
    ("Subscription_updateRenewalDate", agree::<Value>),
];

/// What stands for a value in turn, line by line.
const REPLACEMENTS: &str = r#"null
true
0
1
-7
-0
40.0
40.5
1e2
1e999
9223372036854775808
18446744073709551616
""
" "
"x"
"."
"40"
" 40 "
"40.0"
"True"
"active"
"2026-01-02T03:04:05"
"\u00e9\n"
"\ud800"
[]
[null]
[1, null, "x"]
[[]]
{}
{"a": null}
{"a": [null]}
nul"#;

type Agreement = fn(&str) -> bool;

/// Whether the direct reader takes it; then the lenient one must, and see the same.
fn agree<T: DeserializeOwned + PartialEq>(json: &str) -> bool {
    let Some(value) = decode::<T>(json.as_bytes()) else {
        return false;
    };
    let mut tree = serde_json::from_str(json).unwrap_or_else(|_| panic!("not JSON: {json}"));
    let same = lenient::decode::<T>(&mut tree).is_ok_and(|other| other == value);
    assert!(same, "{}: {json}", std::any::type_name::<T>());
    true
}

fn answer(name: &str) -> Value {
    let text = fs::read_to_string(format!("{FIXTURES}/{name}.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// The JSON pointers of all values inside, the outermost included.
fn places(value: &Value, place: &str, found: &mut Vec<String>) {
    found.push(place.to_owned());
    match value {
        Value::Array(elements) => {
            for (index, element) in elements.iter().enumerate() {
                places(element, &format!("{place}/{index}"), found);
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                places(member, &format!("{place}/{name}"), found);
            }
        }
        _ => {}
    }
}

/// The text with every value replaced in turn, also by what no tree can hold.
fn changed(value: &Value) -> impl Iterator<Item = String> {
    const MARK: &str = "here";
    let mut found = Vec::new();
    places(value, "", &mut found);
    found.into_iter().flat_map(|place| {
        let mut marked = value.clone();
        let old = std::mem::replace(marked.pointer_mut(&place).unwrap(), MARK.into());
        let marked = marked.to_string();
        let name = place.rsplit('/').next().unwrap_or_default().to_owned();
        REPLACEMENTS.lines().flat_map(move |new| {
            let forms = [
                new.to_owned(),
                // In an object: a member that comes twice, and one that nobody reads.
                format!("{old}, \"{name}\": {new}"),
                format!("{new}, \"{name}\": {old}"),
                format!("{old}, \"unread\": [{{\"a\": {new}}}]"),
            ];
            forms.map(|form| marked.replacen(&format!("\"{MARK}\""), &form, 1))
        })
    })
}

#[test]
fn what_is_documented_is_read_directly() {
    let left: Vec<_> = ANSWERS
        .iter()
        .filter(|(name, agree)| !agree(&answer(name).to_string()))
        .map(|(name, _)| *name)
        .collect();
    // It has numbers and booleans as text.
    assert_eq!(left, ["Invoice_details"]);

    let mut names: Vec<_> = fs::read_dir(FIXTURES)
        .unwrap()
        .map(|file| file.unwrap().path())
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    names.sort();
    assert!(ANSWERS.iter().map(|(name, _)| *name).eq(names));
}

#[test]
fn whatever_is_read_directly_is_read_as_the_lenient_reader_does() {
    let [mut read, mut left] = [0, 0];
    for (name, agree) in ANSWERS {
        for json in changed(&answer(name)) {
            *(if agree(&json) { &mut read } else { &mut left }) += 1;
        }
    }
    // Neither reader gets all of them.
    assert!(read > 10_000 && left > 10_000, "{read} and {left}");
}

#[test]
fn gives_up_where_the_lenient_reader_sees_something_else() {
    for json in [
        // `serde_json` takes lists for objects, and skims what nobody reads.
        r"[]",
        r#"["second@example.com"]"#,
        r#"{"billingAddress": ["1 High Street"]}"#,
        r#"{"unread": "\ud800"}"#,
        r#"{"unread": [{"deep": 1e999}]}"#,
        // These mean something all the same.
        r#"{"firstName": 7}"#,
        r#"{"status": ""}"#,
        r#"{"phoneNumberDialCountry": "GBR", "phoneNumberCodeCountry": "GBR"}"#,
        r#"{"firstName": "Ines"} {}"#,
    ] {
        assert!(decode::<Customer>(json.as_bytes()).is_none(), "{json}");
    }
    let deep = format!(r#"{{"unread": {}{}}}"#, "[".repeat(200), "]".repeat(200));
    assert!(decode::<Customer>(deep.as_bytes()).is_none());
    assert!(decode::<Customer>(b"{\"unread\": \"\xff\"}").is_none());
    assert!(decode::<Vec<Value>>(b"[1, null]").is_none());
    assert_eq!(decode::<Vec<Value>>(b"null"), Some(Vec::new()));
    assert!(decode::<Vec<Value>>(b"[[null]]").is_some());
}
