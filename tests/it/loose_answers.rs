//! The published types of answers are not reliable: numbers arrive as text and anything may be null
//! or absent. None of that may cost a caller the answer.

use billsby_mcp::account::Account;
use serde_json::{Map, Value, json};

use crate::every_operation_sdk::calls;
use crate::mock::{Answer, Mock, operation};
use crate::support::{Case, additions, all_tools, sdk};

/// The documented JSON answers by operation.
fn answers() -> Vec<(String, Value)> {
    operation::all()
        .iter()
        .filter_map(|operation| {
            let body = serde_json::from_slice(&operation.answer.body).ok()?;
            Some((operation.id.clone(), body))
        })
        .collect()
}

/// Changes every value inside, innermost first, but for what is free-form.
fn rewrite(value: &mut Value, change: &impl Fn(&mut Value)) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| rewrite(item, change)),
        Value::Object(members) => {
            for (name, member) in members.iter_mut() {
                if !matches!(name.as_str(), "eventData" | "taxes") {
                    rewrite(member, change);
                }
            }
        }
        _ => {}
    }
    change(value);
}

/// The typed calls check every value, so an answer in another form must mean the same.
async fn means_the_same(change: impl Fn(&mut Value)) {
    let mock = Mock::start().await;
    let client = sdk::client(&mock);
    for (id, call) in calls() {
        let documented = &operation::find(id).answer;
        if let Ok(mut body) = serde_json::from_slice(&documented.body) {
            rewrite(&mut body, &change);
            mock.answer_with(id, Answer::json(200, &body));
        }
        call(&client).await;
        mock.take_one();
    }
}

#[tokio::test]
async fn numbers_may_come_as_text() {
    means_the_same(|value| {
        if value.is_number() {
            *value = json!(value.to_string());
        }
    })
    .await;
}

#[tokio::test]
async fn booleans_may_come_as_text() {
    means_the_same(|value| {
        if let Value::Bool(truth) = value {
            *value = json!(if *truth { "True" } else { "False" });
        }
    })
    .await;
}

/// Where text belongs, a number that happens to be its digits is the same text.
#[tokio::test]
async fn digits_may_come_as_numbers() {
    means_the_same(|value| {
        let number = value.as_str().and_then(|text| text.parse::<i64>().ok());
        if let Some(number) = number
            && value.as_str() == Some(&number.to_string())
        {
            *value = json!(number);
        }
    })
    .await;
}

#[tokio::test]
async fn lists_may_hold_nulls() {
    means_the_same(|value| {
        if let Value::Array(items) = value {
            items.insert(0, Value::Null);
            items.push(Value::Null);
        }
    })
    .await;
}

#[tokio::test]
async fn unknown_members_may_be_of_any_form() {
    means_the_same(|value| {
        if let Value::Object(members) = value {
            members.insert("new".to_owned(), json!([{"deep": [null, 1.5, {}]}, "x"]));
            members.insert("Results".to_owned(), json!(7));
            members.insert(String::new(), Value::Null);
        }
    })
    .await;
}

/// Calls every tool while the API answers something else; a tool tells when the SDK could not read it.
async fn can_be_read(change: impl Fn(&mut Value)) {
    let mock = Mock::start().await;
    let account = Account::new(sdk::client(&mock), &all_tools()).expect("an account");
    for (id, mut body) in answers() {
        change(&mut body);
        mock.answer_with(&id, Answer::json(200, &body));
        let case = Case::of(&id);
        let reply = account.call(&case.tool, case.arguments).await;
        let answer = reply.expect("the tool").expect("success");
        assert_eq!(answer.note(), None, "{id}: {body}");
        for added in additions(&body, answer.body()) {
            // Ids under other names, and nothing about pages that nobody knows.
            assert!(!added.starts_with('_'), "{id}: {added}");
        }
        mock.take_one();
    }
}

#[tokio::test]
async fn everything_may_be_null() {
    // The answer itself stays what it is; all its members are null.
    can_be_read(|body| {
        let null_members = |members: &mut Map<String, Value>| {
            members
                .values_mut()
                .for_each(|member| *member = Value::Null);
        };
        match body {
            Value::Object(members) => null_members(members),
            Value::Array(items) => items
                .iter_mut()
                .filter_map(Value::as_object_mut)
                .for_each(null_members),
            _ => {}
        }
    })
    .await;
}

#[tokio::test]
async fn everything_may_be_null_at_the_bottom() {
    can_be_read(|body| {
        rewrite(body, &|value| {
            if let Value::Object(members) = value {
                for member in members.values_mut() {
                    if !(member.is_object() || member.is_array()) {
                        *member = Value::Null;
                    }
                }
            }
        });
    })
    .await;
}

#[tokio::test]
async fn everything_may_be_absent() {
    can_be_read(|body| match body {
        Value::Object(members) => members.clear(),
        Value::Array(items) => items.clear(),
        _ => {}
    })
    .await;
    // And so may be the members of objects in lists.
    can_be_read(|body| {
        rewrite(body, &|value| {
            if let Value::Array(items) = value {
                for item in items.iter_mut().filter_map(Value::as_object_mut) {
                    item.clear();
                }
            }
        });
    })
    .await;
}

#[tokio::test]
async fn texts_may_be_empty_or_unknown() {
    for text in ["", " ", "SomethingNew", "ß/%", "99999999999999999999"] {
        can_be_read(|body| {
            rewrite(body, &|value| {
                // Digits stand for numbers, which cannot be just anything.
                if value
                    .as_str()
                    .is_some_and(|old| old.parse::<f64>().is_err())
                    && !matches!(value.as_str(), Some("true" | "false"))
                {
                    *value = json!(text);
                }
            });
        })
        .await;
    }
}
