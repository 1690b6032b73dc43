//! A constructor asks for what the API needs.

use billsby_sdk::key::{CustomerUniqueId, PlanId};
use billsby_sdk::model::ChangePlan;

fn wrong(customer: CustomerUniqueId, plan: PlanId) {
    let _ = ChangePlan::new(customer, plan);
}

fn main() {}
