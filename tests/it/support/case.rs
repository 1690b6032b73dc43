//! The table of what each operation must look like on the wire (`fixtures/wire/*.json`).

use serde::Deserialize;
use serde_json::{Map, Value};

use super::difference;
use crate::mock::Recorded;

/// One operation: what a caller says, and the request that must come of it.
///
/// The table was written by hand from what is known about the API. Generated code is judged by it and
/// never the other way round.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    /// The operation id of the published document.
    pub(crate) operation: String,
    /// The tool's name in the inventory.
    pub(crate) tool: String,
    /// Other inventory names of the same operation.
    #[serde(default)]
    pub(crate) aliases: Vec<String>,
    /// `read`, `write` or `custom`.
    pub(crate) class: String,
    pub(crate) tag: String,
    /// `read`, `write`, `money`, `message`, `irreversible` or `accumulates`.
    pub(crate) effect: String,
    /// The arguments without which the API cannot do the call, `page` and `pageSize` included.
    pub(crate) required: Vec<String>,
    /// A complete set of tool arguments.
    pub(crate) arguments: Map<String, Value>,
    /// The request that these arguments must cause.
    pub(crate) wire: Wire,
}

/// A request as it must be sent.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wire {
    pub(crate) method: String,
    /// Below the base URL, with the service prefix, percent-encoded.
    pub(crate) path: String,
    /// Decoded names and values; their order does not count.
    pub(crate) query: Vec<(String, String)>,
    /// `None` means that there must be no body.
    pub(crate) body: Option<Value>,
}

impl Case {
    /// All 58 cases.
    pub(crate) fn all() -> Vec<Self> {
        [
            include_str!("../../fixtures/wire/customers.json"),
            include_str!("../../fixtures/wire/subscriptions.json"),
            include_str!("../../fixtures/wire/invoices.json"),
            include_str!("../../fixtures/wire/products.json"),
            include_str!("../../fixtures/wire/plans.json"),
            include_str!("../../fixtures/wire/extras.json"),
        ]
        .into_iter()
        .flat_map(|file| serde_json::from_str::<Vec<Self>>(file).expect("a list of cases"))
        .collect()
    }

    /// The case of one operation; panics when there is none.
    pub(crate) fn of(operation: &str) -> Self {
        Self::all()
            .into_iter()
            .find(|case| case.operation == operation)
            .unwrap_or_else(|| panic!("there is no case for `{operation}`"))
    }

    /// The name on the wire of a top-level argument, where the two differ.
    pub(crate) fn wire_name<'a>(&self, argument: &'a str) -> &'a str {
        match (self.operation.as_str(), argument) {
            ("Customer_createNewCustomerAndSubscription", "units") => "Units",
            ("Customer_updatePaymentCardToken", "paymentCardToken") => "paymentCardtoken",
            ("Subscription_removeFeatureTag", "subscriptionUniqueId") => "subsId",
            _ => argument,
        }
    }

    /// Everything in which a request differs from the expected one, a line each; empty when nothing does.
    pub(crate) fn differences(&self, sent: &Recorded) -> Vec<String> {
        let mut lines = Vec::new();
        if let Some(reason) = &sent.refusal {
            lines.push(format!("refused: {reason}"));
        }
        if sent.method != self.wire.method {
            let wanted = &self.wire.method;
            lines.push(format!("method: expected {wanted}, sent {}", sent.method));
        }
        if sent.path() != self.wire.path {
            let wanted = &self.wire.path;
            lines.push(format!("path: expected {wanted}, sent {}", sent.path()));
        }
        difference::pairs("query", &self.wire.query, &sent.query(), &mut lines);
        match (&self.wire.body, sent.json()) {
            (None, None) => {}
            (None, Some(body)) => lines.push(format!("body: expected none, sent {body}")),
            (Some(_), None) => lines.push("body: expected one, sent none".to_owned()),
            (Some(wanted), Some(body)) => difference::json("body", wanted, &body, &mut lines),
        }
        lines
    }

    /// Panics, with all differences, unless a request is the expected one.
    #[track_caller]
    pub(crate) fn check(&self, sent: &Recorded) {
        let lines = self.differences(sent);
        assert!(
            lines.is_empty(),
            "{} ({}) is wrong on the wire:\n  {}",
            self.operation,
            self.tool,
            lines.join("\n  ")
        );
    }
}
