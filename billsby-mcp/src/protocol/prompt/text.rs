//! The texts of the prompts. A step whose tool is not served is left out.

use super::Values;
use crate::protocol::scene::Scene;

pub(super) fn downgrade_and_refund(scene: Scene<'_>, values: &Values<'_>) -> String {
    let plan = values.quoted("plan");
    let when = match values.get("when") {
        Some(when) => format!("`planChangeType` {when}"),
        None => "`planChangeType` as the user wants it, immediate or on_renewal (without it the \
                 change is immediate)"
            .to_owned(),
    };
    let intro = format!(
        "Move customer {} to the plan {plan} and refund their latest invoice in full.",
        values.quoted("customer")
    );
    let steps = [
        customer(scene),
        subscription(scene),
        plan_and_cycle(scene, &plan),
        extras(scene),
        latest_invoice(scene),
        Some(
            "Tell the user the customer, the old and the new plan, when it changes, the invoice and \
             the amount of the refund, and ask for a clear yes. Change nothing before that."
                .to_owned(),
        ),
        scene.tool("subscriptions.change_plan").map(|tool| {
            format!(
                "Call {tool} once, with subscriptionUniqueId, customerUniqueId, planId, cycleId and \
                 {when}. Leave `issueRefund` out: it credits the unused time, and together with the \
                 refund below the customer would be paid twice."
            )
        }),
        scene.tool("invoices.refund").map(|tool| {
            format!(
                "Call {tool} once, with customerUniqueId, the invoiceNumber noted before, and as \
                 `amount` the `refundableAmount` noted before."
            )
        }),
    ];
    write(scene, &intro, steps)
}

pub(super) fn reattempt_failed_invoices(scene: Scene<'_>, values: &Values<'_>) -> String {
    let intro = format!(
        "Try again to collect the failed invoices of customer {}.",
        values.quoted("customer")
    );
    let steps = [
        customer(scene),
        scene.tool("customers.get").map(|tool| {
            format!(
                "Read `cardStatus` with {tool}. If the card is missing, stop and say so: charging \
                 cannot succeed."
            )
        }),
        scene.tool("invoices.list_for_customer").map(|tool| {
            format!(
                "List the invoices with {tool}. Failed are those whose `status` is Unpaid; leave \
                 out what is Paid, Pending, paid offline or written off."
            )
        }),
        Some(
            "Tell the user the numbers and amounts of these invoices, and ask for a clear yes: every \
             attempt charges the card."
                .to_owned(),
        ),
        scene.tool("invoices.reattempt_payment").map(|tool| {
            format!(
                "Call {tool} once for each invoice, one after the other, with its invoiceNumber. If \
                 one is declined, do not try it again."
            )
        }),
        scene.tool("invoices.list_for_customer").map(|tool| {
            format!("List the invoices again with {tool} and report what became of each.")
        }),
    ];
    write(scene, &intro, steps)
}

pub(super) fn find_customer(scene: Scene<'_>, values: &Values<'_>) -> String {
    let who = values.quoted("who");
    let intro = format!("Find the customer {who}.");
    let steps = [
        scene.tool("customers.list").map(|tool| {
            format!(
                "Call {tool} with `search` {who}. It looks for part of a name and, as far as is \
                 known, of an e-mail address. If nothing is found, try a shorter part; if there are \
                 more pages, read them."
            )
        }),
        Some(
            "If several customers match, show name, e-mail address and customerUniqueId of each and \
             ask which one is meant. The customerUniqueId is what other tools take, never \
             `customerId`."
                .to_owned(),
        ),
        scene.tool("customers.get").map(|tool| {
            format!("Read the profile and the state of the card with {tool}.")
        }),
        scene.tool("subscriptions.list_for_customer").map(|tool| {
            format!("List what the customer is subscribed to with {tool}.")
        }),
    ];
    write(scene, &intro, steps)
}

pub(super) fn explain_invoice(scene: Scene<'_>, values: &Values<'_>) -> String {
    let number = values.quoted("invoice");
    let intro = format!("Explain the invoice {number} in plain words.");
    let steps = [
        scene
            .tool("invoices.get")
            .map(|tool| format!("Read the invoice with {tool}: its `invoiceNumber` is {number}.")),
        scene.tool("payments.logs").map(|tool| {
            format!(
                "Read the attempts to collect it with {tool}, with the invoice's customerUniqueId."
            )
        }),
        Some(
            "Say who it is for, which period and which items it covers, how tax, discounts and \
             proration make up the total, whether it is paid, and how much could still be refunded \
             (`refundableAmount`)."
                .to_owned(),
        ),
    ];
    write(scene, &intro, steps)
}

fn customer(scene: Scene<'_>) -> Option<String> {
    let tool = scene.tool("customers.list")?;
    Some(format!(
        "Unless you were given a customerUniqueId (letters and digits such as 8WER0F4J1R), find the \
         customer with {tool} and `search`, and take customerUniqueId, never `customerId`. If \
         several match, ask which one is meant."
    ))
}

fn subscription(scene: Scene<'_>) -> Option<String> {
    let tool = scene.tool("subscriptions.list_for_customer")?;
    Some(format!(
        "List the customer's subscriptions with {tool} and note subscriptionUniqueId (Billsby calls \
         it `subscriptionId` here), productId and the plan of the active one. If there are several, \
         ask which one is meant."
    ))
}

fn plan_and_cycle(scene: Scene<'_>, plan: &str) -> Option<String> {
    let tool = scene.tool("plans.list")?;
    Some(format!(
        "List the plans of that product with {tool}, which needs the productId. Take planId and \
         cycleId from the plan called {plan}; if it has several cycles, take the one that is billed \
         as often as now, or ask."
    ))
}

fn extras(scene: Scene<'_>) -> Option<String> {
    let add_ons = scene.tool("add_ons.list_for_subscription")?;
    let allowances = scene.tool("allowances.list_for_subscription")?;
    Some(format!(
        "Read what the subscription has besides its plan with {add_ons} and {allowances}: what is \
         not sent again with the change may be dropped."
    ))
}

fn latest_invoice(scene: Scene<'_>) -> Option<String> {
    let tool = scene.tool("invoices.list_for_customer")?;
    Some(format!(
        "Before anything changes, list the customer's invoices with {tool} and note invoiceNumber \
         and `refundableAmount` of the latest paid one. The change may make an invoice of its own, \
         which is not the one to refund. If `refundableAmount` is 0, say so and refund nothing."
    ))
}

/// Puts a text together: what to do, step by step, and what always holds.
fn write<const N: usize>(scene: Scene<'_>, intro: &str, steps: [Option<String>; N]) -> String {
    let mut lines = vec![intro.to_owned(), String::new()];
    let steps = steps.into_iter().flatten().enumerate();
    lines.extend(steps.map(|(index, step)| format!("{}. {step}", index + 1)));
    lines.push(String::new());
    if let Some(domain) = scene.company_domain() {
        lines.push(format!(
            "Tools that take companyDomain get {domain:?}, nothing else."
        ));
    }
    if let Some(executors) = scene.executors() {
        lines.push(format!(
            "These tools are not listed: see one with `describe_tool`, call it with {executors}."
        ));
    }
    lines.push(
        "Amounts are whole numbers of the currency's minor unit: 1000 is 10.00. If a call fails with \
         the outcome \"unknown\", do not repeat it: read the current state, and tell the user."
            .to_owned(),
    );
    lines.join("\n")
}
