//! Feature tags of plans and subscriptions.

use indexmap::IndexSet;
use serde::Deserialize;
use serde_json::json;

use super::{Call, Operation};
use crate::sandbox::company::{Company, Subscription};
use crate::sandbox::id::UniqueId;
use crate::sandbox::journal::{About, EffectKind};
use crate::sandbox::wire::{Answer, Refusal};
use crate::sandbox::world::World;

pub(super) const OPERATIONS: &[(&str, Operation)] = &[
    ("feature_tags.add", add),
    ("feature_tags.remove", remove),
    ("feature_tags.list_for_customer", list_for_customer),
    ("feature_tags.list_for_subscription", list_for_subscription),
    ("feature_tags.split", split),
];

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Tagging {
    subscription_unique_ids: Vec<String>,
    tag_names: Vec<String>,
}

/// Adds every tag to every subscription, or nothing if one of them cannot be.
fn add(world: &mut World, call: &Call<'_>) -> Result<Answer, Refusal> {
    let tagging: Tagging = call.body();
    if let Some(place) = tagging.tag_names.iter().position(String::is_empty) {
        let reason = format!("/tagNames/{place} is empty");
        return Err(Refusal::bad_request(reason));
    }
    let ids = tagging.subscription_unique_ids.iter().enumerate();
    let ids = ids.map(|(place, text)| known(&world.company, place, text));
    for id in ids.collect::<Result<Vec<UniqueId>, Refusal>>()? {
        for tag in &tagging.tag_names {
            add_one(world, id, tag);
        }
    }
    Ok(Answer::word("Success\n"))
}

fn known(company: &Company, place: usize, text: &str) -> Result<UniqueId, Refusal> {
    let id = text.parse().ok();
    id.filter(|id| company.subscriptions.contains_key(id))
        .ok_or_else(|| {
            let reason = format!("no subscription has the id in /subscriptionUniqueIds/{place}");
            Refusal::not_found(reason)
        })
}

/// A tag that is there already is left as it is.
fn add_one(world: &mut World, id: UniqueId, tag: &str) {
    let subscription = &mut world.company.subscriptions[&id];
    if subscription.feature_tags.iter().any(|known| known == tag) {
        return;
    }
    subscription.feature_tags.push(tag.to_owned());
    let about = about(subscription, tag);
    note(world, EffectKind::FeatureTagAdded, id, about);
}

fn remove(world: &mut World, call: &Call<'_>) -> Result<Answer, Refusal> {
    let id = call.query("subsId").and_then(|text| text.parse().ok());
    let subscription = id.and_then(|id: UniqueId| world.company.subscriptions.get_mut(&id));
    let Some(subscription) = subscription else {
        let reason = "no subscription has the id in the query value `subsId`";
        return Err(Refusal::not_found(reason));
    };
    let tag: String = call.path("tagname").unwrap_or_default();
    let own = &mut subscription.feature_tags;
    let Some(place) = own.iter().position(|known| *known == tag) else {
        let reason = "the subscription has no such tag of its own; those of its plan stay";
        return Err(Refusal::not_found(reason));
    };
    own.remove(place);
    let (id, about) = (subscription.unique_id, about(subscription, &tag));
    note(world, EffectKind::FeatureTagRemoved, id, about);
    Ok(Answer::word("Success\n"))
}

fn about(subscription: &Subscription, tag: &str) -> About {
    About {
        name: Some(tag.to_owned()),
        ..About::subscription(subscription.customer, subscription.unique_id)
    }
}

fn note(world: &mut World, kind: EffectKind, id: UniqueId, about: About) {
    let data = json!({ "tagName": about.name });
    world.record(id, &format!("{kind:?}"), data);
    world.note(kind, about);
}

fn list_for_customer(world: &mut World, call: &Call<'_>) -> Result<Answer, Refusal> {
    let company = &world.company;
    let ids = call.customer(company)?.subscriptions.iter();
    let subscriptions = ids.filter_map(|id| company.subscriptions.get(id));
    let tags = subscriptions.flat_map(|subscription| {
        let own = subscription.feature_tags.iter();
        plan_tags(company, subscription).iter().chain(own)
    });
    Ok(Answer::json(&distinct(tags)))
}

fn list_for_subscription(world: &mut World, call: &Call<'_>) -> Result<Answer, Refusal> {
    let subscription = call.subscription(&world.company)?;
    let of_plan = plan_tags(&world.company, subscription).iter();
    let tags = distinct(of_plan.chain(&subscription.feature_tags));
    Ok(Answer::json(&tags))
}

fn split(world: &mut World, call: &Call<'_>) -> Result<Answer, Refusal> {
    let subscription = call.subscription(&world.company)?;
    Ok(Answer::json(&json!({
        "planFeatureTags": plan_tags(&world.company, subscription),
        "subscriptionFeatureTags": subscription.feature_tags,
    })))
}

fn plan_tags<'c>(company: &'c Company, subscription: &Subscription) -> &'c [String] {
    let plan = company.plans.get(&subscription.plan_id);
    plan.map_or(&[], |plan| &plan.feature_tags)
}

/// Each once, in the order of their first appearance.
fn distinct<'t>(tags: impl Iterator<Item = &'t String>) -> IndexSet<&'t str> {
    tags.map(String::as_str).collect()
}
