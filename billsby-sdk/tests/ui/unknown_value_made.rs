//! Only an answer has values that the crate does not know.

use billsby_sdk::model::PlanChangeType;
use billsby_sdk::types::UnknownValue;

fn main() {
    let _ = PlanChangeType::Unknown(UnknownValue::new("7"));
}
