//! Inputs with mistakes: each is named, and nothing is written.

use std::fs;

use crate::checkout::{Checkout, UPSTREAM};
use crate::text;

const CORRECTIONS: &str = "openapi/corrections.overlay.yaml";

#[test]
fn an_action_whose_target_is_gone_is_named() {
    let checkout = Checkout::new();
    // The path that defect D4 is about, repaired by the publisher.
    checkout.edit(
        UPSTREAM,
        "/{companyDomain} /creditNotes /{creditNoteNumber} /Payment",
        "/{companyDomain}/creditNotes/{creditNoteNumber}/Payment",
    );
    let before = checkout.snapshot();
    for arguments in [&["regen"][..], &["regen", "--check"]] {
        let outcome = checkout.run(arguments);
        assert_eq!(outcome.code, 1, "{arguments:?}");
        for part in [
            "error[overlay-no-match]",
            "action \"D4: ",
            CORRECTIONS,
            "#/actions/",
        ] {
            assert!(
                outcome.stderr.contains(part),
                "{part} in {}",
                outcome.stderr
            );
        }
        assert!(outcome.stdout.contains("nothing is written"));
        assert_eq!(checkout.snapshot(), before);
    }
}

#[test]
fn an_action_that_changes_nothing_any_more_is_named() {
    let checkout = Checkout::new();
    checkout.edit(
        UPSTREAM,
        "\nservers:\n- url: https://public.billsby.com/api/v1/rest/core\n",
        "\nx-billsby-base-url: https://public.billsby.com/api/v1/rest\n\
         servers:\n- url: https://public.billsby.com/api/v1/rest/core\n",
    );
    let before = checkout.snapshot();
    let outcome = checkout.run(&["regen"]);
    assert_eq!(outcome.code, 1);
    for part in ["error[overlay-obsolete]", "action \"D1: "] {
        assert!(
            outcome.stderr.contains(part),
            "{part} in {}",
            outcome.stderr
        );
    }
    assert_eq!(checkout.snapshot(), before);
}

/// A document with one operation, the schema of its answer, and what follows.
fn document(schema: &str, rest: &str) -> String {
    format!(
        "openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\npaths:\n  /a:\n    get:\n      operationId: a.get\n      \
         responses: {{'200': {{description: '', content: {{application/json: {{schema: {{{schema}}}}}}}}}}}\n{rest}"
    )
}

/// Name, document, and the codes of what is found.
fn bad_documents() -> Vec<(&'static str, String, &'static [&'static str])> {
    let twice = "  /b:\n    get: {operationId: a.get, responses: {'200': {description: ''}}}\n";
    vec![
        ("empty", String::new(), &["version"]),
        ("not YAML", "paths: [".to_owned(), &["syntax"]),
        ("a key twice", "a: 1\na: 2\n".to_owned(), &["syntax"]),
        (
            "JSON cut off",
            "{\"openapi\": \"3.0.3\"".to_owned(),
            &["syntax"],
        ),
        (
            "2.0",
            "swagger: '2.0'\npaths: {}\n".to_owned(),
            &["version"],
        ),
        (
            "3.1",
            "openapi: 3.1.0\npaths: {}\n".to_owned(),
            &["version"],
        ),
        (
            "dangling",
            document("$ref: '#/components/schemas/Gone'", ""),
            &["reference"],
        ),
        (
            "circle",
            document(
                "$ref: '#/components/schemas/A'",
                "components: {schemas: {A: {$ref: '#/components/schemas/B'}, B: {$ref: '#/components/schemas/A'}}}\n",
            ),
            &["reference-cycle"],
        ),
        (
            "an id twice",
            document("type: string", twice),
            &["operation-id"],
        ),
        (
            "several mistakes",
            document("type: strnig, requird: [x]", twice),
            &["operation-id", "schema-type"],
        ),
    ]
}

#[test]
fn mistakes_in_a_document_are_all_named() {
    let checkout = Checkout::new();
    let before = checkout.snapshot();
    let folder = tempfile::tempdir().expect("a folder");
    let (file, out) = (folder.path().join("bad.yaml"), folder.path().join("out"));
    for (name, document, codes) in bad_documents() {
        fs::write(&file, document).expect("a document");
        let arguments = [
            "regen",
            "--upstream",
            text(&file),
            "--out",
            text(&out),
            "--no-overlays",
        ];
        let outcome = checkout.run(&arguments);
        assert_eq!(outcome.code, 1, "{name}: {}", outcome.stderr);
        for code in codes {
            let error = format!("error[{code}]");
            assert!(
                outcome.stderr.contains(&error),
                "{name}: {error} in {}",
                outcome.stderr
            );
        }
        let place = format!("  --> {}#", file.display());
        assert!(
            outcome.stderr.contains(&place),
            "{name}: {}",
            outcome.stderr
        );
        assert!(
            outcome.stderr.contains("  help: "),
            "{name}: {}",
            outcome.stderr
        );
        assert!(!out.exists(), "{name}");
        assert_eq!(checkout.snapshot(), before, "{name}");
    }
}

#[test]
fn mistakes_in_the_repository_leave_everything_as_it_is() {
    for (name, document, _) in bad_documents() {
        let checkout = Checkout::new();
        checkout.write(UPSTREAM, document);
        let before = checkout.snapshot();
        let outcome = checkout.run(&["regen"]);
        assert_eq!(outcome.code, 1, "{name}: {}", outcome.stderr);
        assert_eq!(checkout.snapshot(), before, "{name}");
    }
}

#[test]
fn files_that_are_not_there_are_named() {
    let checkout = Checkout::new();
    checkout.remove(CORRECTIONS);
    let before = checkout.snapshot();
    let out = tempfile::tempdir().expect("a folder");
    let out = text(out.path());
    let upstream = checkout.path(UPSTREAM);
    for (arguments, missing) in [
        (&["regen"][..], CORRECTIONS),
        (&["regen", "--check"], CORRECTIONS),
        (
            &["regen", "--upstream", "none.yaml", "--out", out],
            "none.yaml",
        ),
        (
            &[
                "regen",
                "--upstream",
                text(&upstream),
                "--overlay",
                "none.yaml",
                "--out",
                out,
            ],
            "none.yaml",
        ),
        (&["import", "none.yaml"], "none.yaml"),
        (&["diff", "none.yaml", text(&upstream)], "none.yaml"),
    ] {
        let outcome = checkout.run(arguments);
        assert_eq!(outcome.code, 2, "{arguments:?}");
        let message = outcome.stderr.lines().next().unwrap_or_default();
        assert!(message.starts_with("error: cannot read "), "{message}");
        assert!(message.contains(missing), "{message}");
    }
    assert_eq!(checkout.snapshot(), before);
}
