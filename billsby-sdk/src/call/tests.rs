use serde_json::json;

use super::{AnswerForm, Call, Descriptor, Draft, Effect, Method, Operation};
use crate::client::Client;
use crate::error::{Error, Outcome};
use crate::transport::Attempt;

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

fn attempt(call: Call<Tagging>) -> Result<Attempt, Error> {
    let operation = Descriptor::of::<Tagging>();
    let draft: Draft = call.draft;
    draft
        .into_attempt(&operation)
        .map_err(|kind| Error::new(&operation, kind))
}

#[test]
fn values_go_into_the_path_and_the_query() {
    let call = Call::new(&client())
        .path_value("tagName", "a/b")
        .query_value("page", 1_u32)
        .query_value("isPaid", true)
        .query_value("page", 2_u32);
    let attempt = attempt(call).unwrap();
    insta::assert_snapshot!(attempt.url, @"http://localhost:1/rest/core/widgets/tags/a%2Fb?page=2&isPaid=true");
    assert_eq!(attempt.method, Method::Post);
    assert_eq!(attempt.body, None);
    assert_eq!(attempt.timeout.as_secs(), 30);
}

#[test]
fn bodies_lose_their_nulls() {
    let body = json!({"a": null, "b": {"c": null, "d": 1}, "e": [null, {"f": null}]});
    let call = Call::new(&client())
        .path_value("tagName", "x")
        .json_body(&body);
    let written = String::from_utf8(attempt(call).unwrap().body.unwrap()).unwrap();
    insta::assert_snapshot!(written, @r#"{"b":{"d":1},"e":[null,{}]}"#);
}

#[test]
fn a_body_that_is_not_json_is_refused() {
    let body = std::collections::BTreeMap::from([((1, 2), "secret")]);
    let call = Call::new(&client())
        .path_value("tagName", "x")
        .json_body(&body);
    let error = attempt(call).err().unwrap();
    insta::assert_snapshot!(error, @"tags.add: nothing was sent: the body cannot be written as JSON");
    assert_eq!(error.outcome(), Outcome::NotSent);
    assert!(std::error::Error::source(&error).is_some());
}

#[test]
fn a_value_that_would_change_the_path_is_refused() {
    let error = attempt(Call::new(&client()).path_value("tagName", ".."))
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
