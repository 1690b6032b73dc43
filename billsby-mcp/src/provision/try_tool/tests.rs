use serde_json::json;

use super::*;
use crate::provision::scene::Scene;
use crate::provision::{ActivityFilter, Call, OutcomeWord, Paging};

fn arguments(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(arguments) => arguments,
        other => panic!("{other}"),
    }
}

/// What is in the activity, newest first.
async fn recorded(scene: &Scene) -> Vec<Call> {
    scene.recorder.flush().await;
    let (filter, paging) = (ActivityFilter::default(), Paging::default());
    let calls = scene.provisioning.activity(&filter, &paging).await;
    calls.unwrap().result
}

#[test]
fn on_accounts_with_customers_only_reads_are_offered() {
    let [reads, all] = &*TRIABLE;
    assert!(!reads.is_empty());
    assert!(reads.iter().all(|tool| tool.effect.is_read()));
    assert_eq!(all.len(), crate::tools().count());
    let is_read = |tool: &&TriableTool| tool.effect.is_read();
    assert_eq!(reads.len(), all.iter().filter(is_read).count());
    for tool in all {
        let schema = &tool.input_schema;
        assert_eq!(schema["type"], "object", "{}", tool.name);
        assert!(schema["properties"].get("companyDomain").is_none());
        let fields = schema["properties"].get("fields");
        assert_eq!(fields.is_some(), tool.effect.is_read(), "{}", tool.name);
    }
    // Texts name what is offered, and nothing else.
    let description = |tools: &[TriableTool]| {
        let mut tools = tools.iter();
        let tool = tools
            .find(|tool| tool.name == "get_single_billsby_invoice_by_id")
            .unwrap();
        tool.description.clone()
    };
    assert!(!description(reads).contains('{'));
}

#[tokio::test]
async fn a_read_gives_what_a_model_would_get() {
    let scene = Scene::start().await;
    for account in [scene.sandbox().await, scene.live().await] {
        let wanted = arguments(json!({"page": 1, "pageSize": 10, "detail": "concise"}));
        let tried = scene
            .provisioning
            .try_tool(account, "list_customers", wanted)
            .await;
        let tried = tried.unwrap();
        assert!(!tried.is_error, "{}", tried.text);
        let body = tried.body.clone().unwrap();
        assert_eq!(serde_json::from_str::<Value>(&tried.text).unwrap(), body);
        assert!(!body["results"].as_array().unwrap().is_empty(), "{body}");
        assert_eq!(tried.tokens, tokens_of(&body) as u64);
        assert!(!format!("{tried:?}").contains("results"));
        let calls = recorded(&scene).await.into_iter();
        let mut calls = calls.filter(|call| call.account_id == Some(account));
        let call = calls.next().unwrap();
        assert_eq!((call.server_id, calls.next()), (None, None));
        assert_eq!(call.client.name.as_deref(), Some(CALLER));
        assert_eq!(call.tool, "list_all_billsby_customers");
        assert!(!call.is_write && !call.is_error);
    }
}

#[tokio::test]
async fn what_has_an_effect_is_for_the_sandbox() {
    let scene = Scene::start().await;
    let (sandbox, live) = (scene.sandbox().await, scene.live().await);
    let tool = "create_a_billsby_product";
    let product = || {
        arguments(json!({
            "name": "Gadget",
            "displayName": "Gadget",
            "billingCurrency": "USD",
            "visibility": "hidden",
        }))
    };
    let refused = scene.provisioning.try_tool(live, tool, product()).await;
    let Err(ProvisionError::Conflict(reason)) = refused else {
        panic!("{refused:?}");
    };
    assert_eq!(
        reason,
        "create_a_billsby_product can change something, so it can be tried on a sandbox account only; nothing was sent"
    );
    assert_eq!(recorded(&scene).await, []);

    let tried = scene
        .provisioning
        .try_tool(sandbox, tool, product())
        .await
        .unwrap();
    assert!(!tried.is_error, "{}", tried.text);
    let calls = recorded(&scene).await;
    assert_eq!(calls.len(), 1);
    assert!(calls[0].is_write);
    assert_eq!(calls[0].outcome, OutcomeWord::Done);
}

#[tokio::test]
async fn what_is_wrong_with_arguments_is_an_answer() {
    let scene = Scene::start().await;
    let account = scene.sandbox().await;
    let wrong = arguments(json!({"customerUniqueId": 1, "nonsense": true}));
    let tool = "get_single_billsby_customer_by_id";
    let tried = scene
        .provisioning
        .try_tool(account, tool, wrong)
        .await
        .unwrap();
    assert!(tried.is_error);
    let report = tried.body.unwrap();
    assert_eq!(report["outcome"], "not_sent");
    assert!(tried.text.contains("nonsense"), "{}", tried.text);
    // So is what Billsby says is wrong.
    let unknown = arguments(json!({"customerUniqueId": "NOBODY0000"}));
    let tried = scene
        .provisioning
        .try_tool(account, tool, unknown)
        .await
        .unwrap();
    assert_eq!(tried.body.unwrap()["status"], 404);
    let calls = recorded(&scene).await;
    let outcomes: Vec<OutcomeWord> = calls.iter().map(|call| call.outcome).collect();
    assert_eq!(outcomes.len(), 2);
    for outcome in [OutcomeWord::Rejected, OutcomeWord::NotSent] {
        assert!(outcomes.contains(&outcome), "{outcomes:?}");
    }
}

#[tokio::test]
async fn what_is_not_there_cannot_be_tried() {
    let scene = Scene::start().await;
    let account = scene.sandbox().await;
    let nothing = Map::new;
    let missing = scene
        .provisioning
        .try_tool(account, "drop_tables", nothing())
        .await;
    assert!(
        matches!(missing, Err(ProvisionError::NotFound(_))),
        "{missing:?}"
    );
    scene.provisioning.delete_account(account).await.unwrap();
    let gone = scene
        .provisioning
        .try_tool(account, "list_customers", nothing())
        .await;
    assert!(matches!(gone, Err(ProvisionError::NotFound(_))), "{gone:?}");
    assert_eq!(recorded(&scene).await, []);
}
