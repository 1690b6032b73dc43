//! Updates that would change nothing.

use billsby_sdk::Outcome;
use billsby_sdk::model::{UpdateCustomField, UpdatePlan, UpdateProduct};

use crate::mock::Mock;
use crate::support::sdk;

#[tokio::test]
async fn an_update_without_a_field_is_not_sent() {
    let mock = Mock::start().await;
    let client = sdk::client(&mock);
    let product = UpdateProduct::default();
    let product = client.products().update(26.into(), &product).send();
    let plan = UpdatePlan::default();
    let plan = client.plans().update(26.into(), 84.into(), &plan).send();
    let field = UpdateCustomField::default();
    let field = client.custom_fields().update(31.into(), &field).send();
    for error in [
        product.await.expect_err("an empty product"),
        plan.await.expect_err("an empty plan"),
        field.await.expect_err("an empty custom field"),
    ] {
        assert_eq!(error.outcome(), Outcome::NotSent, "{error}");
        assert_eq!(error.attempts(), 0);
        let problem = "nothing was sent: the body has 0 fields and needs at least 1";
        assert!(error.to_string().ends_with(problem), "{error}");
    }
    mock.assert_untouched();
}

#[tokio::test]
async fn a_field_that_the_document_does_not_mention_is_a_change() {
    let mock = Mock::start().await;
    let client = sdk::client(&mock);
    let body = UpdateProduct::default();
    let call = client.products().update(26.into(), &body);
    let result = call.with_body_field("newField", true).send().await;
    // The mock knows no such field.
    assert_eq!(result.expect_err("a refusal").outcome(), Outcome::Rejected);
    let sent = mock.take_all().remove(0);
    assert_eq!(sent.json(), Some(serde_json::json!({"newField": true})));
}
