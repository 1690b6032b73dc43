//! A call that succeeded is a success, whatever the API puts into its answer.

use serde_json::{Value, json};

use crate::every_operation_sdk::{call, calls};
use crate::mock::{Answer, Mock, operation};
use crate::support::{Case, Server, sdk};

/// Operations whose answer is a word, and the one whose answer is an empty object.
const WORD_OPERATIONS: [&str; 18] = [
    "Customer_deleteById",
    "Customer_updatePaymentDetailsRequest",
    "Customer_updatePaymentCardToken",
    "Subscription_cancelSubscription",
    "Subscription_updateShippingAddress",
    "Subscription_addFeatureTags",
    "Subscription_changePlan",
    "Subscription_removeFeatureTag",
    "Subscription_updateRenewalDate",
    "Invoice_reattemptPayment",
    "Invoice_markAsPaidOffline",
    "Invoice_markWrittenOff",
    "Creditnote_reattemptPayment",
    "Product_updatePlanAndCycle",
    "Product_updatePlanOrder",
    "Subscription_updateCounter",
    "CustomField_createNewField",
    "CustomField_updateField",
];

const JSON: &str = "application/json";
const TEXT: &str = "text/plain; charset=utf-8";

/// Forms of success, and what a tool passes on.
fn successes() -> Vec<(Answer, Value)> {
    let text = |text: &str| json!({"result": text});
    vec![
        (Answer::new(200, JSON, "Success"), text("Success")),
        (Answer::new(200, JSON, "success\n"), text("success\n")),
        (Answer::new(200, JSON, "\"success\""), text("success")),
        (Answer::new(200, JSON, "SUCCESS"), text("SUCCESS")),
        (Answer::new(200, JSON, ""), text("")),
        (Answer::new(200, JSON, "{}"), json!({})),
        (Answer::new(200, JSON, "null"), json!({"result": null})),
        (
            Answer::new(200, JSON, r#"{"message": "ok", "id": 7}"#),
            json!({"message": "ok", "id": 7}),
        ),
        (Answer::new(200, TEXT, "Success"), text("Success")),
        (Answer::new(200, TEXT, "true"), json!({"result": true})),
        (Answer::new(200, "", "success"), text("success")),
        (
            Answer::new(200, "text/html", "<p>Done</p>"),
            text("<p>Done</p>"),
        ),
        (
            Answer::new(200, TEXT, b"\xff\xfe".as_slice()),
            text("\u{fffd}\u{fffd}"),
        ),
        (Answer::new(201, JSON, "success"), text("success")),
        (Answer::new(202, JSON, ""), text("")),
        (Answer::new(204, "", ""), text("")),
    ]
}

#[tokio::test]
async fn any_success_will_do_for_the_sdk() {
    let mock = Mock::start().await;
    let client = sdk::client(&mock);
    for id in WORD_OPERATIONS {
        for (answer, _) in successes() {
            mock.answer_with(id, answer);
            // Panics on an error.
            let shown = call(id)(&client).await;
            assert!(shown.contains("value: ()"), "{id}: {shown}");
            Case::of(id).check(&mock.take_one());
        }
    }
}

#[tokio::test]
async fn any_success_will_do_for_a_tool() {
    let mock = Mock::start().await;
    let mut server = Server::start(&mock).await;
    for id in WORD_OPERATIONS {
        let case = Case::of(id);
        for (answer, passed_on) in successes() {
            mock.answer_with(id, answer);
            let result = server.call(&case.tool, &case.arguments).await;
            assert!(!result.is_error, "{id}: {}", result.structured);
            assert_eq!(result.structured, passed_on, "{id}");
            assert_eq!(result.notes, [""; 0], "{id}");
            case.check(&mock.take_one());
        }
    }
    server.close().await;
}

/// Only 200 is documented, for creations too.
#[tokio::test]
async fn every_success_status_is_a_success() {
    let mock = Mock::start().await;
    let client = sdk::client(&mock);
    for (id, call) in calls() {
        for status in [200, 201, 202, 203, 206, 299] {
            let mut answer = operation::find(id).answer.clone();
            answer.status = status;
            mock.answer_with(id, answer);
            // Panics unless the typed answer is complete.
            call(&client).await;
            mock.take_one();
        }
    }
}

/// Three answers are JSON under the name of text, and nobody knows what the others will be one day.
#[tokio::test]
async fn the_content_type_does_not_matter() {
    let mock = Mock::start().await;
    let client = sdk::client(&mock);
    let mut server = Server::start(&mock).await;
    for (id, call) in calls() {
        let documented = &operation::find(id).answer;
        let case = Case::of(id);
        for content_type in [
            JSON,
            TEXT,
            "text/json",
            "application/octet-stream",
            "nonsense",
            "",
        ] {
            let other = Answer::new(200, content_type, documented.body.clone());
            mock.answer_with(id, other.clone());
            call(&client).await;
            mock.take_one();

            mock.answer_with(id, other);
            let result = server.call(&case.tool, &case.arguments).await;
            assert!(!result.is_error, "{id} as {content_type}");
            assert_eq!(result.notes, [""; 0], "{id} as {content_type}");
            mock.take_one();
        }
    }
    server.close().await;
}

#[tokio::test]
async fn a_byte_order_mark_is_passed_over() {
    let mock = Mock::start().await;
    let client = sdk::client(&mock);
    for (id, call) in calls() {
        let mut answer = operation::find(id).answer.clone();
        answer.body.splice(0..0, *b"\xef\xbb\xbf");
        mock.answer_with(id, answer);
        call(&client).await;
        mock.take_one();
    }
}

/// What .NET writes when it is asked for the text of a boolean.
#[tokio::test]
async fn a_charge_is_understood_in_every_form_of_true() {
    let mock = Mock::start().await;
    let client = sdk::client(&mock);
    let id = "Invoice_createOneTimeCharge";
    for form in [
        "true", "True", "TRUE", "\"true\"", " true\n", "1", "\"True\"",
    ] {
        mock.answer_with(id, Answer::new(200, TEXT, form));
        call(id)(&client).await;
        Case::of(id).check(&mock.take_one());
    }
}
