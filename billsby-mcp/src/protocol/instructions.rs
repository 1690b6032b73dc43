//! What a model is told about the server before its first call.

use super::scene::Scene;

/// Where each key comes from, how amounts and pages work, and what a failed call means. Only tools that
/// are served are named.
pub(super) fn write(scene: Scene<'_>) -> String {
    let parts = [
        Some(opening(scene)),
        discovery(scene),
        keys(scene),
        Some("Amounts are whole numbers of the currency's minor unit: 1000 is 10.00.".to_owned()),
        Some(
            "Lists with pages begin at page 1, with pageSize up to 100. Reads take `fields` (dotted \
             paths) and `detail` (concise or full), which make answers shorter."
                .to_owned(),
        ),
        Some(
            "A failed call says in `outcome` whether it took effect. On \"unknown\" read the current \
             state before anything else, and never repeat the call before that."
                .to_owned(),
        ),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

fn opening(scene: Scene<'_>) -> String {
    let opening = "Tools for one company's Billsby account.";
    match scene.company_domain() {
        Some(domain) => format!("{opening} companyDomain is always {domain:?}."),
        None => opening.to_owned(),
    }
}

fn discovery(scene: Scene<'_>) -> Option<String> {
    let executors = scene.executors()?;
    Some(format!(
        "Find a tool with `search_tools`, see its arguments with `describe_tool`, then call it with \
         {executors}."
    ))
}

fn keys(scene: Scene<'_>) -> Option<String> {
    let sources: Vec<String> = [
        ("customerUniqueId", "customers.list"),
        ("subscriptionUniqueId", "subscriptions.list_for_customer"),
        ("invoiceNumber", "invoices.list_for_customer"),
        ("productId", "products.list"),
        ("planId and cycleId", "plans.list"),
    ]
    .into_iter()
    .filter_map(|(key, operation)| Some(format!("{key} from {}", scene.tool(operation)?)))
    .collect();
    (!sources.is_empty()).then(|| {
        format!(
            "Take every id from the answer of another tool, under the argument's name: {}.",
            sources.join(", ")
        )
    })
}
