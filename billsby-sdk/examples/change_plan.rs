//! Moves a subscription to another plan at its next renewal: find the plan, take one of its cycles, change.
//!
//! ```sh
//! cargo run -p billsby-sdk --example change_plan -- Y7MX4G314L Basic
//! ```

mod common;

use std::error::Error;

use billsby_sdk::key::SubscriptionUniqueId;
use billsby_sdk::model::{AddonSelection, ChangePlan, PlanChangeType};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let id: SubscriptionUniqueId = arguments
        .next()
        .ok_or("give a subscription's id")?
        .parse()?;
    let wanted = arguments.next().ok_or("give the name of a plan")?;
    let client = common::client()?;

    let subscription = client.subscriptions().get(&id).send().await?;
    let customer = subscription
        .customer_unique_id
        .as_ref()
        .ok_or("the subscription names no customer")?;
    let product = subscription
        .product_id
        .ok_or("the subscription names no product")?;

    // Plan and cycle have to come from the same entry: a cycle belongs to one plan.
    let plans = client.plans().list(product).send().await?;
    let plan = plans
        .iter()
        .find(|plan| plan.name.as_deref() == Some(wanted.as_str()))
        .ok_or("the product has no such plan")?;
    let plan_id = plan.plan_id.ok_or("the plan has no id")?;
    let cycle_id = plan
        .cycles
        .first()
        .and_then(|cycle| cycle.cycle_id)
        .ok_or("the plan has no cycle")?;

    // Add-ons that are not named again may be dropped.
    let kept = client.add_ons().list_for_subscription(&id).send().await?;
    let kept: Vec<AddonSelection> = kept
        .addons
        .iter()
        .filter_map(|addon| {
            let selection = AddonSelection::new(addon.id?);
            Some(match addon.quantity {
                Some(quantity) => selection.quantity(quantity),
                None => selection,
            })
        })
        .collect();

    let change = ChangePlan::new(customer.clone(), plan_id, cycle_id)
        .plan_change_type(PlanChangeType::OnRenewal)
        .add_ons(kept);
    client
        .subscriptions()
        .change_plan(&id, &change)
        .send()
        .await?;
    println!("{id} changes to {wanted} at its next renewal");
    Ok(())
}
