//! Feature tags of the sandbox.

use serde_json::{Value, json};

use super::{MARY, NOTHING, TAGS};
use crate::sandbox::Running;

#[tokio::test]
async fn tags_of_a_subscription_are_those_of_its_plan_and_its_own() {
    let sandbox = Running::start().await;
    let basic = sandbox.subscription(MARY, "Basic").await;
    let path = format!("/subscriptions/{basic}/tags");
    assert_eq!(
        sandbox.read(&path).await,
        json!(["newsletter", "early-access"])
    );
    assert_eq!(
        sandbox.read(&format!("{path}/split")).await,
        json!({
            "planFeatureTags": ["newsletter"],
            "subscriptionFeatureTags": ["early-access"],
        })
    );
    let mary = sandbox.customer(MARY).await;
    let tags = sandbox
        .read(&format!("/customers/{mary}/subscriptions/featuretags"))
        .await;
    // Each once, although two of the plans have the first one.
    assert_eq!(
        tags,
        json!([
            "newsletter",
            "tastings",
            "early-access",
            "planner",
            "reports"
        ])
    );

    for path in ["tags", "tags/split"] {
        let path = format!("/core/sandbox/subscriptions/{NOTHING}/{path}");
        sandbox
            .refuses(("GET", &path, &Value::Null), 404, "no subscription has")
            .await;
    }
    let path = format!("/core/sandbox/customers/{NOTHING}/subscriptions/featuretags");
    sandbox
        .refuses(("GET", &path, &Value::Null), 404, "no customer has")
        .await;
}

#[tokio::test]
async fn tags_are_added_once_and_to_all_or_none() {
    let sandbox = Running::start().await;
    let basic = sandbox.subscription(MARY, "Basic").await;
    let team = sandbox.subscription(MARY, "Team").await;
    let add = |ids: &[&str], tags: &[&str]| json!({"subscriptionUniqueIds": ids, "tagNames": tags});

    let unknown = add(&[&basic, NOTHING], &["vip"]);
    let reason = "no subscription has the id in /subscriptionUniqueIds/1";
    sandbox.refuses(("POST", TAGS, &unknown), 404, reason).await;
    let empty = add(&[&basic], &["vip", ""]);
    sandbox
        .refuses(("POST", TAGS, &empty), 400, "/tagNames/1 is empty")
        .await;

    let both = add(&[&basic, &team], &["vip", "early-access"]);
    sandbox.changes("POST", TAGS, &both, "Success\n").await;
    let effects = sandbox.effects_in_full(0).await;
    let added: Vec<_> = effects
        .iter()
        .map(|effect| (&effect["subscriptionUniqueId"], &effect["name"]))
        .collect();
    let (vip, early, basic, team) = (
        json!("vip"),
        json!("early-access"),
        json!(basic),
        json!(team),
    );
    assert_eq!(added, [(&basic, &vip), (&team, &vip), (&team, &early)]);
    // A second time changes nothing.
    let before = sandbox.state().await;
    sandbox.changes("POST", TAGS, &both, "Success\n").await;
    assert_eq!(sandbox.state().await, before);
    assert_eq!(sandbox.count("feature_tag_added").await, 3);
}

#[tokio::test]
async fn only_own_tags_are_removed() {
    let sandbox = Running::start().await;
    let basic = sandbox.subscription(MARY, "Basic").await;
    let tag = "50%/any ?";
    let body = json!({"subscriptionUniqueIds": [basic], "tagNames": [tag]});
    sandbox.changes("POST", TAGS, &body, "Success\n").await;
    let path = format!("{TAGS}/50%25%2Fany%20%3F?subsId={basic}");
    sandbox
        .changes("DELETE", &path, &Value::Null, "Success\n")
        .await;
    let removed = (
        "feature_tag_removed".to_owned(),
        "feature_tags.remove".to_owned(),
    );
    assert_eq!(sandbox.effects(1).await, [removed]);

    let again = (path, "the subscription has no such tag");
    let of_plan = (
        format!("{TAGS}/newsletter?subsId={basic}"),
        "the subscription has no such tag",
    );
    let unknown = (
        format!("{TAGS}/early-access?subsId={NOTHING}"),
        "no subscription has",
    );
    for (path, reason) in [again, of_plan, unknown] {
        sandbox
            .refuses(("DELETE", &path, &Value::Null), 404, reason)
            .await;
    }
}
