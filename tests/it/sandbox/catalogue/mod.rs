//! What the sandbox's company sells.

mod cycles;
mod extras;
mod plans;
mod products;

use super::Running;

const PRODUCTS: &str = "/core/sandbox/products";

/// The path of a plan.
async fn plan_path(sandbox: &Running, product: &str, plan: &str) -> String {
    let product = sandbox.id_of("products", product).await;
    let plan = sandbox.id_of("plans", plan).await;
    format!("{PRODUCTS}/{product}/plans/{plan}")
}
