//! The table of expected requests is complete and does not contradict itself.

use std::collections::{BTreeMap, BTreeSet};

use crate::mock::operation;
use crate::support::Case;

fn count(by: impl Fn(&Case) -> String) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for case in Case::all() {
        *counts.entry(by(&case)).or_default() += 1;
    }
    counts
}

fn counts(expected: &[(&str, usize)]) -> BTreeMap<String, usize> {
    let owned = expected.iter().map(|(name, n)| ((*name).to_owned(), *n));
    owned.collect()
}

#[test]
fn the_table_and_the_mock_know_the_same_58_operations() {
    let cases = Case::all();
    let of_table: BTreeSet<_> = cases.iter().map(|case| case.operation.as_str()).collect();
    let of_mock: BTreeSet<_> = operation::all().iter().map(|o| o.id.as_str()).collect();
    assert_eq!(of_table, of_mock);
    assert_eq!(cases.len(), 58);
    assert_eq!(operation::all().len(), 58);
}

#[test]
fn the_methods_and_bodies_add_up() {
    let methods = counts(&[("GET", 29), ("PUT", 15), ("POST", 11), ("DELETE", 3)]);
    assert_eq!(count(|case| case.wire.method.clone()), methods);
    let bodies = Case::all().iter().filter(|c| c.wire.body.is_some()).count();
    assert_eq!(bodies, 21);
}

#[test]
fn the_tools_are_the_inventory_and_two_more() {
    let cases = Case::all();
    let names: BTreeSet<_> = cases
        .iter()
        .flat_map(|case| [&case.tool].into_iter().chain(&case.aliases))
        .collect();
    assert_eq!(names.len(), 57 + 2);

    let effects = [
        ("read", 28),
        ("write", 15),
        ("money", 7),
        ("irreversible", 6),
        ("message", 1),
        ("accumulates", 1),
    ];
    assert_eq!(count(|case| case.effect.clone()), counts(&effects));
    // Of the inventory's 28, 21 and 8: one alias less, one read and one write more.
    let classes = [("read", 29), ("write", 22), ("custom", 7)];
    assert_eq!(count(|case| case.class.clone()), counts(&classes));
    let tags = [
        ("add_ons", 3),
        ("allowances", 3),
        ("counters", 2),
        ("credit_notes", 3),
        ("custom_fields", 5),
        ("customers", 6),
        ("cycles", 1),
        ("event_logs", 1),
        ("feature_tags", 5),
        ("invoices", 8),
        ("payments", 3),
        ("plans", 4),
        ("products", 4),
        ("subscriptions", 10),
    ];
    assert_eq!(count(|case| case.tag.clone()), counts(&tags));
}

#[test]
fn every_argument_has_its_place_on_the_wire() {
    for case in Case::all() {
        for name in &case.required {
            let known = case.arguments.contains_key(name);
            assert!(known, "{}: no argument `{name}`", case.operation);
        }
        let template = &operation::find(&case.operation).path;
        let mut places: BTreeSet<String> = template
            .iter()
            .filter_map(|segment| match segment {
                operation::Segment::Value { name, .. } => Some(name.clone()),
                operation::Segment::Literal(_) => None,
            })
            .collect();
        places.extend(case.wire.query.iter().map(|(name, _)| name.clone()));
        if let Some(body) = &case.wire.body {
            let members = body.as_object().expect("a body is an object");
            for name in members.keys() {
                assert!(places.insert(name.clone()), "{}: {name}", case.operation);
            }
        }
        let arguments: BTreeSet<String> = case
            .arguments
            .keys()
            .map(|name| case.wire_name(name).to_owned())
            .collect();
        assert_eq!(arguments, places, "{}", case.operation);
    }
}

#[test]
fn all_but_one_operation_name_the_company() {
    let without: Vec<String> = Case::all()
        .into_iter()
        .filter(|case| case.arguments.get("companyDomain") != Some(&"widgets".into()))
        .map(|case| case.operation)
        .collect();
    assert_eq!(without, ["Invoice_details"]);
}
