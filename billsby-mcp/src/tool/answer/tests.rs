//! Answers as calls show them.

use serde_json::{Map, Value, json};

use super::{Answer, Detail, View, cost};
use crate::tool::Tool;

fn object(body: &str) -> String {
    Answer::from_body(body.as_bytes()).into_object().to_string()
}

#[test]
fn objects_stay_as_they_are() {
    let body = r#"{"b":1,"a":{"unknownToUs":[null]},"amount":12.50}"#;
    assert_eq!(
        object(body),
        r#"{"b":1,"a":{"unknownToUs":[null]},"amount":12.5}"#
    );
}

#[test]
fn everything_else_is_wrapped() {
    assert_eq!(object("[1,2]"), r#"{"result":[1,2]}"#);
    assert_eq!(object("true"), r#"{"result":true}"#);
    assert_eq!(object("\"done\""), r#"{"result":"done"}"#);
    assert_eq!(object("Success"), r#"{"result":"Success"}"#);
    assert_eq!(object(""), r#"{"result":""}"#);
}

#[test]
fn large_integers_keep_every_digit() {
    assert_eq!(
        object("[9007199254740993]"),
        r#"{"result":[9007199254740993]}"#
    );
}

/// The tool with this short name.
fn tool(name: &str) -> &'static Tool {
    crate::tools().find(|tool| tool.short_name == name).unwrap()
}

const CAP: u32 = 1_000;

fn shown(name: &str, body: &str, view: &View, cap: u32) -> (Value, String) {
    let answer = Answer::from_body(body.as_bytes()).present(tool(name), view, cap, "the_tool");
    let text = answer.text().to_owned();
    assert_eq!(answer.texts().collect::<Vec<_>>(), [text.as_str()]);
    let object = answer.into_object();
    // Whoever reads the one must not see less than whoever reads the other.
    assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), object);
    assert!(
        cost::of_text(&text) <= usize::try_from(cap).unwrap() * cost::PARTS,
        "{text}"
    );
    (object, text)
}

fn fields(names: &[&str]) -> View {
    View {
        fields: Some(names.iter().map(|name| (*name).to_owned()).collect()),
        ..View::default()
    }
}

fn detail(detail: Detail) -> View {
    View {
        detail: Some(detail),
        ..View::default()
    }
}

fn customer(index: usize) -> Value {
    json!({
        "customerUniqueId": format!("8WER0F{index:04}"), "firstName": "Ines", "status": "Active",
        "billingAddress": {"addressLine1": "2 Mill Lane", "city": "Leeds", "postCode": "LS1 4AP"},
    })
}

fn page_of(entries: usize, count: usize) -> String {
    let results: Vec<Value> = (0..entries).map(customer).collect();
    json!({"currentPage": 1, "pageCount": count, "pageSize": 100, "results": results}).to_string()
}

#[test]
fn what_is_not_touched_keeps_its_spelling() {
    for (name, body, text) in [
        (
            "get_customer",
            r#"{ "amount": 12.50, "id": 123456789012345678901234567890 }"#,
            r#"{ "amount": 12.50, "id": 123456789012345678901234567890 }"#,
        ),
        ("customer_tags", "[1.10]\n", r#"{"result":[1.10]}"#),
        ("cancel_subscription", "Success", r#"{"result":"Success"}"#),
        ("one_time_charge", "\u{feff}true", r#"{"result":true}"#),
        (
            "get_customer",
            "{\"a\":\"x\u{200b}\"}",
            r#"{"a":"x\u200b"}"#,
        ),
    ] {
        assert_eq!(shown(name, body, &View::default(), CAP).1, text);
    }
}

#[test]
fn white_space_is_given_up_before_anything_else() {
    let body = serde_json::to_string_pretty(&json!({"a": vec![1; 800]})).unwrap();
    let (object, text) = shown("get_customer", &body, &View::default(), 1_500);
    assert_eq!(object["a"].as_array().unwrap().len(), 800);
    assert!(!text.contains('\n') && object.get("_mcp").is_none());
}

#[test]
fn ids_have_the_names_that_the_next_tool_expects() {
    let body = r#"[{"subscriptionId":"T3KD95NW0B","planId":26}]"#;
    let (_, text) = shown("customer_subs", body, &View::default(), CAP);
    assert_eq!(
        text,
        r#"{"result":[{"subscriptionId":"T3KD95NW0B","subscriptionUniqueId":"T3KD95NW0B","planId":26}]}"#
    );
    // Also when nothing else is asked for.
    let (object, _) = shown("customer_subs", body, &fields(&["planId"]), CAP);
    let entry = json!([{"subscriptionUniqueId": "T3KD95NW0B", "planId": 26}]);
    assert_eq!(object["result"], entry);
}

#[test]
fn a_page_says_which_one_is_next() {
    let (object, _) = shown("list_customers", &page_of(2, 7), &View::default(), CAP);
    assert_eq!(
        object["_mcp"],
        json!({"nextPage": {"page": 2, "pageSize": 100}})
    );
    let (last, text) = shown("list_customers", &page_of(2, 1), &View::default(), CAP);
    assert_eq!(last.get("_mcp"), None);
    assert_eq!(text, page_of(2, 1));
}

#[test]
fn a_list_without_pages_has_no_next_one() {
    let (object, _) = shown("get_customer", &page_of(2, 7), &View::default(), CAP);
    assert_eq!(object.get("_mcp"), None);
}

#[test]
fn concise_leaves_out_what_is_nested_and_says_so() {
    let (object, _) = shown(
        "list_customers",
        &page_of(1, 1),
        &detail(Detail::Concise),
        CAP,
    );
    assert_eq!(
        object["results"],
        json!([{"customerUniqueId": "8WER0F0000", "firstName": "Ines", "status": "Active"}])
    );
    assert_eq!(
        object["_mcp"],
        json!({
            "omitted": ["results.billingAddress"],
            "notes": ["To see what is omitted, name it in fields."],
        })
    );
}

#[test]
fn fields_are_shown_whatever_the_detail() {
    let view = View {
        detail: Some(Detail::Concise),
        ..fields(&["results.billingAddress"])
    };
    let (object, _) = shown("list_customers", &page_of(1, 1), &view, CAP);
    let address = customer(0)["billingAddress"].clone();
    assert_eq!(
        object["results"],
        json!([{"customerUniqueId": "8WER0F0000", "billingAddress": address}])
    );
    assert_eq!(object.get("_mcp"), None);
}

#[test]
fn a_read_that_is_too_long_is_shown_concisely_before_it_is_cut() {
    let (object, _) = shown("list_customers", &page_of(20, 1), &View::default(), CAP);
    assert_eq!(object["results"].as_array().unwrap().len(), 20);
    assert_eq!(object["results"][19].get("billingAddress"), None);
    assert_eq!(object["_mcp"]["omitted"], json!(["results.billingAddress"]));
    assert_eq!(object["_mcp"]["notes"].as_array().unwrap().len(), 1);
}

#[test]
fn a_page_that_was_cut_is_continued_where_it_was_cut() {
    let (object, _) = shown(
        "list_customers",
        &page_of(100, 7),
        &detail(Detail::Full),
        CAP,
    );
    let entries = object["results"].as_array().unwrap();
    let count = entries.len();
    assert!((5..30).contains(&count), "{count}");
    assert_eq!(entries[count - 1], customer(count - 1));
    let said = &object["_mcp"];
    assert_eq!(said["nextPage"], json!({"page": 2, "pageSize": count}));
    assert_eq!(
        said["cut"],
        json!([{"path": "results", "shown": count, "of": 100}])
    );
    assert!(said["notes"][0].as_str().unwrap().contains("call the_tool"));
}

#[test]
fn a_list_without_pages_is_continued_with_fields() {
    let list: Vec<Value> = (0..300)
        .map(|index| json!({"planId": index, "name": "Team"}))
        .collect();
    let body = Value::Array(list).to_string();
    let mut seen = Vec::new();
    let mut view = View::default();
    loop {
        let (object, _) = shown("list_plans", &body, &view, CAP);
        let entries = object["result"].as_array().unwrap();
        seen.extend(entries.iter().map(|entry| entry["planId"].clone()));
        let Some(cut) = object["_mcp"]["cut"].get(0) else {
            break;
        };
        view = fields(&[cut["rest"].as_str().unwrap()]);
    }
    let all: Vec<Value> = (0..300).map(Value::from).collect();
    assert_eq!(seen, all);
}

#[test]
fn an_object_that_is_too_long_loses_its_largest_members() {
    let body = json!({
        "invoiceNumber": "8WER0F4J1R-1", "terms": "X".repeat(9_000), "amount": 1000,
        "branding": {"logo": "Y".repeat(9_000), "planId": 7},
    });
    let (object, _) = shown("get_invoice", &body.to_string(), &detail(Detail::Full), CAP);
    assert_eq!(
        object,
        json!({
            "invoiceNumber": "8WER0F4J1R-1", "amount": 1000, "branding": {"planId": 7},
            "_mcp": {
                "omitted": ["branding.logo", "terms"],
                "notes": ["What is omitted did not fit. To see it, name it, or parts of it, in fields."],
            },
        })
    );
}

#[test]
fn a_write_is_never_told_to_be_called_again() {
    let body = json!({"customerUniqueId": "8WER0F4J1R", "log": vec!["X"; 9_000]}).to_string();
    let (object, _) = shown("create_customer", &body, &View::default(), CAP);
    assert_eq!(object["customerUniqueId"], "8WER0F4J1R");
    let said = &object["_mcp"];
    assert_eq!(said["cut"][0].get("rest"), None);
    let notes = said["notes"].as_array().unwrap();
    assert_eq!(notes.len(), 1);
    assert!(
        notes[0]
            .as_str()
            .unwrap()
            .starts_with("The call took effect")
    );
}

#[test]
fn a_page_for_people_is_cut_as_a_text() {
    let (object, _) = shown(
        "get_customer",
        &"<p>ä</p>".repeat(9_000),
        &View::default(),
        CAP,
    );
    let text = object["result"].as_str().unwrap();
    assert!(text.starts_with("<p>ä</p><p>"));
    let cut = json!([{"path": "result", "shown": text.chars().count(), "of": 72_000}]);
    assert_eq!(object["_mcp"]["cut"], cut);
}

/// The API has no such name, but if it had one, it would be the API's.
#[test]
fn a_member_of_the_api_is_not_overwritten() {
    let body = json!({"_mcp": 1, "log": vec!["X"; 9_000]}).to_string();
    let (object, _) = shown("get_customer", &body, &View::default(), CAP);
    assert_eq!(object["_mcp"], 1);
}

/// Every answer of any size stays valid, within its cap, and in agreement with its text.
#[test]
fn no_body_breaks_a_result() {
    let views = [
        View::default(),
        detail(Detail::Concise),
        detail(Detail::Full),
        fields(&["a", "results[3:].b", "results.x.y", "$[*].name"]),
    ];
    let deep =
        |depth: usize| (0..depth).fold(json!("x"), |inner, _| json!([{"a": inner, "b": null}]));
    let wide: Map<String, Value> = (0..700).map(|i| (format!("m{i}"), json!("ABC"))).collect();
    let bodies = [
        json!({}),
        json!([]),
        json!(null),
        json!({"results": null, "currentPage": "x", "pageCount": -1}),
        json!({"results": vec![json!("Z".repeat(7_000)); 3], "pageCount": 1e300}),
        json!({"results": vec![Value::Object(wide.clone()); 3]}),
        Value::Object(wide),
        deep(40),
        json!([deep(30), deep(30), "Z".repeat(9_000), null, 1]),
        json!({"a": "Z".repeat(9_000), "b": vec![vec![vec![1; 50]; 50]; 3]}),
        json!("Z".repeat(9_000)),
    ];
    for body in bodies {
        let body = body.to_string();
        for view in &views {
            for name in ["list_customers", "list_plans", "create_customer"] {
                shown(name, &body, view, CAP);
                shown(name, &body, view, 3_000);
            }
        }
    }
}
