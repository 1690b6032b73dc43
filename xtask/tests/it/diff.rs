//! `diff`: what is printed, and the exit codes.

use std::fs;

use crate::checkout::{Checkout, Outcome};
use crate::text;

const CORRECTED: &str = "openapi/billsby.yaml";

/// Compares the corrected document with the same one after some edits.
fn diff(edits: &[(&str, &str)]) -> Outcome {
    let checkout = Checkout::new();
    let old = checkout.path("old.yaml");
    fs::copy(checkout.path(CORRECTED), &old).expect("a copy");
    for (from, to) in edits {
        checkout.edit(CORRECTED, from, to);
    }
    let before = checkout.snapshot();
    let outcome = checkout.run(&["diff", text(&old), text(&checkout.path(CORRECTED))]);
    assert_eq!(checkout.snapshot(), before);
    outcome
}

#[test]
fn nothing_changes() {
    let outcome = diff(&[]);
    assert_eq!((outcome.code, outcome.stdout.as_str()), (0, "no changes\n"));
}

#[test]
fn nothing_breaks() {
    let outcome = diff(&[
        ("  version: 1.3.5\n", "  version: 1.4.0\n"),
        ("summary: Get an invoice\n", "summary: Read an invoice\n"),
    ]);
    let expected = "\
for everyone:
  document: descriptions changed: 1
  document: version 1.3.5 is now 1.4.0

2 changes, 0 breaking
";
    assert_eq!((outcome.code, outcome.stdout.as_str()), (0, expected));
}

#[test]
fn something_breaks() {
    let outcome = diff(&[
        ("  version: 1.3.5\n", "  version: 1.4.0\n"),
        (
            "operationId: invoices.refund\n",
            "operationId: invoices.pay_back\n",
        ),
        ("short: refund_invoice\n", "short: pay_back_invoice\n"),
    ]);
    let expected = "\
BREAKING for SDK users:
  invoices().refund(): renamed to `invoices().pay_back()`

BREAKING for tool callers:
  billsby_invoices_refund_invoice: short name is `pay_back_invoice`, was `refund_invoice`

for everyone:
  document: version 1.3.5 is now 1.4.0

3 changes, 2 breaking
";
    assert_eq!((outcome.code, outcome.stdout.as_str()), (1, expected));
}

#[test]
fn mistakes_in_a_document_are_printed() {
    let outcome = diff(&[("openapi: 3.0.3\n", "openapi: 3.1.0\n")]);
    assert_eq!((outcome.code, outcome.stdout.as_str()), (2, ""));
    for part in ["error[version]", "1 error, 0 warnings"] {
        assert!(outcome.stderr.contains(part), "{}", outcome.stderr);
    }
}
