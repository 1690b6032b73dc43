//! `regen --upstream`: another document, tried without touching anything that is committed.

use std::fs;

use crate::checkout::{CUSTOMERS, Checkout, UPSTREAM, snapshot};
use crate::text;

/// A document as small as it can be.
const TINY: &str = "\
openapi: 3.0.3
info: {title: Pets, version: '7', description: Published prose.}
paths:
  /pets:
    get:
      operationId: listPets
      tags: [Pets]
      parameters:
      - {name: limit, in: query, schema: {type: integer, default: 5}}
      responses: {'200': {description: Pets., content: {application/json: {schema: {type: array, items: {type: string}}}}}}
";

/// An operation that no overlay knows.
const UNKNOWN: &str = "  /{companyDomain}/gizmos:
    get:
      operationId: Gizmo_listAll
      tags: [Gizmo]
      parameters:
      - {name: companyDomain, in: path, required: true, schema: {type: string}}
      - {name: colour, in: query, schema: {type: string}}
      responses: {'200': {description: '', content: {application/json: {schema: {type: object, properties: {gizmoName: {type: string}}}}}}}
components:
";

#[test]
fn an_unknown_operation_becomes_a_method_and_an_unreviewed_tool() {
    let checkout = Checkout::new();
    let document = checkout.path("new.yaml");
    let new = checkout
        .read(UPSTREAM)
        .replacen("components:\n", UNKNOWN, 1);
    fs::write(&document, new).expect("a document");
    let before = checkout.snapshot();
    let out = tempfile::tempdir().expect("a folder");

    let outcome = checkout.run(&[
        "regen",
        "--upstream",
        text(&document),
        "--out",
        text(out.path()),
    ]);

    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    let reported = outcome
        .stdout
        .lines()
        .any(|line| line.starts_with("unreviewed tool gizmo_list_all:"));
    assert!(reported, "{}", outcome.stdout);
    assert_eq!(
        checkout.snapshot(),
        before,
        "nothing in the repository changes"
    );
    let read = |path: &str| fs::read_to_string(out.path().join(path)).expect(path);
    assert!(read("billsby-sdk/src/generated/resource/gizmo.rs").contains("pub fn list_all(&self)"));
    let tool = read("billsby-mcp/src/generated/tool/gizmo.rs");
    assert!(tool.contains("name: \"gizmo_list_all\""));
    assert!(tool.contains("reviewed: false"));
    assert!(read("openapi/billsby.yaml").contains("/{companyDomain}/gizmos:"));
    // Everything that the repository has is there, too.
    assert_eq!(read(CUSTOMERS), checkout.read(CUSTOMERS));
}

#[test]
fn overlays_can_be_replaced_and_left_out() {
    let checkout = Checkout::new();
    let before = checkout.snapshot();
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str, content: &str| {
        let path = folder.path().join(name);
        fs::write(&path, content).expect("a file");
        path
    };
    let document = file("tiny.yaml", TINY);
    let overlay = file(
        "own.yaml",
        "overlay: 1.0.0\ninfo: {title: Own, version: '1'}\nactions:\n\
         - {target: \"$.paths['/pets'].get\", update: {operationId: animals.list_all}}\n",
    );
    let second = file(
        "second.yaml",
        "overlay: 1.0.0\ninfo: {title: Second, version: '1'}\nactions:\n\
         - {target: \"$..[?@.operationId=='animals.list_all']\", update: {summary: List animals}}\n",
    );
    let out = folder.path().join("new").join("out");
    let run = |extra: &[&str]| {
        let mut arguments = vec!["regen", "--upstream", text(&document), "--out", text(&out)];
        arguments.extend(extra);
        checkout.run(&arguments)
    };
    let resources = || -> Vec<String> {
        let files = snapshot(&out.join("billsby-sdk/src/generated/resource"));
        files.into_keys().collect()
    };

    // The project's own overlays do not fit this document.
    let outcome = run(&[]);
    assert_eq!(outcome.code, 1);
    assert!(outcome.stderr.contains("openapi/corrections.overlay.yaml"));
    assert!(!out.exists(), "nothing is written");

    let outcome = run(&["--no-overlays"]);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    assert_eq!(resources(), ["mod.rs", "pets.rs"]);
    let corrected = fs::read_to_string(out.join("openapi/billsby.yaml")).expect("a document");
    assert!(
        !corrected.contains("Published prose"),
        "it is imported like any other"
    );

    // What the last try has left behind goes away.
    let outcome = run(&["--overlay", text(&overlay), "--overlay", text(&second)]);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    assert_eq!(resources(), ["animals.rs", "mod.rs"]);

    // Order matters: the second needs what the first one does.
    let outcome = run(&["--overlay", text(&second), "--overlay", text(&overlay)]);
    assert_eq!(outcome.code, 1);
    assert!(outcome.stderr.contains("second.yaml"), "{}", outcome.stderr);

    assert_eq!(checkout.snapshot(), before);
}

#[test]
fn output_never_goes_into_the_repository() {
    let checkout = Checkout::new();
    let before = checkout.snapshot();
    let document = checkout.path(UPSTREAM);
    for inside in ["", ".", "billsby-sdk", "openapi/..", "new/folder"] {
        let out = checkout.path(inside);
        let outcome = checkout.run(&["regen", "--upstream", text(&document), "--out", text(&out)]);
        assert_eq!(outcome.code, 2, "{inside}");
        assert!(
            outcome.stderr.contains("lies in the repository"),
            "{}",
            outcome.stderr
        );
        assert_eq!(checkout.snapshot(), before, "{inside}");
    }
    let out = checkout.path("target/try");
    let outcome = checkout.run(&["regen", "--upstream", text(&document), "--out", text(&out)]);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
}

#[test]
fn options_that_make_no_sense_together_are_refused() {
    let checkout = Checkout::new();
    let before = checkout.snapshot();
    for arguments in [
        &["regen", "--upstream", "a.yaml"][..],
        &["regen", "--out", "a"],
        &["regen", "--overlay", "a.yaml"],
        &["regen", "--no-overlays"],
        &["regen", "--check", "--upstream", "a.yaml", "--out", "a"],
        &[
            "regen",
            "--upstream",
            "a.yaml",
            "--out",
            "a",
            "--no-overlays",
            "--overlay",
            "b.yaml",
        ],
        &["regen", "--nonsense"],
        &["generate"],
        &[],
    ] {
        let outcome = checkout.run(arguments);
        assert_eq!(outcome.code, 2, "{arguments:?}");
        assert!(!outcome.stderr.is_empty(), "{arguments:?}");
    }
    assert_eq!(checkout.snapshot(), before);
}
