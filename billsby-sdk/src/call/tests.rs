use serde_json::json;

use super::{AnswerForm, Call, Descriptor, Effect, Method, Operation};
use crate::client::Client;
use crate::error::{Error, Outcome};
use crate::transport::Outgoing;

enum Tagging {}

impl Operation for Tagging {
    type Answer = ();
    const ID: &'static str = "tags.add";
    const METHOD: Method = Method::Post;
    const SERVICE: &'static str = "core";
    const PATH: &'static str = "/{companyDomain}/tags/{tagName}";
    const EFFECT: Effect = Effect::Write;
    const ANSWER: AnswerForm = AnswerForm::Word;
}

fn client() -> Client {
    Client::builder("widgets_0123", "widgets".parse().unwrap())
        .base_url("http://localhost:1/rest/")
        .build()
        .unwrap()
}

fn outgoing(call: Call<Tagging>) -> Result<Outgoing, Error> {
    let operation = Descriptor::of::<Tagging>();
    call.draft
        .into_outgoing(&operation)
        .map_err(|kind| Error::unsendable(&operation, kind))
}

#[test]
fn values_go_into_the_path_and_the_query() {
    let call = Call::new(&client())
        .path_value("tagName", "a/b")
        .query_value("page", 1_u32)
        .query_value("isPaid", true)
        .query_value("page", 2_u32);
    let outgoing = outgoing(call).unwrap();
    insta::assert_snapshot!(outgoing.url, @"http://localhost:1/rest/core/widgets/tags/a%2Fb?page=2&isPaid=true");
    assert_eq!(outgoing.method, Method::Post);
    assert_eq!(outgoing.body, None);
}

#[test]
fn bodies_lose_their_nulls() {
    let body = json!({"a": null, "b": {"c": null, "d": 1}, "e": [null, {"f": null}]});
    let call = Call::new(&client())
        .path_value("tagName", "x")
        .json_body(&body);
    let written = String::from_utf8(outgoing(call).unwrap().body.unwrap()).unwrap();
    insta::assert_snapshot!(written, @r#"{"b":{"d":1},"e":[null,{}]}"#);
}

#[test]
fn a_body_that_changes_nothing_is_refused() {
    let call = |body| {
        Call::new(&client())
            .path_value("tagName", "x")
            .json_body(&body)
            .least_fields(1)
    };
    let error = outgoing(call(json!({"a": null}))).err().unwrap();
    insta::assert_snapshot!(error, @"tags.add: nothing was sent: the body has 0 fields and needs at least 1");
    assert_eq!(error.outcome(), Outcome::NotSent);
    assert!(outgoing(call(json!({"a": false}))).is_ok());
    assert!(outgoing(call(json!({})).with_body_field("a", None::<i64>)).is_ok());
}

#[test]
fn undocumented_parts_are_added_as_they_are() {
    let call = Call::new(&client())
        .path_value("tagName", "x")
        .query_value("page", 1_u32)
        .json_body(&json!({"a": null, "b": 1}))
        .with_query("page", 2)
        .with_query("q r".to_owned(), "a&b")
        .with_body_field("a", None::<i64>)
        .with_body_field("b", [true])
        .with_body_field("c", json!({"d": null}));
    let outgoing = outgoing(call).unwrap();
    insta::assert_snapshot!(outgoing.url, @"http://localhost:1/rest/core/widgets/tags/x?page=2&q%20r=a%26b");
    let written = String::from_utf8(outgoing.body.unwrap()).unwrap();
    insta::assert_snapshot!(written, @r#"{"b":[true],"a":null,"c":{"d":null}}"#);
}

#[test]
fn a_field_needs_an_object() {
    let call = || Call::new(&client()).path_value("tagName", "x");
    let alone = outgoing(call().with_body_field("a", 1)).unwrap();
    assert_eq!(alone.body.unwrap(), br#"{"a":1}"#);
    let error = outgoing(call().json_body(&json!([1])).with_body_field("a", 1)).err();
    insta::assert_snapshot!(error.unwrap(), @"tags.add: nothing was sent: the body is not an object, so no field can be added to it");
}

#[test]
fn a_body_that_is_not_json_is_refused() {
    let body = std::collections::BTreeMap::from([((1, 2), "secret")]);
    let call = Call::new(&client())
        .path_value("tagName", "x")
        .json_body(&body);
    let error = outgoing(call).err().unwrap();
    insta::assert_snapshot!(error, @"tags.add: nothing was sent: the body cannot be written as JSON");
    assert_eq!(error.outcome(), Outcome::NotSent);
    assert!(std::error::Error::source(&error).is_some());
}

#[test]
fn a_value_that_would_change_the_path_is_refused() {
    let error = outgoing(Call::new(&client()).path_value("tagName", ".."))
        .err()
        .unwrap();
    insta::assert_snapshot!(error, @"tags.add: nothing was sent: `tagName` must not be `.` or `..`");
    assert_eq!(error.outcome(), Outcome::NotSent);
    assert_eq!(error.operation(), Some("tags.add"));
}

#[test]
fn debug_shows_no_values() {
    let call: Call<Tagging> = Call::new(&client()).query_value("search", "secret");
    insta::assert_snapshot!(format!("{call:?}"), @r#"Call { operation: "tags.add", .. }"#);
}
