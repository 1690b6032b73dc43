#![expect(unreachable_pub, reason = "the macros write public items")]

use serde::Deserialize;
use serde_json::{Value, json};

use super::decode;
use crate::types::{Amount, AmountOrText, Timestamp};

open_enum! {
    /// A shade.
    pub enum Shade: i64 {
        /// Light.
        Light = 0,
        /// Dark.
        Dark = 1,
    }
}

key! {
    /// A key.
    pub struct BoxId(i64);
}

key! {
    /// A key.
    pub struct BoxLabel(String);
}

#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Parcel {
    whole: Option<i64>,
    decimal: Option<f64>,
    flag: Option<bool>,
    text: Option<String>,
    amount: Option<Amount>,
    doubtful: Option<AmountOrText>,
    moment: Option<Timestamp>,
    shade: Option<Shade>,
    id: Option<BoxId>,
    label: Option<BoxLabel>,
    free: Option<Value>,
    words: Vec<String>,
    parts: Vec<Parcel>,
    #[serde(alias = "secondName")]
    first_name: Option<String>,
}

fn parcel(mut value: Value) -> Parcel {
    decode(&mut value).unwrap()
}

/// Where and why, in one line.
fn problem(mut value: Value) -> String {
    let mismatch = decode::<Parcel>(&mut value).unwrap_err();
    format!("{}: {mismatch}", mismatch.path())
}

#[test]
fn text_stands_for_numbers_and_booleans() {
    let read = parcel(json!({
        "whole": " 40 ", "decimal": "2.5", "flag": "True", "amount": "1000", "id": "7", "shade": "1",
    }));
    let expected = Parcel {
        whole: Some(40),
        decimal: Some(2.5),
        flag: Some(true),
        amount: Some(Amount::from(1000)),
        id: Some(BoxId::new(7)),
        shade: Some(Shade::Dark),
        ..Parcel::default()
    };
    assert_eq!(read, expected);
}

#[test]
fn numbers_and_booleans_stand_for_text() {
    let read = parcel(json!({"text": 40, "label": 12, "words": [true, 1.5], "flag": 0, "id": 8}));
    assert_eq!(read.id.unwrap().get(), 8);
    assert_eq!(read.text.as_deref(), Some("40"));
    assert_eq!(read.label.unwrap().as_str(), "12");
    assert_eq!(read.words, ["true", "1.5"]);
    assert_eq!(read.flag, Some(false));
}

#[test]
fn whole_numbers_may_be_written_as_decimals_but_amounts_may_not() {
    assert_eq!(parcel(json!({"whole": 40.0})).whole, Some(40));
    assert_eq!(parcel(json!({"whole": "40.00"})).whole, Some(40));
    assert_eq!(parcel(json!({"decimal": 40})).decimal, Some(40.0));
    assert_eq!(
        parcel(json!({"doubtful": 40.5})).doubtful,
        Some("40.5".into())
    );
    insta::assert_snapshot!(problem(json!({"whole": 40.5})), @"$.whole: expected a whole number, found a number");
    insta::assert_snapshot!(problem(json!({"amount": 40.0})), @"$.amount: expected a whole number of minor units, found decimal number");
}

#[test]
fn null_is_absent_everywhere() {
    let read = parcel(json!({
        "whole": null, "words": null, "parts": [null, {"whole": 1}, null], "free": null,
    }));
    assert_eq!(read.parts.len(), 1);
    assert_eq!((read.whole, read.free, read.words.len()), (None, None, 0));
    assert_eq!(decode::<Vec<Parcel>>(&mut Value::Null).unwrap(), []);
    assert_eq!(decode::<Option<Parcel>>(&mut Value::Null).unwrap(), None);
}

#[test]
fn free_form_json_is_untouched() {
    let free = json!({"old": null, "list": [null, 1, "1", 1.5, {"deep": [true]}]});
    assert_eq!(parcel(json!({ "free": free })).free, Some(free));
}

#[test]
fn an_empty_text_is_absent_unless_text_is_wanted() {
    let read = parcel(json!({
        "whole": "", "flag": " ", "amount": "", "doubtful": "", "moment": "", "shade": "", "id": "",
        "label": "", "text": "", "words": "",
        "parts": [{"whole": ""}, {"whole": 2}, {"whole": " "}],
    }));
    let two = Parcel {
        whole: Some(2),
        ..Parcel::default()
    };
    let expected = Parcel {
        text: Some(String::new()),
        parts: vec![Parcel::default(), two, Parcel::default()],
        ..Parcel::default()
    };
    assert_eq!(read, expected);
}

#[test]
fn a_long_list_of_empty_texts_is_repaired_in_one_go() {
    let parts: Vec<Value> = (0..1000).map(|_| json!({"whole": ""})).collect();
    assert_eq!(parcel(json!({ "parts": parts })).parts.len(), 1000);
}

#[test]
fn the_first_of_two_names_wins() {
    let parts = json!([{"secondName": "a", "firstName": "b"}, {"secondName": "c"}]);
    let names: Vec<_> = parcel(json!({ "parts": parts }))
        .parts
        .into_iter()
        .map(|part| part.first_name.unwrap())
        .collect();
    assert_eq!(names, ["a", "c"]);
}

#[test]
fn unknown_members_and_values_are_no_trouble() {
    let read = parcel(json!({"new": {"deep": [1]}, "shade": "Mauve"}));
    let shade = read.shade.unwrap();
    assert_eq!((shade.as_str(), shade.number()), ("Mauve", None));
}

#[test]
fn anything_stands_for_nothing() {
    for mut value in [json!(null), json!("Success"), json!({}), json!([1])] {
        decode::<()>(&mut value).unwrap();
    }
    assert!(decode::<bool>(&mut json!("True")).unwrap());
}

#[test]
fn problems_name_the_place_and_never_the_value() {
    let problems = [
        json!({"parts": [null, {"whole": "secret"}]}),
        json!({"flag": "secret"}),
        json!({"text": ["secret"]}),
        json!({"decimal": "secret"}),
        json!({"id": "secret"}),
        json!({"amount": "secret"}),
        json!({"doubtful": {"secret": 1}}),
        json!({"label": ".."}),
        json!({"words": {"secret": 1}}),
        json!({"parts": ["secret"]}),
        json!("secret"),
        json!(null),
    ]
    .map(problem);
    insta::assert_snapshot!(problems.join("\n"), @r"
    $.parts[1].whole: expected a whole number, found text
    $.flag: expected true or false, found text
    $.text: expected text, found a list
    $.decimal: expected a number, found text
    $.id: expected a whole number, found other text
    $.amount: expected a whole number of minor units, found other text
    $.doubtful: expected an amount as a number or as text, found object
    $.label: BoxLabel must not be `.` or `..`
    $.words: expected a list, found an object
    $.parts[0]: expected an object, found text
    $: expected an object, found text
    $: expected an object, found null
    ");
}
