//! Two keys that are both numbers.

use billsby_sdk::key::{CustomerUniqueId, PlanId};
use billsby_sdk::model::ChangePlan;

fn wrong(customer: CustomerUniqueId, plan: PlanId) {
    let _ = ChangePlan::new(customer, plan.clone(), plan);
}

fn main() {}
