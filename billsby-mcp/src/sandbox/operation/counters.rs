//! Counters, whose changes are queued.

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::json;

use super::{Call, Operation};
use crate::sandbox::company::{Company, CounterEntry, CounterOperation, Subscription};
use crate::sandbox::id::UniqueId;
use crate::sandbox::journal::{About, EffectKind};
use crate::sandbox::wire::{Answer, Refusal, with_offset};
use crate::sandbox::world::World;

pub(super) const OPERATIONS: &[(&str, Operation)] =
    &[("counters.get", get), ("counters.update", update)];

/// No change is larger, so that what is counted can be billed.
const LARGEST: i64 = 1_000_000_000_000;

/// How long a change waits in the queue.
const DELAY: SignedDuration = SignedDuration::from_secs(2);

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Change {
    operation_type: CounterOperation,
    value: i64,
}

/// Usage between two times: by default from the start of the present period until now.
fn get(world: &mut World, call: &Call<'_>) -> Result<Answer, Refusal> {
    let now = world.now();
    let (subscription, counter_id) = find(&world.company, call)?;
    let from = time(call, "from")?.unwrap_or(subscription.period_start);
    let to = time(call, "to")?.unwrap_or(now);
    if from > to {
        let reason = "the query value `from` is later than `to`";
        return Err(Refusal::bad_request(reason));
    }
    Ok(Answer::json(&json!({
        "usage": subscription.usage(counter_id, from..=to, now),
        "timestamp": with_offset(to.min(now)),
    })))
}

/// Queues a change. No read shows it before it is counted.
fn update(world: &mut World, call: &Call<'_>) -> Result<Answer, Refusal> {
    let change: Change = call.body();
    let (subscription, counter_id) = find(&world.company, call)?;
    if change.value < 0 {
        return Err(Refusal::bad_request("/value is negative"));
    }
    if change.value > LARGEST {
        let reason = format!("/value is more than {LARGEST}");
        return Err(Refusal::bad_request(reason));
    }
    let (customer, id) = (subscription.customer, subscription.unique_id);
    let now = world.now();
    let entry = CounterEntry {
        counter_id,
        at: now,
        counted_at: now.saturating_add(DELAY).unwrap_or(Timestamp::MAX),
        operation: change.operation_type,
        value: change.value,
    };
    world.company.subscriptions[&id].counters.push(entry);
    let data = json!({
        "counterId": counter_id,
        "operationType": change.operation_type,
        "value": change.value,
    });
    world.record(id, "CounterChanged", data);
    let about = About {
        name: Some(counter_id.to_string()),
        ..About::subscription(customer, id)
    };
    world.note(EffectKind::CounterChanged, about);
    Ok(Answer::word("success"))
}

/// The subscription and the counter of the path. The subscription needs an allowance that the counter
/// measures.
fn find<'c>(
    company: &'c Company,
    call: &Call<'_>,
) -> Result<(&'c Subscription, UniqueId), Refusal> {
    let subscription = call.subscription(company)?;
    let counter_id = call.path("counterId");
    let mut allowances = company.allowances.values();
    let allowance = allowances.find(|allowance| Some(allowance.counter_id) == counter_id);
    let Some(allowance) = allowance else {
        return Err(Refusal::not_found("no counter has this counterId"));
    };
    if !subscription.allowances.contains(&allowance.id) {
        let reason = "the subscription has no allowance that this counter measures";
        return Err(Refusal::not_found(reason));
    }
    Ok((subscription, allowance.counter_id))
}

fn time(call: &Call<'_>, name: &str) -> Result<Option<Timestamp>, Refusal> {
    let Some(text) = call.query(name) else {
        return Ok(None);
    };
    text.parse().map(Some).map_err(|_| {
        let reason = format!("the query value `{name}` is not a time: 2026-03-02T08:15:30Z");
        Refusal::bad_request(reason)
    })
}
